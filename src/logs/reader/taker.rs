//! Who takes the records of a reader, and what may be known of a record before it is read.

use std::borrow::Cow;

use crate::value::Stamp;

use super::super::record::{Record, Section};

/// What a reader knows of a record that it has not read yet.
pub struct Head<'h> {
    /// Its stamp.
    pub stamp: Stamp,
    pub(super) field: &'h dyn Fn(&str) -> Option<Cow<'h, str>>,
}

impl Head<'_> {
    /// The value of field `name`; `None` where it takes reading the record to know it.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<Cow<'_, str>> {
        (self.field)(name)
    }
}

/// Takes the records of a reader.
pub trait Taker {
    /// Whether it wants a record of which this much is known. One that it does not want is counted and left out; a
    /// reader that knows nothing beforehand does not ask.
    fn wants(&mut self, head: &Head<'_>) -> bool;

    /// Takes a record, with the sections so far.
    fn take(&mut self, record: Record, sections: &[Section]);
}

/// Takes every record.
pub struct Every<F>(pub F);

impl<F: FnMut(Record, &[Section])> Taker for Every<F> {
    fn wants(&mut self, _: &Head<'_>) -> bool {
        true
    }

    fn take(&mut self, record: Record, sections: &[Section]) {
        (self.0)(record, sections);
    }
}
