//! The error codes that a rule is about: those that its conditions ask for, and those that its lines spell out.

use serde::Serialize;

use crate::lang::Lang;
use crate::pattern::Part;
use crate::rule::{Comparison, Condition, Filter, Operand, Right, Rule};
use crate::value::{Type, codes};

use super::address;

/// A code with its name and meaning, where they are known.
#[derive(Clone, Debug, Serialize)]
pub(super) struct CodeView {
    pub(super) code: String,
    pub(super) symbol: String,
    pub(super) meaning: String,
    pub(super) href: String,
}

impl CodeView {
    /// What is known of a code.
    pub(super) fn of(code: &str, lang: Lang) -> Option<CodeView> {
        let found = codes::lookup(code)?;
        let meaning = found.meaning.get(lang).to_owned();
        Some(CodeView { href: address::code(&found.code), code: found.code, symbol: found.symbol, meaning })
    }
}

/// The codes of a rule, in their one spelling, ascending.
pub(super) fn rule_codes(rule: &Rule) -> Vec<String> {
    let mut found = Vec::new();
    condition_codes(&rule.signature, &mut found);
    rule.causes.iter().filter_map(|cause| cause.when.as_ref()).for_each(|when| condition_codes(when, &mut found));
    for evidence in &rule.evidence {
        found.extend(evidence.filter.iter().flat_map(filter_codes));
        for part in evidence.patterns().flat_map(|bound| bound.pattern.parts()) {
            if let Part::Literal(text) = part {
                found.extend(text.split(|char: char| !char.is_ascii_alphanumeric() && char != '_').filter_map(spelled));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// A word of a line that is a code: eight digits of sixteen behind `0x`, or a name with an underscore that has a code.
fn spelled(word: &str) -> Option<String> {
    let digits = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X"));
    let number = digits.is_some_and(|digits| digits.len() == 8 && digits.chars().all(|char| char.is_ascii_hexdigit()));
    let name = word.contains('_') && !word.chars().any(|char| char.is_ascii_lowercase());
    let found = (number || name).then(|| codes::lookup(word))??;
    (!found.symbol.is_empty() && found.code != "0x00000000").then_some(found.code)
}

/// The error codes that a filter asks for (not those that it rules out), in their one spelling.
pub(super) fn filter_codes(filter: &Filter) -> Vec<String> {
    match filter {
        Filter::All(parts) | Filter::Any(parts) => parts.iter().flat_map(filter_codes).collect(),
        Filter::Not(_) => Vec::new(),
        Filter::Compare(comparison) => compared(comparison),
    }
}

fn compared(comparison: &Comparison) -> Vec<String> {
    use crate::rule::CompareOp::{Equal, In};
    if !matches!(comparison.op, Equal | In) {
        return Vec::new();
    }
    let right: &[Operand] = match &comparison.right {
        Right::One(operand) => std::slice::from_ref(operand),
        Right::Many(operands) => operands,
        Right::Pattern(_) | Right::Nothing => &[],
    };
    let literal = |operand: &Operand| match operand {
        Operand::Literal(value) if value.ty == Type::Error => codes::lookup(&value.text).map(|found| found.code),
        _ => None,
    };
    std::iter::once(&comparison.left).chain(right).filter_map(literal).collect()
}

/// The error codes that a condition asks for.
fn condition_codes(condition: &Condition, found: &mut Vec<String>) {
    match condition {
        // What must not be there says nothing of what is.
        Condition::Not(_) => return,
        Condition::Where { filter, .. } => found.extend(filter_codes(filter)),
        _ => {}
    }
    condition.children().into_iter().for_each(|part| condition_codes(part, found));
}

#[cfg(test)]
mod tests {
    use super::spelled;

    #[test]
    fn a_code_in_a_line_is_a_whole_number_or_a_name() {
        assert_eq!(spelled("0x80070005").as_deref(), Some("0x80070005"));
        assert_eq!(spelled("E_ACCESSDENIED").as_deref(), Some("0x80070005"));
        for word in ["0x5", "0x00000000", "80070005", "ACCESS", "no_such_NAME", "NO_SUCH_NAME_AT_ALL", ""] {
            assert_eq!(spelled(word), None, "{word}");
        }
    }
}
