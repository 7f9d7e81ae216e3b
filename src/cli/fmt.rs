//! `casebook fmt`: rule files in one form.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::Args;

use crate::authoring::format;
use crate::lang::Lang;

use super::{Common, Exit, input, output};

/// Put rule files into one form: key order, expressions, blanks; comments stay byte for byte.
///
/// Example: casebook fmt my-rules --check
#[derive(Debug, Args)]
pub(super) struct FmtArgs {
    /// Files and folders [default: the rules of the knowledge base you stand in]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Change nothing; fail where something would change
    #[arg(long)]
    check: bool,
}

pub(super) fn run(args: &FmtArgs, common: &Common) -> Result<Exit> {
    let lang = input::lang(common, None);
    let mut changes = Vec::new();
    let (mut report, mut faulty) = (String::new(), 0);
    for path in files(&args.paths, common)? {
        let shown = path.display().to_string().replace('\\', "/");
        let text = std::fs::read_to_string(&path).with_context(|| shown.clone())?;
        match format::format(&text) {
            None => {
                faulty += 1;
                let _ = match lang {
                    Lang::Zh => writeln!(report, "{shown}：有语法错误，没有整理；见 `casebook check`"),
                    Lang::En => writeln!(report, "{shown}: has faults, left as it is; see `casebook check`"),
                };
            }
            Some(new) if new != text => changes.push((path, shown, new)),
            Some(_) => {}
        }
    }
    if !args.check {
        output::write_files(changes.iter().map(|(path, _, new)| (path.as_path(), new.as_bytes())))?;
    }
    for (_, shown, _) in &changes {
        let _ = writeln!(report, "{shown}");
    }
    let count = changes.len();
    let _ = match (lang, args.check) {
        (Lang::Zh, true) => writeln!(report, "{count} 个文件需要整理"),
        (Lang::Zh, false) => writeln!(report, "整理了 {count} 个文件"),
        (Lang::En, true) => writeln!(report, "{} would change", output::counted(count, "file")),
        (Lang::En, false) => writeln!(report, "{} changed", output::counted(count, "file")),
    };
    output::write_styled(&report, common)?;
    Ok(if faulty > 0 || args.check && count > 0 { Exit::Failed } else { Exit::Done })
}

/// The files meant, each once, in order.
fn files(paths: &[PathBuf], common: &Common) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if paths.is_empty() {
        let Some(dir) = input::author_dir(None, common) else {
            bail!("no knowledge base here (neither casebook.yaml nor rules/)");
        };
        gather(&dir.join("rules"), &mut found)?;
    }
    for path in paths {
        if path.is_dir() {
            let rules = path.join("rules");
            gather(if rules.is_dir() { &rules } else { path }, &mut found)?;
        } else if path.is_file() {
            found.push(path.clone());
        } else {
            bail!("{}: not found", path.display());
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// The rule files below `folder`, without bundle tests and hidden ones.
fn gather(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let kind = entry.file_type()?;
        if kind.is_dir() && name != "tests" && !name.starts_with('.') {
            gather(&path, found)?;
        } else if kind.is_file() && path.extension().is_some_and(|end| end == "yaml" || end == "yml") {
            found.push(path);
        }
    }
    Ok(())
}
