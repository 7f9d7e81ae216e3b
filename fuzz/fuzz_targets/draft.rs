//! A hostile log line in a draft: text in every form, masked the same way, and still what the log has.
#![no_main]

use std::sync::LazyLock;

use casebook::bundle::Bundle;
use casebook::diagnose::diagnose;
use casebook::draft::{self, Kind, Material, Settings, form, verify};
use casebook::knowledge_base::KnowledgeBase;
use casebook::lang::Lang;
use casebook::scan;
use libfuzzer_sys::fuzz_target;

static BASE: LazyLock<KnowledgeBase> = LazyLock::new(KnowledgeBase::embedded);

fuzz_target!(|line: &str| {
    let head = "2024-10-16 08:43:18, Info                  CBS    ";
    let mut bundle = Bundle::default();
    bundle.add_text(
        "CBS.log",
        &format!(
            "{head}DriverUpdateUninstallUpdates failed [HRESULT = 0x80070005 - E_ACCESSDENIED] {line}\n\
             {head}Startup: Rolling back KTM, because drivers failed.\n"
        ),
    );
    let options = scan::Options { threads: Some(1), ..scan::Options::default() };
    let scan = scan::scan(&bundle, &BASE.rules, &options);
    let diagnosis = diagnose(&scan, &BASE.rules, None, None);
    let settings = Settings::default();
    let material = Material {
        rules: &BASE.rules,
        templates: &BASE.templates,
        settings: &settings,
        bundle: &bundle,
        scan: &scan,
        diagnosis: &diagnosis,
        thread: None,
        lang: Lang::Zh,
        placeholders: true,
    };
    let draft = draft::write(&material, Kind::Analysis, String::new()).expect("our templates render");
    let page = form::html::page(&draft);
    let mail = form::mail::eml(&draft);
    let _ = form::markdown::text(&draft);
    assert!(mail.starts_with(b"X-Unsent: 1\r\nMIME-Version: 1.0\r\nSubject: "));
    let body = draft.body.clone().unwrap_or_default();
    for form in [body.as_bytes(), page.as_bytes(), &mail] {
        let texts = verify::read(form).expect("a draft is read back");
        let verdict = verify::verify(&texts, &bundle, &BASE.rules, &options);
        assert_eq!(verdict.faults, [], "{}", String::from_utf8_lossy(form));
    }
});
