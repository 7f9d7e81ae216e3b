//! What the compiler knows of the built-in readers: their names, their fields, and whether they tell sections.

use crate::logs::Reader;

/// A reader as authors see it.
pub(super) struct ReaderFacts {
    /// The word of `reader:`.
    pub(super) name: &'static str,
    /// Which it is.
    pub(super) reader: Reader,
    /// The fields of its records, without the message.
    pub(super) fields: &'static [&'static str],
    /// Whether its records lie in sections.
    pub(super) sections: bool,
}

/// All built-in readers, by name.
pub(super) const READERS: &[ReaderFacts] = &[
    ReaderFacts { name: "gpresult", reader: Reader::Gpresult, fields: POLICY, sections: true },
    ReaderFacts { name: "icacls", reader: Reader::Icacls, fields: &["file", "who", "rights", "deny"], sections: false },
    ReaderFacts { name: "procmon", reader: Reader::Procmon, fields: PROCMON, sections: false },
    ReaderFacts { name: "secedit", reader: Reader::Secedit, fields: POLICY, sections: true },
];

const POLICY: &[&str] = &["file", "key", "value", "who", "rights", "deny", "gpo"];

const PROCMON: &[&str] = &[
    "time-of-day",
    "process-name",
    "pid",
    "operation",
    "path",
    "result",
    "detail",
    "sequence",
    "company",
    "description",
    "command-line",
    "user",
    "image-path",
    "session",
    "event-class",
    "authentication-id",
    "integrity",
    "category",
    "parent-pid",
    "duration",
    "relative-time",
    "completion-time",
    "tid",
    "virtualized",
    "version",
    "architecture",
];

/// The facts of `reader`.
pub(super) fn facts(reader: Reader) -> Option<&'static ReaderFacts> {
    READERS.iter().find(|facts| facts.reader == reader)
}
