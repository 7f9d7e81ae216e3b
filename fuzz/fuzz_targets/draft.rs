//! Hostile text wherever text from outside comes into a draft: behind a log line, as the path that a log names, as the
//! file that a policy names, in the subject, in a mail, in a note. It comes out as text in every form, masked the same
//! way, and what is quoted is still what the log has.
#![no_main]

use std::sync::LazyLock;

use casebook::bundle::Bundle;
use casebook::case;
use casebook::diagnose::{diagnose, hear};
use casebook::draft::{self, Draft, Kind, Material, Settings, form, verify};
use casebook::knowledge_base::KnowledgeBase;
use casebook::lang::Lang;
use casebook::scan;
use libfuzzer_sys::fuzz_target;

static BASE: LazyLock<KnowledgeBase> = LazyLock::new(KnowledgeBase::embedded);

/// The logs of a failure that a policy caused, with `line` in each of them.
fn bundle(line: &str) -> Bundle {
    let head = "2024-10-16 08:43:18, Info                  CBS    ";
    let mut bundle = Bundle::default();
    let cbs = format!(
        "{head}DriverUpdateUninstallUpdates failed [HRESULT = 0x80070005 - E_ACCESSDENIED] {line}\n\
         {head}Startup: Rolling back KTM, because drivers failed.\n"
    );
    let setupapi = format!(
        ">>>  [Uninstall Driver Updates]\n>>>  Section start 2024/10/16 08:43:18.236\n\
         !    inf: Unable to load INF: 'C:\\Windows\\INF\\{line}.inf'(00000005)\n\
         <<<  Section end 2024/10/16 08:43:18.252\n<<<  [Exit status: FAILURE(0x00000005)]\n"
    );
    let policy =
        format!("[Unicode]\nUnicode=yes\n[File Security]\n\"%SystemRoot%\\INF\\{line}.inf\",0,\"D:PAR(D;;FA;;;WD)\"\n");
    bundle.add_text("CBS.log", &cbs);
    bundle.add_text("setupapi.dev.log", &setupapi);
    bundle.add_text("secpol.inf", &policy);
    bundle
}

/// The forms hold text and nothing else.
fn forms(draft: &Draft) {
    let page = form::html::page(draft);
    let mail = form::mail::eml(draft);
    let _ = form::markdown::text(draft);
    for tag in ["<script", "<img", "<a ", "<iframe", "<link", "onerror=\"", "\u{1b}", "\u{202e}", "\u{0}"] {
        assert!(!page.contains(tag), "{tag:?} in {page}");
    }
    let mail = String::from_utf8(mail).expect("a mail is ASCII or UTF-8");
    let (head, _) = mail.split_once("\r\n\r\n").expect("a mail has a head");
    for line in head.split("\r\n") {
        let known = ["X-Unsent: 1", "MIME-Version: 1.0", "Subject: ", "Content-Type: multipart/mixed", " ", "\t"];
        assert!(known.iter().any(|known| line.starts_with(known)), "{line:?} in the head of\n{mail}");
        assert!(!line.contains(['\r', '\n']), "{line:?}");
    }
}

fuzz_target!(|line: &str| {
    let bundle = bundle(line);
    let text = format!("邮件主题：{line}\n\n====第1封邮件====\n\n发件人：{line}\n邮件内容:\n甲先生，您好：\n{line}\n");
    let mut thread = case::read_with_notes(&text, &[line.to_owned()], &BASE.rules);
    let options = scan::Options { threads: Some(1), ..scan::Options::default() };
    let scan = scan::scan(&bundle, &BASE.rules, &options);
    let mut diagnosis = diagnose(&scan, &BASE.rules, Some(&thread), None, 1);
    hear(&mut thread, &scan, &BASE.rules, &mut diagnosis);
    let settings = Settings::default();
    let material = Material {
        rules: &BASE.rules,
        templates: &BASE.templates,
        settings: &settings,
        bundle: &bundle,
        scan: &scan,
        diagnosis: &diagnosis,
        thread: Some(&thread),
        lang: Lang::Zh,
        placeholders: true,
    };
    for (kind, lang) in [(Kind::Analysis, Lang::Zh), (Kind::Close, Lang::En), (Kind::Summary, Lang::Zh)] {
        forms(&draft::write(&Material { lang, ..material }, kind, String::new()).expect("our templates render"));
    }
    // Without the mail, whose lines may well look like those of a log, everything quoted is found again.
    let draft = draft::write(&Material { thread: None, ..material }, Kind::Analysis, String::new());
    let draft = draft.expect("our templates render");
    forms(&draft);
    let body = draft.body.clone().unwrap_or_default();
    for form in [body.as_bytes(), form::html::page(&draft).as_bytes(), &form::mail::eml(&draft)] {
        let texts = verify::read(form).expect("a draft is read back");
        let verdict = verify::verify(&texts, &bundle, &BASE.rules, &options);
        assert_eq!(verdict.faults, [], "{}", String::from_utf8_lossy(form));
    }
});
