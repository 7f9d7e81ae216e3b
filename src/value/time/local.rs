//! Dates and times of day as the language of a machine writes them: `3/4/2024`, `04.03.2024`, `2024/3/4`; `8:47:41 PM`,
//! `下午 8:47:41`, `20.47.41,123`.

use super::format::DayOrder;

/// Words for before and after noon, in front of the time or behind it. Newer versions of Windows put a narrow blank
/// between.
const NOON: [(&str, bool); 8] = [
    ("AM", false),
    ("PM", true),
    ("a.m.", false),
    ("p.m.", true),
    ("上午", false),
    ("下午", true),
    ("午前", false),
    ("午後", true),
];

/// Blanks between a time and its word.
const NARROW: [char; 3] = [' ', '\u{202f}', '\u{a0}'];

/// The three numbers of a date, and what parts them.
struct Numbers<'t> {
    parts: [&'t str; 3],
    between: u8,
    length: usize,
}

/// How many bytes at the beginning of `text` are a date of numbers.
pub(super) fn date_length(text: &str) -> Option<usize> {
    numbers(text).map(|numbers| numbers.length)
}

fn numbers(text: &str) -> Option<Numbers<'_>> {
    let (first, at) = digits(text, 0, 4)?;
    let between = *text.as_bytes().get(at)?;
    if !matches!(between, b'/' | b'-' | b'.') {
        return None;
    }
    let (second, end) = digits(text, at + 1, 2)?;
    if text.as_bytes().get(end) != Some(&between) {
        return None;
    }
    let (third, end) = digits(text, end + 1, if first.len() == 4 { 2 } else { 4 })?;
    let sound = first.len() != 3 && third.len() != 3;
    sound.then_some(Numbers { parts: [first, second, third], between, length: end })
}

fn digits(text: &str, from: usize, most: usize) -> Option<(&str, usize)> {
    let rest = text.as_bytes().get(from..)?;
    let count = rest.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
    (count > 0).then_some((text.get(from..from + count)?, from + count))
}

/// A date as `2024-03-04`. Points stand in dates that begin with the day; a year in front is followed by the month.
pub(super) fn date(text: &str, order: DayOrder) -> Option<String> {
    let Numbers { parts: [first, second, third], between, .. } = numbers(text)?;
    let (year, month, day) = match (first.len(), between, order) {
        (4, _, _) => (first, second, third),
        (_, b'.', _) | (_, _, DayOrder::DayFirst) => (third, second, first),
        _ => (third, first, second),
    };
    let century = if year.len() <= 2 { 2000 } else { 0 };
    Some(format!("{:04}-{month:0>2}-{day:0>2}", year.parse::<u32>().ok()? + century))
}

/// How many bytes at the beginning of `text` are a time of day.
pub(super) fn time_length(text: &str) -> Option<usize> {
    clock(text).map(|clock| clock.length)
}

struct Clock<'t> {
    hour: u32,
    /// Minutes and seconds.
    rest: [&'t str; 2],
    fraction: &'t str,
    length: usize,
}

/// A time of day as `20:47:41.123`.
pub(super) fn time(text: &str) -> Option<String> {
    let Clock { hour, rest: [minute, second], fraction, .. } = clock(text)?;
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{hour:02}:{minute}:{second}{point}{fraction}"))
}

fn clock(text: &str) -> Option<Clock<'_>> {
    let (early, mut at) = noon(text).map_or((None, 0), |(late, length)| (Some(late), length));
    at += text
        .get(at..)?
        .chars()
        .take_while(|char| early.is_some() && NARROW.contains(char))
        .map(char::len_utf8)
        .sum::<usize>();
    let (hour, end) = digits(text, at, 2)?;
    let between = *text.as_bytes().get(end)?;
    if !matches!(between, b':' | b'.') {
        return None;
    }
    let (minute, mut end) = digits(text, end + 1, 2)?;
    let mut second = "00";
    if text.as_bytes().get(end) == Some(&between) {
        (second, end) = digits(text, end + 1, 2)?;
    }
    let mut fraction = "";
    if matches!(text.as_bytes().get(end), Some(b'.' | b','))
        && let Some((digits, after)) = digits(text, end + 1, 9)
    {
        (fraction, end) = (digits, after);
    }
    let rest = text.get(end..)?;
    let gap = rest.chars().next().filter(|char| NARROW.contains(char)).map_or(0, char::len_utf8);
    let word = noon(rest).map(|found| (found, 0)).or_else(|| Some((noon(rest.get(gap..)?)?, gap)));
    let late = match word.filter(|_| early.is_none()) {
        Some(((late, length), gap)) => {
            end += length + gap;
            Some(late)
        }
        None => early,
    };
    let hour = hour.parse::<u32>().ok()?;
    let hour = late.map_or(hour, |late| if hour > 12 { hour } else { hour % 12 + if late { 12 } else { 0 } });
    (minute.len() == 2 && second.len() == 2).then_some(Clock { hour, rest: [minute, second], fraction, length: end })
}

/// The word for the half of the day at the beginning of `text`, and how long it is.
fn noon(text: &str) -> Option<(bool, usize)> {
    NOON.iter().find_map(|(word, late)| {
        let same = text.get(..word.len())?.eq_ignore_ascii_case(word);
        same.then_some((*late, word.len()))
    })
}
