//! A hermetic place to run the program in: an empty folder, a cleared environment, paths normalised; what it said on
//! both streams and its status in one text.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A rule of one line of a servicing log.
pub(crate) const DENIED: &str = "rule: team/denied
title: {zh: 被拒绝, en: Denied}
severity: failure
evidence:
  denied: {log: cbs, line: 'DriverUpdateInstallUpdates failed {status:error} for {name}'}
signature: denied
";

/// A folder of its own for one test.
pub(crate) struct Environment {
    folder: tempfile::TempDir,
}

/// What a run came to.
#[must_use]
pub(crate) struct Ran {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) status: i32,
}

impl Environment {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, with the folders above it.
    pub(crate) fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, contents).unwrap();
        path
    }

    /// Copies a file or folder of the repository into the place.
    pub(crate) fn copy(&self, from: &str, to: &str) {
        copy(&root().join(from), &self.path(to));
    }

    /// Runs the program in the folder.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        let out = Command::new(env!("CARGO_BIN_EXE_casebook"))
            .args(args)
            .current_dir(self.folder.path())
            .env_clear()
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
            text.replace(&self.folder.path().display().to_string(), "[folder]")
        };
        Ran { stdout: text(&out.stdout), stderr: text(&out.stderr), status: out.status.code().unwrap_or(-1) }
    }
}

impl Ran {
    /// Both streams and the status, for a snapshot.
    pub(crate) fn shown(&self) -> String {
        let mut shown = format!("status: {}\n", self.status);
        if !self.stdout.is_empty() {
            let _ = write!(shown, "----- stdout -----\n{}\n", self.stdout.trim_end());
        }
        if !self.stderr.is_empty() {
            let _ = write!(shown, "----- stderr -----\n{}\n", self.stderr.trim_end());
        }
        shown
    }

    /// Standard output as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}\n{}", self.shown()))
    }
}

/// The repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from, to).unwrap();
    }
}
