//! Times as Process Monitor writes them in a locale: 12-hour clocks, decimal commas, days before or after months.

use crate::value::Stamp;

/// Which of a date's numbers is the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DayOrder {
    YearMonthDay,
    MonthDayYear,
    DayMonthYear,
}

/// Words of the first half of the day, and of the second, that stand before or after the time.
const BEFORE_NOON: [&str; 5] = ["AM", "A.M.", "上午", "午前", "오전"];
const AFTER_NOON: [&str; 5] = ["PM", "P.M.", "下午", "午後", "오후"];

/// A time of day by a clock of 24 hours.
struct Time<'t> {
    hour: u32,
    minute: u32,
    second: u32,
    /// Digits behind the second's point.
    fraction: &'t str,
}

impl Time<'_> {
    /// Reads it, whatever the clock it is written by.
    fn read(text: &str) -> Option<Time<'_>> {
        let (text, half) = half(text.trim());
        let mut parts = text.splitn(3, ':');
        let hour: u32 = number(parts.next()?)?;
        let minute: u32 = number(parts.next()?)?;
        let seconds = parts.next()?;
        let (second, fraction) = seconds.split_once(['.', ',']).unwrap_or((seconds, ""));
        let second: u32 = number(second)?;
        let hour = match half {
            None => hour,
            Some(after) if (1..=12).contains(&hour) => hour % 12 + if after { 12 } else { 0 },
            Some(_) => return None,
        };
        let plain = fraction.len() <= 9 && fraction.bytes().all(|byte| byte.is_ascii_digit());
        let fits = hour <= 23 && minute <= 59 && second <= 60 && plain;
        fits.then_some(Time { hour, minute, second, fraction })
    }

    /// Nanoseconds from midnight; a second that a clock was set forward by is the last of its minute.
    fn nanoseconds(&self) -> i64 {
        let seconds = (self.hour * 60 + self.minute) * 60 + self.second.min(59);
        let fraction = self.fraction.bytes().chain(std::iter::repeat(b'0')).take(9);
        fraction.fold(i64::from(seconds), |number, digit| number * 10 + i64::from(digit - b'0'))
    }
}

/// A time of day as `15:58:46.6882889`, whatever the clock it is written by.
pub(super) fn of_day(text: &str) -> Option<String> {
    let Time { hour, minute, second, fraction } = Time::read(text)?;
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{hour:02}:{minute:02}:{second:02}{point}{fraction}"))
}

/// The text without a word for the half of the day, and whether that is the second.
fn half(text: &str) -> (&str, Option<bool>) {
    let halves = BEFORE_NOON.map(|word| (word, false)).into_iter().chain(AFTER_NOON.map(|word| (word, true)));
    for (word, after) in halves {
        let (begin, end) = (text.get(..word.len()), text.len().checked_sub(word.len()).and_then(|at| text.get(at..)));
        if begin.is_some_and(|begin| begin.eq_ignore_ascii_case(word)) {
            return (text.get(word.len()..).unwrap_or_default().trim(), Some(after));
        }
        if end.is_some_and(|end| end.eq_ignore_ascii_case(word)) {
            return (text.get(..text.len() - word.len()).unwrap_or_default().trim(), Some(after));
        }
    }
    (text, None)
}

fn number(text: &str) -> Option<u32> {
    let digits = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// The numbers of a date, what parts them, and the rest of the text.
fn date(text: &str) -> Option<([u32; 3], char, &str)> {
    let text = text.trim();
    let end = text.find([' ', 'T']).unwrap_or(text.len());
    let (date, rest) = text.split_at(end);
    let parted = date.chars().find(|char| !char.is_ascii_digit())?;
    let mut parts = date.split(parted);
    let numbers = [number(parts.next()?)?, number(parts.next()?)?, number(parts.next()?)?];
    parts.next().is_none().then(|| (numbers, parted, rest.trim_start_matches(['T', ' '])))
}

/// The order of a date's numbers, as its own numbers say, else as the clock beside it lets one expect: who writes AM and PM
/// and slashes puts the month first.
pub(super) fn day_order(text: &str) -> DayOrder {
    let Some(([first, second, _], parted, rest)) = date(text) else { return DayOrder::YearMonthDay };
    match (first, second) {
        (32.., _) => DayOrder::YearMonthDay,
        (13.., _) => DayOrder::DayMonthYear,
        (_, 13..) => DayOrder::MonthDayYear,
        _ if parted == '/' && half(rest.trim()).1.is_some() => DayOrder::MonthDayYear,
        _ => DayOrder::DayMonthYear,
    }
}

/// The stamp of a date and time; `exact` is the time of day with its fraction, which the date lacks.
pub(super) fn stamp(text: &str, exact: Option<&str>, order: DayOrder) -> Option<Stamp> {
    Day::default().stamp(text, exact, order)
}

/// The day of the stamp before: those that follow each other are mostly of one day.
#[derive(Default)]
pub(super) struct Day(Option<([u32; 3], Stamp)>);

impl Day {
    /// The stamp of a date and time, as [`stamp`] tells it.
    pub(super) fn stamp(&mut self, text: &str, exact: Option<&str>, order: DayOrder) -> Option<Stamp> {
        let ([first, second, third], _, rest) = date(text)?;
        let time = exact.and_then(Time::read).or_else(|| Time::read(rest))?;
        let date @ [year, month, day] = match order {
            DayOrder::YearMonthDay => [first, second, third],
            DayOrder::MonthDayYear => [third, first, second],
            DayOrder::DayMonthYear => [third, second, first],
        };
        let begins = match self.0 {
            Some((known, begins)) if known == date => begins,
            _ => Stamp::parse("%Y-%m-%d %H:%M:%S", &format!("{year:04}-{month:02}-{day:02} 00:00:00"))?,
        };
        self.0 = Some((date, begins));
        begins.0.checked_add(time.nanoseconds()).map(Stamp)
    }
}

/// A stamp with a date; a time of day alone has no place among other logs.
pub(in super::super) fn any_time(text: &str) -> Option<Stamp> {
    let text = text.trim().trim_end_matches('Z');
    stamp(text, None, day_order(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_in_any_clock() {
        for (text, expected) in [
            ("7:37:18.2093997 AM", Some("07:37:18.2093997")),
            ("3:58:46.6882889 PM", Some("15:58:46.6882889")),
            ("12:00:00.1 AM", Some("00:00:00.1")),
            ("12:00:00 PM", Some("12:00:00")),
            ("16:53:03,6001516", Some("16:53:03.6001516")),
            ("下午 3:58:46.6882889", Some("15:58:46.6882889")),
            ("3:58:46 上午", Some("03:58:46")),
            ("13:00:00 PM", None),
            ("24:00:00", None),
            ("CreateFile", None),
            ("", None),
        ] {
            assert_eq!(of_day(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_date_in_any_order() {
        let read = |text: &str| any_time(text).map(Stamp::iso);
        for text in [
            "7/31/2020 7:37:18 AM",
            "31/7/2020 7:37:18",
            "31.07.2020 07:37:18",
            "2020/7/31 上午 7:37:18",
            "2020-07-31 07:37:18",
            "2020-07-31T07:37:18",
            "2020-07-31T07:37:18Z",
        ] {
            assert_eq!(read(text).as_deref(), Some("2020-07-31T07:37:18"), "{text}");
        }
        assert_eq!(read("7/8/2020 7:37:18 AM").as_deref(), Some("2020-07-08T07:37:18"));
        assert_eq!(read("7/8/2020 07:37:18").as_deref(), Some("2020-08-07T07:37:18"));
        assert_eq!(read("7:37:18 AM"), None);
    }

    #[test]
    fn the_date_takes_the_fraction_of_the_time_beside_it() {
        let stamp = stamp("7/31/2020 7:37:18 AM", Some("7:37:18.2093997 AM"), DayOrder::MonthDayYear);
        assert_eq!(stamp.map(Stamp::iso).as_deref(), Some("2020-07-31T07:37:18.2093997"));
    }

    #[test]
    fn a_second_that_a_clock_was_set_forward_by_is_the_last_of_its_minute() {
        let own = any_time("2016-12-31 23:59:60.5");
        assert_eq!(own.map(Stamp::iso).as_deref(), Some("2016-12-31T23:59:59.5"));
        assert_eq!(own, Stamp::parse("%Y-%m-%d %H:%M:%S%.f", "2016-12-31 23:59:60.5"), "as in any other log");
    }

    #[test]
    fn a_day_goes_over_into_the_next() {
        let mut day = Day::default();
        let mut read = |text: &str| day.stamp(text, None, DayOrder::MonthDayYear).map(Stamp::iso);
        for (text, expected) in [
            ("12/31/2020 11:59:59 PM", Some("2020-12-31T23:59:59")),
            ("1/1/2021 12:00:00 AM", Some("2021-01-01T00:00:00")),
            ("13/31/2020 11:59:59 PM", None),
            ("1/1/2021 12:00:01 AM", Some("2021-01-01T00:00:01")),
            // The last second that a stamp tells, and the one after it.
            ("4/11/2262 11:47:16 PM", Some("2262-04-11T23:47:16")),
            ("4/11/2262 11:47:17 PM", None),
        ] {
            assert_eq!(read(text).as_deref(), expected, "{text}");
        }
    }
}
