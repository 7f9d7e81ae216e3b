//! `casebook doc`: a knowledge base as a static site.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;

use crate::authoring::doc;
use crate::knowledge_base::KnowledgeBase;
use crate::lang::Lang;
use crate::regression;

use super::{Common, Exit, folder, input, output};

/// Write the knowledge base as a site to read and print: a page a rule, indexes by error code, product and log, both
/// languages.
///
/// The pages load nothing and need no server: open `index.html`. A folder that holds anything else than an earlier site is
/// left as it is.
///
/// Example: casebook doc my-rules -o site
#[derive(Debug, Args)]
pub(super) struct DocArgs {
    /// The knowledge base's folder [default: the one you stand in, else the embedded one]
    #[arg(value_name = "KB")]
    dir: Option<PathBuf>,
}

pub(super) fn run(args: &DocArgs, common: &Common) -> Result<Exit> {
    let kb = input::author_dir(args.dir.as_deref(), common);
    let base = match &kb {
        Some(dir) => input::sources(dir, common)?,
        None => KnowledgeBase::embedded(),
    };
    let lang = input::lang(common, Some(&base.settings));
    let Some(dir) = &common.output else {
        bail!(match lang {
            Lang::Zh => "请用 -o DIR 指定站点的文件夹",
            Lang::En => "say with -o DIR where the site goes",
        });
    };
    input::without_errors(&base, lang)?;
    let bundles = kb.map(|dir| regression::recorded(&dir.join("rules"))).transpose()?.unwrap_or_default();
    let files = doc::site(&base, &bundles, lang)?;
    folder::replace(dir, &files, lang)?;
    let (rules, pages, shown) = (base.rules.rules.len(), files.len() - 1, dir.join("index.html"));
    let shown = shown.display();
    let done = match lang {
        Lang::Zh => format!("{shown}：{rules} 条规则，{pages} 页"),
        Lang::En => format!("{shown}: {rules} rule{}, {pages} pages", if rules == 1 { "" } else { "s" }),
    };
    output::note(&done, common);
    Ok(Exit::Done)
}
