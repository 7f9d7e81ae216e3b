//! `casebook.yaml`: every leaf by its dotted key. Which keys exist is known in `knowledge_base`.

use crate::source::Spanned;
use crate::syntax::ast::Text;
use crate::syntax::yaml::{Kind, Node};

/// The leaves of `node`, in the order written; a list's items share their key, a key without a value is left out.
pub(in crate::syntax) fn settings(node: Node) -> Vec<(Text, Text)> {
    let mut leaves = Vec::new();
    let top = Text::new(String::new(), node.span);
    gather(&top, node, &mut leaves);
    leaves
}

fn gather(key: &Text, node: Node, leaves: &mut Vec<(Text, Text)>) {
    match node.kind {
        Kind::Null => {}
        Kind::Scalar(scalar) => {
            leaves.push((key.clone(), Spanned::new(scalar.fragment.text, scalar.fragment.span)));
        }
        Kind::Seq(items) => items.into_iter().for_each(|item| gather(key, item, leaves)),
        Kind::Map(entries) => {
            for entry in entries {
                let dotted = match key.value.as_str() {
                    "" => entry.key.value,
                    outer => format!("{outer}.{}", entry.key.value),
                };
                gather(&Text::new(dotted, entry.key.span), entry.value, leaves);
            }
        }
    }
}
