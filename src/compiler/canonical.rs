//! Conditions as text without places: equal conditions have equal texts. For the lints, never shown.

use super::ir::{Expr, ExprKind, Filter, FilterKind, Operand, OperandKind, Step};
use crate::source::Spanned;
use crate::syntax::ast::Text;

impl Expr {
    /// The condition without places.
    pub(super) fn canonical(&self) -> String {
        let children: Vec<String> = self.children().into_iter().map(Expr::canonical).collect();
        format!("({}: {})", self.head(), children.join(", "))
    }

    fn head(&self) -> String {
        match &self.kind {
            ExprKind::Faulty => "faulty".to_owned(),
            ExprKind::Evidence(id) => format!("evidence {}", id.0),
            ExprKind::Any(_) => "any".to_owned(),
            ExprKind::All(_) => "all".to_owned(),
            ExprKind::Not(_) => "not".to_owned(),
            ExprKind::Then(_, steps) => format!("then {}", steps.iter().map(step).collect::<Vec<_>>().join(" ")),
            ExprKind::Within(_, window) => format!("within {}", window.value),
            ExprKind::Near(_, window, _) => format!("near {}", window.value),
            ExprKind::AtLeast(count, _, window) => format!("least {count} {}", length(window.as_ref())),
            ExprKind::AtLeastOf(count, _, window) => format!("least of {count} {}", length(window.as_ref())),
            ExprKind::LastBefore(..) => "last".to_owned(),
            ExprKind::FirstAfter(..) => "first".to_owned(),
            ExprKind::InOne(scope, _) => format!("one {scope:?}"),
            ExprKind::Where(_, filter) => format!("where {}", filter.canonical()),
            ExprKind::Finding(rule, alias) => format!("finding {} {alias:?}", rule.value),
        }
    }
}

fn step(step: &Step) -> String {
    format!("{} {}", step.negated, length(step.within.as_ref()))
}

fn length(window: Option<&Spanned<i64>>) -> String {
    window.map_or_else(String::new, |window| window.value.to_string())
}

impl Filter {
    /// The filter without places.
    pub(super) fn canonical(&self) -> String {
        let list = |parts: &[Filter]| parts.iter().map(Filter::canonical).collect::<Vec<_>>().join(", ");
        match &self.kind {
            FilterKind::All(parts) => format!("(all {})", list(parts)),
            FilterKind::Any(parts) => format!("(any {})", list(parts)),
            FilterKind::Not(part) => format!("(not {})", part.canonical()),
            FilterKind::Compare(compare) => {
                let right: Vec<String> = compare.right.iter().map(Operand::canonical).collect();
                format!("({} {:?} {})", compare.left.canonical(), compare.op, right.join(", "))
            }
        }
    }
}

impl Operand {
    /// The operand without its place.
    pub(super) fn canonical(&self) -> String {
        match &self.kind {
            OperandKind::Faulty => "faulty".to_owned(),
            OperandKind::Capture(id, fields) => format!("capture {}{}", id.0, behind(fields)),
            OperandKind::Finding(it) => format!("finding {}.{}{}", it.alias, it.capture, behind(&it.fields)),
            OperandKind::Word(text) => format!("{text:?}"),
            OperandKind::Quoted(text) => format!("{:?}", text.text),
        }
    }
}

fn behind(fields: &[Text]) -> String {
    fields.iter().flat_map(|field| [".", field.value.as_str()]).collect()
}
