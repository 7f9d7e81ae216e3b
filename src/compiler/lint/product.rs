//! Products of a rule: each in both languages, and none twice.

use super::translation;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{LocalizedDecl, Text};

/// Warns of a name in one language only, and of one that stands twice: a list of the same is longer than it looks.
pub(super) fn check(products: &[LocalizedDecl], faults: &mut Vec<Diagnostic>) {
    for (at, product) in products.iter().enumerate() {
        translation::check(product, faults);
        let Some((again, first)) = products[..at].iter().find_map(|earlier| same(product, earlier)) else { continue };
        let name = &again.value;
        let (zh, en) = (format!("产品 `{name}` 写了两次"), format!("the product `{name}` stands twice"));
        faults.push(Diagnostic::warning(Code::REPEATED_PRODUCT, again.span, zh, en).label(
            first,
            "已写在这里",
            "here already",
        ));
    }
}

/// The name that two products share in either language, and where the earlier one has it; capitals do not matter.
fn same<'p>(product: &'p LocalizedDecl, earlier: &LocalizedDecl) -> Option<(&'p Text, Span)> {
    let pair = |own: &'p Option<Text>, other: &Option<Text>| {
        let (own, other) = own.as_ref().zip(other.as_ref())?;
        (own.value.trim().to_lowercase() == other.value.trim().to_lowercase()).then_some((own, other.span))
    };
    pair(&product.zh, &earlier.zh).or_else(|| pair(&product.en, &earlier.en))
}
