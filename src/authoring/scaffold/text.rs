//! The text of a draft.

use std::fmt::Write as _;

use crate::compiler::to_be_written;
use crate::lang::Lang;
use crate::logs::{LogKind, Record};
use crate::pattern::{Accepts, Hole, Options, Part, Pattern};
use crate::value::Type;

use super::line::{Line, tells};
use super::{Picked, Tie, is_text};

/// The name of the positive test.
pub(super) const POSITIVE: &str = "these lines";

/// A test of the draft.
#[derive(Clone, Debug)]
pub(super) struct Test {
    pub(super) name: String,
    /// The records; their texts, or their fields.
    pub(super) records: Vec<Record>,
}

/// What a draft is written from.
pub(super) struct Writing<'w> {
    pub(super) name: &'w str,
    pub(super) kind: &'w LogKind,
    pub(super) picked: &'w Picked,
    pub(super) lines: &'w [Line],
    pub(super) tie: Tie,
}

impl Writing<'_> {
    /// The whole rule with these near misses.
    pub(super) fn rule(&self, near: &[Test]) -> String {
        let name = self.name;
        let mut text = format!("# Drafted from {}: read it, and write what is to be written.\n", self.picked.place);
        let (zh, en) = (to_be_written(Lang::Zh), to_be_written(Lang::En));
        let _ = write!(text, "rule: {name}\ntitle:\n  zh: {}\n", quoted(&format!("{zh}：{name}")));
        let _ = write!(text, "  en: {}\nseverity: failure\n\nevidence:\n", quoted(&format!("{en}: {name}")));
        for line in self.lines {
            self.evidence(line, &mut text);
        }
        let _ = write!(text, "\nsignature: |\n  {}\n\ncauses:\n  unknown:\n    title:\n", self.signature());
        let _ = write!(text, "      zh: {zh}：原因\n      en: \"{en}: the cause\"\n\ntests:\n");
        let positive = Test { name: POSITIVE.to_owned(), records: self.picked.records.clone() };
        self.test(&positive, &self.expected(), &mut text);
        for test in near {
            self.test(test, "none", &mut text);
        }
        text
    }

    fn evidence(&self, line: &Line, text: &mut String) {
        let _ = writeln!(text, "  {}:\n    log: {}", line.name, self.kind.name);
        if !line.pattern.is_empty() {
            let _ = writeln!(text, "    line: {}", quoted(&line.pattern));
        }
        if !line.fields.is_empty() {
            let field = |(name, pattern): &(String, String)| format!("{}: {}", key(name), quoted(pattern));
            let fields: Vec<String> = line.fields.iter().map(field).collect();
            let _ = writeln!(text, "    fields: {{{}}}", fields.join(", "));
        }
    }

    /// The first code of the lines is asked for by its value.
    fn signature(&self) -> String {
        let code = |line: &Line| line.captures.iter().find(|(_, ty, _)| *ty == Type::Error).cloned();
        let coded = self.lines.iter().position(|line| code(line).is_some());
        let leaf = |at: usize, line: &Line| match code(line).filter(|_| coded == Some(at)) {
            Some((name, _, text)) => format!("{} where {name} = {}", line.name, symbol(&text)),
            None => line.name.clone(),
        };
        let leaves: Vec<String> = self.lines.iter().enumerate().map(|(at, line)| leaf(at, line)).collect();
        match self.tie {
            Tie::Windows => {
                let mut signature = leaves.first().cloned().unwrap_or_default();
                for (pair, leaf) in self.lines.windows(2).zip(leaves.iter().skip(1)) {
                    let _ = write!(signature, "\n    then {leaf} within {}", window(&pair[0], &pair[1]));
                }
                signature
            }
            Tie::All | Tie::One => leaves.join("\n  and "),
        }
    }

    fn expected(&self) -> String {
        let mut captures: Vec<String> = Vec::new();
        for (name, _, text) in self.lines.iter().flat_map(|line| &line.captures) {
            let capture = format!("{name}: {}", quoted(text));
            if !captures.contains(&capture) {
                captures.push(capture);
            }
        }
        if captures.is_empty() {
            return "{status: confirmed}".to_owned();
        }
        format!("{{status: confirmed, captures: {{{}}}}}", captures.join(", "))
    }

    fn test(&self, test: &Test, expect: &str, text: &mut String) {
        let _ = writeln!(text, "  - name: {}\n    logs:", quoted(&test.name));
        if is_text(self.kind) {
            let lines: Vec<String> =
                test.records.iter().flat_map(|record| record.text().lines()).map(printable).collect();
            // The indentation has to be said where the first line begins with blanks.
            let blank = lines.first().is_some_and(|line| line.starts_with(char::is_whitespace) || line.is_empty());
            let _ = writeln!(text, "      {}: |{}", self.kind.name, if blank { "2" } else { "" });
            for line in lines {
                let _ = writeln!(text, "        {line}");
            }
        } else {
            let _ = writeln!(text, "      {}:", self.kind.name);
            for record in &test.records {
                let field = |(name, value): (&std::sync::Arc<str>, &str)| {
                    format!("{}: {}", key(name), quoted(&printable(value)))
                };
                let shown =
                    |name: &str| self.kind.has_field(name) && (tells(name) || name.eq_ignore_ascii_case("time"));
                let known = record.fields().filter(|(name, value)| shown(name) && !value.is_empty());
                let fields: Vec<String> = known.map(field).collect();
                let _ = writeln!(text, "        - {{{}}}", fields.join(", "));
            }
        }
        let _ = writeln!(text, "    expect: {expect}");
    }
}

/// The time from one line to the next, with room.
fn window(first: &Line, next: &Line) -> &'static str {
    let nanoseconds = first.stamp.zip(next.stamp).map_or(0, |(first, next)| next.0.saturating_sub(first.0));
    match nanoseconds / 1_000_000_000 {
        ..=5 => "10s",
        6..=30 => "1m",
        31..=300 => "10m",
        301..=3600 => "2h",
        _ => "7d",
    }
}

/// A code by its name, where that means the same.
fn symbol(text: &str) -> String {
    let value = Type::Error.read(text);
    let symbol = value.as_ref().and_then(|value| value.field("symbol")).map(|symbol| symbol.text.to_string());
    symbol.filter(|symbol| Type::Error.read(symbol) == value).unwrap_or_else(|| text.to_owned())
}

/// A text in YAML's double quotes.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A key of a map: in quotes unless it is a plain word.
fn key(name: &str) -> String {
    let plain = name.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.'));
    if plain && name.starts_with(|char: char| char.is_ascii_alphabetic()) { name.to_owned() } else { quoted(name) }
}

/// What YAML cannot hold in a block becomes a blank.
fn printable(line: &str) -> String {
    line.replace(
        |char: char| (char.is_control() && char != '\t') || matches!(char, '\u{FEFF}' | '\u{2028}' | '\u{2029}'),
        " ",
    )
}

/// A pattern of our own making, compiled; the compiler proper reads it later from the YAML.
pub(super) fn compiled(pattern: &str) -> Option<Pattern> {
    let mut parts: Vec<Part> = Vec::new();
    let mut literal = String::new();
    let mut rest = pattern;
    while let Some(char) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("{{").or_else(|| rest.strip_prefix("}}")) {
            literal.push(char);
            rest = after;
        } else if let Some((hole, after)) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            if !literal.is_empty() {
                parts.push(Part::Literal(std::mem::take(&mut literal)));
            }
            let ty = hole.split_once(':').map_or(Some(Type::Text), |(_, ty)| Type::parse(ty))?;
            parts.push(Part::Hole(Hole { name: None, accepts: Accepts::Typed(ty) }));
            rest = after;
        } else {
            literal.push(char);
            rest = rest.get(char.len_utf8()..)?;
        }
    }
    if !literal.is_empty() {
        parts.push(Part::Literal(literal));
    }
    Pattern::new(parts, Options::default()).ok()
}
