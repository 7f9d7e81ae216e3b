//! What a scan found, for programs (`casebook.scan/1`) and for people.
//!
//! The JSON quotes the source's own text; what people read is redacted by the drafts, not here: a scan is for the
//! engineer's own eyes.

mod json;
mod text;

pub use json::{Base, scan_json};
pub use text::{findings_text, scan_text};
