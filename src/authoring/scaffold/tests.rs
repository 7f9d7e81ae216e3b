//! Excerpts of many kinds of log become rules that compile and whose tests pass.

use std::fs;
use std::sync::LazyLock;

use super::{Picked, ScaffoldError, draft};
use crate::bundle::Bundle;
use crate::knowledge_base::KnowledgeBase;
use crate::scan::{self, Options};

/// A knowledge base without rules of its own.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("casebook.yaml"), "language: en\n").unwrap();
    folder
}

static DEFAULT: LazyLock<KnowledgeBase> = LazyLock::new(KnowledgeBase::embedded);

fn picked(name: &str, text: &str) -> Picked {
    let base = &*DEFAULT;
    let mut bundle = Bundle::default();
    bundle.add_text(name, text);
    let mut records = Vec::new();
    let mut log = None;
    let options = Options { threads: Some(1), ..Options::default() };
    scan::records(&bundle, &base.rules, &options, &mut |source, record, _| {
        log = source.log;
        records.push(record.clone());
    });
    Picked { log: log.unwrap_or_else(|| panic!("{name} is of no kind")), records, place: format!("{name}:1-9") }
}

#[test]
fn a_draft_reads_well() {
    let log = "\
2024-10-16 08:43:10, Info                  CBS    Exec: Processing started. Session: 30651968_3203616141
2024-10-16 08:43:12, Error                 CBS    Failed to open file C:\\Windows\\Servicing\\Packages\\a.mum of package Package_for_KB5032196~31bf3856ad364e35~amd64~~17763.6414.1.4 [HRESULT = 0x80070005 - E_ACCESSDENIED]
2024-10-16 08:43:19, Info                  CBS    Failed to stage package Package_for_KB5032196~31bf3856ad364e35~amd64~~17763.6414.1.4 after 3 tries. [HRESULT = 0x80070005 - E_ACCESSDENIED]
";
    let folder = folder();
    let drafted = draft(&DEFAULT, folder.path(), "example/package-denied", &picked("CBS.log", log)).unwrap();
    assert_eq!(drafted.path, "rules/example/package-denied.yaml");
    insta::assert_snapshot!(drafted.text);
}

#[test]
fn a_name_that_is_none_or_taken_is_refused() {
    let folder = folder();
    let picked = picked("CBS.log", "2024-10-16 08:43:10, Error                 CBS    Failed to open the store\n");
    for name in ["", "a", "A/b", "a/", "../x/y", "a/b c", "a//b"] {
        assert!(matches!(draft(&DEFAULT, folder.path(), name, &picked), Err(ScaffoldError::Name(_))), "{name}");
    }
    let drafted = draft(&DEFAULT, folder.path(), "example/store", &picked).unwrap();
    fs::create_dir_all(folder.path().join("rules/example")).unwrap();
    fs::write(folder.path().join(&drafted.path), &drafted.text).unwrap();
    let again = KnowledgeBase::load(folder.path()).unwrap();
    assert!(matches!(draft(&again, folder.path(), "example/store", &picked), Err(ScaffoldError::Taken(_))));
}

/// Excerpts of different kinds: the file's name, the lines.
const EXCERPTS: [(&str, &str); 16] = [
    (
        "CBS.log",
        "2024-10-16 08:43:12, Error                 CBS    Failed to pin deployment amd64_dual_usbstor.inf_31bf3856ad364e35_10.0.17763.2237_none_8e64ef457e7839af [HRESULT = 0x80073712 - ERROR_SXS_COMPONENT_STORE_CORRUPT]\n",
    ),
    (
        "setupapi.dev.log",
        ">>>  [Device Install - PCI\\VEN_0000]\n>>>  Section start 2024/10/16 08:43:11.236\n!!!  ndv: Device install failed for device, error 0xe0000203.\n<<<  Section end 2024/10/16 08:43:11.252\n<<<  [Exit status: FAILURE(0xe0000203)]\n",
    ),
    (
        "setupapi.dev.log",
        "     sto: Copying\n!!!  sto: Failed to import driver package 'C:\\drv\\a.inf'(00000005) {braces} and $\n",
    ),
    (
        "dism.log",
        "2024-10-16 09:01:10, Error                 DISM   DISM Package Manager: PID=1204 TID=3312 Failed to open package at location: D:\\kb\\x.cab - CDISMPackageManager::OpenPackage(hr:0x80070003)\n",
    ),
    (
        "setupact.log",
        "2024-10-16 10:01:10, Error                 SP     Operation failed: Add driver C:\\a b\\c.inf. Error: 0x800703F1[gle=0x000003f1]\n2024-10-16 10:01:42, Error                 SP     Execute phase failed after 32 seconds, code 0x800703F1\n",
    ),
    (
        "PFRO.log",
        "10/16/2024 8:43:18 - PFRO Error: \\??\\C:\\Windows\\System32\\a.dll, |delete operation|, status 0xc0000034\n",
    ),
    (
        "messages.log",
        "Oct 16 08:43:18 host-1 kernel: [12.5] EXT4-fs error (device sda1): ext4_find_entry: inode #2: comm ls: reading directory\n",
    ),
    (
        "auth.log",
        "Oct 16 08:43:18 host-1 sshd[2211]: Failed password for invalid user guest from 192.0.2.7 port 52211 ssh2\nOct 16 08:43:19 host-1 sshd[2211]: error: maximum authentication attempts exceeded from 192.0.2.7 port 52211 ssh2\n",
    ),
    (
        "error.log",
        "[Wed Oct 16 08:43:18 2024] [error] [client 192.0.2.7] File does not exist: /var/www/html/favicon.ico\n",
    ),
    (
        "hdfs.log",
        "241016 084318 35 ERROR dfs.DataNode$DataXceiver: 192.0.2.7:50010:DataXceiver: java.io.IOException: Block blk_5627280853087685 is not valid.\n",
    ),
    (
        "WUAHandler.log",
        "<![LOG[Failed to add update source for WUAgent of type (2). Error = 0x87d00692.]LOG]!><time=\"08:43:18.123-480\" date=\"10-16-2024\" component=\"WUAHandler\" context=\"\" type=\"3\" thread=\"4120\" file=\"cwuahandler.cpp:2325\">\n",
    ),
    (
        "icacls.txt",
        "C:\\Windows\\INF\\a.inf NT SERVICE\\TrustedInstaller:(F)\n                     BUILTIN\\Users:(DENY)(W)\n\nSuccessfully processed 1 files; Failed processing 0 files\n",
    ),
    (
        "bootlog.csv",
        "\"Time of Day\",\"Process Name\",\"PID\",\"Operation\",\"Path\",\"Result\",\"Detail\"\n\"8:43:18.1234567 AM\",\"TiWorker.exe\",\"1204\",\"CreateFile\",\"C:\\Windows\\INF\\a.inf\",\"ACCESS DENIED\",\"Desired Access: Read\"\n",
    ),
    (
        "secpol.inf",
        "[Unicode]\nUnicode=yes\n[System Access]\nMinimumPasswordAge = 0\nMaximumPasswordAge = 42\n[Version]\nsignature=\"$CHICAGO$\"\nRevision=1\n",
    ),
    (
        "CBS.log",
        "2024-10-16 08:43:14, Error                 CSI    0000000a (F) Failed on \"\\\\?\\C:\\\" and '\\\\?\\C:\\$Windows.~BT\\a' or \\??\\Volume{12345678-1234-1234-1234-123456789abc}\\a.dll\n",
    ),
    ("notes.txt", "2024-10-16 08:43:18, Info                  CBS    更新失败，错误 0x800f0922，已回滚 3 次\n"),
];

#[test]
fn excerpts_of_many_kinds_become_rules_whose_tests_pass() {
    let folder = folder();
    let mut kinds = std::collections::BTreeSet::new();
    let mut faults = Vec::new();
    for (at, (name, text)) in EXCERPTS.iter().enumerate() {
        let picked = picked(name, text);
        kinds.insert(picked.log);
        // A draft is given out only if it compiles and its tests pass.
        match draft(&DEFAULT, folder.path(), &format!("example/number-{at}"), &picked) {
            Ok(drafted) => assert_eq!(drafted.text.matches("  - name: ").count(), 3, "{}", drafted.text),
            Err(error) => faults.push(format!("{at} {name}: {error}")),
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(kinds.len() >= 10, "{kinds:?}");
}
