//! `casebook scrub`: files without secrets and personal data, for fixtures; what the rules find in them stays the same.

use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow, bail};
use clap::Args;

use crate::bundle::{Artifact, Bundle, Encoding, decode, splice};
use crate::diagnose::{Diagnosis, Finding, diagnose};
use crate::draft::mask::{Masked, Redactor, masked};
use crate::knowledge_base::KnowledgeBase;
use crate::lang::Lang;
use crate::scan;

use super::progress::Progress;
use super::{Common, Exit, input, output};

/// Write files without secrets and personal data.
///
/// Every secret becomes a mask such as ‹host-1›, the same one in all files; everything else stays byte for byte. What the rules find
/// must be the same before and after, else nothing is written.
///
/// Example: casebook scrub logs thread.txt -o fixture
#[derive(Debug, Args)]
pub(super) struct ScrubArgs {
    /// Text files and folders of them (unpack archives first)
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// A file before and after.
struct Scrubbed {
    path: String,
    bytes: Vec<u8>,
}

pub(super) fn run(args: &ScrubArgs, common: &Common) -> Result<Exit> {
    let Some(to) = &common.output else { bail!("scrub: give the folder to write to, -o DIR") };
    let base = input::knowledge_base(common)?;
    let settings = input::settings(&base, common)?;
    let lang = input::lang(common, Some(&settings));
    if to.exists() && fs::read_dir(to).with_context(|| to.display().to_string())?.next().is_some() {
        bail!(
            "{}",
            say(lang, format!("{}：文件夹不是空的", to.display()), format!("{}: not an empty folder", to.display()))
        );
    }
    let progress = Progress::new(common);
    let bundle = input::open(&args.files, &settings, progress.meter())?;
    if let Some(problem) = bundle.problems().first() {
        bail!("{}: {}", problem.source, problem.message.get(lang));
    }
    let scrubbed = scrub(&bundle, lang)?;
    let list = masked(scrubbed.iter().map(|file| decode(&file.bytes)).collect::<Vec<_>>().iter().map(String::as_str));
    let made = write(&scrubbed, to)?;
    let found = |bundle: &Bundle| diagnosis(bundle, &base, settings.utc_offset, common);
    let before = found(&bundle);
    let after = found(&reopened(&made.path().join("scrubbed"), &scrubbed, &settings, &progress)?);
    input::as_a_whole(&base, common)?;
    let changed = changed(&before, &after);
    if !changed.is_empty() {
        let names = changed.join(", ");
        let zh = format!("以下规则的结论会改变，没有写入任何文件：{names}");
        output::note(
            &say(lang, zh, format!("the findings of these rules would change, nothing was written: {names}")),
            common,
        );
        return Ok(Exit::Failed);
    }
    if to.exists() {
        fs::remove_dir(to).with_context(|| to.display().to_string())?;
    }
    fs::rename(made.path().join("scrubbed"), to).with_context(|| to.display().to_string())?;
    output::print(&shown(&scrubbed, &list, before.findings.len(), lang))?;
    Ok(Exit::Done)
}

fn say(lang: Lang, zh: String, en: String) -> String {
    if lang == Lang::Zh { zh } else { en }
}

/// Every file with its secrets masked. Names are learnt from all of them before any is masked.
fn scrub(bundle: &Bundle, lang: Lang) -> Result<Vec<Scrubbed>> {
    let redactor = Redactor::default();
    let mut read = Vec::new();
    for artifact in bundle.artifacts() {
        let bytes = bytes(artifact, lang)?;
        redactor.learn(&decode(&bytes));
        read.push(bytes);
    }
    let mut scrubbed = Vec::new();
    for (artifact, bytes) in bundle.artifacts().iter().zip(&read) {
        let spliced = splice(bytes, artifact.encoding, &mut |line| redactor.spans(line));
        let bytes = spliced.map_err(|line| {
            let place = format!("{}:{}", artifact.path, line.0);
            let zh = format!("{place}：这一行的字节不能原样写回，请先转换文件编码");
            anyhow!(say(
                lang,
                zh,
                format!("{place}: the bytes of this line cannot be written back; convert the file first")
            ))
        })?;
        // A leading slash, so that the first folder is one like the others.
        let path = redactor.redact(&format!("/{}", artifact.path)).trim_start_matches('/').to_owned();
        scrubbed.push(Scrubbed { path, bytes });
    }
    Ok(scrubbed)
}

fn bytes(artifact: &Artifact, lang: Lang) -> Result<Vec<u8>> {
    let path = &artifact.path;
    if path.contains("!/") {
        bail!("{}", say(lang, format!("{path}：请先解压"), format!("{path}: unpack it first")));
    }
    if artifact.encoding == Encoding::Binary {
        bail!(
            "{}",
            say(
                lang,
                format!("{path}：不是文本文件，无法处理"),
                format!("{path}: no text, so nothing can be masked in it")
            )
        );
    }
    let mut bytes = Vec::new();
    artifact.open().and_then(|mut file| file.read_to_end(&mut bytes)).with_context(|| path.clone())?;
    Ok(bytes)
}

/// Writes all files into a folder beside the one asked for.
fn write(files: &[Scrubbed], to: &Path) -> Result<tempfile::TempDir> {
    let parent = match to.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let made = tempfile::Builder::new().prefix(".casebook-").tempdir_in(parent);
    let made = made.with_context(|| format!("{}: cannot be written", parent.display()))?;
    for file in files {
        let path = made.path().join("scrubbed").join(&file.path);
        let folder = path.parent().unwrap_or(made.path());
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        if path.exists() {
            bail!("{}: two files would have this name", file.path);
        }
        output::write_file(&path, &file.bytes)?;
    }
    Ok(made)
}

/// What was written, as the same bundle.
fn reopened(
    folder: &Path,
    files: &[Scrubbed],
    settings: &crate::draft::Settings,
    progress: &Progress,
) -> Result<Bundle> {
    let mut bundle = Bundle::default();
    for file in files {
        bundle.extend(Bundle::open_as(&folder.join(&file.path), &file.path, &settings.limits, progress.meter())?);
    }
    Ok(bundle)
}

fn diagnosis(bundle: &Bundle, base: &KnowledgeBase, utc_offset: Option<i32>, common: &Common) -> Diagnosis {
    let options =
        scan::Options { threads: common.threads, utc_offset, meter: Arc::default(), ..scan::Options::default() };
    let scan = scan::scan(bundle, &base.rules, &options);
    diagnose(&scan, &base.rules, None, utc_offset, 1)
}

/// The rules whose findings differ.
fn changed(before: &Diagnosis, after: &Diagnosis) -> Vec<String> {
    let told = |finding: &Finding| {
        let causes: Vec<_> = finding.causes.iter().map(|cause| (cause.id.clone(), cause.status)).collect();
        let lines = |quote: &crate::diagnose::Quote| {
            (quote.name.clone(), quote.record.origin.line, quote.record.origin.record())
        };
        let mut evidence: Vec<_> = finding.evidence.iter().map(lines).collect();
        evidence.sort();
        (finding.status, finding.count, finding.first, finding.last, causes, evidence)
    };
    let of =
        |diagnosis: &Diagnosis, name: &str| diagnosis.findings.iter().find(|finding| finding.name == name).map(told);
    let mut names: Vec<&String> = before.findings.iter().chain(&after.findings).map(|finding| &finding.name).collect();
    names.sort();
    names.dedup();
    names.into_iter().filter(|name| of(before, name) != of(after, name)).cloned().collect()
}

fn shown(files: &[Scrubbed], list: &[Masked], findings: usize, lang: Lang) -> String {
    let mut text = String::new();
    for one in list {
        let _ = writeln!(text, "{}  {}", one.mask, one.count);
    }
    let _ = match lang {
        Lang::Zh => writeln!(text, "{} 个文件，{} 种遮盖；{findings} 项结论不变。", files.len(), list.len()),
        Lang::En => {
            let plural = |count: usize| if count == 1 { "" } else { "s" };
            writeln!(
                text,
                "{} file{}, {} mask{}; {findings} finding{} unchanged.",
                files.len(),
                plural(files.len()),
                list.len(),
                plural(list.len()),
                plural(findings)
            )
        }
    };
    text
}
