//! The built-in readers over files of every form they know: whole, damaged, and not theirs at all.

use std::fmt::Write as _;
use std::sync::LazyLock;

use casebook::bundle::{Bundle, Limits};
use casebook::knowledge_base::KnowledgeBase;
use casebook::scan::{self, Options};
use proptest::prelude::*;

use crate::environment::Environment;
use crate::forms::evtx::{data, element, event};
use crate::forms::{evtx, pml, policy, wide};

/// What `casebook read` shows of a file, and what a scan finds wrong with it.
fn read(name: &str, bytes: &[u8]) -> String {
    let environment = Environment::new();
    std::fs::write(environment.path(name), bytes).unwrap();
    let records = environment.run(&["read", name]);
    assert_eq!(records.status, 0, "{}", records.stderr);
    let scanned = environment.run(&["scan", name, "--format", "json"]);
    let source = &scanned.json()["sources"][0];
    let mut text = format!("{} {}\n{}", source["log"], source["reason"], records.stdout);
    for problem in source["problems"].as_array().unwrap() {
        let _ = writeln!(text, "problem: {problem}");
    }
    text
}

/// An update that failed, an element of the provider's own, values without names.
fn events() -> Vec<Vec<evtx::Element>> {
    let own = element("CbsPackageChangeState").attribute("xmlns", "http://example.com/setup");
    let own = own.child(element("PackageIdentifier").text("KB5000001")).child(element("ErrorCode").text("0x800f0984"));
    vec![
        vec![
            event("Example-Update", 20, 2, data(&[("errorCode", "0x80070005"), ("updateTitle", "更新 KB5000001")])),
            event("Example-Servicing", 3, 0, element("UserData").child(own)),
        ],
        vec![event("Example Service", 7036, 4, data(&[("", "first\r\nsecond"), ("", "running")]))],
    ]
}

#[test]
fn an_event_log() {
    insta::assert_snapshot!(read("renamed.bin", &evtx::file(&events())));
}

#[test]
fn a_chunk_that_is_damaged_costs_that_chunk() {
    let mut file = evtx::file(&events());
    file[4096..4104].copy_from_slice(b"damaged!");
    insta::assert_snapshot!(read("events.evtx", &file));
}

#[test]
fn a_log_that_breaks_off_gives_what_is_there() {
    let mut file = evtx::file(&events());
    file.truncate(4096 + 65_536 + 4000);
    insta::assert_snapshot!(read("events.evtx", &file));
}

#[test]
fn the_oldest_events_of_a_log_that_was_written_over_come_first() {
    let mut file = evtx::file(&events());
    let (first, second) = (file[4096..4096 + 65_536].to_vec(), file[4096 + 65_536..].to_vec());
    file.truncate(4096);
    file.extend(second);
    file.extend(first);
    let text = read("events.evtx", &file);
    let places: Vec<usize> = (1..=3).map(|number| text.find(&format!("events.evtx#{number} ")).unwrap()).collect();
    assert!(places.is_sorted(), "{text}");
}

pub(crate) fn capture() -> Vec<pml::Event> {
    vec![
        pml::create_file("C:\\Windows\\INF\\usbstor.inf", 0xc000_0022),
        pml::query_value("HKLM\\SYSTEM\\Setup\\Example", "text"),
        pml::send(12),
        pml::exit(0x8007_0005),
    ]
}

#[test]
fn a_capture() {
    insta::assert_snapshot!(read("bootlog.PML", &pml::file(&capture())));
}

#[test]
fn a_capture_that_breaks_off_gives_what_is_there() {
    let mut file = pml::file(&capture());
    // The list of events names one that lies past the end.
    let list = usize::try_from(u64::from_le_bytes(file[0x248..0x250].try_into().unwrap())).unwrap();
    file[list..list + 4].copy_from_slice(&0x7fff_ffff_u32.to_le_bytes());
    insta::assert_snapshot!(read("bootlog.PML", &file));
}

#[test]
fn a_capture_that_was_not_ended_says_so() {
    let mut file = pml::file(&capture());
    file[0x248..0x268].fill(0);
    insta::assert_snapshot!(read("bootlog.PML", &file));
}

#[test]
fn a_trace_saved_in_another_locale() {
    let short = "\u{feff}\"时间\",\"进程名\",\"PID\",\"操作\",\"路径\",\"结果\",\"详细\"\r\n\
                 \"16:53:03,6001516\",\"TiWorker.exe\",\"860\",\"CreateFile\",\"C:\\a, \"\"b\"\"\",\"ACCESS DENIED\",\"x\r\ny\"\r\n\
                 \"下午 4:53:04.1\",\"TiWorker.exe\",\"860\",\"CloseFile\",\"C:\\a\",\"SUCCESS\",\"never closed\r\n\
                 \"16:53:05,0\",\"TiWorker.exe\",\"860\",\"RegOpenKey\",\"HKLM\",\"SUCCESS\",\"\"\r\n";
    let long = "\"Time of Day\",\"Process Name\",\"PID\",\"Operation\",\"Path\",\"Result\",\"Detail\",\"Date & Time\",\"Duration\",\"Own Column\"\r\n\
                \"3:58:46.6882889 PM\",\"a.exe\",\"1\",\"ReadFile\",\"C:\\a\",\"SUCCESS\",\"\",\"10/16/2024 3:58:46 PM\",\"0,0000123\",\"x\"\r\n";
    insta::assert_snapshot!(read("short.csv", short.as_bytes()) + &read("long.csv", long.as_bytes()));
}

#[test]
fn a_row_whose_date_nobody_can_read_has_the_time_of_the_one_above_it() {
    let row = |operation: &str, date: &str| {
        format!("\"3:58:46.5 PM\",\"a.exe\",\"1\",\"{operation}\",\"C:\\a\",\"SUCCESS\",\"\",\"{date}\"\r\n")
    };
    let header =
        "\"Time of Day\",\"Process Name\",\"PID\",\"Operation\",\"Path\",\"Result\",\"Detail\",\"Date & Time\"\r\n";
    let rows = row("One", "10/16/2024 3:58:46 PM") + &row("Two", "?");
    let environment = Environment::new();
    environment.write("trace.csv", header.to_owned() + &rows);
    let shown = environment.run(&["read", "trace.csv"]).stdout;
    let known: Vec<bool> = shown.lines().map(|line| line.contains("2024-10-16T15:58:46.5")).collect();
    assert_eq!(known, [true, true], "{shown}");
}

#[test]
fn a_trace_that_begins_with_a_row_loses_none() {
    let rows = "\"16:53:03,6\",\"a.exe\",\"1\",\"CreateFile\",\"C:\\a\",\"SUCCESS\",\"\"\n\
                \"16:53:04,6\",\"a.exe\",\"1\",\"CloseFile\",\"C:\\a\",\"SUCCESS\",\"\"\n";
    let text = read("Logfile.CSV", rows.as_bytes());
    assert!(text.contains("Logfile.CSV:1") && text.contains("operation=CloseFile"), "{text}");
}

#[test]
fn a_security_template_entry_by_entry() {
    let text = "[Unicode]\r\nUnicode=yes\r\n[Version]\r\nsignature=\"$CHICAGO$\"\r\nRevision=1\r\n\
                [Privilege Rights]\r\nSeLoadDriverPrivilege = *S-1-5-32-544\r\n\
                [Registry Keys]\r\n\"MACHINE\\SOFTWARE\\Example\",2,\"D:PAR(A;CI;KA;;;BA)(A;CIIO;KR;;;BU)\"\r\n\
                [File Security]\r\n\"%SystemRoot%\\INF\\usbstor.inf\",0,\"O:BAD:PAR(D;;FW;;;WD)(A;;FA;;;SY)S:(AU;FA;FA;;;WD)\"\r\n\
                \"C:\\empty\",1,\"D:\"\r\n\
                [Service General Setting]\r\nbits,2,\"D:(A;;FA;;;SY)\"\r\n\"wuauserv\",4,\"D:AR(A;;CCLCSW;;;IU)\"\r\n";
    insta::assert_snapshot!(read("secpol.inf", &wide(&format!("\u{feff}{text}"))));
}

#[test]
fn permissions_entry_by_entry() {
    let printed = "C:\\Windows\\system32>icacls \"C:\\Program Files\\a b.inf\" C:\\Windows\\INF\r\n\
                   C:\\Program Files\\a b.inf NT SERVICE\\TrustedInstaller:(F)\r\n\
                   \u{20}                      Everyone:(DENY)(W,Rc)\r\n\
                   \u{20}                      EXAMPLE\\some user:(I)(OI)(CI)(IO)(M)\r\n\
                   \u{20}                      S-1-5-32-546:(N)\r\n\r\n\
                   C:\\Windows\\INF BUILTIN\\Users:(RX)\r\n\r\n\
                   C:\\gone: The system cannot find the file specified.\r\n\
                   Successfully processed 2 files; Failed processing 1 files\r\n";
    let saved = "\u{feff}usbstor.inf\r\nD:PAI(A;;FA;;;S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464)(A;;0x1200a9;;;BU)\r\n";
    insta::assert_snapshot!(read("perms.txt", printed.as_bytes()) + &read("saved.txt", &wide(saved)));
}

#[test]
fn a_report_of_group_policy_in_its_three_forms() {
    let with_mark = |text: &str| wide(&format!("\u{feff}{text}"));
    let text = read("gpresult.txt", policy::text("Object Name: ").as_bytes());
    let page = read("gpresult.html", &with_mark(&policy::page()));
    let document = read("gpresult.xml", &with_mark(&policy::document()));
    insta::assert_snapshot!(text + &page + &document);
}

#[test]
fn an_object_of_a_policy_is_known_by_its_path_whatever_its_label() {
    for label in ["ObjectName: ", "Object:        ", "对象名称：", "Objektname: ", ""] {
        let text = read("gpresult.txt", policy::text(label).as_bytes());
        let found = "section=File Security file=%SystemRoot%\\INF\\usbstor.inf gpo=USB Control";
        assert!(text.contains(found), "{label}: {text}");
    }
}

#[test]
fn a_document_that_breaks_off_gives_what_came_before() {
    let document = policy::document();
    let end = document.find("<q1:File>").unwrap();
    let text = read("gpresult.xml", format!("{}</q1:Broken>", &document[..end]).as_bytes());
    assert!(text.contains("name=MaximumPasswordAge value=365"), "{text}");
    assert!(text.contains("problem: "), "{text}");
}

#[test]
fn a_capture_without_its_processes_still_has_its_events() {
    let mut file = pml::file(&capture());
    let table = usize::try_from(u64::from_le_bytes(file[0x250..0x258].try_into().unwrap())).unwrap();
    file[table..table + 4].copy_from_slice(&0xffff_u32.to_le_bytes());
    let text = read("bootlog.PML", &file);
    assert!(text.contains("operation=CreateFile path=C:\\Windows\\INF\\usbstor.inf result=ACCESS DENIED"), "{text}");
    assert!(text.contains("进程或字符串表已损坏"), "{text}");
}

/// Times of a capture are UTC, those of its kind local: they meet through the machine's offset.
#[test]
fn a_capture_stands_on_the_local_clock_where_the_offset_is_known() {
    let environment = Environment::new();
    environment.write("b/bootlog.PML", pml::file(&capture()));
    let first = |args: &[&str]| {
        let ran = environment.run(&[&["scan", "b", "--format", "json"], args].concat());
        let sources = ran.json()["sources"].as_array().unwrap().clone();
        sources.iter().find(|source| source["log"] == "procmon").unwrap()["first"].clone()
    };
    assert_eq!(first(&[]), serde_json::Value::Null);
    assert_eq!(first(&["--utc-offset", "+08:00"]), "2024-10-16T16:43:18");
    let both = "2024-10-16 14:43:18, Info                  CSI    00000001@2024/10/16:08:43:18.100 ready\n";
    environment.write("b/CBS.log", both);
    assert_eq!(first(&["--utc-offset", "+08:00"]), "2024-10-16T14:43:18");
}

/// Reads whatever it is, with every name that could mean something.
fn survives(bytes: &[u8]) {
    static BASE: LazyLock<KnowledgeBase> = LazyLock::new(KnowledgeBase::embedded);
    for name in ["a.evtx", "a.PML", "Logfile.CSV", "gpresult.html", "gpresult.xml", "secpol.inf", "icacls.txt"] {
        let bundle = Bundle::from_reader(name, bytes, &Limits::default()).unwrap();
        let mut places = Vec::new();
        scan::records(&bundle, &BASE.rules, &Options::default(), &mut |_, record, _| {
            places.push((record.origin.start, record.origin.end));
        });
        assert!(places.iter().all(|(start, end)| start <= end));
    }
}

/// Pieces of every form that a reader of text knows, to be put together wrongly.
fn pieces() -> Vec<String> {
    let forms = [policy::text("Object Name: "), policy::page(), policy::document()];
    let mut pieces: Vec<String> =
        forms.iter().flat_map(|form| form.split_inclusive(['>', '\n', ';'])).map(str::to_owned).collect();
    let odd = [
        "[File Security]\r\n",
        "\"C:\\a\",0,\"D:(A;;FA;;;WD)\"\r\n",
        "D:(A;OICI;",
        "(((",
        ")))",
        "\"",
        "\u{0}",
        "\u{feff}",
        "\n\n",
        "C:\\a b NT AUTHORITY\\SYSTEM:(F)\r\n",
        "         Everyone:(DENY)(W)\r\n",
        "中文",
        "𠮷",
        "&#xD800;",
        "<![CDATA[",
        "<!--",
        "</",
        "\"Time of Day\",\"Process Name\",\"PID\",\"Operation\"\r\n",
        "\"7:12:44 AM\",\"a\"\r\n",
        "S:(AU;;;;;)O:G:",
        "0x",
        "----\n",
    ];
    pieces.extend(odd.map(str::to_owned));
    pieces
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn no_damage_to_a_binary_form_ends_the_program(
        which in 0usize..2,
        hits in prop::collection::vec((0usize..70_000, any::<u8>()), 1..40),
        end in 100usize..80_000,
    ) {
        let mut bytes = if which == 0 { evtx::file(&events()) } else { pml::file(&capture()) };
        let length = bytes.len();
        for (at, byte) in hits {
            // Most of a chunk is empty: damage falls where something stands.
            let at = if which == 0 { [at % 160, 4096 + at % 2600][usize::from(at % 5 > 0)] } else { at % length };
            if at > 8 {
                bytes[at] = byte;
            }
        }
        bytes.truncate(end.max(length / 2));
        survives(&bytes);
    }

    #[test]
    fn no_text_ends_the_program(picks in prop::collection::vec(any::<prop::sample::Index>(), 0..60), first in 0usize..6) {
        let pieces = pieces();
        let begin = [
            "<?xml version='1.0'?><Rsop xmlns='http://www.microsoft.com/GroupPolicy/Rsop'>",
            "<html gpmc_reportInitialized='false'>",
            "RSOP data for x\nCOMPUTER SETTINGS\n",
            "[Unicode]\n[File Security]\n",
            "C:\\a NT AUTHORITY\\SYSTEM:(F)\n",
            "\"Time of Day\",\"Process Name\",\"PID\",\"Operation\",\"Path\"\n",
        ][first];
        let text: String = std::iter::once(begin).chain(picks.iter().map(|pick| pick.get(&pieces).as_str())).collect();
        survives(text.as_bytes());
    }

    #[test]
    fn no_bytes_end_the_program(bytes in prop::collection::vec(any::<u8>(), 0..3000), magic in 0usize..4) {
        let begin: &[u8] = [&b""[..], b"ElfFile\0", b"PML_\x09\0\0\0\x01\0\0\0", b"\xff\xfe"][magic];
        survives(&[begin, &bytes].concat());
    }
}
