//! The one test binary: a file a feature; a new case is a new file beside it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test stops where something is not as it should be, and says when it was skipped"
)]

mod authoring;
mod cases;
mod clocks;
mod columns;
mod corpus;
mod corpus_kinds;
mod corpus_readers;
mod corpus_repacked;
mod counted;
mod damaged;
mod deletions;
mod denied;
mod diagnostics;
mod drafting;
mod drafts;
mod editor;
mod encodings;
mod environment;
mod events;
mod example;
mod forms;
mod glossary;
mod hostile;
mod house;
mod kinds;
mod knowledge;
mod language;
mod large;
mod layers;
mod machine;
mod mail;
mod mails;
mod packs;
mod pairs;
mod profile;
mod readers;
mod records;
mod reference;
mod regression;
mod reports;
mod scrub;
mod sections;
mod shipped;
mod site;
mod templates;
mod verify;
mod why;
