//! Cycles of findings: rules that depend on themselves through `finding` and could never be decided.

use std::collections::{BTreeMap, BTreeSet};

use super::rule::Judged;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::Text;

/// Who reads whose finding, and where it says so.
type Reads<'j> = BTreeMap<&'j str, Vec<&'j Text>>;

/// Reports every cycle once, with its path, and returns the names of all rules in cycles.
pub(super) fn find(judged: &[Judged], faults: &mut Vec<Diagnostic>) -> BTreeSet<String> {
    let reads: Reads<'_> = judged
        .iter()
        .map(|it| {
            (it.drafted.decl.name.value.as_str(), it.conditions.exprs().flat_map(|expr| expr.findings()).collect())
        })
        .collect();
    let open = undecidable(&reads);
    let mut seen = BTreeSet::new();
    let mut cyclic = BTreeSet::new();
    for name in &open {
        let path = walk(name, &reads, &open, &mut seen);
        if let Some(fault) = report(&path) {
            faults.push(fault);
            cyclic.extend(path.iter().map(|name| name.value.clone()));
        }
    }
    cyclic
}

/// The rules that remain when those whose findings can all be decided are taken away again and again.
fn undecidable<'j>(reads: &Reads<'j>) -> BTreeSet<&'j str> {
    let mut waiting: BTreeMap<&str, usize> = BTreeMap::new();
    let mut readers: BTreeMap<&str, Vec<&'j str>> = BTreeMap::new();
    for (name, targets) in reads {
        let known = targets.iter().filter(|target| reads.contains_key(target.value.as_str()));
        let mut count = 0;
        for target in known {
            readers.entry(&target.value).or_default().push(name);
            count += 1;
        }
        waiting.insert(name, count);
    }
    let mut decided: Vec<&str> = waiting.iter().filter(|(_, count)| **count == 0).map(|(name, _)| *name).collect();
    let mut open: BTreeSet<&'j str> = reads.keys().copied().collect();
    while let Some(name) = decided.pop() {
        open.remove(name);
        for reader in readers.get(name).into_iter().flatten() {
            if let Some(count) = waiting.get_mut(reader) {
                *count -= 1;
                if *count == 0 {
                    decided.push(reader);
                }
            }
        }
    }
    open
}

/// Follows the first open finding from rule to rule; the references of the cycle it ends in, if nobody was there before.
fn walk<'j>(from: &'j str, reads: &Reads<'j>, open: &BTreeSet<&'j str>, seen: &mut BTreeSet<&'j str>) -> Vec<&'j Text> {
    let mut path: Vec<&Text> = Vec::new();
    let mut at = BTreeMap::new();
    let mut name = from;
    while seen.insert(name) {
        at.insert(name, path.len());
        let next = reads.get(name).into_iter().flatten().find(|target| open.contains(target.value.as_str()));
        let Some(next) = next else { return Vec::new() };
        path.push(next);
        name = &next.value;
    }
    at.get(name).map_or_else(Vec::new, |start| path.split_off(*start))
}

/// The fault of one cycle, at its first reference.
fn report(path: &[&Text]) -> Option<Diagnostic> {
    let (first, rest) = path.split_first()?;
    // The rule that holds the first reference is the one that the last reference names.
    let start = path.last()?;
    let names: Vec<String> = std::iter::once(start).chain(path).map(|name| format!("`{}`", name.value)).collect();
    let round = names.join(" → ");
    let mut fault = Diagnostic::error(
        Code::FINDING_CYCLE,
        first.span,
        format!("发现互相引用成环：{round}"),
        format!("findings depend on one another in a circle: {round}"),
    );
    for name in rest {
        fault = fault.label(name.span, format!("又引用 `{}`", name.value), format!("which reads `{}`", name.value));
    }
    Some(fault)
}
