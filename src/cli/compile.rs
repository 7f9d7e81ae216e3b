//! `casebook compile`: a knowledge base as one file.

use std::path::PathBuf;

use anyhow::{Result, anyhow, bail};
use clap::Args;

use crate::knowledge_base::{KnowledgeBase, pack};
use crate::lang::Lang;

use super::{Common, Exit, input, output};

/// Make one file of a knowledge base, for `--kb`: it loads at once and is refused when it is damaged.
///
/// Example: casebook compile my-rules -o my-rules.casebook && casebook scan logs.zip --kb my-rules.casebook
#[derive(Debug, Args)]
pub(super) struct CompileArgs {
    /// The knowledge base's folder [default: the one you stand in, else the embedded one]
    #[arg(value_name = "KB")]
    dir: Option<PathBuf>,
}

pub(super) fn run(args: &CompileArgs, common: &Common) -> Result<Exit> {
    let base = match input::author_dir(args.dir.as_deref(), common) {
        Some(dir) => input::sources(&dir, common)?,
        None => KnowledgeBase::embedded(),
    };
    let lang = input::lang(common, Some(&base.settings));
    let Some(path) = &common.output else {
        bail!(match lang {
            Lang::Zh => "请用 -o FILE 指定知识包的文件名",
            Lang::En => "say with -o FILE where the pack goes",
        });
    };
    input::without_errors(&base, lang)?;
    let bytes = pack::write(&base).map_err(|fault| anyhow!(fault.message(lang)))?;
    output::write_bytes(&bytes, common)?;
    let (rules, size, shown) = (base.rules.rules.len(), bytes.len(), path.display());
    let done = match lang {
        Lang::Zh => format!("{shown}：{rules} 条规则，{size} 字节"),
        Lang::En => format!("{shown}: {rules} rule{}, {size} bytes", if rules == 1 { "" } else { "s" }),
    };
    output::note(&done, common);
    if pack::leaves_out_a_secret(&base) {
        output::note(secret(lang), common);
    }
    Ok(Exit::Done)
}

/// What is said of a password in the settings.
fn secret(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "设置中的 portal.password 未写入知识包；请用环境变量 CASEBOOK_PORTAL_PASSWORD 提供",
        Lang::En => {
            "portal.password of the settings is not in the pack; give it by the environment, CASEBOOK_PORTAL_PASSWORD"
        }
    }
}
