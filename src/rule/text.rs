//! Conditions and filters in the words of the language: what, read again, means the same.
//!
//! One function a form; parentheses stand only where `grammar/condition.pest` needs them. A text between quotes is
//! written as it is but for `"` and for a backslash that would escape what follows it.

use super::{CompareOp, Comparison, Condition, Filter, Operand, Right, Rule, Scope, Step, Window};
use crate::pattern::Pattern;
use crate::value::{Type, Value};

/// How tightly a form binds, as the grammar has it: the loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Or,
    And,
    Not,
    Then,
    Near,
    Counting,
    Nearest,
    Filtered,
    Primary,
}

const UNITS: [(i64, &str); 7] = [
    (86_400_000_000_000, "d"),
    (3_600_000_000_000, "h"),
    (60_000_000_000, "m"),
    (1_000_000_000, "s"),
    (1_000_000, "ms"),
    (1_000, "us"),
    (1, "ns"),
];

impl Rule {
    /// A condition of this rule as its author could have written it.
    #[must_use]
    pub fn condition_text(&self, condition: &Condition) -> String {
        self.at(Level::Or, condition)
    }

    /// A step of a sequence, without its `then`: `not b within 10m`.
    #[must_use]
    pub fn step_text(&self, step: &Step) -> String {
        let not = if step.negated { "not " } else { "" };
        let condition = match step.within {
            Some(window) => return format!("{not}{} {}", self.windowed(&step.condition), within(window)),
            // Its window would be read as the step's.
            None if matches!(step.condition, Condition::Within { .. }) => self.grouped(&step.condition),
            None => self.at(Level::Near, &step.condition),
        };
        format!("{not}{condition}")
    }

    /// A filter of this rule as its author could have written it.
    #[must_use]
    pub fn filter_text(&self, filter: &Filter) -> String {
        self.filter(Level::Or, filter)
    }

    /// A condition where one of `level` may stand.
    fn at(&self, level: Level, condition: &Condition) -> String {
        if level_of(condition) < level { self.grouped(condition) } else { self.bare(condition) }
    }

    fn grouped(&self, condition: &Condition) -> String {
        format!("({})", self.bare(condition))
    }

    /// A condition in front of a window that is not its own.
    fn windowed(&self, condition: &Condition) -> String {
        match condition {
            Condition::Evidence(_) | Condition::Finding { .. } | Condition::Where { .. } => self.bare(condition),
            _ => self.grouped(condition),
        }
    }

    fn bare(&self, condition: &Condition) -> String {
        match condition {
            Condition::Evidence(id) => self.evidence[id.0].name.clone(),
            Condition::All(parts) => self.joined(parts, Level::Not, " and ", "all"),
            Condition::Any(parts) => self.joined(parts, Level::And, " or ", "any"),
            Condition::Not(part) => format!("not {}", self.at(Level::Not, part)),
            Condition::Then { first, steps } => steps
                .iter()
                .fold(self.at(Level::Near, first), |text, step| format!("{text} then {}", self.step_text(step))),
            Condition::Within { condition, window } => format!("{} {}", self.grouped(condition), within(*window)),
            Condition::Near { left, right, window } => {
                format!("{} {} of {}", self.at(Level::Near, left), within(*window), self.at(Level::Counting, right))
            }
            Condition::Where { condition, filter } => {
                format!("{} where {}", self.at(Level::Primary, condition), self.filter_text(filter))
            }
            Condition::InOne { scope, condition } => {
                let scope = if *scope == Scope::Section { "section" } else { "attempt" };
                format!("{} in one {scope}", self.grouped(condition))
            }
            Condition::Finding { rule, alias: Some(alias) } => format!("finding {rule} as {alias}"),
            Condition::Finding { rule, alias: None } => format!("finding {rule}"),
            _ => self.counted(condition),
        }
    }

    fn counted(&self, condition: &Condition) -> String {
        match condition {
            Condition::AtLeast { count, condition, window: Some(window) } => {
                format!("at least {count} {} {}", self.windowed(condition), within(*window))
            }
            Condition::AtLeast { count, condition, window: None } => match **condition {
                Condition::Within { .. } => format!("at least {count} {}", self.grouped(condition)),
                _ => format!("at least {count} {}", self.at(Level::Nearest, condition)),
            },
            Condition::AtLeastOf { count, conditions, window } => {
                let list = format!("at least {count} of {}", self.list(conditions));
                window.map_or(list.clone(), |window| format!("{list} {}", within(window)))
            }
            Condition::LastBefore { what, before } => {
                format!("last {} before {}", self.at(Level::Filtered, what), self.at(Level::Filtered, before))
            }
            Condition::FirstAfter { what, after } => {
                format!("first {} after {}", self.at(Level::Filtered, what), self.at(Level::Filtered, after))
            }
            _ => String::new(),
        }
    }

    /// Parts between words; a single one cannot be told from itself but by the other form, `all of (a)`.
    fn joined(&self, parts: &[Condition], level: Level, word: &str, quantity: &str) -> String {
        match parts {
            [_, _, ..] => parts.iter().map(|part| self.at(level, part)).collect::<Vec<_>>().join(word),
            _ => format!("{quantity} of {}", self.list(parts)),
        }
    }

    fn list(&self, parts: &[Condition]) -> String {
        let parts: Vec<String> = parts.iter().map(|part| self.bare(part)).collect();
        format!("({})", parts.join(", "))
    }

    fn filter(&self, level: Level, filter: &Filter) -> String {
        let (own, text) = match filter {
            Filter::Any(parts) => (Level::Or, self.filters(parts, Level::And, " or ")),
            Filter::All(parts) => (Level::And, self.filters(parts, Level::Not, " and ")),
            Filter::Not(part) => (Level::Not, format!("not {}", self.filter(Level::Primary, part))),
            Filter::Compare(comparison) => (Level::Primary, self.comparison_text(comparison)),
        };
        if own < level { format!("({text})") } else { text }
    }

    fn filters(&self, parts: &[Filter], level: Level, word: &str) -> String {
        parts.iter().map(|part| self.filter(level, part)).collect::<Vec<_>>().join(word)
    }

    /// A comparison of this rule.
    #[must_use]
    pub fn comparison_text(&self, comparison: &Comparison) -> String {
        let left = self.operand_text(&comparison.left);
        let word = word(comparison.op);
        match &comparison.right {
            Right::Nothing => format!("{left} {word}"),
            Right::One(right) => format!("{left} {word} {}", self.operand_text(right)),
            Right::Pattern(pattern) => format!("{left} {word} {}", quoted_pattern(pattern)),
            Right::Many(many) => {
                let many: Vec<String> = many.iter().map(|right| self.operand_text(right)).collect();
                format!("{left} {word} ({})", many.join(", "))
            }
        }
    }

    /// A side of a comparison.
    #[must_use]
    pub fn operand_text(&self, operand: &Operand) -> String {
        let (name, field) = match operand {
            Operand::Literal(value) => return self.literal(value),
            Operand::Capture { capture, field } => (self.captures[capture.0].name.clone(), field),
            Operand::Finding { alias, capture, field } => (format!("{alias}.{capture}"), field),
        };
        field.as_ref().map_or(name.clone(), |field| format!("{name}.{field}"))
    }

    /// Bare where it can only be read as this value: a number, a code, a version.
    fn literal(&self, value: &Value) -> String {
        let text = &value.text;
        let textual = matches!(value.ty, Type::Text | Type::Word | Type::Quoted);
        let named = self.captures.iter().any(|capture| capture.name == *text);
        let digits = text.strip_prefix('-').unwrap_or(text).starts_with(|char: char| char.is_ascii_digit());
        let number = digits && text[1..].chars().all(|char| char.is_ascii_alphanumeric() || "._-:".contains(char));
        let symbol = text.starts_with(|char: char| char.is_ascii_uppercase())
            && text.chars().all(|char| char.is_ascii_uppercase() || char.is_ascii_digit() || char == '_');
        if !textual && !named && (number || symbol) { text.to_string() } else { quoted(text) }
    }
}

fn level_of(condition: &Condition) -> Level {
    match condition {
        Condition::Any(parts) if parts.len() > 1 => Level::Or,
        Condition::All(parts) if parts.len() > 1 => Level::And,
        Condition::Not(_) => Level::Not,
        Condition::Then { .. } => Level::Then,
        Condition::Near { .. } => Level::Near,
        Condition::All(_) | Condition::Any(_) | Condition::AtLeast { .. } | Condition::AtLeastOf { .. } => {
            Level::Counting
        }
        Condition::LastBefore { .. } | Condition::FirstAfter { .. } => Level::Nearest,
        Condition::Where { .. } => Level::Filtered,
        Condition::Evidence(_) | Condition::Finding { .. } | Condition::Within { .. } | Condition::InOne { .. } => {
            Level::Primary
        }
    }
}

fn within(window: Window) -> String {
    format!("within {window}")
}

impl std::fmt::Display for Window {
    /// In the largest unit that holds it without rest.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Window(length) = *self;
        let fits = |(unit, _): &&(i64, &str)| length != 0 && length % unit == 0;
        let (unit, name) = UNITS.iter().find(fits).copied().unwrap_or((1_000_000_000, "s"));
        write!(f, "{}{name}", length / unit)
    }
}

fn word(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Equal => "=",
        CompareOp::NotEqual => "!=",
        CompareOp::Less => "<",
        CompareOp::LessOrEqual => "<=",
        CompareOp::Greater => ">",
        CompareOp::GreaterOrEqual => ">=",
        CompareOp::In => "in",
        CompareOp::Contains => "contains",
        CompareOp::StartsWith => "starts with",
        CompareOp::EndsWith => "ends with",
        CompareOp::Matches => "matches",
        CompareOp::Present => "is present",
    }
}

fn quoted_pattern(pattern: &Pattern) -> String {
    quoted(&pattern.to_string())
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        if char == '"' || (char == '\\' && matches!(chars.peek(), None | Some('"' | '\\'))) {
            quoted.push('\\');
        }
        quoted.push(char);
    }
    quoted.push('"');
    quoted
}
