//! How logs become records: framing, sections, stamps, readers, with the log kinds that are shipped.

use std::fmt::Write as _;

use casebook::bundle::{Bundle, Limits};
use casebook::knowledge_base::KnowledgeBase;
use casebook::logs::Record;
use casebook::scan::{self, Options};
use casebook::value::Stamp;
use proptest::prelude::*;

fn base() -> KnowledgeBase {
    KnowledgeBase::embedded()
}

fn bundle(name: &str, bytes: &[u8]) -> Bundle {
    Bundle::from_reader(name, bytes, &Limits::default()).unwrap()
}

fn records(name: &str, bytes: &[u8]) -> Vec<Record> {
    let mut records = Vec::new();
    scan::records(&bundle(name, bytes), &base().rules, &Options::default(), &mut |_, record, _| {
        records.push(record.clone());
    });
    records
}

/// A record a line: kind, lines, stamp, fields, message.
fn shown(name: &str, bytes: &[u8]) -> String {
    let base = base();
    let mut text = String::new();
    scan::records(&bundle(name, bytes), &base.rules, &Options::default(), &mut |source, record, _| {
        let log = source.log.map_or("-", |log| base.rules.logs.get(log).name.as_str());
        let fields: Vec<String> = record.fields().map(|(name, value)| format!("{name}={value}")).collect();
        let origin = &record.origin;
        let stamp = record.stamp.map_or_else(|| "-".to_owned(), Stamp::iso);
        let section = record.section.map_or_else(|| "-".to_owned(), |section| format!("§{}", section.place()));
        let attempt = record.attempt.map_or_else(String::new, |attempt| format!(" attempt {attempt}"));
        let message = record.message().replace('\n', "⏎");
        let _ = writeln!(
            text,
            "{log} {}-{} {stamp} {section}{attempt} [{}] {message}",
            origin.line,
            origin.end_line(),
            fields.join("; ")
        );
    });
    text
}

fn utf16(text: &str) -> Vec<u8> {
    std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

const CBS: &str = "\u{feff}2024-10-16 08:43:17, Info                  CBS    Starting TrustedInstaller initialization.\r\n\
    2024-10-16 08:43:18, Info                  CSI    00000310 Hashes for file member [l:9]'ntdll.dll' do not match.\r\n \
    Expected: {l:32 b:26c1}.\n Actual: {l:32 b:8539}.\r\n\
    \u{feff}2024-10-16 08:43:19, Error      [0x018005] CSI    00000311 (F) Failed execution\r\n\
    2024-10-16 08:43:20, Info                  CBS    Ending TrustedInstaller finalization.\r\n\
    2024-10-16 08:43:21, Info                  CBS    after";

#[test]
fn a_cbs_log() {
    insta::assert_snapshot!(shown("renamed.txt", CBS.as_bytes()));
}

#[test]
fn the_same_in_utf16() {
    assert_eq!(shown("renamed.txt", &utf16(CBS.trim_start_matches('\u{feff}'))), shown("renamed.txt", CBS.as_bytes()));
}

const SETUPAPI: [&str; 18] = [
    "[Device Install Log]",
    "     OS Version = 10.0.17763",
    "",
    "[BeginLog]",
    "",
    ">>>  [Device Install (Hardware initiated) - SWD\\A [1]]",
    ">>>  Section start 2024/10/16 08:43:10.100",
    "     dvi: {Build Driver List} 08:43:10.131",
    "     dvi:      Searching for hardware ID(s):",
    "     dvi: {Build Driver List - exit(0x00000000)} 08:43:10.166",
    "!    inf: Unable to open",
    ">>>  [Uninstall Driver Updates]",
    ">>>  Section start 2024/10/16 08:43:18.236",
    "!!!  sto: Failed",
    "<<<  Section end 2024/10/16 08:43:18.252",
    "<<<  [Exit status: FAILURE(0x00000005)]",
    "",
    "     ump: outside",
];

#[test]
fn a_setupapi_log_with_its_sections() {
    insta::assert_snapshot!(shown("setupapi.dev.log", SETUPAPI.join("\r\n").as_bytes()));
}

#[test]
fn setup_logs_with_and_without_component() {
    let text = "2019-03-29 00:25:29, Info       [0x0606cc] IBS    LogBootDeviceInfo: ok\n\
                2019-03-29 00:25:30, Info                  MOUPG  Setup starts\n\
                2025-05-02 15:20:18, Error                        Failed to delete x. hr = 0x80070005\n";
    insta::assert_snapshot!(shown("setupact.log", text.as_bytes()));
}

#[test]
fn a_dism_log() {
    let text = "2025-04-26 05:20:57, Info                  DISM   DISM WIM Provider: PID=7560 TID=9068 [C:\\] is not a WIM mount point. - CWimMountedImageInfo::Initialize\r\n\
                [7560.9068] [0x8007007b] FIOReadFileIntoBuffer:(1454): The name is not valid.\r\n\
                2025-04-26 05:20:58, Info                  DISM   DISM.EXE: <----- Starting Dism.exe session ----->\r\n";
    insta::assert_snapshot!(shown("x.log", text.as_bytes()));
}

#[test]
fn permissions_policies_and_traces() {
    let icacls = "C:\\Windows\\INF\\usbstor.inf NT SERVICE\\TrustedInstaller:(F)\r\n\
                  \u{20}                          BUILTIN\\Users:(I)(RX)\r\n\
                  \u{20}                          Everyone:(DENY)(F)\r\n\r\n已成功处理 1 个文件; 处理 0 个文件时失败\r\n";
    let secedit = "[Unicode]\r\nUnicode=yes\r\n[System Access]\r\nMinimumPasswordAge = 1\r\n[File Security]\r\n\
                   \"%SystemRoot%\\INF\\USBSTOR.INF\",0,\"D:PAR(D;OICI;FA;;;WD)\"\r\n";
    let procmon = "\u{feff}\"Time of Day\",\"Process Name\",\"PID\",\"Operation\",\"Path\",\"Result\",\"Detail\"\r\n\
                   \"7:12:44.1 AM\",\"TiWorker.exe\",\"12\",\"CreateFile\",\"C:\\a, \"\"b\"\"\",\"ACCESS DENIED\",\"x\r\ny\"\r\n";
    let drivers = "Published Name : oem7.inf\r\nOriginal File Name : a.inf\r\nProvider Name : Example\r\n";
    let gpresult = "RSOP data for EXAMPLE\\admin on SRV : Logging Mode\r\n------------------\r\n\r\n    COMPUTER SETTINGS\r\n    -----------------\r\n\
                    \u{20}       File System Settings\r\n        --------------------\r\n            GPO: Hardening\r\n                Object Name: %SystemRoot%\\INF\\usbstor.inf\r\n";
    let all: String = [
        shown("a.txt", icacls.as_bytes()),
        shown("b.inf", &utf16(secedit)),
        shown("c.csv", procmon.as_bytes()),
        shown("d.txt", drivers.as_bytes()),
        shown("e.txt", gpresult.as_bytes()),
    ]
    .concat();
    insta::assert_snapshot!(all);
}

#[test]
fn an_excerpt_without_stamps_is_a_doubtful_one() {
    let base = base();
    let lines = "Info                  CBS    Startup: Rolling back KTM, because drivers failed.\n";
    let found = scan::scan(&bundle("x.txt", lines.as_bytes()), &base.rules, &Options::default());
    let source = &found.sources[0];
    assert_eq!(source.log, base.rules.logs.by_name("cbs"));
    assert!(source.doubt);
    let prose = "The update failed, and the log says CBS.\nPlease help.\n";
    let found = scan::scan(&bundle("CBS.log", prose.as_bytes()), &base.rules, &Options::default());
    assert_eq!(found.sources[0].log, None);
}

#[test]
fn records_across_the_borders_of_blocks_are_whole() {
    let mut text = String::new();
    let mut expected = Vec::new();
    for number in 0..30_000 {
        let mut record = format!("2024-10-16 08:43:18, Info                  CBS    record {number}");
        for line in 0..number % 4 {
            let _ = write!(record, "\n  continued {line} of {number} {}", "x".repeat(number % 97));
        }
        text.push_str(&record);
        text.push('\n');
        expected.push(record);
    }
    assert!(text.len() > 3 << 20);
    let found = records("CBS.log", text.as_bytes());
    assert_eq!(found.len(), expected.len());
    let mut line = 1;
    for (record, expected) in found.iter().zip(&expected) {
        assert_eq!(record.text(), expected);
        assert_eq!(record.origin.line, line);
        line = record.origin.end_line() + 1;
    }
}

/// Where a record lies in the file is where its text is, in any encoding.
fn places_are_exact(bytes: &[u8], decode: impl Fn(&[u8]) -> String) {
    let found = records("CBS.log", bytes);
    assert!(found.len() > 3);
    for record in found {
        let range = usize::try_from(record.origin.start).unwrap()..usize::try_from(record.origin.end).unwrap();
        let text = decode(&bytes[range]).replace("\r\n", "\n");
        assert_eq!(text.trim_end_matches('\n').trim_start_matches('\u{feff}').replace('\u{feff}', ""), record.text());
    }
}

#[test]
fn places_in_bytes_are_exact() {
    let text = CBS.replace("after", "驱动 𠮷 after");
    places_are_exact(text.as_bytes(), |bytes| String::from_utf8(bytes.to_vec()).unwrap());
    places_are_exact(&utf16(text.trim_start_matches('\u{feff}')), |bytes| {
        let units: Vec<u16> = bytes.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        String::from_utf16(&units).unwrap()
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    /// The prefilter loses nothing: framing everything finds the same hits.
    #[test]
    fn what_is_framed_for_its_candidates_alone_is_all_there_is(picks in prop::collection::vec(0usize..9, 1..60)) {
        let lines = [
            "2024-10-16 08:43:18, Info                  CBS    DriverUpdateUninstallUpdates failed [HRESULT = 0x80070005 - E_ACCESSDENIED]",
            "2024-10-16 08:43:18, Info                  CBS    STARTUP: ROLLING BACK KTM, BECAUSE DRIVERS FAILED.",
            "2024-10-16 08:43:18, Info                  CBS    Doqe:   [Forward] Uninstalling driver updates,\tCount 22",
            "2024-10-16 08:43:18, Info                  CBS    routine",
            "  Setting original failure status: 0x80070005, last forward",
            "",
            "2024-10-16 08:43:18, Error                 CBS    Startup: Failed while processing non-critical driver operations queue.",
            "2024-10-16 08:43:18, Info                  CBS    Exec: Processing complete.  Session: 1, Package: p [HRESULT = 0x80070070 - ERROR_DISK_FULL]",
            "not a record",
        ];
        let text: String = picks.iter().flat_map(|pick| [lines[*pick], "\n"]).collect();
        let base = base();
        let mut bundle = Bundle::default();
        let id = bundle.add_text("CBS.log", &text);
        let log = base.rules.logs.by_name("cbs").unwrap();
        let hits = |stats| {
            let options = Options { stats, given: vec![(id, scan::Given::Kind(log))], ..Options::default() };
            let found = scan::scan(&bundle, &base.rules, &options);
            let places = |hits: &Vec<scan::Hit>| hits.iter().map(|hit| hit.record.origin.clone()).collect::<Vec<_>>();
            found.hits.iter().map(|rule| rule.iter().map(places).collect::<Vec<_>>()).collect::<Vec<_>>()
        };
        prop_assert_eq!(hits(false), hits(true));
    }
}
