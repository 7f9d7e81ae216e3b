//! Stamps of records: civil or UTC nanoseconds, as their log kind says.

/// Which clock a log is written by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
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

impl Stamp {
    /// `2024-10-16T08:43:18`, with a fraction only where there is one.
    #[must_use]
    pub fn iso(self) -> String {
        let zero = jiff::civil::date(1970, 1, 1).at(0, 0, 0, 0);
        let span = jiff::SignedDuration::from_nanos(self.0);
        zero.checked_add(span).map_or_else(|_| String::new(), |at| at.to_string())
    }

    /// Parses `text` by a strptime format into a civil stamp.
    #[must_use]
    pub fn parse(format: &str, text: &str) -> Option<Stamp> {
        let at = jiff::civil::DateTime::strptime(format, text).ok()?;
        let zero = jiff::civil::date(1970, 1, 1).at(0, 0, 0, 0);
        let nanos = at.duration_since(zero).as_nanos();
        i64::try_from(nanos).ok().map(Stamp)
    }
}
