//! Drafts of cases put together by hand.
