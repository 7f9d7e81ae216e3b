//! What a scan found, for programs (`casebook.scan/1`, lines of it, SARIF) and for people (text, a page).
//!
//! JSON and text quote the source's own words: a scan is for the engineer's own eyes. A page and SARIF are handed on, so
//! their quotations are masked as those of drafts are.

mod json;
mod page;
mod sarif;
mod stream;
mod text;

pub use json::{Base, scan_json};
pub use page::scan_page;
pub use sarif::{sarif, scan_run};
pub use stream::scan_lines;
pub use text::{findings_text, scan_text};
