//! What a file as a whole tells about its stamps, where a stamp does not tell it all: the year of stamps that have none,
//! the order of day and month in dates such as `03/04/2024`.
//!
//! A [`Survey`] goes through the stamps of a file once; what it cannot tell it asks of the newest date among the other
//! logs. What is still open then is read in one way and said to be in doubt.

use crate::bundle::{Encoding, decode_line};
use crate::lang::Lang;
use crate::pattern::Pattern;
use crate::value::{DayOrder, Reading, Stamp, TimeFormat};

use super::kind::{Framing, LogKind};

const DAY: i64 = 86_400_000_000_000;

/// A stamp that lies so far before the one before it is of the next year.
const BACK: i64 = 183 * DAY;

/// A stamp that lies so far after the one before it is a late line of the year before.
const AHEAD: i64 = 335 * DAY;

/// What is not known of a file's stamps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockDoubt {
    /// The year.
    Year,
    /// Whether the day or the month comes first; read as the month.
    DayOrder,
}

impl ClockDoubt {
    /// What is not known, in words.
    #[must_use]
    pub fn say(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (ClockDoubt::Year, Lang::Zh) => "时间没有年份，也无从得知",
            (ClockDoubt::Year, Lang::En) => "its stamps have no year, and nothing tells it",
            (ClockDoubt::DayOrder, Lang::Zh) => "日期中日与月的先后不明，按月在前读取",
            (ClockDoubt::DayOrder, Lang::En) => {
                "nothing tells whether its dates begin with the day or the month: read as the month"
            }
        }
    }
}

/// How the stamps of one file are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    order: DayOrder,
    /// The year from a line on, ascending.
    years: Vec<(u64, i16)>,
    /// What is not known.
    pub doubt: Option<ClockDoubt>,
}

impl Calendar {
    /// Whether every line is read the same way.
    #[must_use]
    pub fn is_constant(&self) -> bool {
        self.years.len() < 2
    }

    /// How a stamp on a line is read.
    #[must_use]
    pub fn reading(&self, line: u64) -> Reading {
        let after = self.years.partition_point(|(from, _)| *from <= line);
        let year = after.checked_sub(1).or((!self.years.is_empty()).then_some(0));
        Reading { order: self.order, year: year.and_then(|at| self.years.get(at)).map(|(_, year)| *year) }
    }
}

/// Goes through the stamps of a file.
pub struct Survey<'k> {
    patterns: Vec<&'k Pattern>,
    encoding: Encoding,
    /// By [`ORDERS`].
    orders: [OrderSeen; 2],
    /// Some date can be read both ways.
    open: bool,
    years: YearsSeen,
}

/// The two ways to read a date.
const ORDERS: [DayOrder; 2] = [DayOrder::MonthFirst, DayOrder::DayFirst];

/// What a way to read dates comes to.
#[derive(Default)]
struct OrderSeen {
    /// Dates that are none when read so.
    none: usize,
    /// Dates that lie before the one before them.
    back: usize,
    last: Option<Stamp>,
}

/// How the years go on in stamps that have none.
#[derive(Default)]
struct YearsSeen {
    /// Years since the first stamp, from a line on.
    since: Vec<(u64, i16)>,
    last: Option<Stamp>,
    /// The year of the first stamp, by a stamp that has one.
    told: Option<i16>,
    /// Years since the first stamp at a 29 February.
    leap: Option<i16>,
}

impl<'k> Survey<'k> {
    /// A survey of a file of a kind; `None` where its stamps tell all themselves.
    #[must_use]
    pub fn of(kind: &'k LogKind, encoding: Encoding) -> Option<Self> {
        let Framing::Lines(records) = &kind.framing else {
            return None;
        };
        let all = records.iter().chain(&kind.details).chain(&kind.stamps);
        let patterns: Vec<&Pattern> = all.filter(|pattern| pattern.stamp_formats().next().is_some()).collect();
        let wanting = patterns.iter().any(|pattern| yearless(pattern) || local(pattern));
        wanting.then(|| Self {
            patterns,
            encoding,
            orders: Default::default(),
            open: false,
            years: YearsSeen::default(),
        })
    }

    /// Takes a line into account.
    pub fn see(&mut self, line: &[u8], number: u64) {
        let text = decode_line(line, self.encoding);
        let text = text.trim_end_matches(['\r', '\n']);
        let Some(pattern) = self.patterns.iter().find(|pattern| pattern.matches(text)) else { return };
        let stamps = ORDERS.map(|order| stamp(pattern, text, Reading { order, year: None }));
        if local(pattern) {
            self.open |= stamps[0] != stamps[1];
            for (seen, stamp) in self.orders.iter_mut().zip(stamps) {
                match stamp {
                    Some(stamp) => {
                        seen.back += usize::from(seen.last.is_some_and(|last| stamp.0 < last.0.saturating_sub(DAY)));
                        seen.last = Some(stamp);
                    }
                    None => seen.none += 1,
                }
            }
        }
        if let Some(stamp) = stamps[0] {
            self.years.see(stamp, yearless(pattern), number);
        }
    }

    /// Whether the file tells all by itself, as far as it was gone through.
    #[must_use]
    pub fn is_decided(&self) -> bool {
        let yearless = !self.years.since.is_empty() && self.years.told.is_none();
        !yearless && (!self.open || self.order().is_some())
    }

    /// Whether what was seen so far tells all, whatever comes: there are no years to follow.
    #[must_use]
    pub fn is_over(&self) -> bool {
        let told = self.orders.iter().any(|seen| seen.none > 0) && self.order().is_some();
        let stamped = self.orders.iter().any(|seen| seen.last.is_some());
        stamped && self.years.since.is_empty() && (!self.open || told)
    }

    /// The order of day and month that the file tells: a number above 12, else the order in which dates go forward.
    fn order(&self) -> Option<DayOrder> {
        let [month, day] = &self.orders;
        let ways = month.none.cmp(&day.none).then(month.back.cmp(&day.back));
        match ways {
            std::cmp::Ordering::Less => Some(DayOrder::MonthFirst),
            std::cmp::Ordering::Greater => Some(DayOrder::DayFirst),
            std::cmp::Ordering::Equal => None,
        }
    }

    /// How the stamps are read, with the newest date of the other logs for what the file does not tell.
    #[must_use]
    pub fn calendar(&self, newest: Option<Stamp>) -> Calendar {
        let mut calendar = Calendar::default();
        if self.open {
            let order = self.order().or_else(|| self.not_in_the_future(newest?));
            calendar.order = order.unwrap_or_default();
            calendar.doubt = order.is_none().then_some(ClockDoubt::DayOrder);
        }
        if !self.years.since.is_empty() {
            let first = self.years.first(newest);
            calendar.doubt = first.is_none().then_some(ClockDoubt::Year).or(calendar.doubt);
            // The years that stand for none are few; a log of more years than that is not one anybody wrote.
            let unknown = self.years.unknown();
            let year = |since: i16| match first {
                Some(first) => first.saturating_add(since),
                None => unknown.saturating_add(since).clamp(Stamp::YEARLESS, Stamp::YEARLESS + 7),
            };
            calendar.years = self.years.since.iter().map(|(line, since)| (*line, year(*since))).collect();
        }
        calendar
    }

    /// The order of which the dates do not lie after the newest date of the other logs, if that is only one.
    fn not_in_the_future(&self, newest: Stamp) -> Option<DayOrder> {
        let past = |seen: &OrderSeen| seen.last.is_some_and(|last| last.0 <= newest.0.saturating_add(DAY));
        match [past(&self.orders[0]), past(&self.orders[1])] {
            [true, false] => Some(DayOrder::MonthFirst),
            [false, true] => Some(DayOrder::DayFirst),
            _ => None,
        }
    }
}

impl YearsSeen {
    fn see(&mut self, stamp: Stamp, yearless: bool, line: u64) {
        let since = self.since.last().map_or(0, |(_, since)| *since);
        if !yearless {
            self.told = self.told.or_else(|| Some(stamp.year()?.saturating_sub(since)));
            return;
        }
        let now = match self.last {
            Some(last) if stamp.0 < last.0.saturating_sub(BACK) => since.saturating_add(1),
            Some(last) if stamp.0 > last.0.saturating_add(AHEAD) => since.saturating_sub(1),
            _ => since,
        };
        if self.since.is_empty() || now != since {
            self.since.push((line, now));
        }
        if stamp.iso().starts_with("--02-29") {
            self.leap = Some(now);
        }
        self.last = Some(stamp);
    }

    /// The year of the first stamp: told by a stamp with a year, else such that the last one is not after the newest date
    /// of the other logs, and that there was a 29 February where the file has one.
    fn first(&self, newest: Option<Stamp>) -> Option<i16> {
        if self.told.is_some() {
            return self.told;
        }
        let limit = Stamp(newest?.0.saturating_add(DAY));
        let (last, since) = (self.last?, self.since.last()?.1);
        let mut year = limit.year()?;
        if last.in_year(year)? > limit {
            year -= 1;
        }
        let leap = |first: i16| self.leap.is_none_or(|since| is_leap(first.saturating_add(since)));
        (0..8).map(|back| year.saturating_sub(since).saturating_sub(back)).find(|first| leap(*first))
    }

    /// The year of the first stamp where nothing tells it: one of those that stand for it, with a 29 February where the
    /// file has one.
    fn unknown(&self) -> i16 {
        let lowest = self.since.iter().map(|(_, since)| *since).min().unwrap_or(0);
        let leap = |first: &i16| self.leap.is_none_or(|since| is_leap(first.saturating_add(since)));
        let first = Stamp::YEARLESS.saturating_sub(lowest);
        (first..first.saturating_add(4)).find(leap).unwrap_or(first)
    }
}

fn is_leap(year: i16) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

fn yearless(pattern: &Pattern) -> bool {
    TimeFormat::yearless(&pattern.stamp_formats().collect::<Vec<_>>())
}

fn local(pattern: &Pattern) -> bool {
    pattern.stamp_formats().any(TimeFormat::local_date)
}

fn stamp(pattern: &Pattern, text: &str, reading: Reading) -> Option<Stamp> {
    pattern.places_in(text, reading)?.stamp
}
