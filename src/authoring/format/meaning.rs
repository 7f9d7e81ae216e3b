//! Whether two texts of a rule file say the same: the same documents, keys in any order where their order means nothing,
//! the same words in expressions, the same texts elsewhere.

use super::expression::tokens;
use super::{one, shape};
use crate::syntax::shape::Shape;
use crate::syntax::{self, Kind, Node};

/// Whether `left` and `right` say the same.
pub(super) fn same(left: &str, right: &str) -> bool {
    said(left) == said(right)
}

fn said(text: &str) -> Vec<String> {
    let (map, file) = one(text);
    syntax::trees(&map, file, &mut Vec::new()).iter().map(|tree| node(tree, shape(tree))).collect()
}

fn node(tree: &Node, shape: Option<Shape>) -> String {
    match &tree.kind {
        Kind::Null => "null".to_owned(),
        Kind::Scalar(scalar) => {
            let text = &scalar.fragment.text;
            if matches!(shape, Some(Shape::Condition | Shape::Filter)) {
                let words: Vec<&str> = tokens(text).into_iter().map(|range| &text[range]).collect();
                return format!("{words:?}");
            }
            format!("{text:?}")
        }
        Kind::Seq(items) => {
            let item = shape.map(|shape| if matches!(shape, Shape::Expect) { shape } else { shape.item() });
            format!("[{}]", items.iter().map(|tree| node(tree, item)).collect::<Vec<_>>().join(", "))
        }
        Kind::Map(entries) => {
            let behind = |key: &str| shape.and_then(|shape| shape.item().behind(key));
            let mut list: Vec<String> = entries
                .iter()
                .map(|it| format!("{:?}: {}", it.key.value, node(&it.value, behind(&it.key.value))))
                .collect();
            if shape.is_some_and(|shape| !shape.item().fields().is_empty()) {
                list.sort();
            }
            format!("{{{}}}", list.join(", "))
        }
    }
}
