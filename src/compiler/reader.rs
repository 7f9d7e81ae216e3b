//! The built-in readers by the words of `reader:`.

use crate::logs::Reader;

/// All built-in readers, by name.
pub(super) const READERS: [(&str, Reader); 5] = [
    ("evtx", Reader::Evtx),
    ("gpresult", Reader::Gpresult),
    ("icacls", Reader::Icacls),
    ("procmon", Reader::Procmon),
    ("secedit", Reader::Secedit),
];

/// Whether the records of `reader` lie in sections.
pub(super) fn has_sections(reader: Reader) -> bool {
    matches!(reader, Reader::Gpresult | Reader::Secedit)
}

/// Whether the records of `reader` are events, which their number alone does not name.
pub(super) fn has_events(reader: Reader) -> bool {
    matches!(reader, Reader::Evtx)
}
