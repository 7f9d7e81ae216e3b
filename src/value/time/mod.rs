//! Stamps of records, civil or UTC as their log kind says, and lengths of time.

mod format;
mod local;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

pub use format::{DayOrder, Reading, Stamps, TimeFormat};

/// Which clock a log is written by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Zone {
    /// The machine's local time.
    #[default]
    Local,
    /// UTC.
    Utc,
}

/// A point on a log's own clock: nanoseconds since 1970-01-01T00:00:00 of that clock, whatever its zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Stamp(pub i64);

/// The zero of [`Stamp`].
const EPOCH: DateTime = Date::constant(1970, 1, 1).at(0, 0, 0, 0);

/// Years in which stamps stand whose year nothing tells.
const UNKNOWN: std::ops::Range<i16> = Stamp::YEARLESS..Stamp::YEARLESS + 8;

impl Stamp {
    /// The year of a stamp that has none, where nothing tells it. A log that goes on over new year goes on in the years
    /// after it. They are years in which no log was written, so that they are known for what they are.
    pub const YEARLESS: i16 = 1972;

    /// `2024-10-16T08:43:18`, with a fraction only where there is one; `--10-16T08:43:18` where the year is not known.
    #[must_use]
    pub fn iso(self) -> String {
        let Some(at) = self.civil() else { return String::new() };
        let text = at.to_string();
        match text.split_once('-') {
            Some((_, rest)) if UNKNOWN.contains(&at.year()) => format!("--{rest}"),
            _ => text,
        }
    }

    /// Its year; `None` where that is not known.
    #[must_use]
    pub fn year(self) -> Option<i16> {
        self.civil().map(DateTime::year).filter(|year| !UNKNOWN.contains(year))
    }

    /// The same moment of another year.
    #[must_use]
    pub fn in_year(self, year: i16) -> Option<Stamp> {
        let at = self.civil()?;
        Stamp::of(at.with().year(year).build().or_else(|_| at.with().day(28).year(year).build()).ok()?)
    }

    fn civil(self) -> Option<DateTime> {
        EPOCH.checked_add(jiff::SignedDuration::from_nanos(self.0)).ok()
    }

    /// Parses `text` by a strptime format.
    #[must_use]
    pub fn parse(format: &str, text: &str) -> Option<Stamp> {
        Stamp::of(DateTime::strptime(format, text).ok()?)
    }

    /// Reads `2024-10-16T08:43:18.236`, also with a blank for the `T` and with slashes; a date is its beginning.
    pub(super) fn read(text: &str) -> Option<Stamp> {
        let plain = text.len() <= 32 && text.starts_with(|char: char| char.is_ascii_digit());
        let iso = plain.then(|| text.replacen('/', "-", 2).replacen(',', ".", 1))?;
        Stamp::of(iso.parse::<DateTime>().ok()?)
    }

    fn of(at: DateTime) -> Option<Stamp> {
        i64::try_from(at.duration_since(EPOCH).as_nanos()).ok().map(Stamp)
    }
}

/// A length of time in nanoseconds: 5s, 250ms, 3m, 2h, 1d, and sums such as `1h 30m`.
#[must_use]
pub fn duration(text: &str) -> Option<i64> {
    let mut total: i64 = 0;
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|char: char| char.is_ascii_digit()).len();
        let (number, after) = rest.split_at(digits);
        let letters = after.len() - after.trim_start_matches(|char: char| char.is_ascii_alphabetic()).len();
        let (unit, after) = after.split_at(letters);
        let nanos: i64 = match unit {
            "ns" => 1,
            "us" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            "d" => 86_400_000_000_000,
            _ => return None,
        };
        total = total.checked_add(number.parse::<i64>().ok()?.checked_mul(nanos)?)?;
        rest = after.trim_start();
    }
    Some(total)
}
