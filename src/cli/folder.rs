//! A folder as a result: written whole beside its place and then put there, in the place of an earlier one and of nothing
//! else.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::authoring::doc::{MARKER, SCHEMA};
use crate::lang::Lang;

/// Puts a site's files, by path with `/`, into `dir`. One that is there already gives way if all of it is of an earlier site.
pub(super) fn replace(dir: &Path, files: &BTreeMap<String, String>, lang: Lang) -> Result<()> {
    let there = dir.exists();
    let dir = if there { fs::canonicalize(dir) } else { std::path::absolute(dir) };
    let dir = dir.with_context(|| "-o".to_owned())?;
    if there {
        judge(&dir, lang)?;
    }
    let Some(parent) = dir.parent() else { bail!("{}: cannot be written", dir.display()) };
    let said = |what: &Path| format!("{}: cannot be written", what.display());
    fs::create_dir_all(parent).with_context(|| said(parent))?;
    // The temporary folder is for its owner alone; what is made in it is as any folder is.
    let beside = tempfile::Builder::new().prefix(".casebook-").tempdir_in(parent).with_context(|| said(parent))?;
    let (new, old) = (beside.path().join("new"), beside.path().join("old"));
    for (path, text) in files {
        let file = new.join(path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).with_context(|| said(&dir))?;
        }
        fs::write(&file, text).with_context(|| said(&dir))?;
    }
    if there {
        fs::rename(&dir, &old).with_context(|| said(&dir))?;
    }
    if let Err(error) = fs::rename(&new, &dir) {
        if there {
            let _ = fs::rename(&old, &dir);
        }
        return Err(error).with_context(|| said(&dir));
    }
    Ok(())
}

/// Refuses a folder that holds anything that no site wrote.
fn judge(dir: &Path, lang: Lang) -> Result<()> {
    let shown = dir.display();
    if !dir.is_dir() {
        bail!(match lang {
            Lang::Zh => format!("{shown}：不是文件夹；未写入任何文件"),
            Lang::En => format!("{shown}: not a folder; nothing was written"),
        });
    }
    let own = listed(dir);
    if let Some(other) = other(dir, dir, &own)? {
        let other = other.display();
        bail!(match lang {
            Lang::Zh => format!("{shown}：其中的 {other} 不属于以前生成的站点；未写入任何文件，请另选文件夹"),
            Lang::En => {
                format!("{shown}: {other} in it is not of an earlier site; nothing was written, name another folder")
            }
        });
    }
    Ok(())
}

/// The files of the site in a folder; none where it is no site.
fn listed(dir: &Path) -> Vec<PathBuf> {
    let marker = fs::read_to_string(dir.join(MARKER)).ok();
    let marker: Option<Value> = marker.and_then(|text| serde_json::from_str(&text).ok());
    let ours = marker.filter(|marker| marker["schema"] == SCHEMA);
    let files = ours.iter().flat_map(|marker| marker["files"].as_array().into_iter().flatten());
    let files: Vec<PathBuf> = files.filter_map(Value::as_str).map(|path| dir.join(path)).collect();
    if ours.is_some() { [files, vec![dir.join(MARKER)]].concat() } else { Vec::new() }
}

/// The first file below a folder that is not of its own, its path below `top`.
fn other(top: &Path, dir: &Path, own: &[PathBuf]) -> Result<Option<PathBuf>> {
    let mut entries: Vec<_> = fs::read_dir(dir)
        .and_then(Iterator::collect::<std::io::Result<Vec<_>>>)
        .with_context(|| dir.display().to_string())?;
    entries.sort_by_key(fs::DirEntry::path);
    for entry in entries {
        let path = entry.path();
        // A link is a file here: what it leads to is not of the site.
        let folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let found = if folder {
            other(top, &path, own)?
        } else {
            (!own.contains(&path)).then(|| path.strip_prefix(top).unwrap_or(&path).to_owned())
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(names: &[&str]) -> BTreeMap<String, String> {
        let marker = serde_json::json!({"schema": SCHEMA, "files": names}).to_string();
        let own = names.iter().map(|name| ((*name).to_owned(), format!("of {name}")));
        own.chain([(MARKER.to_owned(), marker)]).collect()
    }

    fn tree(dir: &Path) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![dir.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.push(path.strip_prefix(dir).unwrap().display().to_string().replace('\\', "/"));
                }
            }
        }
        found.sort();
        found
    }

    #[test]
    fn a_site_is_put_in_the_place_of_an_earlier_one() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("deep/site");
        replace(&dir, &files(&["a.html", "zh/b.html"]), Lang::En).unwrap();
        assert_eq!(tree(&dir), ["a.html", MARKER, "zh/b.html"]);
        replace(&dir, &files(&["c.html"]), Lang::En).unwrap();
        assert_eq!(tree(&dir), ["c.html", MARKER]);
        assert_eq!(fs::read_dir(folder.path().join("deep")).unwrap().count(), 1, "nothing is left beside it");
        let empty = folder.path().join("empty");
        fs::create_dir(&empty).unwrap();
        replace(&empty, &files(&["a.html"]), Lang::En).unwrap();
        assert_eq!(tree(&empty), ["a.html", MARKER]);
    }

    #[test]
    fn what_is_not_of_a_site_stays() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("notes");
        let refused = |dir: &Path| {
            let before = tree(dir);
            let error = Lang::ALL.map(|lang| replace(dir, &files(&["a.html"]), lang).unwrap_err().to_string());
            assert_eq!(tree(dir), before);
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
            error[1].clone()
        };
        fs::create_dir_all(dir.join("more")).unwrap();
        fs::write(dir.join("more/mine.txt"), "mine").unwrap();
        assert!(refused(&dir).contains("mine.txt"));
        // Also where it lies in a site.
        fs::remove_dir_all(dir.join("more")).unwrap();
        replace(&dir, &files(&["zh/b.html"]), Lang::En).unwrap();
        fs::write(dir.join("zh/mine.html"), "mine").unwrap();
        assert!(refused(&dir).contains("mine.html"));
        fs::write(dir.join(MARKER), "{").unwrap();
        assert!(refused(&dir).contains("site.json"));
    }

    #[test]
    fn a_file_is_no_folder() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("site");
        fs::write(&path, "mine").unwrap();
        assert!(replace(&path, &files(&["a.html"]), Lang::En).unwrap_err().to_string().contains("not a folder"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    }
}
