//! What helps an author write a knowledge base: fixes applied, files in one form, schemas and help for editors; a rule
//! drafted from log lines, failures that no rule explains yet; the site.
//!
//! Nothing is written here: a result is text, and the command line decides what becomes of it.

pub mod doc;
mod failure;
pub mod fix;
pub mod format;
pub mod lsp;
pub mod scaffold;
pub mod schema;
mod unexplained;
mod volatile;

pub use unexplained::{Cluster, unexplained};
