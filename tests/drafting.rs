//! `casebook new rule` and `casebook scan --unexplained`: from a log to a rule.

use std::collections::BTreeMap;
use std::fs;

use casebook::authoring::scaffold::{Picked, draft};
use casebook::authoring::unexplained;
use casebook::bundle::{Bundle, Limits};
use casebook::diagnose::diagnose;
use casebook::knowledge_base::KnowledgeBase;
use casebook::scan::{self, Options};

use crate::environment::Environment;

const LOG: &str = "\
2024-10-16 08:43:10, Info                  CBS    Startup: Processing begins.
2024-10-16 08:43:12, Error                 CBS    Failed to open cabinet C:\\Windows\\Temp\\a.cab [HRESULT = 0x80070002 - ERROR_FILE_NOT_FOUND]
2024-10-16 08:43:13, Error                 CBS    Failed to open cabinet C:\\Windows\\Temp\\b.cab [HRESULT = 0x80070005 - E_ACCESSDENIED]
2024-10-16 08:43:14, Info                  CBS    Session finalized. [HRESULT = 0x80070005 - E_ACCESSDENIED]
2024-10-16 08:43:15, Info                  CBS    Ending TrustedInstaller finalization.
";

fn start() -> Environment {
    let environment = Environment::new();
    environment.write("kb/casebook.yaml", "language: en\n");
    environment.write("CBS.log", LOG);
    environment
}

#[test]
fn a_rule_is_drafted_from_lines_and_passes() {
    let environment = start();
    let args = ["new", "rule", "example/cabinet", "--from", "CBS.log:2-4", "--kb", "kb"];
    let made = environment.run(&args);
    assert_eq!(made.status, 0, "{}", made.shown());
    let text = fs::read_to_string(environment.path("kb/rules/example/cabinet.yaml")).unwrap();
    assert!(text.contains("{file:path}") && text.contains("{status:error}"), "{text}");
    let check = environment.run(&["check", "kb"]);
    assert_eq!(check.status, 0, "{}", check.shown());
    let test = environment.run(&["test", "kb", "--lang", "en"]);
    assert!(test.status == 0 && test.stdout.contains("3 passed, 0 not"), "{}", test.shown());
    let scan = environment.run(&["scan", "CBS.log", "--kb", "kb", "--lang", "en"]);
    assert!(scan.stdout.contains("example/cabinet"), "{}", scan.shown());
    let again = environment.run(&args);
    assert!(again.status == 2 && again.stderr.contains("there is a rule of this name"), "{}", again.shown());
}

#[test]
fn what_cannot_be_drafted_is_said() {
    let environment = start();
    environment.write("picture.bin", [0_u8, 1, 2, 3].repeat(99));
    let said = |name: &str, from: &str| {
        let ran = environment.run(&["new", "rule", name, "--from", from, "--kb", "kb"]);
        assert_eq!(ran.status, 2, "{}", ran.shown());
        ran.stderr
    };
    let said = [
        said("example/x", "CBS.log"),
        said("example/x", "CBS.log:4-2"),
        said("example/x", "CBS.log:90-99"),
        said("example/x", "none.log:1"),
        said("example/x", "picture.bin:1"),
        said("Example", "CBS.log:2"),
        said("../up", "CBS.log:2"),
    ];
    insta::assert_snapshot!(said.concat());
    assert!(!environment.path("kb/rules").exists(), "nothing was written");
}

#[test]
fn failures_without_a_rule_are_listed_worst_first() {
    let environment = start();
    let ran = environment.run(&["scan", "CBS.log", "--unexplained", "--lang", "en"]);
    // What stands before it tells how many rules there are, and that changes.
    let list = ran.stdout.split_once("Failures").map(|(_, list)| list.trim_end());
    insta::assert_snapshot!(format!("Failures{}", list.unwrap_or_default()));
    let json = environment.run(&["scan", "CBS.log", "--unexplained", "--format", "json"]).json();
    let first = &json["unexplained"][0];
    assert_eq!((&first["source"], &first["line"], &first["count"]), (&"CBS.log".into(), &2.into(), &2.into()));
    assert!(first["text"].as_str().unwrap().ends_with("a.cab [HRESULT = 0x80070002 - ERROR_FILE_NOT_FOUND]"));
    // What a rule with a finding has a hit on is explained, whatever its code.
    assert_eq!(environment.run(&["new", "rule", "example/cabinet", "--from", "CBS.log:2", "--kb", "kb"]).status, 0);
    let json = environment.run(&["scan", "CBS.log", "--unexplained", "--kb", "kb", "--format", "json"]).json();
    let lines: Vec<_> = json["unexplained"].as_array().unwrap().iter().map(|one| &one["line"]).collect();
    assert_eq!(lines, [4]);
}

/// Files of each kind that the corpus test drafts from.
const OF_A_KIND: usize = 3;

#[test]
fn the_worst_failure_of_every_kind_of_real_log_becomes_a_rule() {
    let Some(corpus) = std::env::var_os("CASEBOOK_CORPUS") else {
        println!("skipped: CASEBOOK_CORPUS is not set");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("casebook.yaml"), "language: en\n").unwrap();
    let base = KnowledgeBase::load(folder.path()).unwrap();
    let mut drafted: BTreeMap<String, (usize, Vec<String>)> = BTreeMap::new();
    let mut folders = vec![std::path::PathBuf::from(corpus)];
    while let Some(folder_there) = folders.pop() {
        let mut entries: Vec<_> = fs::read_dir(folder_there).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let Ok(bundle) = Bundle::open(&path, &Limits::default()) else { continue };
            let options = Options::default();
            let scan = scan::scan(&bundle, &base.rules, &options);
            let diagnosis = diagnose(&scan, &base.rules, None, None, 1);
            let Some(worst) = unexplained(&bundle, &base.rules, &options, &scan, &diagnosis).into_iter().next() else {
                continue;
            };
            let kind = &base.rules.logs.get(worst.log).name;
            let (count, failed) = drafted.entry(kind.clone()).or_default();
            if *count == OF_A_KIND {
                continue;
            }
            *count += 1;
            let mut records = Vec::new();
            scan::records(&bundle, &base.rules, &options, &mut |source, record, _| {
                let here = source.path == worst.source
                    && (record.origin.line, record.origin.record()) == (worst.line, worst.record);
                if here {
                    records.push(record.clone());
                }
            });
            let picked = Picked { log: worst.log, records, place: format!("{}:{}", path.display(), worst.line) };
            if let Err(error) = draft(&base, folder.path(), &format!("corpus/{}", kind.replace('.', "-")), &picked) {
                failed.push(format!("{error}\n    {}", worst.text));
            }
        }
    }
    let failed: Vec<String> = drafted.values().flat_map(|(_, failed)| failed.clone()).collect();
    let all: usize = drafted.values().map(|(count, _)| count).sum();
    println!("{} of {all} drafts of {} kinds", all - failed.len(), drafted.len());
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}
