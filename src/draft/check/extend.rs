//! Templates that extend another: which blocks the one extended has, and what of the other is shown nowhere.
//!
//! A knowledge base words one block of a mail anew by a template of the same path that extends the default's, which is
//! then called `default/<path>`.

use minijinja::machinery::{Span, ast};

use super::Parsed;

/// Templates that extend each other at the most.
const DEEPEST: usize = 16;

/// The name that a template extends, with its place, where it is a literal.
pub(super) fn extended(tree: &ast::Stmt<'_>) -> Option<(String, Span)> {
    children(tree).iter().find_map(|statement| match statement {
        ast::Stmt::Extends(extends) => match &extends.name {
            ast::Expr::Const(literal) => Some((literal.value.as_str()?.to_owned(), literal.span())),
            _ => None,
        },
        _ => None,
    })
}

/// The names of the blocks that a template shows: its own and those of what it extends; nothing where that goes round
/// in a circle or is not known.
pub(super) fn blocks(path: &str, parsed: &Parsed<'_>) -> Option<Vec<String>> {
    let mut names = Vec::new();
    let mut path = path.to_owned();
    for _ in 0..DEEPEST {
        let (_, tree) = parsed.get(path.as_str())?;
        own(children(tree), &mut names);
        match extended(tree) {
            Some((next, _)) => path = next,
            None => return Some(names),
        }
    }
    None
}

/// The blocks among statements, with those in them.
fn own(statements: &[ast::Stmt<'_>], names: &mut Vec<String>) {
    for statement in statements {
        match statement {
            ast::Stmt::Block(block) => {
                names.push(block.name.to_owned());
                own(&block.body, names);
            }
            ast::Stmt::IfCond(cond) => {
                own(&cond.true_body, names);
                own(&cond.false_body, names);
            }
            ast::Stmt::ForLoop(each) => own(&each.body, names),
            ast::Stmt::WithBlock(with) => own(&with.body, names),
            _ => {}
        }
    }
}

/// The blocks that a template words anew, with the place of each, and the first place of what it shows nowhere: text
/// outside them.
pub(super) fn worded<'t>(tree: &ast::Stmt<'t>) -> (Vec<(&'t str, Span)>, Option<Span>) {
    let (mut blocks, mut lost) = (Vec::new(), None);
    for statement in children(tree) {
        match statement {
            ast::Stmt::Block(block) => blocks.push((block.name, block.span())),
            ast::Stmt::EmitRaw(raw) if !raw.raw.trim().is_empty() => lost = lost.or(Some(raw.span())),
            ast::Stmt::EmitExpr(emit) => lost = lost.or(Some(emit.span())),
            ast::Stmt::Include(include) => lost = lost.or(Some(include.span())),
            ast::Stmt::ForLoop(each) => lost = lost.or(Some(each.span())),
            ast::Stmt::IfCond(cond) => lost = lost.or(Some(cond.span())),
            _ => {}
        }
    }
    (blocks, lost)
}

/// The statements of a template.
fn children<'s, 't>(tree: &'s ast::Stmt<'t>) -> &'s [ast::Stmt<'t>] {
    match tree {
        ast::Stmt::Template(template) => &template.children,
        _ => &[],
    }
}
