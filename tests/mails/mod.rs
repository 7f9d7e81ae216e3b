//! Every support mail of two cases: the thread up to the mail before it, the logs that were at hand, and one line for
//! each call, give a draft of the mail that is due.
//!
//! The threads here are made up; their drafts are snapshots. The cases that the design was drawn from have the same
//! course; where they lie beside the corpus, the same plans are run on them and asked for the same properties.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use casebook::bundle::Bundle;
use casebook::case;
use casebook::diagnose::{diagnose, hear};
use casebook::draft::{self, Draft, Material, Settings};
use casebook::knowledge_base::KnowledgeBase;
use casebook::lang::Lang;
use casebook::scan;

use crate::environment::{copy, root};

mod english;
mod plans;

use english::STORE;
use plans::{FILE, INF, Mail, Plan};

static BASE: LazyLock<KnowledgeBase> = LazyLock::new(KnowledgeBase::embedded);

/// A thread with the folder of its logs, and whom it names.
struct Case {
    thread: String,
    logs: PathBuf,
    year: &'static str,
    people: [&'static str; 2],
}

/// The thread before mail `number`.
fn before(thread: &str, number: u32) -> &str {
    let headings = [format!("====第{number}封邮件===="), format!("==== Message {number} ====")];
    headings.iter().find_map(|heading| thread.split_once(heading.as_str())).map_or(thread, |(before, _)| before)
}

impl Case {
    fn say(&self, text: &str) -> String {
        text.replace("YEAR", self.year).replace("FIRST", self.people[0]).replace("SECOND", self.people[1])
    }

    /// The draft of the mail that is due in place of mail `mail`, after the calls so far.
    fn draft(&self, plan: &Plan, mail: &Mail, lang: Lang) -> Draft {
        let earlier = plan.mails.iter().filter(|other| other.number <= mail.number);
        let notes: Vec<String> = earlier.filter(|one| !one.note.is_empty()).map(|one| self.say(one.note)).collect();
        let rules = &BASE.rules;
        let mut thread = case::read_with_notes(before(&self.thread, mail.number), &notes, rules);
        let mut bundle = Bundle::default();
        for logs in mail.logs {
            bundle.extend(Bundle::open(&self.logs.join(logs), &BASE.settings.limits).unwrap());
        }
        for excerpt in &thread.excerpts {
            bundle.add_excerpt(&format!("thread.txt#{}", excerpt.message), excerpt.line, &excerpt.text);
        }
        let scan = scan::scan(&bundle, rules, &scan::Options::default());
        let mut diagnosis = diagnose(&scan, rules, Some(&thread), None, 1);
        hear(&mut thread, &scan, rules, &mut diagnosis);
        let mut settings = Settings::default();
        let set =
            [("portal.url", "https://upload.example.com"), ("portal.user", "fixture"), ("portal.password", "secret")];
        for (key, value) in set.iter().chain(mail.set) {
            settings.values.insert((*key).to_owned(), self.say(value));
        }
        let templates = &BASE.templates;
        let (scan, diagnosis, settings) = (&scan, &diagnosis, &settings);
        let (bundle, thread) = (&bundle, Some(&thread));
        let material =
            Material { rules, templates, settings, bundle, scan, diagnosis, thread, lang, placeholders: false };
        let (kind, why) = draft::choose(&material);
        draft::write(&material, kind, why).unwrap()
    }
}

/// A draft as a person reads it, with what it is and why.
fn shown(draft: &Draft) -> String {
    let questions: Vec<&str> = draft.questions.iter().map(|question| question.key.as_str()).collect();
    let body = draft.body.clone().unwrap_or_else(|| format!("? {}", questions.join(" ")));
    let to = draft.to.as_deref().unwrap_or("-");
    format!("{} to {to}: {}\n{}\n\n{body}", draft.kind.key(), draft.why, draft.subject)
}

/// What every draft in place of a mail has to be: of the kind, to the recipient, with what it must say and without what
/// it must not.
fn holds(case: &Case, plan: &Plan, mail: &Mail, draft: &Draft) -> Vec<String> {
    let mut faults = Vec::new();
    let mut fault = |text: String| faults.push(format!("{} mail {}: {text}", plan.name, mail.number));
    if draft.kind.key() != mail.kind {
        fault(format!("{} in place of {}", draft.kind.key(), mail.kind));
    }
    if draft.to.as_deref() != Some(case.say(mail.to).as_str()) {
        fault(format!("it is to {:?}", draft.to));
    }
    let Some(body) = &draft.body else {
        fault(format!("it asks {:?}", draft.questions));
        return faults;
    };
    for wanted in mail.says.iter().map(|text| case.say(text)).filter(|text| !body.contains(text.as_str())) {
        fault(format!("`{wanted}` is missing in\n{body}"));
    }
    for unwanted in mail.never.iter().filter(|text| body.contains(**text)) {
        fault(format!("`{unwanted}` stands in\n{body}"));
    }
    faults
}

fn own(plan: &Plan) -> Case {
    let folder = root().join("tests/mails").join(plan.name);
    let thread = fs::read_to_string(folder.join("thread.txt")).unwrap();
    Case { thread, logs: folder.join("logs"), year: plan.year, people: plan.people }
}

fn drafts(plan: &Plan, numbers: Range<u32>) {
    let case = own(plan);
    let mut faults = Vec::new();
    for mail in plan.mails.iter().filter(|mail| numbers.contains(&mail.number)) {
        let draft = case.draft(plan, mail, plan.lang);
        faults.extend(holds(&case, plan, mail, &draft));
        insta::with_settings!({snapshot_path => plan.name, prepend_module_to_snapshot => false}, {
            insta::assert_snapshot!(format!("mail-{:02}", mail.number), shown(&draft));
            if mail.english {
                let english = case.draft(plan, mail, Lang::En);
                insta::assert_snapshot!(format!("mail-{:02}-en", mail.number), shown(&english));
            }
        });
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn the_first_mails_of_the_case_of_a_restricted_file() {
    drafts(&FILE, 1..8);
}

#[test]
fn the_mails_of_the_case_of_a_restricted_file_after_its_first_logs() {
    drafts(&FILE, 8..15);
}

#[test]
fn the_mails_of_the_case_of_a_restricted_file_to_its_archiving() {
    drafts(&FILE, 15..18);
}

#[test]
fn the_mails_of_the_case_of_a_restricted_file_once_reopened() {
    drafts(&FILE, 18..23);
}

#[test]
fn the_last_mails_of_the_case_of_a_restricted_file() {
    drafts(&FILE, 23..27);
}

#[test]
fn every_mail_of_the_case_of_a_second_inf() {
    drafts(&INF, 1..9);
}

#[test]
fn every_mail_of_the_english_case_of_a_damaged_store() {
    drafts(&STORE, 1..15);
}

/// A case of the design's, with the logs of ours moved into its year, if it is at hand.
fn seed(plan: &Plan, folder: &Path) -> Option<Case> {
    let from_design = plan.seed.as_ref()?;
    let cases = std::env::var_os("CASEBOOK_CASES").map(PathBuf::from);
    let beside = || std::env::var_os("CASEBOOK_CORPUS").map(|corpus| PathBuf::from(corpus).join("../cases"));
    let Some(thread) = cases.or_else(beside).and_then(|dir| fs::read_to_string(dir.join(from_design.thread)).ok())
    else {
        println!("{}: skipped, neither CASEBOOK_CASES nor CASEBOOK_CORPUS points at it", from_design.thread);
        return None;
    };
    let from = root().join("tests/mails").join(plan.name).join("logs");
    for layer in fs::read_dir(&from).unwrap().map(|entry| entry.unwrap().path()) {
        for file in fs::read_dir(&layer).unwrap().map(|entry| entry.unwrap().path()) {
            let to = folder.join(layer.file_name().unwrap()).join(file.file_name().unwrap());
            copy(&file, &to);
            if let Ok(text) = fs::read_to_string(&to) {
                fs::write(&to, text.replace(plan.year, from_design.year)).unwrap();
            }
        }
    }
    Some(Case { thread, logs: folder.to_owned(), year: from_design.year, people: from_design.people })
}

#[test]
fn every_mail_of_the_cases_of_the_design() {
    for plan in [FILE, INF] {
        let folder = tempfile::tempdir().unwrap();
        let Some(case) = seed(&plan, folder.path()) else { continue };
        let mut faults = Vec::new();
        for mail in plan.mails {
            faults.extend(holds(&case, &plan, mail, &case.draft(&plan, mail, Lang::Zh)));
        }
        assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    }
}
