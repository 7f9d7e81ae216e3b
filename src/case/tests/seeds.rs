//! The cases that the design was drawn from, where they are at hand: `CASEBOOK_CASES` names their folder, or
//! `CASEBOOK_CORPUS` the one beside it. Nothing of them is kept here but what must be found in them.

use std::path::PathBuf;

use super::*;

/// The text of a case, if it is at hand.
fn case(name: &str) -> Option<String> {
    let folder = std::env::var_os("CASEBOOK_CASES").map(PathBuf::from);
    let beside = || std::env::var_os("CASEBOOK_CORPUS").map(|corpus| PathBuf::from(corpus).join("../cases"));
    let path = folder.or_else(beside)?.join(name);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        println!("skipped: no {}", path.display());
    }
    text
}

const CASE_A: [&str; 26] = [
    "1 support scope request",
    "2 support scope request",
    "3 support request analysis",
    "4 support",
    "5 support follow-up",
    "6 customer",
    "7 support received",
    "8 support analysis remedy",
    "9 customer uploaded",
    "10 support request analysis remedy",
    "11 support follow-up",
    "12 support request",
    "13 customer",
    "14 customer",
    "15 support remedy",
    "16 support request",
    "17 support close",
    "18 customer",
    "19 support request",
    "20 support request",
    "21 support request analysis handover",
    "22 support analysis remedy",
    "23 support analysis remedy",
    "24 support remedy",
    "25 support follow-up",
    "26 support close",
];

const CASE_B: [&str; 8] = [
    "1 support scope request analysis remedy",
    "2 support request remedy",
    "3 customer uploaded result",
    "4 support received",
    "5 support request analysis",
    "6 support request",
    "7 customer result",
    "8 support close",
];

#[test]
fn what_each_message_of_the_cases_does() {
    for (name, expected) in [("thread-a.txt", &CASE_A[..]), ("thread-b.txt", &CASE_B[..])] {
        let Some(text) = case(name) else { continue };
        assert_eq!(acts(&read(&text, &rules())), expected, "{name}");
    }
}

#[test]
fn the_case_whose_customer_writes_from_two_places() {
    let Some(text) = case("thread-a.txt") else { return };
    let thread = read(&text, &rules());
    assert_eq!(thread.case.as_deref(), Some("CAS-10001-A1B2C3"));
    assert_eq!(thread.tracking.as_deref(), Some("0000001"));
    assert_eq!((thread.kbs.join(" "), thread.codes.join(" ")), ("KB5032196".to_owned(), "0x80070005".to_owned()));
    assert!(thread.paths.iter().any(|path| path == "C:\\WINDOWS\\INF\\USBSTOR.INF"));
    assert!(!thread.paths.iter().any(|path| path.contains("TiWorker")));
    assert_eq!(thread.messages[20].time.map(Stamp::iso).as_deref(), Some("2024-10-17T15:56:41.973"));
    assert_eq!((thread.customer.as_deref(), thread.engineer.as_deref()), (Some("甲先生"), Some("Engineer B")));
    let handovers: Vec<_> =
        thread.handovers.iter().map(|one| (one.message, one.from.as_deref(), one.to.as_deref())).collect();
    let [a, b] = [Some("Engineer A"), Some("Engineer B")];
    assert_eq!(handovers, [(19, a, b), (20, b, a), (21, a, b)]);
    let proposed: Vec<_> =
        thread.proposed.iter().map(|one| format!("{} {} {}", one.message, one.cause, one.standing.key())).collect();
    assert_eq!(proposed, [""; 0]);
    let places: Vec<(u32, u64, usize)> =
        thread.excerpts.iter().map(|one| (one.message, one.line, one.text.lines().count())).collect();
    assert_eq!(places, [(21, 5, 12), (21, 18, 13), (23, 5, 14), (23, 20, 13)]);
    assert_eq!(thread.received.iter().map(|received| received.message).collect::<Vec<_>>(), [7, 9]);
    let asked: Vec<String> = thread.asked.iter().map(|one| format!("{} {}", one.message, one.collection)).collect();
    assert_eq!(
        asked,
        [
            "1 gui-collector",
            "2 gui-collector",
            "3 procmon-boot",
            "10 gui-collector",
            "16 gui-collector",
            "16 tss-setup-report",
            "19 gui-collector",
            "19 tss-setup-report",
            "20 gui-collector",
            "20 tss-setup-report",
            "21 procmon-boot",
            "21 setup-report",
        ]
    );
    assert_eq!(
        tried(&thread),
        [
            "8 remove-interceptor-temporarily unknown: message 9 brings new logs and no word on it",
            "10 unplug-usb-devices unknown: no message says how it went",
            "15 restore-file-acl failed: message 17 says that the problem is still there",
            "22 remove-file-policy failed: newer logs in message 23 show the same failure",
            "23 restore-file-acl solved: proposed again in message 24; message 26 says that it solved the problem",
            "24 restore-file-acl solved: message 26 says that it solved the problem",
        ]
    );
    let stages = [(1, Stage::Waiting), (7, Stage::Analysing), (15, Stage::Advised), (17, Stage::Closed)];
    for (last, stage) in stages.into_iter().chain([(18, Stage::Reopened), (19, Stage::Waiting), (26, Stage::Closed)]) {
        assert_eq!(upto(&text, last).stage, stage, "after message {last}");
    }
    assert_eq!(upto(&text, 16).customer.as_deref(), Some("乙先生"));
}

#[test]
fn the_case_whose_customer_signs_as_a_support_desk() {
    let Some(text) = case("thread-b.txt") else { return };
    let thread = read(&text, &rules());
    assert_eq!(thread.case.as_deref(), Some("CAS-10002-D4E5F6"));
    assert_eq!(thread.tracking.as_deref(), Some("0000002"));
    assert_eq!((thread.customer.as_deref(), thread.engineer.as_deref()), (Some("丙先生"), Some("Engineer C")));
    assert_eq!(thread.received.iter().map(|received| received.message).collect::<Vec<_>>(), [3, 4]);
    let asked: Vec<String> = thread.asked.iter().map(|one| format!("{} {}", one.message, one.collection)).collect();
    assert_eq!(asked, ["5 gui-collector", "6 gui-collector"]);
    assert_eq!(
        tried(&thread),
        [
            "1 restore-file-acl failed: proposed again in message 2; message 3 says that the problem is still there",
            "2 restore-file-acl failed: message 3 says that the problem is still there",
            "7 remove-interceptor-temporarily solved: message 7 says that it solved the problem; nobody had proposed it",
        ]
    );
    for (last, stage) in [(1, Stage::Advised), (3, Stage::Analysing), (6, Stage::Waiting), (8, Stage::Closed)] {
        assert_eq!(upto(&text, last).stage, stage, "after message {last}");
    }
    // Own words only: what a mail program and a signature add is gone.
    assert!(!thread.messages[2].body.contains(['☆', '_']) && thread.messages[2].body.lines().count() == 1);
}
