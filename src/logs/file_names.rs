//! Names that files of a kind have.

use std::sync::OnceLock;

use globset::{Glob, GlobSet, GlobSetBuilder};
use serde::{Deserialize, Serialize};

/// File name globs, letters of ASCII in any case.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FileNames {
    globs: Vec<String>,
    /// Made when it is first asked for: a bundle may hold thousands of files, and most kinds are asked by no name.
    #[serde(skip)]
    matcher: OnceLock<GlobSet>,
}

impl FileNames {
    /// Names that one of the globs matches.
    #[must_use]
    pub fn new(globs: Vec<String>) -> FileNames {
        FileNames { globs, matcher: OnceLock::new() }
    }

    /// The globs as they are written.
    #[must_use]
    pub fn globs(&self) -> &[String] {
        &self.globs
    }

    /// Whether a file may have this name.
    #[must_use]
    pub fn include(&self, name: &str) -> bool {
        self.matcher.get_or_init(|| matcher(&self.globs)).is_match(name.to_ascii_lowercase())
    }
}

/// Small letters are looked for as they are, which most globs need no regular expression for.
fn matcher(globs: &[String]) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for glob in globs.iter().filter_map(|glob| Glob::new(&glob.to_ascii_lowercase()).ok()) {
        set.add(glob);
    }
    set.build().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_of_them_in_any_case() {
        let names =
            FileNames::new(["CBS.log", "CbsPersist_*.log", "[A-C]?.txt", "[", "更新*"].map(str::to_owned).to_vec());
        for name in ["cbs.LOG", "cbspersist_20241016.log", "B1.TXT", "更新日志.log"] {
            assert!(names.include(name), "{name}");
        }
        for name in ["CBS.log.1", "xCBS.log", "d1.txt", "", "["] {
            assert!(!names.include(name), "{name}");
        }
        assert!(!FileNames::default().include("CBS.log"));
        assert_eq!(names.globs().len(), 5);
    }
}
