//! Real logs of lines, where `CASEBOOK_CORPUS` points at them: which kind a file is of, which lines begin records, at
//! what time, and the fields of logs that come with a table of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use casebook::bundle::{Bundle, Limits};
use casebook::knowledge_base::KnowledgeBase;
use casebook::logs::Record;
use casebook::scan::{self, Options};
use casebook::value::Stamp;
use regex::Regex;

use crate::corpus::corpus;

/// Files that are not recognised as what the manifest says, what they are recognised as, and why that is right.
const EXPLAINED: [(&str, &str, &str); 3] = [
    ("dism/excerpts/80070020-offline-hive-locked.log", "cbs", "cut from a DISM log, all of whose lines are of CBS"),
    ("panther/excerpts/8007000d-wim-apply-invalid-data.log", "-", "the file is empty"),
    ("windowsupdate/excerpts/ms-80070070-disk-full.log", "-", "two sentences without the columns of the log"),
];

/// The kind that the manifest's words mean for a file; `None` for files of readers and for what is no log.
fn expected(path: &str, kind: &str) -> Option<&'static str> {
    let has = |words: &[&str]| words.iter().any(|word| path.contains(word));
    Some(match kind {
        "cbs" | "cbs-sr-extract" => "cbs",
        "dism" => "dism",
        "dism-console" if has(&["get-drivers"]) => "driver-list",
        "dism-console" if has(&["get-packages"]) => "package-list",
        "dism-console" => "dism-console",
        "setupapi" => "setupapi.dev",
        "panther" if has(&["setupdiag"]) => "setupdiag",
        "panther" if has(&["bluebox"]) => "mosetup",
        "panther" if has(&["-windir-", "audmig", "siddu"]) => "coinstaller",
        "panther" => "setupact",
        "panther-compat-xml" => "compat-data",
        "windowsupdate" => "windowsupdate",
        "reportingevents" => "reportingevents",
        "checksur" => "checksur",
        "misc-pfro" => "pfro",
        "misc-ccm-log" => "ccm",
        "pending.xml" => "pending",
        "systeminfo" => "systeminfo",
        "wmic-qfe" => "hotfix-list",
        "minidump-text" => "bugcheck",
        "loghub" if path.ends_with("_2k.log") => match path.split('/').nth(1)? {
            "Apache" => "apache",
            "HDFS" => "hdfs",
            "Linux" => "syslog",
            "OpenSSH" => "openssh",
            _ => "cbs",
        },
        _ => return None,
    })
}

/// Rows of the manifest: path, kind.
fn manifest(corpus: &Path) -> Vec<(String, String)> {
    let text = fs::read_to_string(corpus.join("MANIFEST.tsv")).unwrap();
    let rows = text.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    rows.map(|row| (row[0].to_owned(), row[1].to_owned())).collect()
}

fn bundle(path: &Path) -> Bundle {
    Bundle::from_reader(&path.file_name().unwrap().to_string_lossy(), &*fs::read(path).unwrap(), &Limits::default())
        .unwrap()
}

#[test]
fn every_log_is_of_the_kind_that_the_manifest_says() {
    let Some(corpus) = corpus("every_log_is_of_the_kind_that_the_manifest_says") else { return };
    let rules = KnowledgeBase::embedded().rules;
    let (mut wrong, mut all, mut right) = (Vec::new(), 0, 0);
    for (path, kind) in manifest(&corpus) {
        if kind == "archive" {
            continue;
        }
        let mut found = "-".to_owned();
        scan::records(&bundle(&corpus.join(&path)), &rules, &Options::default(), &mut |source, _, _| {
            found = source.log.map_or("-", |log| rules.logs.get(log).name.as_str()).to_owned();
        });
        let lines = |name: &str| rules.logs.by_name(name).is_some_and(|log| !rules.logs.get(log).begins().is_empty());
        let Some(expected) = expected(&path, &kind) else {
            // What is no log of lines is not taken for one.
            if lines(&found) {
                wrong.push(format!("{path} ({kind}) is taken for {found}"));
            }
            continue;
        };
        all += 1;
        right += usize::from(found == expected);
        let explained = EXPLAINED.iter().find(|(file, ..)| *file == path);
        if explained.map_or(expected, |(_, kind, _)| kind) != found {
            wrong.push(format!("{path}: {expected}, not {found}"));
        }
    }
    println!("{right} of {all} recognised, the others explained: {EXPLAINED:?}");
    assert!(all > 140, "only {all} logs in the manifest");
    assert!(right * 100 >= all * 98, "{right} of {all}");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Records of a file by their first lines.
fn records(path: &Path, base: &KnowledgeBase) -> BTreeMap<u64, Record> {
    let mut records = BTreeMap::new();
    scan::records(&bundle(path), &base.rules, &Options::default(), &mut |_, record, _| {
        records.insert(record.origin.line, record.clone());
    });
    records
}

/// The lines of a file, as bytes are numbered: by line feeds.
fn lines(path: &Path) -> Vec<String> {
    let text = String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
    text.split('\n').map(|line| line.trim_end_matches('\r').trim_start_matches('\u{feff}').to_owned()).collect()
}

/// What begins a record in a full log, with a stamp in its first group; the format of the stamp; and what else may begin
/// one.
struct Form {
    folder: &'static str,
    names: &'static str,
    begins: &'static str,
    format: &'static str,
    also: &'static str,
}

/// Matches nothing.
const NONE: &str = r"[^\s\S]";

const FORMS: [Form; 6] = [
    Form {
        folder: "cbs/full",
        names: "",
        begins: r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d), ",
        format: "%Y-%m-%d %H:%M:%S",
        also: NONE,
    },
    Form {
        folder: "dism/full",
        names: "",
        begins: r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d), ",
        format: "%Y-%m-%d %H:%M:%S",
        also: NONE,
    },
    Form {
        folder: "panther/full",
        names: r"^setup(act|err)-(19|20|24|mct|push|sys|windows)",
        begins: r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d), ",
        format: "%Y-%m-%d %H:%M:%S",
        also: NONE,
    },
    Form {
        folder: "panther/full",
        names: r"^setupact-(siddu|audmig|windir)",
        begins: r"^\[(\d\d/\d\d/\d{4} \d\d:\d\d\.\d\d\.\d{3})\] ",
        format: "%m/%d/%Y %H:%M.%S.%f",
        also: r"^(AudMig|dispci\.dll): ",
    },
    Form {
        folder: "windowsupdate/full",
        names: "",
        begins: r"^(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d{7}) ",
        format: "%Y/%m/%d %H:%M:%S%.f",
        also: NONE,
    },
    Form {
        folder: "setupapi/full",
        names: "",
        begins: r"^(?:>>>  Section start |<<<  Section end |\[Boot Session: )(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d{3})",
        format: "%Y/%m/%d %H:%M:%S%.f",
        also: r"^(>>>|<<<|\[|[!.# ]{2,10}[a-z]{3}:)",
    },
];

#[test]
fn every_stamped_line_of_a_full_log_is_a_record_and_no_other() {
    let Some(corpus) = corpus("every_stamped_line_of_a_full_log_is_a_record_and_no_other") else { return };
    let base = KnowledgeBase::embedded();
    let mut wrong = Vec::new();
    for form in FORMS {
        let (names, begins, also) =
            (Regex::new(form.names).unwrap(), Regex::new(form.begins).unwrap(), Regex::new(form.also).unwrap());
        let (mut files, mut stamped) = (0, 0);
        for entry in fs::read_dir(corpus.join(form.folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if !names.is_match(&name) || path.extension().is_none_or(|end| end != "log") || name.contains("bluebox") {
                continue;
            }
            files += 1;
            let records = records(&path, &base);
            for (at, line) in lines(&path).iter().enumerate() {
                let number = at as u64 + 1;
                let time = begins.captures(line).map(|found| Stamp::parse(form.format, &found[1]).unwrap());
                stamped += usize::from(time.is_some());
                let record = records.get(&number);
                let begun = record.is_some();
                let right = match time {
                    Some(_) => record.is_some_and(|record| record.stamp == time),
                    None => begun == also.is_match(line) || (number == 1 && begun),
                };
                if !right {
                    let stamp = record.map(|record| record.stamp.map(Stamp::iso));
                    wrong.push(format!("{name}:{number}: record {stamp:?}: {}", line.get(..90).unwrap_or(line)));
                }
            }
        }
        println!("{} {}: {stamped} stamped lines in {files} files", form.folder, form.names);
        assert!(files > 0 && stamped > 0, "nothing in {} {}", form.folder, form.names);
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
}

/// Month, day and time as the table writes them, from a stamp.
fn columns(stamp: &str) -> (String, String, String) {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (date, time) = stamp.split_once('T').unwrap();
    let parts: Vec<&str> = date.rsplit('-').collect();
    let month = MONTHS[parts[1].parse::<usize>().unwrap() - 1];
    (month.to_owned(), parts[0].trim_start_matches('0').to_owned(), time.to_owned())
}

/// What a record says in the columns of its system's table, from `Time` or `Date` to `Content`.
fn row(system: &str, record: &Record) -> Vec<String> {
    let field = |name: &str| record.field(name).unwrap_or_default().to_owned();
    let stamp = record.stamp.map(Stamp::iso).unwrap_or_default();
    let (month, day, time) = columns(&stamp);
    let mut row = match system {
        "Apache" => vec![stamp.replace('T', " "), field("level")],
        "HDFS" => {
            let plain = stamp[2..].replace(['-', ':'], "");
            let (date, time) = plain.split_once('T').unwrap();
            vec![date.to_owned(), time.to_owned(), field("pid"), field("level"), field("component")]
        }
        "Linux" => vec![month, day, time, field("host"), field("process"), field("pid")],
        "OpenSSH" => vec![month, day, time, field("host"), field("pid")],
        _ => {
            let (date, time) = stamp.split_once('T').unwrap();
            vec![date.to_owned(), time.to_owned(), field("level"), field("component")]
        }
    };
    row.push(record.message().trim().to_owned());
    row
}

#[test]
fn fields_are_those_of_the_structured_tables() {
    let Some(corpus) = corpus("fields_are_those_of_the_structured_tables") else { return };
    let base = KnowledgeBase::embedded();
    let mut wrong = Vec::new();
    for system in ["Apache", "HDFS", "Linux", "OpenSSH", "Windows"] {
        let folder = corpus.join("loghub").join(system);
        let records = records(&folder.join(format!("{system}_2k.log")), &base);
        let mut table = csv::Reader::from_path(folder.join(format!("{system}_2k.log_structured.csv"))).unwrap();
        assert_eq!(records.len(), 2000, "{system}");
        for (told, record) in table.records().zip(records.values()) {
            let told = told.unwrap();
            let width = told.len();
            // The first column is the line, the last two are the template.
            let mut told: Vec<String> =
                told.iter().take(width - 2).skip(1).map(|cell| cell.trim().to_owned()).collect();
            if system == "Apache" {
                let stamp = Stamp::parse("%a %b %d %H:%M:%S %Y", &told[0]).unwrap();
                told[0] = stamp.iso().replace('T', " ");
            }
            let own = row(system, record);
            if own != told {
                wrong.push(format!("{system}:{}:\n  {own:?}\n  {told:?}", record.origin.line));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
}
