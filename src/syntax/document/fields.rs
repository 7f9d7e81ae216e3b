//! The keys of one map against the keys that it may have.

use super::reader::Reader;
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::source::Span;
use crate::syntax::ast::Text;
use crate::syntax::shape::Field;
use crate::syntax::yaml::{Entry, Kind, Node};

/// The entries of a map, all of them known keys, to be taken one by one.
pub(super) struct Fields {
    entries: Vec<Entry>,
}

impl Fields {
    /// The entries of a map; `None`, and reported, for anything else.
    pub(super) fn entries(reader: &mut Reader<'_>, node: Node) -> Option<Vec<Entry>> {
        if let Kind::Map(entries) = node.kind {
            return Some(entries);
        }
        reader.wrong_shape(&node, ("键值表", "a map"));
        None
    }

    /// Reads a map whose keys are `keys`. Unknown keys are reported at the key, missing ones at `owner`, unless an
    /// unknown one was most likely meant to be it.
    pub(super) fn read(reader: &mut Reader<'_>, owner: Span, node: Node, keys: &[Field]) -> Option<Fields> {
        let entries = Self::entries(reader, node)?;
        let names = || keys.iter().map(|key| key.name);
        let (entries, unknown): (Vec<Entry>, Vec<Entry>) =
            entries.into_iter().partition(|entry| names().any(|name| name == entry.key.value));
        let absent = |name: &str| entries.iter().all(|entry| entry.key.value != name);
        let mut meant_keys: Vec<&str> = Vec::new();
        for entry in &unknown {
            let meant = nearest(&entry.key.value, names().filter(|name| absent(name)));
            meant_keys.extend(meant);
            reader.report(unknown_key(&entry.key, meant, keys));
        }
        for name in keys
            .iter()
            .filter(|key| key.required)
            .map(|key| key.name)
            .filter(|name| absent(name) && !meant_keys.contains(name))
        {
            let (zh, en) = (format!("缺少键 `{name}`"), format!("the key `{name}` is missing"));
            reader.report(Diagnostic::error(Code::MISSING_KEY, owner, zh, en));
        }
        Some(Fields { entries })
    }

    /// Takes a key and its value out.
    pub(super) fn take(&mut self, name: &str) -> Option<(Text, Node)> {
        let index = self.entries.iter().position(|entry| entry.key.value == name)?;
        let entry = self.entries.swap_remove(index);
        Some((entry.key, entry.value))
    }

    /// Takes a key and reads its value.
    pub(super) fn with<T>(&mut self, name: &str, read: impl FnOnce(&Text, Node) -> T) -> Option<T> {
        self.take(name).map(|(key, node)| read(&key, node))
    }
}

fn unknown_key(key: &Text, meant: Option<&str>, keys: &[Field]) -> Diagnostic {
    let name = &key.value;
    let diagnostic =
        Diagnostic::error(Code::UNKNOWN_KEY, key.span, format!("未知的键 `{name}`"), format!("unknown key `{name}`"));
    if let Some(meant) = meant {
        return diagnostic
            .help(format!("是否想写 `{meant}`？"), format!("did you mean `{meant}`?"))
            .fix(key.span, meant);
    }
    let list = |comma: &str| keys.iter().map(|key| format!("`{}`", key.name)).collect::<Vec<_>>().join(comma);
    diagnostic.help(format!("这里可以写 {}", list("、")), format!("the keys here are {}", list(", ")))
}
