//! Declarations to the contract: `resolve` (names), `lower` (types), `lint`, `emit`.
//!
//! One bad rule costs one rule: it is left out, its faults are reported, and everything else compiles.

use crate::diagnostic::Diagnostic;
use crate::rule::RuleSet;
use crate::syntax::ast::Declaration;

/// Compiles declarations, the default's first and the layers over it after: a same name replaces.
#[must_use]
pub fn compile(_layers: Vec<Vec<Declaration>>, _diagnostics: &mut Vec<Diagnostic>) -> RuleSet {
    RuleSet::default()
}
