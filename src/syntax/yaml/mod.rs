//! YAML → spanned trees. The only place that knows the YAML crate.
//!
//! The crate gives values and places; the tree keeps both, and of a plain scalar the text as it was written, so that
//! `no`, `012` and `7000` stay what the author typed. What a key means is not known here.

mod fault;
mod node;
mod scalar;
mod stream;

pub use node::{Entry, Kind, Node, Scalar, Style};
pub(super) use stream::documents;

#[cfg(test)]
mod tests;
