//! `casebook fix`: what can be mended without thinking is mended.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;

use crate::authoring::fix::{self, Applied, Fixed};
use crate::knowledge_base::{Files, KnowledgeBase};
use crate::lang::Lang;

use super::{Common, Exit, input, output};

/// Apply the fixes that `check` offers; what would make matters worse is left out.
///
/// Example: casebook fix my-rules --dry-run
#[derive(Debug, Args)]
pub(super) struct FixArgs {
    /// The knowledge base's folder [default: the one you stand in]
    #[arg(value_name = "KB")]
    dir: Option<PathBuf>,
    /// Say what would be mended and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &FixArgs, common: &Common) -> Result<Exit> {
    let Some(dir) = input::author_dir(args.dir.as_deref(), common) else {
        bail!("no knowledge base here (neither casebook.yaml nor rules/)");
    };
    let fixed = fix::fix(&KnowledgeBase::name_of(&dir), Files::read(&dir)?);
    if !args.dry_run {
        let changed: Vec<(PathBuf, &[u8])> =
            fixed.changed.iter().map(|(path, text)| (dir.join(path), text.as_bytes())).collect();
        output::write_files(changed.iter().map(|(path, text)| (path.as_path(), *text)))?;
    }
    output::write_styled(&report(&fixed, input::lang(common, Some(&fixed.base.settings))), common)?;
    Ok(Exit::Done)
}

fn report(fixed: &Fixed, lang: Lang) -> String {
    let mut text = String::new();
    for Applied { path, place: (line, column), code, message, before, after } in &fixed.applied {
        let _ = writeln!(text, "{path}:{line}:{column} {code} {}", message.get(lang));
        let shown = |text: &str| text.trim_end().replace('\n', "\n    ");
        for (sign, part) in [("-", before), ("+", after)] {
            let _ = writeln!(text, "  {sign} {}", shown(part));
        }
    }
    let (mended, files) = (fixed.applied.len(), fixed.changed.len());
    let (errors, warnings) = (fixed.base.errors(), fixed.base.warnings());
    let _ = match lang {
        Lang::Zh => writeln!(text, "改好 {mended} 处，涉及 {files} 个文件；还有 {errors} 个错误，{warnings} 个警告"),
        Lang::En => {
            let [files, errors, warnings] = [(files, "file"), (errors, "error"), (warnings, "warning")]
                .map(|(count, noun)| output::counted(count, noun));
            writeln!(text, "{mended} mended in {files}; {errors} and {warnings} left")
        }
    };
    text
}
