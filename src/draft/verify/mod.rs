//! Whether a draft quotes the logs as they are.

mod page;

pub use page::text as page_text;
