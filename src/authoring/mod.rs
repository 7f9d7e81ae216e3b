//! What helps an author write a knowledge base: fixes applied, files in one form, schemas and help for editors.
//!
//! Nothing is written here: a result is text, and the command line decides what becomes of it.

pub mod fix;
pub mod format;
pub mod schema;
