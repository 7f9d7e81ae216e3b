//! Patterns over text logs without a text to search for: each would be tried on every record.

use crate::compiler::evidence::Draft;
use crate::compiler::rule::Drafted;
use crate::diagnostic::{Code, Diagnostic};
use crate::logs::{Framing, LogKinds};
use crate::rule::BoundPattern;
use crate::source::Span;
use crate::syntax::ast::{HoleAccepts, PatternDecl, PatternPart};

/// Bytes that a literal has at the least to be worth searching for.
const SHORTEST: usize = 3;

/// Bytes from which on a literal is found without looking at every byte of the log.
const STRIDED: usize = 5;

/// Warns once for every pattern of a text log that has no literal, unless a field of its evidence has one.
pub(super) fn check(drafted: &Drafted, kinds: &LogKinds, faults: &mut Vec<Diagnostic>) {
    for (draft, decl) in drafted.evidence.iter().zip(&drafted.decl.evidence) {
        // States are short: they are read whole anyway.
        let history = |id| kinds.get(id).snapshot.is_none() && matches!(kinds.get(id).framing, Framing::Lines(_));
        let text = draft.logs.iter().any(|(id, _)| history(*id));
        // A pattern that was reported is not among the lowered ones; their number tells.
        let whole = draft.lines.len() == decl.lines.len() && draft.fields.len() == decl.fields.len();
        if !text || draft.unsure || !whole || draft.fields.iter().any(|(_, pattern)| searchable(pattern)) {
            continue;
        }
        faults.extend(spans(draft, &decl.lines, decl.name.span).map(warning));
        faults.extend(short(draft, &decl.lines));
    }
}

/// The places of the patterns without a literal; of the evidence's name where it has no pattern but in fields.
fn spans<'d>(draft: &'d Draft, lines: &'d [PatternDecl], name: Span) -> impl Iterator<Item = Span> + 'd {
    let bare = draft.lines.iter().zip(lines).filter(|(pattern, decl)| !searchable(pattern) && !is_every_record(decl));
    let no_lines = (lines.is_empty() && !draft.fields.is_empty()).then_some(name);
    bare.map(|(_, decl)| decl.text.span).chain(no_lines)
}

/// The patterns whose literal is so short that every byte has to be looked at.
fn short(draft: &Draft, lines: &[PatternDecl]) -> Vec<Diagnostic> {
    let longest = |pattern: &BoundPattern| pattern.pattern.required_literal().map(str::to_owned);
    let each = draft.lines.iter().zip(lines).filter_map(|(pattern, decl)| Some((longest(pattern)?, decl.text.span)));
    each.filter(|(literal, _)| (SHORTEST..STRIDED).contains(&literal.len()))
        .map(|(literal, span)| {
            let bytes = literal.len();
            let zh = format!("最长的一段文字 `{literal}` 只有 {bytes} 个字节，扫描须逐字节查看");
            let en = format!("the longest text is `{literal}`, {bytes} bytes: a scan has to look at every byte for it");
            Diagnostic::warning(Code::SHORT_LITERAL, span, zh, en)
                .help("请写上日志行里更长的固定文字", "put in more of the text that the log line always has")
        })
        .collect()
}

fn searchable(pattern: &BoundPattern) -> bool {
    pattern.pattern.required_literal().is_some_and(|literal| literal.len() >= SHORTEST)
}

/// `{}`, written for every record and meant so.
fn is_every_record(decl: &PatternDecl) -> bool {
    match decl.parts.as_slice() {
        [PatternPart::Hole(hole)] => hole.name.is_none() && matches!(hole.accepts, HoleAccepts::Plain),
        _ => false,
    }
}

fn warning(span: Span) -> Diagnostic {
    let message = ("行模式里没有可供检索的文字", "the pattern has no literal to search for");
    Diagnostic::warning(Code::NO_LITERAL, span, message.0, message.1)
        .help("请写上日志行里至少三个字符的固定文字", "put in at least three characters that the log line always has")
}
