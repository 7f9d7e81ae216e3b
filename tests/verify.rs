//! Quotations that are there, that were altered, and that were never there.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use casebook::bundle::{Bundle, Limits};
use casebook::draft::verify::{Verdict, read, verify};
use casebook::knowledge_base::KnowledgeBase;
use casebook::lang::Lang;
use casebook::{case, scan};

use crate::environment::{Environment, root};

static BASE: LazyLock<KnowledgeBase> = LazyLock::new(KnowledgeBase::embedded);

const CBS: &str = "\
2024-10-16 08:43:18, Info                  CBS    Doqe: [Forward] Uninstalling driver updates, Count 22\r
2024-10-16 08:43:18, Info                  CBS    Failed for C:\\Users\\lisi\\x from 192.168.7.9 [HRESULT = 0x80070005 - E_ACCESSDENIED]\r
  continued by 192.168.7.9\r
2024-10-16 08:43:18, Info                  CBS    Startup: Rolling back KTM, because drivers failed.\r
";

fn verdict(draft: &str) -> Verdict {
    let mut bundle = Bundle::default();
    bundle.add_text("logs.zip!/CBS.log", CBS);
    let texts = read(draft.as_bytes()).unwrap();
    verify(&texts, &bundle, &BASE.rules, &scan::Options::default())
}

fn faults(draft: &str) -> Vec<(usize, String)> {
    verdict(draft).faults.into_iter().map(|fault| (fault.line, fault.message.get(Lang::En).to_owned())).collect()
}

const TRUE: &str = "\
甲先生，您好：

[logs.zip!/CBS.log:1]
    2024-10-16 08:43:18, Info                  CBS    Doqe: [Forward] Uninstalling driver updates, Count 22
[logs.zip!/CBS.log:2-4]
    2024-10-16 08:43:18, Info                  CBS    Failed for C:\\Users\\‹user-1›\\x from ‹ip-1› [HRESULT = 0x80070005 - E_ACCESSDENIED]
      continued by ‹ip-1›
    2024-10-16 08:43:18, Info                  CBS    Startup: Rolling back KTM, because drivers failed.

下一步：请重新安装更新。
";

#[test]
fn a_true_draft_has_no_fault() {
    assert_eq!(verdict(TRUE), Verdict { quotations: 2, faults: Vec::new() });
}

#[test]
fn what_was_altered_is_found_at_its_line() {
    assert_eq!(
        faults(&TRUE.replace("Count 22", "Count 23")),
        [(4, "[logs.zip!/CBS.log:1]: not what the log has".into())]
    );
    let mixed = TRUE.replace("continued by ‹ip-1›", "continued by ‹ip-2›");
    assert_eq!(faults(&mixed), [(7, "[logs.zip!/CBS.log:2-4]: not what the log has".into())]);
    let short = TRUE.replace("      continued by ‹ip-1›\n", "");
    assert_eq!(faults(&short).len(), 1);
    assert_eq!(
        faults(&TRUE.replace(":2-4]", ":2-3]")),
        [(8, "[logs.zip!/CBS.log:2-3]: a line that the log does not have".into())]
    );
    let cut = TRUE.replace("      continued by ‹ip-1›\n", "    […]\n");
    assert_eq!(faults(&cut), []);
}

#[test]
fn what_was_never_there_is_found() {
    assert_eq!(
        faults(&TRUE.replace("CBS.log:1]", "DISM.log:1]")),
        [(3, "[logs.zip!/DISM.log:1]: no such source in the bundle".into())]
    );
    assert_eq!(
        faults(&TRUE.replace("CBS.log:1]", "CBS.log:99]")),
        [(3, "[logs.zip!/CBS.log:99]: the source has no such lines".into())]
    );
    let line = "2024-10-16 08:43:18, Error                 CBS    Startup: Invented.";
    for loose in [line.to_owned(), format!("- {line}"), format!("1. {line}"), format!("        {line}")] {
        let found = faults(&format!("{TRUE}{loose}\n"));
        assert!(found.len() == 1 && found[0].1.starts_with("a log line outside any quotation"), "{loose}: {found:?}");
    }
}

#[test]
fn forms_are_told_by_their_contents() {
    let names = |bytes: &[u8]| read(bytes).map(|texts| texts.into_iter().map(|one| one.name).collect::<Vec<_>>());
    assert_eq!(names(TRUE.as_bytes()).unwrap(), [""]);
    assert_eq!(names(b"<!DOCTYPE html><html><body><p>x</p></body></html>").unwrap(), [""]);
    let mail = b"X-Unsent: 1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nx\r\n";
    assert_eq!(names(mail).unwrap(), ["text"]);
    let json = br#"{"schema": "casebook.reply/1", "body": "x", "attachments": [{"name": "evidence.txt", "text": "y"}, {"name": "a.bat.txt", "text": "z"}]}"#;
    assert_eq!(names(json).unwrap(), ["", "evidence.txt"]);
    assert!(names(br#"{"schema": "casebook.reply/1", "questions": []}"#).is_err());
    assert!(names(br#"{"schema": "casebook.scan/1"}"#).is_err() && names(b"{").is_err());
}

#[test]
fn a_page_quotes_as_the_text_does() {
    let page = "<html><head><title>[no.log:1]</title></head><p>a  b<br>\nc</p>\
                <details open><summary>[CBS.log:1]</summary><pre>\n  x &lt;y&gt;\n\nz</pre></details>\
                <details class=\"attachment\"><summary>f</summary><pre>\n[CBS.log:2]\n    q</pre></details></html>";
    let text = read(page.as_bytes()).unwrap().remove(0).text;
    assert_eq!(text, "a b\nc\n[CBS.log:1]\n      x <y>\n\n    z\nf\n[CBS.log:2]\n    q\n");
}

/// The body of a snapshot: what stands behind its header.
fn snapshot(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap().replace("\r\n", "\n");
    let body = text.splitn(3, "---\n").nth(2).unwrap_or_default().to_owned();
    body.split("----- stdout -----\n").last().unwrap().split("----- stderr -----").next().unwrap().to_owned()
}

/// A bundle with the log lines pasted in a thread.
fn bundle(logs: &Path, thread: &Path) -> Bundle {
    let mut bundle = Bundle::open(logs, &Limits::default()).unwrap_or_default();
    if let Ok(text) = fs::read_to_string(thread) {
        for excerpt in &case::read(&text, &BASE.rules).excerpts {
            bundle.add_excerpt(&format!("thread.txt#{}", excerpt.message), excerpt.line, &excerpt.text);
        }
    }
    bundle
}

/// Verifies drafts of one bundle; how many quotations they have.
fn verified(bundle: &Bundle, drafts: &[std::path::PathBuf]) -> usize {
    let mut quotations = 0;
    for path in drafts {
        let texts = read(snapshot(path).as_bytes()).unwrap();
        let verdict = verify(&texts, bundle, &BASE.rules, &scan::Options::default());
        assert_eq!(verdict.faults, [], "{}", path.display());
        quotations += verdict.quotations;
    }
    quotations
}

#[test]
fn every_draft_of_our_tests_quotes_its_logs() {
    let mut quotations = 0;
    for area in fs::read_dir(root().join("rules")).unwrap().flatten() {
        for folder in fs::read_dir(area.path().join("tests")).into_iter().flatten().flatten().map(|entry| entry.path())
        {
            let bundle = bundle(&folder.join("logs"), &folder.join("thread.txt"));
            let drafts = fs::read_dir(&folder).unwrap().flatten().map(|entry| entry.path()).filter(|path| {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                name.starts_with("reply.") || name.starts_with("summary.")
            });
            quotations += verified(&bundle, &drafts.collect::<Vec<_>>());
        }
    }
    let example = root().join("examples/update-rollback");
    let bundle = bundle(&example.join("logs.zip"), &example.join("thread.txt"));
    let snapshots = fs::read_dir(root().join("tests/snapshots")).unwrap().flatten().map(|entry| entry.path());
    let drafts = snapshots.filter(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let questions = name.contains("asks_first");
        !questions && (name.contains("example__reply") || name.contains("example__summary"))
    });
    quotations += verified(&bundle, &drafts.collect::<Vec<_>>());
    assert!(quotations > 40, "{quotations}");
}

#[test]
fn every_form_verifies_and_an_altered_one_fails() {
    let environment = Environment::new();
    environment.copy("examples/update-rollback/logs.zip", "logs.zip");
    environment.copy("examples/update-rollback/thread.txt", "thread.txt");
    for (command, format) in
        [("reply", "text"), ("reply", "html"), ("reply", "eml"), ("reply", "json"), ("summary", "html")]
    {
        let made = environment.run(&[command, "logs.zip", "--thread", "thread.txt", "--format", format, "-o", "draft"]);
        assert_eq!(made.status, 0, "{}", made.shown());
        let ran = environment.run(&["verify", "draft", "logs.zip", "--lang", "en"]);
        assert_eq!(ran.status, 0, "{format}: {}", ran.shown());
        assert!(ran.stdout.starts_with("All "), "{}", ran.stdout);
    }
    let _ = environment.run(&["reply", "logs.zip", "--thread", "thread.txt", "-o", "draft"]);
    let draft = fs::read_to_string(environment.path("draft")).unwrap();
    let altered = draft.replace("Count 22", "Count 23").replace("CBS.log:132]", "CBS.log:131]");
    environment.write("draft", format!("{altered}\n2024-11-20 08:33:30, Info                  CBS    Loose.\n"));
    for lang in ["zh", "en"] {
        let ran = environment.run(&["verify", "draft", "logs.zip", "--lang", lang]);
        insta::assert_snapshot!(format!("altered_{lang}"), ran.shown());
    }
    let ran = environment.run(&["verify", "absent.txt", "logs.zip"]);
    assert_eq!(ran.status, 2, "{}", ran.shown());
}

#[test]
fn long_evidence_is_cut_where_it_can_be_seen_and_verifies() {
    let environment = Environment::new();
    let line = |message: &str| format!("2024-10-16 08:43:18, Info                  CBS    {message}\r\n");
    let long = format!(
        "{}\\\\filesrv07\\x DriverUpdateUninstallUpdates failed [HRESULT = 0x80070005 - E_ACCESSDENIED]{}",
        "before 192.168.7.9 ".repeat(120),
        " after".repeat(900)
    );
    let lines = (0..60).map(|number| format!("  more {number}\r\n")).collect::<Vec<_>>().concat();
    let cbs = [line(&long), lines, line("Startup: Rolling back KTM, because drivers failed.").repeat(40)].concat();
    environment.write("logs/CBS.log", cbs);
    environment.copy("rules/driver/tests/uninstall-denied-open/logs/setupapi.dev.log", "logs/setupapi.dev.log");
    for format in ["text", "eml"] {
        let args = ["reply", "logs", "--kind", "analysis", "--placeholders", "--format", format, "-o", "draft"];
        assert_eq!(environment.run(&args).status, 0);
        let ran = environment.run(&["verify", "draft", "logs"]);
        assert_eq!(ran.status, 0, "{format}: {}", ran.shown());
    }
    let _ = environment.run(&["reply", "logs", "--kind", "analysis", "--placeholders", "-o", "draft"]);
    let text = fs::read_to_string(environment.path("draft")).unwrap();
    assert!(
        text.len() < 12_000 && text.contains("[…]") && text.contains("\\\\‹host-1›\\x DriverUpdateUninstall"),
        "{text}"
    );
    assert!(!text.contains("192.168") && !text.contains("filesrv07"), "{text}");
}

#[test]
fn a_line_that_zeros_part_is_found_in_its_pieces() {
    let mut bundle = Bundle::default();
    let line = "2024-10-16 08:43:18, Info                  CBS    Startup: Rolling back KTM, because drivers failed.";
    bundle.add_text("CBS.log", &format!("{line} a{}b\r\n{line}\r\n", "\0".repeat(40)));
    // A log that nothing quotes is not read: its lines would be found there too.
    bundle.add_text("other/setupapi.dev.log", ">>>  [Boot]\n");
    let faults = |draft: &str| {
        let texts = read(draft.as_bytes()).unwrap();
        verify(&texts, &bundle, &BASE.rules, &scan::Options::default()).faults.len()
    };
    assert_eq!(faults(&format!("[CBS.log:1]\n    {line} a\n")), 0);
    assert_eq!(faults(&format!("[CBS.log:2]\n    {line}\n")), 0);
    assert_eq!(faults(&format!("[CBS.log:1]\n    {line} c\n")), 1);
}
