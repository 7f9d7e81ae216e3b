//! Log kinds: recognise a file, frame its [`Record`]s, follow its sections, attempts and stamps. One file a built-in
//! reader.
//!
//! What a kind is stands in `rules/logs/*.yaml`; what is here knows no kind by name.

mod alike;
mod apart;
mod body;
mod calendar;
mod cut;
mod file_names;
mod frame;
mod inherit;
mod kind;
mod needed;
mod newlines;
mod reader;
mod recognise;
mod record;
mod writer;

pub use body::{Body, Said};
pub use calendar::{Calendar, ClockDoubt, Survey};
pub use cut::{Cut, Cutter, Sighting};
pub use file_names::FileNames;
pub use frame::Framer;
pub use kind::{AttemptMarks, Clock, Framing, LogKind, LogKindId, LogKinds, Reader, SectionMarks, Snapshot};
pub use newlines::{Newlines, STEP};
pub use reader::{Every, Head, Outcome, Taker, Wants, fields_of, from_fields, is_in_parts, read};
pub use recognise::{Reason, Recognition, recognise, recognise_bytes};
pub use record::{Origin, Place, Record, Section, SectionId};
