//! A mail thread: read without harm, its pasted log lines where they say they are.
#![no_main]

use std::sync::LazyLock;

use casebook::knowledge_base::KnowledgeBase;
use libfuzzer_sys::fuzz_target;

static BASE: LazyLock<KnowledgeBase> = LazyLock::new(KnowledgeBase::embedded);

fuzz_target!(|text: &str| {
    let thread = casebook::case::read(text, &BASE.rules);
    for excerpt in &thread.excerpts {
        assert!(thread.messages.iter().any(|message| message.number == excerpt.message));
    }
});
