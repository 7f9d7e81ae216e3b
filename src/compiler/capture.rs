//! The captures of one rule: every name has one type, and the first hole that names it gives it.

use std::collections::BTreeMap;

use super::fault;
use crate::diagnostic::Diagnostic;
use crate::rule::{Capture, CaptureId};
use crate::source::Span;
use crate::syntax::ast::Text;
use crate::value::Type;

/// One capture.
struct Entry {
    name: String,
    first: Span,
    /// `None`: its type was reported.
    ty: Option<Type>,
}

/// Captures by id and by name.
#[derive(Default)]
pub(super) struct CaptureTable {
    entries: Vec<Entry>,
    ids: BTreeMap<String, CaptureId>,
}

impl CaptureTable {
    /// The capture of a hole called `name`; a hole of another type than the first is reported.
    pub(super) fn bind(&mut self, name: &Text, ty: Option<Type>, faults: &mut Vec<Diagnostic>) -> CaptureId {
        if let Some(id) = self.find(&name.value) {
            let entry = &mut self.entries[id.0];
            match (entry.ty, ty) {
                (Some(first), Some(ty)) if first != ty => {
                    faults.push(fault::type_conflict(name, ty, first, entry.first));
                }
                (None, Some(_)) => entry.ty = ty,
                _ => {}
            }
            return id;
        }
        let id = CaptureId(self.entries.len());
        self.entries.push(Entry { name: name.value.clone(), first: name.span, ty });
        self.ids.insert(name.value.clone(), id);
        id
    }

    /// The capture called `name`.
    pub(super) fn find(&self, name: &str) -> Option<CaptureId> {
        self.ids.get(name).copied()
    }

    /// Its name.
    pub(super) fn name(&self, id: CaptureId) -> &str {
        &self.entries[id.0].name
    }

    /// Its type; `None` when it was reported.
    pub(super) fn ty(&self, id: CaptureId) -> Option<Type> {
        self.entries[id.0].ty
    }

    /// All ids.
    pub(super) fn ids(&self) -> impl Iterator<Item = CaptureId> {
        (0..self.entries.len()).map(CaptureId)
    }

    /// All names, in order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.ids.keys().map(String::as_str)
    }

    /// The captures for the contract; one without a type belongs to a rule that is left out.
    pub(super) fn emit(&self) -> Vec<Capture> {
        let emit = |entry: &Entry| Capture { name: entry.name.clone(), ty: entry.ty.unwrap_or(Type::Text) };
        self.entries.iter().map(emit).collect()
    }
}
