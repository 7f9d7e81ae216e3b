//! Mutants of evidence: a `where`, a section, a field or one of several lines left out; a line that asks for less.

use crate::pattern::{Accepts, Hole, Part as Piece, Pattern};
use crate::rule::{BoundPattern, Evidence, Rule};
use crate::source::Span;
use crate::syntax::ast::{EvidenceDecl, PatternDecl, PatternPart};
use crate::value::Type;

use super::super::place::{Part, Places};
use super::{Change, Mutant, filter};

/// Mutants of every piece of evidence.
pub(super) fn mutants(rule: &Rule, places: &Places<'_>) -> Vec<Mutant> {
    (0..rule.evidence.len())
        .flat_map(|at| {
            let decl = places.evidence(&rule.name, at);
            let mut changing = Changing { rule, at, head: decl.map(|decl| decl.name.span), mutants: Vec::new() };
            changing.all(&rule.evidence[at], decl);
            changing.mutants
        })
        .collect()
}

struct Changing<'r> {
    rule: &'r Rule,
    at: usize,
    head: Option<Span>,
    mutants: Vec<Mutant>,
}

impl Changing<'_> {
    fn put(
        &mut self,
        (change, text, span): (Change, String, Option<Span>),
        patterns: bool,
        how: impl FnOnce(&mut Evidence),
    ) {
        let mut rule = self.rule.clone();
        how(&mut rule.evidence[self.at]);
        let span = span.or(self.head);
        self.mutants.push(Mutant { part: Part::Evidence(self.at), change, text, span, patterns, rule });
    }

    fn all(&mut self, evidence: &Evidence, decl: Option<&EvidenceDecl>) {
        if let Some(filter) = &evidence.filter {
            let span = decl.and_then(|decl| decl.filter.as_ref()).map(|filter| filter.span);
            for way in filter::ways(self.rule, filter) {
                self.put((way.change, way.text, span), false, |evidence| evidence.filter = way.filter);
            }
        }
        if let Some(section) = &evidence.section {
            let span = decl.and_then(|decl| decl.section.as_ref()).map(|section| section.text.span(0..0));
            let text = format!("drop section \"{section}\"");
            self.put((Change::Loosened, text, span), true, |evidence| evidence.section = None);
        }
        self.fields(evidence, decl);
        self.lines(evidence, decl);
    }

    fn fields(&mut self, evidence: &Evidence, decl: Option<&EvidenceDecl>) {
        for (at, (name, field)) in evidence.fields.iter().enumerate() {
            let written = decl.and_then(|decl| decl.fields.get(at));
            // Without any pattern every record would do; without a name nothing is said of what was captured.
            if evidence.fields.len() + evidence.lines.len() > 1 && field.binds.is_empty() {
                let text = format!("drop field {name}");
                let span = written.map(|(name, _)| name.span);
                self.put((Change::Loosened, text, span), true, |evidence| {
                    evidence.fields.remove(at);
                });
            }
            for (text, span, pattern) in looser(&field.pattern, written.map(|(_, pattern)| pattern)) {
                self.put((Change::Loosened, text, span), true, |evidence| evidence.fields[at].1.pattern = pattern);
            }
        }
    }

    fn lines(&mut self, evidence: &Evidence, decl: Option<&EvidenceDecl>) {
        for (at, line) in evidence.lines.iter().enumerate() {
            let written = decl.and_then(|decl| decl.lines.get(at));
            if evidence.lines.len() > 1 {
                let text = format!("drop line \"{}\"", line.pattern);
                let span = written.map(|line| line.text.span(0..0));
                self.put((Change::Narrowed, text, span), true, |evidence| {
                    evidence.lines.remove(at);
                });
            }
            for (text, span, pattern) in looser(&line.pattern, written) {
                self.put((Change::Loosened, text, span), true, |evidence| evidence.lines[at].pattern = pattern);
            }
            self.shorter(at, line, written);
        }
    }

    /// The longest text of a line cut after the first half of its words.
    fn shorter(&mut self, at: usize, line: &BoundPattern, written: Option<&PatternDecl>) {
        let Some((cut, pattern, moved)) = cut(&line.pattern) else { return };
        let span = written.and_then(|line| piece_span(line, cut));
        let text = format!("loosen to \"{pattern}\"");
        self.put((Change::Loosened, text, span), true, |evidence| {
            let line = &mut evidence.lines[at];
            line.pattern = pattern;
            for (piece, _) in line.binds.iter_mut().filter(|(piece, _)| *piece > cut) {
                *piece += moved;
            }
        });
    }
}

fn piece_span(line: &PatternDecl, piece: usize) -> Option<Span> {
    line.parts.get(piece).map(|piece| match piece {
        PatternPart::Literal(text) => text.span,
        PatternPart::Hole(hole) => hole.span,
    })
}

/// Every typed hole as one of any text. What is a word or text is as good as any already.
fn looser(pattern: &Pattern, written: Option<&PatternDecl>) -> Vec<(String, Option<Span>, Pattern)> {
    let mut looser = Vec::new();
    for (at, piece) in pattern.parts().iter().enumerate() {
        let Piece::Hole(hole) = piece else { continue };
        if !matches!(hole.accepts, Accepts::Typed(ty) if !matches!(ty, Type::Text | Type::Word)) {
            continue;
        }
        let mut parts = pattern.parts().to_vec();
        parts[at] = Piece::Hole(Hole { accepts: Accepts::Typed(Type::Text), ..hole.clone() });
        let span = written.and_then(|line| piece_span(line, at));
        let name = hole.name.as_deref().unwrap_or_default();
        let Accepts::Typed(ty) = hole.accepts else { continue };
        if let Ok(pattern) = Pattern::new(parts, pattern.options()) {
            looser.push((format!("loosen {{{name}:{}}}", ty.name()), span, pattern));
        }
    }
    looser
}

/// The pattern with its longest text cut; which piece that is, and by how many the pieces behind it have moved.
fn cut(pattern: &Pattern) -> Option<(usize, Pattern, usize)> {
    let texts = pattern.parts().iter().enumerate().filter_map(|(at, piece)| match piece {
        Piece::Literal(text) => Some((at, text)),
        Piece::Hole(_) => None,
    });
    let (at, text) = texts.reduce(|best, other| if other.1.len() > best.1.len() { other } else { best })?;
    let words: Vec<&str> = text.split_inclusive(' ').collect();
    let last = at + 1 == pattern.parts().len() && !pattern.options().at_end;
    if words.len() < if last { 2 } else { 3 } {
        return None;
    }
    let half = words[..words.len() / 2].concat();
    let mut parts = pattern.parts().to_vec();
    if last {
        parts[at] = Piece::Literal(half.trim_end().to_owned());
        return Some((at, Pattern::new(parts, pattern.options()).ok()?, 0));
    }
    let any = Piece::Hole(Hole { name: None, accepts: Accepts::Typed(Type::Text) });
    // What stands before a hole keeps its last word, so that the hole begins where it did.
    let end = words[words.len() - 1].to_owned();
    let behind = if end.trim().is_empty() { words[words.len() - 2..].concat() } else { end };
    parts.splice(at..=at, [Piece::Literal(half), any, Piece::Literal(behind)]);
    Some((at, Pattern::new(parts, pattern.options()).ok()?, 2))
}
