//! What most commands begin with: the knowledge base, settings with answers over them, bundles, the thread.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result, anyhow, bail};
use clap::Args;

use crate::bundle::{Bundle, Meter};
use crate::case::{self, Thread};
use crate::diagnose::{Diagnosis, USEFUL, diagnose, hear};
use crate::draft::{Material, Settings};
use crate::knowledge_base::{self, KnowledgeBase, LoadError, pack};
use crate::lang::Lang;
use crate::scan::{self, Profile, Scan, Stage};
use crate::source::SourceMap;
use crate::syntax;

use super::progress::Progress;
use super::{Common, output};

/// The environment variable that may hold the portal's password.
const PASSWORD: &str = "CASEBOOK_PORTAL_PASSWORD";

/// The knowledge base for commands that work with cases: `--kb`, else the embedded one.
pub(super) fn knowledge_base(common: &Common) -> Result<KnowledgeBase> {
    let base = KnowledgeBase::for_cases(common.kb.as_deref());
    let base = base.map_err(|error| anyhow!(error.message(lang(common, None))))?;
    judge(&base, common)?;
    Ok(base)
}

/// Refuses what was found with a pack of which a rule that was asked for could not be read.
pub(super) fn as_a_whole(base: &KnowledgeBase, common: &Common) -> Result<()> {
    let Some((fault, path)) = pack::fault_of_rules(base).zip(common.kb.as_ref()) else { return Ok(()) };
    let error = LoadError::Pack { path: path.display().to_string(), fault };
    bail!(error.message(lang(common, Some(&base.settings))))
}

/// The knowledge base in a folder, for commands that need its files.
pub(super) fn sources(dir: &Path, common: &Common) -> Result<KnowledgeBase> {
    KnowledgeBase::load(dir).map_err(|error| anyhow!(error.message(lang(common, None))))
}

/// The folder of the knowledge base that an author works on: the argument, `--kb`, or the folder one stands in if it
/// holds one.
pub(super) fn author_dir(argument: Option<&Path>, common: &Common) -> Option<PathBuf> {
    let here = || {
        let here = PathBuf::from(".");
        (here.join("casebook.yaml").is_file() || here.join("rules").is_dir()).then_some(here)
    };
    argument.map(Path::to_path_buf).or_else(|| common.kb.clone()).or_else(here)
}

/// Refuses a knowledge base with errors, for what is to be handed on whole.
pub(super) fn without_errors(base: &KnowledgeBase, lang: Lang) -> Result<()> {
    let (name, errors) = (&base.name, base.errors());
    if errors == 0 {
        return Ok(());
    }
    bail!(match lang {
        Lang::Zh => format!("知识库 {name} 有 {errors} 个错误，未写入任何文件；`casebook check` 可列出"),
        Lang::En => format!(
            "knowledge base {name}: {errors} error{}, nothing was written; `casebook check` shows {}",
            if errors == 1 { "" } else { "s" },
            if errors == 1 { "it" } else { "them" },
        ),
    })
}

/// A knowledge base with faults is used as far as it goes; one of which nothing is left is not.
fn judge(base: &KnowledgeBase, common: &Common) -> Result<()> {
    let errors = base.errors();
    if errors == 0 {
        return Ok(());
    }
    let name = &base.name;
    let faults = match lang(common, Some(&base.settings)) {
        Lang::Zh => format!("知识库 {name} 有 {errors} 个错误，有错误的部分没有使用；`casebook check` 可列出"),
        Lang::En if errors == 1 => {
            format!("knowledge base {name}: 1 error, its part is left out; `casebook check` shows it")
        }
        Lang::En => {
            format!("knowledge base {name}: {errors} errors, their parts are left out; `casebook check` shows them")
        }
    };
    if base.rules.rules.is_empty() {
        bail!("{faults}");
    }
    output::note(&faults, common);
    Ok(())
}

/// The language asked for, else the knowledge base's, else Chinese.
pub(super) fn lang(common: &Common, settings: Option<&Settings>) -> Lang {
    common.lang.map(Lang::from).or_else(|| settings.and_then(|settings| settings.lang)).unwrap_or_default()
}

/// Settings with `--answers`, the environment and `--set` laid over them, the later over the earlier.
pub(super) fn settings(base: &KnowledgeBase, common: &Common) -> Result<Settings> {
    let mut settings = base.settings.clone();
    if let Some(path) = &common.answers {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let mut map = SourceMap::new();
        let id = map.add(path.display().to_string(), text);
        let mut faults = Vec::new();
        for (key, value) in syntax::parse_settings(&map, id, &mut faults).values {
            set(&mut settings, &key.value, &value.value)?;
        }
        if let Some(fault) = faults.first() {
            let at = map.line_column(id, fault.span.start);
            bail!("{}:{}:{}: {}", path.display(), at.line, at.column, fault.message(lang(common, None)));
        }
    }
    if let Ok(password) = std::env::var(PASSWORD) {
        settings.values.insert("portal.password".to_owned(), password);
    }
    for pair in &common.set {
        let (key, value) = pair.split_once('=').ok_or_else(|| anyhow!("--set {pair}: write KEY=VALUE"))?;
        set(&mut settings, key.trim(), value)?;
    }
    if let Some(text) = &common.utc_offset {
        let offset = knowledge_base::utc_offset(text);
        settings.utc_offset = Some(offset.ok_or_else(|| anyhow!("--utc-offset {text}: write it as +08:00"))?);
    }
    Ok(settings)
}

fn set(settings: &mut Settings, key: &str, value: &str) -> Result<()> {
    if !knowledge_base::is_answer(key) {
        bail!("no such key: {key} (one of {}, or own.…)", knowledge_base::answers().collect::<Vec<_>>().join(", "));
    }
    if !knowledge_base::is_choice(key, value) {
        bail!("{key}: {value}: full / short");
    }
    settings.values.insert(key.to_owned(), value.to_owned());
    Ok(())
}

/// Everything a case consists of, read and judged.
pub(super) struct Work {
    pub(super) base: KnowledgeBase,
    pub(super) settings: Settings,
    pub(super) bundle: Bundle,
    pub(super) thread: Option<Thread>,
    pub(super) scan: Scan,
    pub(super) diagnosis: Diagnosis,
    pub(super) lang: Lang,
    /// What it cost, where that was asked for.
    pub(super) profile: Option<Arc<Profile>>,
}

/// What is counted and measured beside the findings.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(super) struct Beside {
    /// Count lines, records and the hits of every piece of evidence
    #[arg(long)]
    pub(super) stats: bool,
    /// What the scan cost, by stage and by rule, the slowest rule first
    #[arg(long)]
    pub(super) profile: bool,
    /// Hits of evidence whose `where` says no, to explain them.
    #[arg(skip)]
    pub(super) near_misses: bool,
}

impl Work {
    /// Opens and diagnoses bundles of one machine and the thread of its case.
    pub(super) fn new(bundles: &[PathBuf], thread: Option<&Path>, beside: Beside, common: &Common) -> Result<Work> {
        let begun = Instant::now();
        let base = knowledge_base(common)?;
        let took = begun.elapsed();
        let work = Work::by(base, bundles, thread, beside, common)?;
        if let Some(profile) = &work.profile {
            profile.add(Stage::Load, took, work.base.rules.rules.len() as u64);
        }
        Ok(work)
    }

    /// The same, by a knowledge base that is read already.
    pub(super) fn by(
        base: KnowledgeBase,
        bundles: &[PathBuf],
        thread: Option<&Path>,
        beside: Beside,
        common: &Common,
    ) -> Result<Work> {
        let profile = beside.profile.then(|| Arc::new(Profile::new(base.rules.rules.len())));
        let measure = |stage: Stage, begun: Instant, things: usize| {
            if let Some(profile) = &profile {
                profile.add(stage, begun.elapsed(), things as u64);
            }
        };
        let settings = settings(&base, common)?;
        let lang = lang(common, Some(&settings));
        let (mut thread, name) = match thread {
            Some(path) => {
                (Some(case::read_with_notes(&read_thread(path)?, &common.note, &base.rules)), file_name(path))
            }
            // Without a thread the notes are all that is known of the case.
            None if !common.note.is_empty() => {
                (Some(case::read_with_notes("", &common.note, &base.rules)), String::new())
            }
            None => (None, String::new()),
        };
        let progress = Progress::new(common);
        let begun = Instant::now();
        let mut bundle = open(bundles, &settings, progress.meter())?;
        measure(Stage::Open, begun, bundle.artifacts().len());
        for excerpt in thread.iter().flat_map(|thread| &thread.excerpts) {
            bundle.add_excerpt(&format!("{name}#{}", excerpt.message), excerpt.line, &excerpt.text);
        }
        let meter = Arc::clone(progress.meter());
        let utc_offset = settings.utc_offset;
        let options = scan::Options {
            stats: beside.stats,
            threads: common.threads,
            meter,
            utc_offset,
            profile: profile.clone(),
            wanted: (!beside.stats && !beside.near_misses).then_some(USEFUL),
            ..scan::Options::default()
        };
        let scan = scan::scan(&bundle, &base.rules, &options);
        let begun = Instant::now();
        let mut diagnosis = diagnose(&scan, &base.rules, thread.as_ref(), settings.utc_offset, options.threads());
        if let Some(thread) = &mut thread {
            hear(thread, &scan, &base.rules, &mut diagnosis);
        }
        measure(Stage::Diagnose, begun, diagnosis.findings.len());
        as_a_whole(&base, common)?;
        Ok(Work { base, settings, bundle, thread, scan, diagnosis, lang, profile })
    }

    /// Leaves what was found as it is: the process ends, and to give back a million hits one by one takes a fifth as long as to
    /// find them.
    pub(super) fn leave(mut self) {
        std::mem::forget(std::mem::take(&mut self.scan));
    }

    /// What a draft is made from.
    pub(super) fn material(&self, placeholders: bool) -> Material<'_> {
        Material {
            rules: &self.base.rules,
            templates: &self.base.templates,
            settings: &self.settings,
            bundle: &self.bundle,
            scan: &self.scan,
            diagnosis: &self.diagnosis,
            thread: self.thread.as_ref(),
            lang: self.lang,
            placeholders,
        }
    }
}

/// Opens bundles as one, within the limits of the settings; `-` is standard input.
pub(super) fn open(paths: &[PathBuf], settings: &Settings, meter: &Arc<Meter>) -> Result<Bundle> {
    let mut bundle = Bundle::default();
    for path in paths {
        // Places must tell bundles apart that have the same name in different folders.
        let named = paths.iter().filter(|other| file_name(other) == file_name(path)).count();
        let name = if named > 1 { path.display().to_string().replace('\\', "/") } else { file_name(path) };
        let one = if path.as_os_str() == "-" {
            Bundle::from_reader("-", std::io::stdin().lock(), &settings.limits)?
        } else {
            Bundle::open_as(path, &name, &settings.limits, meter)?
        };
        bundle.extend(one);
    }
    Ok(bundle)
}

/// Adds the log lines pasted in a thread, under the names that places in drafts have.
pub(super) fn add_excerpts(bundle: &mut Bundle, thread: Option<&Path>, base: &KnowledgeBase) -> Result<()> {
    let Some(path) = thread else { return Ok(()) };
    for excerpt in &case::read(&read_thread(path)?, &base.rules).excerpts {
        bundle.add_excerpt(&format!("{}#{}", file_name(path), excerpt.message), excerpt.line, &excerpt.text);
    }
    Ok(())
}

/// A mail thread: an export, pasted text, a mail, a mailbox, or a folder of mails.
pub(super) fn read_thread(path: &Path) -> Result<String> {
    let place = || path.display().to_string();
    let mut files = Vec::new();
    if path.is_dir() {
        for entry in std::fs::read_dir(path).with_context(place)? {
            let file = entry.with_context(place)?.path();
            if file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("eml")) {
                files.push((file.clone(), std::fs::read(&file).with_context(|| file.display().to_string())?));
            }
        }
        files.sort();
        let mails: Vec<Vec<u8>> = files.into_iter().map(|(_, bytes)| bytes).collect();
        return case::export(&mails)
            .ok_or_else(|| anyhow!("{}: 文件夹中没有邮件（.eml） / no mails (.eml) in it", place()));
    }
    let bytes = std::fs::read(path).with_context(place)?;
    let text = case::export(std::slice::from_ref(&bytes));
    Ok(text.unwrap_or_else(|| crate::bundle::decode(&bytes)))
}

/// The last part of a path, for places.
fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
