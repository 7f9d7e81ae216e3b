//! Which records say that something failed, and how plainly: by level or mark, by a code of failure, by words. One table
//! for all log kinds; a field that a kind does not have says nothing.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::logs::Record;
use crate::value::Type;

/// Fields and the values that tell a failure, with their weight.
const FIELDS: [(&str, &[&str], u32); 4] = [
    ("level", &["error", "fatal", "critical", "err", "crit", "1", "2"], 3),
    // setupapi: one `!` is a warning.
    ("mark", &["!!!"], 3),
    ("type", &["3"], 3),
    ("result", &["ACCESS DENIED", "SHARING VIOLATION", "CANNOT DELETE", "DISK FULL", "DELETE PENDING"], 2),
];

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

static FOUND: LazyLock<Option<(AhoCorasick, AhoCorasick)>> = LazyLock::new(|| {
    let of = |words: &[&str]| AhoCorasick::builder().ascii_case_insensitive(true).build(words).ok();
    of(&WORDS).zip(of(&WITHOUT))
});

/// How plainly a record says that something failed; 0: not at all.
pub(super) fn weight(record: &Record) -> u32 {
    let line = record.message().lines().next().unwrap_or_default();
    fields(record) + if code(line) { CODE } else { 0 } + if word(line) { WORD } else { 0 }
}

fn fields(record: &Record) -> u32 {
    let tells = |(name, values, weight): &(&str, &[&str], u32)| {
        let value = record.field(name)?.trim();
        values.iter().any(|known| known.eq_ignore_ascii_case(value)).then_some(*weight)
    };
    FIELDS.iter().filter_map(tells).max().unwrap_or(0)
}

/// A code of failure: eight hexadecimal digits with the first bit set.
fn code(line: &str) -> bool {
    let codes = line.match_indices("0x").filter_map(|(at, _)| line.get(at..at + 10));
    codes.filter(|code| Type::Error.read(code).is_some()).any(|code| {
        let first = code.as_bytes().get(2).copied().unwrap_or(b'0');
        matches!(first, b'8' | b'c' | b'C' | b'd' | b'D' | b'e' | b'E')
    })
}

fn word(line: &str) -> bool {
    FOUND.as_ref().is_some_and(|(words, without)| words.is_match(line) && !without.is_match(line))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::weight;
    use crate::bundle::ArtifactId;
    use crate::logs::{Body, LogKindId, Origin, Record};

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
        for silent in ["done [HRESULT = 0x00000000 - S_OK]", "0 errors", "Startup complete", "0x8", "flags 0x00000001"]
        {
            assert_eq!(weight(&record(&[("level", "Info")], silent)), 0, "{silent}");
        }
    }
}
