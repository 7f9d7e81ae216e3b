//! Patterns that say less than they seem to: holes that are always empty, one of a list that another covers, regular
//! expressions that cost.

use super::regex::{self, Cost};
use crate::compiler::evidence::Draft;
use crate::compiler::rule::Drafted;
use crate::diagnostic::{Code, Diagnostic};
use crate::pattern::{Part, Pattern};
use crate::rule::BoundPattern;
use crate::source::Span;
use crate::syntax::ast::{HoleAccepts, HoleDecl, PatternDecl, PatternPart};
use crate::value::Type;

/// Warns of such patterns of a rule.
pub(super) fn check(drafted: &Drafted, faults: &mut Vec<Diagnostic>) {
    for (draft, decl) in drafted.evidence.iter().zip(&drafted.decl.evidence) {
        let fields = decl.fields.iter().map(|(_, pattern)| pattern);
        for pattern in decl.lines.iter().chain(decl.section.iter()).chain(fields) {
            adjacent(pattern, faults);
            costly(pattern, faults);
        }
        decl.lines.iter().for_each(|line| idle_hole(line, faults));
        if draft.lines.len() == decl.lines.len() {
            covered(draft, &decl.lines, faults);
        }
    }
}

/// A hole of any text ends where the next begins, so before another such hole it is always empty.
fn adjacent(pattern: &PatternDecl, faults: &mut Vec<Diagnostic>) {
    for pair in pattern.parts.windows(2) {
        let [PatternPart::Hole(first), PatternPart::Hole(second)] = pair else { continue };
        if is_any(first) && is_any(second) {
            let zh = "两个空位之间没有文字，前一个总是空的";
            let en = "nothing stands between the two holes, so the first is always empty";
            faults.push(
                Diagnostic::warning(Code::ADJACENT_HOLES, first.span.to(second.span), zh, en)
                    .help("在中间写上日志里的文字，或合并成一个", "put the log's text between them, or make them one"),
            );
        }
    }
}

/// A hole of any text at the end of a pattern that is not anchored holds nothing.
fn idle_hole(pattern: &PatternDecl, faults: &mut Vec<Diagnostic>) {
    let Some(PatternPart::Hole(hole)) = pattern.parts.last() else { return };
    let Some(name) = hole.name.as_ref().filter(|_| !pattern.at_end && is_any(hole)) else { return };
    let zh = format!("空位 `{}` 在模式末尾，总是空的", name.value);
    let en = format!("the hole `{}` at the pattern's end is always empty", name.value);
    let end = Span { start: hole.span.end, ..hole.span };
    faults.push(
        Diagnostic::warning(Code::IDLE_HOLE, hole.span, zh, en)
            .help("以 `$` 结尾即取到消息末尾", "a `$` at the end makes it take the rest of the message")
            .fix(end, "$"),
    );
}

/// Whether a hole takes any text.
fn is_any(hole: &HoleDecl) -> bool {
    match &hole.accepts {
        HoleAccepts::Plain => {
            hole.name.as_ref().and_then(|name| Type::parse(&name.value)).is_none_or(|ty| ty == Type::Text)
        }
        HoleAccepts::Type(name) => Type::parse(&name.value) == Some(Type::Text),
        HoleAccepts::Time(_) | HoleAccepts::Regex(_) => false,
    }
}

fn costly(pattern: &PatternDecl, faults: &mut Vec<Diagnostic>) {
    for part in &pattern.parts {
        let PatternPart::Hole(HoleDecl { accepts: HoleAccepts::Regex(text), span, name }) = part else { continue };
        let warning = |zh: String, en: String| Diagnostic::warning(Code::COSTLY_REGEX, text.span, zh, en);
        match regex::cost(&text.value) {
            Some(Cost::Large(states)) => faults.push(
                warning(
                    format!("正则展开后约有 {states} 个状态"),
                    format!("the expression unfolds to about {states} states"),
                )
                .help(
                    "用 `+` 代替有上限的重复，用 `[0-9A-Za-z]` 代替 `\\w`",
                    "write `+` for a bounded repetition, and `[0-9A-Za-z]` for `\\w`",
                ),
            ),
            Some(Cost::AnyText) => {
                let plain = format!("{{{}}}", name.as_ref().map_or("", |name| name.value.as_str()));
                let found = warning(
                    "此正则就是任意文字".to_owned(),
                    "the expression is any text, as a plain hole is".to_owned(),
                );
                let help = (format!("写作 `{plain}`"), format!("write `{plain}`"));
                // A name that is a type's name would bring that type with it.
                let typed = name.as_ref().is_some_and(|name| Type::parse(&name.value).is_some());
                let found = found.help(help.0, help.1);
                faults.push(if typed { found } else { found.fix(*span, plain) });
            }
            None => {}
        }
    }
}

/// Of a list of patterns: one whose every match another one matches too, and that captures nothing of its own.
fn covered(draft: &Draft, lines: &[PatternDecl], faults: &mut Vec<Diagnostic>) {
    for (at, (own, decl)) in draft.lines.iter().zip(lines).enumerate() {
        let others = draft.lines.iter().zip(lines).enumerate();
        let by = others.filter(|(other, _)| *other != at).find(|(other, (pattern, _))| {
            covers(&pattern.pattern, own) && (*other < at || !covers(&own.pattern, pattern))
        });
        if let Some((_, (_, other))) = by {
            let zh = "此模式能匹配的，列表中的另一个都能匹配";
            let en = "another pattern of the list matches all that this one does";
            faults.push(Diagnostic::warning(Code::COVERED_PATTERN, decl.text.span, zh, en).label(
                other.text.span,
                "已含在此模式中",
                "it is covered by this one",
            ));
        }
    }
}

/// Whether `wide` matches whatever `narrow` does, where `narrow` has no value to give.
fn covers(wide: &Pattern, narrow: &BoundPattern) -> bool {
    let (wide_options, options) = (wide.options(), narrow.pattern.options());
    if !narrow.binds.is_empty() || wide_options.exact_case != options.exact_case {
        return false;
    }
    if wide.parts() == narrow.pattern.parts() {
        return (!wide_options.at_start || options.at_start) && (!wide_options.at_end || options.at_end);
    }
    let [Part::Literal(text)] = wide.parts() else { return false };
    let plain = |text: &str| {
        let one_blank = text.replace('\t', " ").split(' ').fold(String::new(), |line, word| match line.as_str() {
            "" => word.to_owned(),
            _ if word.is_empty() => line,
            _ => format!("{line} {word}"),
        });
        if options.exact_case { one_blank } else { one_blank.to_ascii_lowercase() }
    };
    let holds = |part: &Part| matches!(part, Part::Literal(own) if plain(own).contains(&plain(text)));
    let blank = |char: char| matches!(char, ' ' | '\t');
    let free = !wide_options.at_start && !wide_options.at_end && !text.starts_with(blank) && !text.ends_with(blank);
    free && !text.is_empty() && narrow.pattern.parts().iter().any(holds)
}
