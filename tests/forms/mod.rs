//! Files of binary forms, built by hand: no machine wrote them, so that nothing of one is in them.

pub(crate) mod evtx;
pub(crate) mod pml;
pub(crate) mod policy;

/// UTF-16, little endian.
pub(crate) fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}
