//! A rule file: diagnostics with places inside it, never a panic.
#![no_main]

use casebook::source::SourceMap;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut map = SourceMap::new();
    let file = map.add("rules/x.yaml", text);
    let mut diagnostics = Vec::new();
    let declarations = casebook::syntax::parse(&map, file, &mut diagnostics);
    let layer = casebook::compiler::Layer { declarations, rules: true, own: true, scripts: Vec::new() };
    let _ = casebook::compiler::compile(vec![layer], &mut diagnostics);
    for diagnostic in &diagnostics {
        let _ = map.text(diagnostic.span);
    }
});
