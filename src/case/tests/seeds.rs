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

/// A line a message: number, side, kinds.
fn acts(thread: &Thread) -> Vec<String> {
    let line = |message: &Message| {
        let kinds: Vec<&str> = message.kinds.iter().map(|kind| kind.key()).collect();
        format!("{} {} {}", message.number, message.side.key(), kinds.join(" ")).trim().to_owned()
    };
    thread.messages.iter().map(line).collect()
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
        let Some(text) = case(name) else {
            println!("skipped: set CASEBOOK_CASES to read {name}");
            continue;
        };
        assert_eq!(acts(&read(&text, &rules())), expected, "{name}");
    }
}
