//! Who takes the records of a reader, and what may be known of a record before it is read.

use std::borrow::Cow;

use crate::value::Stamp;

use super::super::record::{Record, Section};

/// What a reader knows of a record that it has not read yet.
pub struct Head<'h> {
    pub(super) field: &'h dyn Fn(&str) -> Option<Cow<'h, str>>,
}

impl Head<'_> {
    /// The value of field `name`; `None` where it takes reading the record to know it.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<Cow<'_, str>> {
        (self.field)(name)
    }
}

/// Asked about records that were not read yet, on several threads at once.
pub trait Wants: Sync {
    /// Whether a record is wanted of which this much is known.
    fn wants(&self, head: &Head<'_>) -> bool;
}

/// Takes the records of a reader.
pub trait Taker {
    /// Tells which records it wants. One that it does not want is counted and left out; a reader that knows nothing
    /// beforehand does not ask.
    fn wanted(&self) -> &dyn Wants;

    /// Takes a record, with the sections so far.
    fn take(&mut self, record: Record, sections: &[Section]);

    /// Is told of records that it does not want: the first and the last stamp among them.
    fn leave_out(&mut self, first: Stamp, last: Stamp);
}

/// Takes every record.
pub struct Every<F>(pub F);

/// Wants every record.
struct All;

impl Wants for All {
    fn wants(&self, _: &Head<'_>) -> bool {
        true
    }
}

impl<F: FnMut(Record, &[Section])> Taker for Every<F> {
    fn wanted(&self) -> &dyn Wants {
        &All
    }

    fn take(&mut self, record: Record, sections: &[Section]) {
        (self.0)(record, sections);
    }

    fn leave_out(&mut self, _: Stamp, _: Stamp) {}
}
