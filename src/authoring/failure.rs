//! Which records say that something failed, and how plainly: by level or mark, by a code of failure, by words. One table
//! for all log kinds; a field that a kind does not have says nothing.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, Input};

use crate::bundle::lines_unlike_utf8;
use crate::logs::{LogKind, Record};
use crate::value::Type;

/// A field and the values of it that tell a failure, with their weight.
type Field = (&'static str, &'static [&'static str], u32);

/// Fields of any log.
const FIELDS: [Field; 4] = [
    ("level", &["error", "fatal", "critical", "err", "crit"], 3),
    // setupapi: one `!` is a warning.
    ("mark", &["!!!"], 3),
    ("type", &["3"], 3),
    ("result", &["ACCESS DENIED", "SHARING VIOLATION", "CANNOT DELETE", "DISK FULL", "DELETE PENDING"], 2),
];

/// Those of logs without lines besides: event logs number their levels.
const NUMBERED: Field = ("level", &["1", "2"], 3);

/// How codes of failure begin.
const CODES: [&str; 4] = ["0x8", "0xc", "0xd", "0xe"];

/// Words of failure, in both languages.
const WORDS: [&str; 30] = [
    "fail",
    "error",
    "cannot",
    "can't",
    "could not",
    "couldn't",
    "unable to",
    "denied",
    "refused",
    "corrupt",
    "fatal",
    "abort",
    "exception",
    "timed out",
    "rolling back",
    "rolled back",
    "rollback",
    "not found",
    "missing",
    "invalid",
    "critical",
    "失败",
    "错误",
    "无法",
    "拒绝",
    "损坏",
    "超时",
    "回滚",
    "找不到",
    "异常",
];

/// What takes a word of failure back.
const WITHOUT: [&str; 7] = ["no error", "0 error", "without error", "0 fail", "no fail", "error: 0x0,", "没有错误"];

/// Weight of a code of failure, of a word.
const CODE: u32 = 2;
const WORD: u32 = 1;

/// Finds some of them in any case.
fn any_of(words: &[&str]) -> Option<AhoCorasick> {
    AhoCorasick::builder().ascii_case_insensitive(true).build(words).ok()
}

static FOUND: LazyLock<Option<(AhoCorasick, AhoCorasick)>> = LazyLock::new(|| any_of(&WORDS).zip(any_of(&WITHOUT)));

/// What one of stands in every record of lines that says that something failed, but for a number in a field.
static SIGNS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let values = FIELDS.iter().flat_map(|(_, values, _)| *values).filter(|value| !is_number(value));
    let signs: Vec<&str> = WORDS.iter().chain(&CODES).chain(values).copied().collect();
    any_of(&signs)
});

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Where a record of the kind may say that something failed, at the first sign of a line, ascending; `None` where any record may
/// say so by a number.
pub(super) fn places(kind: &LogKind, text: &[u8]) -> Option<Vec<usize>> {
    let numbered = |(name, values, _): &Field| values.iter().any(|value| is_number(value)) && kind.has_field(name);
    let signs = SIGNS.as_ref().filter(|_| !FIELDS.iter().any(numbered))?;
    let mut places = Vec::new();
    let mut at = 0;
    while let Some(found) = signs.find(Input::new(text).range(at..)) {
        places.push(found.start());
        let Some(end) = memchr::memchr(b'\n', &text[found.end()..]) else { break };
        at = found.end() + end + 1;
    }
    // Words that are not ASCII stand there in other bytes where a line is no UTF-8.
    if std::str::from_utf8(text).is_err() {
        places.extend(lines_unlike_utf8(text));
        places.sort_unstable();
    }
    Some(places)
}

/// How plainly a record says that something failed; 0: not at all.
pub(super) fn weight(record: &Record) -> u32 {
    let line = record.message().lines().next().unwrap_or_default();
    fields(record) + if code(line) { CODE } else { 0 } + if word(line) { WORD } else { 0 }
}

fn fields(record: &Record) -> u32 {
    let tells = |(name, values, weight): &Field| {
        let value = record.field(name)?.trim();
        values.iter().any(|known| known.eq_ignore_ascii_case(value)).then_some(*weight)
    };
    let numbered = Some(NUMBERED).filter(|_| record.origin.line == 0);
    FIELDS.iter().chain(&numbered).filter_map(tells).max().unwrap_or(0)
}

/// A code of failure: eight hexadecimal digits with the first bit set.
fn code(line: &str) -> bool {
    let codes = line.match_indices("0x").filter_map(|(at, _)| line.get(at..at + 10));
    let begins = |code: &str, begin: &str| code.get(..begin.len()).is_some_and(|own| own.eq_ignore_ascii_case(begin));
    codes.filter(|code| Type::Error.accepts(code)).any(|code| CODES.iter().any(|begin| begins(code, begin)))
}

fn word(line: &str) -> bool {
    FOUND.as_ref().is_some_and(|(words, without)| words.is_match(line) && !without.is_match(line))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::{places, weight};
    use crate::bundle::{ArtifactId, Bundle, Limits};
    use crate::knowledge_base::KnowledgeBase;
    use crate::logs::{Body, LogKindId, Origin, Record};
    use crate::scan::{self, Options};

    fn record(fields: &[(&str, &str)], message: &str) -> Record {
        Record {
            log: LogKindId::at(0),
            origin: Origin::new(ArtifactId::at(0), (1, 1), None, 0..0),
            stamp: None,
            body: Body::new(message, fields.iter().map(|(name, value)| (Arc::from(*name), *value))),
            section: None,
            attempt: None,
        }
    }

    #[test]
    fn failures_are_told_by_level_code_and_word() {
        assert_eq!(weight(&record(&[("level", "Error")], "it FAILED [HRESULT = 0x80070005]")), 6);
        assert_eq!(weight(&record(&[("level", "Info")], "Recording result: 0x80070005")), 2);
        assert_eq!(weight(&record(&[("mark", "!!!  ")], "sto: signature")), 3);
        assert_eq!(weight(&record(&[("result", "ACCESS DENIED")], "")), 2);
        assert_eq!(weight(&record(&[], "操作失败")), 1);
        assert_eq!(weight(&record(&[("level", "2")], "")), 0, "a level of a log with lines is a word");
        for silent in ["done [HRESULT = 0x00000000 - S_OK]", "0 errors", "Startup complete", "0x8", "flags 0x00000001"]
        {
            assert_eq!(weight(&record(&[("level", "Info")], silent)), 0, "{silent}");
        }
    }

    /// The lines of all records of a text that say that something failed, framed all and framed where a sign stands.
    fn failures(name: &str, text: &[u8]) -> [Vec<(u64, u32)>; 2] {
        let base = KnowledgeBase::embedded();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(name), text).unwrap();
        let bundle = Bundle::open(folder.path(), &Limits::default()).unwrap();
        let options = Options { threads: Some(1), ..Options::default() };
        let (mut all, mut found) = (Vec::new(), Vec::new());
        let failed = |record: &Record| Some((record.origin.line, weight(record))).filter(|(_, weight)| *weight > 0);
        scan::records(&bundle, &base.rules, &options, &mut |_, record, _| all.extend(failed(record)));
        scan::records_where(&bundle, &places, &base.rules, &options, &mut |_, record| found.extend(failed(record)));
        [all, found]
    }

    #[test]
    fn numbers_in_fields_are_found_too() {
        let entry = |kind: u32| {
            format!(
                "<![LOG[Done]LOG]!><time=\"08:43:18.123-480\" date=\"10-16-2024\" component=\"a\" context=\"\" type=\"{kind}\" thread=\"1\" file=\"a.cpp:1\">\n"
            )
        };
        let [all, found] = failures("ccm.log", [entry(1), entry(3), entry(1)].concat().as_bytes());
        assert_eq!((&all, &found), (&vec![(2, 3)], &all));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_failure_has_a_sign_wherever_it_stands(
            lines in prop::collection::vec((
                prop::sample::select(vec!["2024-10-16 08:43:18, Info    CBS    ", "2024-10-16 08:43:18, Error   CSI    ", "", "\t"]),
                prop::sample::select(vec![
                    "done", "it FAILED", "HRESULT 0x80070005 at", "0xC0000022", "0x00000000", "0 errors", "操作失败", "No Error",
                    "Rolled Back", "sharing violation", "err", "level 1", "0x8",
                ]),
                prop::sample::select(vec!["", " and so on", " 0xd0000022"]),
            ), 1..30),
            gbk in proptest::bool::ANY,
        ) {
            let head = "2024-10-16 08:43:18, Info                  CBS    Session: begins\n".repeat(20);
            let mut text = head.into_bytes();
            for (at, (stamp, said, more)) in lines.into_iter().enumerate() {
                let line = format!("{stamp}{said}{more}\r\n");
                // Some lines are not of the encoding of the others.
                let said = if gbk && at % 3 == 0 { encoding_rs::GBK.encode(&line).0.into_owned() } else { line.into_bytes() };
                text.extend(said);
            }
            let [all, found] = failures("CBS.log", &text);
            prop_assert_eq!(all, found);
        }
    }
}
