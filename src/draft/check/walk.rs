//! One template walked as it would be rendered: which names are known where, what they hold, and what is not known.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::machinery::{Span, ast};
use minijinja::{Environment, ErrorKind};

use crate::diagnostic::nearest;
use crate::lang::Localized;

use super::super::names::{FUNCTIONS, NAMES, Shape, shape};
use super::{FaultClass, Parsed, TemplateFault, extend};

/// Functions that the template language has of its own.
const BUILT_IN: [&str; 4] = ["range", "dict", "namespace", "super"];

/// Templates that include each other at the most.
const DEEPEST: usize = 16;

/// A walk through one template and what it includes.
struct Walk<'t, 'w> {
    parsed: &'w Parsed<'t>,
    paths: &'w BTreeSet<&'t str>,
    environment: &'w Environment<'static>,
    /// The templates that the place is in, the innermost last.
    within: Vec<&'t str>,
    /// Names that templates gave, the innermost last.
    scopes: Vec<BTreeMap<&'t str, Shape>>,
    faults: &'w mut Vec<TemplateFault>,
}

/// Walks the template at `path`.
pub(super) fn walk<'t>(
    path: &'t str,
    parsed: &Parsed<'t>,
    paths: &BTreeSet<&'t str>,
    environment: &Environment<'static>,
    faults: &mut Vec<TemplateFault>,
) {
    let Some((_, tree)) = parsed.get(path) else { return };
    let mut walk = Walk { parsed, paths, environment, within: vec![path], scopes: vec![BTreeMap::new()], faults };
    walk.statement(tree);
    walk.extends(path, tree);
}

impl<'t> Walk<'t, '_> {
    fn text(&self) -> &'t str {
        self.within.last().and_then(|path| self.parsed.get(path)).map_or("", |(text, _)| text)
    }

    fn fault(&mut self, class: FaultClass, range: (usize, usize), zh: String, en: String, meant: Option<&str>) {
        let template = self.within.last().copied().unwrap_or_default().to_owned();
        let (message, meant) = (Localized::new(zh, en), meant.map(str::to_owned));
        self.faults.push(TemplateFault { template, range, class, message, meant });
    }

    /// Where `name` stands in the text of `span` after what ends at `from`.
    fn place(&self, span: Span, from: usize, name: &str) -> (usize, usize) {
        let end = span.end_offset as usize;
        let found = self.text().get(from..end).and_then(|text| text.find(name)).map(|at| from + at);
        found.map_or((from.min(end), end), |start| (start, start + name.len()))
    }

    fn all(&mut self, statements: &[ast::Stmt<'t>]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    /// Statements with a scope of their own.
    fn scoped(&mut self, scope: BTreeMap<&'t str, Shape>, statements: &[ast::Stmt<'t>]) {
        self.scopes.push(scope);
        self.all(statements);
        self.scopes.pop();
    }

    fn statement(&mut self, statement: &ast::Stmt<'t>) {
        match statement {
            ast::Stmt::Template(template) => self.all(&template.children),
            ast::Stmt::EmitExpr(emit) => self.printed(&emit.expr),
            ast::Stmt::ForLoop(each) => self.each(each),
            ast::Stmt::IfCond(cond) => {
                self.shape(&cond.expr);
                self.all(&cond.true_body);
                self.all(&cond.false_body);
            }
            ast::Stmt::WithBlock(with) => {
                let mut scope = BTreeMap::new();
                for (target, value) in &with.assignments {
                    let shape = self.shape(value);
                    bind(&mut scope, target, shape);
                }
                self.scoped(scope, &with.body);
            }
            ast::Stmt::Set(set) => {
                let shape = self.shape(&set.expr);
                self.assign(&set.target, shape);
            }
            ast::Stmt::SetBlock(set) => {
                self.all(&set.body);
                self.assign(&set.target, Shape::Plain);
            }
            ast::Stmt::AutoEscape(block) => self.all(&block.body),
            ast::Stmt::FilterBlock(block) => {
                self.shape(&block.filter);
                self.all(&block.body);
            }
            ast::Stmt::Block(block) => self.scoped(BTreeMap::new(), &block.body),
            ast::Stmt::Include(include) => self.include(include),
            ast::Stmt::Extends(extends) => {
                self.template(&extends.name, false);
            }
            ast::Stmt::Import(import) => {
                self.template(&import.expr, false);
                self.assign(&import.name, Shape::Any);
            }
            ast::Stmt::FromImport(import) => {
                self.template(&import.expr, false);
                for (name, alias) in &import.names {
                    self.assign(alias.as_ref().unwrap_or(name), Shape::Any);
                }
            }
            ast::Stmt::Macro(called) => self.define(called),
            ast::Stmt::CallBlock(block) => {
                self.call(&block.call);
                self.define(&block.macro_decl);
            }
            ast::Stmt::Do(call) => {
                self.call(&call.call);
            }
            ast::Stmt::EmitRaw(_) | ast::Stmt::Continue(_) | ast::Stmt::Break(_) => {}
        }
    }

    /// A template that extends another words blocks anew that the other has, and nothing else of it is shown.
    fn extends(&mut self, path: &'t str, tree: &ast::Stmt<'t>) {
        let Some((name, at)) = extend::extended(tree).filter(|(name, _)| self.paths.contains(name.as_str())) else {
            return;
        };
        let Some(known) = extend::blocks(&name, self.parsed) else {
            let range = (at.start_offset as usize + 1, at.end_offset as usize - 1);
            let (zh, en) = (format!("`{name}` 最终扩展了它自己"), format!("`{name}` extends itself in the end"));
            let meant = self.paths.get(format!("default/{path}").as_str()).copied();
            return self.fault(FaultClass::MissingTemplate, range, zh, en, meant);
        };
        let (worded, lost) = extend::worded(tree);
        for (block, span) in worded.iter().filter(|(block, _)| !known.iter().any(|name| name == block)) {
            let place = self.place(*span, span.start_offset as usize, block);
            let meant = nearest(block, known.iter().map(String::as_str));
            let (zh, en) = (format!("`{name}` 没有块 `{block}`"), format!("`{name}` has no block `{block}`"));
            self.fault(FaultClass::UnknownName, place, zh, en, meant);
        }
        if let Some(span) = lost {
            let (start, end) = (span.start_offset as usize, span.end_offset as usize);
            let first = self.text().get(start..end).and_then(|text| text.trim().lines().next()).unwrap_or_default();
            let place = self.place(span, start, first);
            let (zh, en) = ("块之外的内容不会出现在邮件里", "what stands outside the blocks is in no mail");
            self.fault(FaultClass::OutsideBlock, place, zh.to_owned(), en.to_owned(), None);
        }
    }

    /// What is printed is text: of a record one of its fields, of a list its members.
    fn printed(&mut self, expr: &ast::Expr<'t>) {
        let shape = self.shape(expr);
        let span = expr.span();
        let range = (span.start_offset as usize, span.end_offset as usize);
        let (zh, en) = match shape {
            Shape::Record(_) => ("这里有多个字段，须写出其中一个", "this has fields: name the one to print"),
            Shape::List(_) => {
                ("这是列表，须用 `for` 或 `listed` 输出", "this is a list: print it with `for` or `listed`")
            }
            Shape::Plain | Shape::Any => return,
        };
        self.fault(FaultClass::UnknownName, range, zh.to_owned(), en.to_owned(), None);
    }

    fn each(&mut self, each: &ast::ForLoop<'t>) {
        let member = match self.shape(&each.iter) {
            Shape::List(member) => *member,
            Shape::Plain | Shape::Record(_) | Shape::Any => Shape::Any,
        };
        let mut scope = BTreeMap::from([("loop", Shape::Any)]);
        bind(&mut scope, &each.target, member);
        if let Some(filter) = &each.filter_expr {
            self.scopes.push(scope.clone());
            self.shape(filter);
            self.scopes.pop();
        }
        self.scoped(scope, &each.body);
        self.all(&each.else_body);
    }

    fn define(&mut self, called: &ast::Macro<'t>) {
        self.assign_name(called.name, Shape::Any);
        let mut scope = BTreeMap::from([("caller", Shape::Any)]);
        called.args.iter().for_each(|arg| bind(&mut scope, arg, Shape::Any));
        self.scoped(scope, &called.body);
    }

    fn assign(&mut self, target: &ast::Expr<'t>, shape: Shape) {
        if let Some(scope) = self.scopes.last_mut() {
            bind(scope, target, shape);
        }
    }

    fn assign_name(&mut self, name: &'t str, shape: Shape) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(name, shape);
        }
    }

    fn include(&mut self, include: &ast::Include<'t>) {
        let Some(path) = self.template(&include.name, include.ignore_missing) else { return };
        let Some((_, tree)) = self.parsed.get(path) else { return };
        if !self.within.contains(&path) && self.within.len() < DEEPEST {
            self.within.push(path);
            self.statement(tree);
            self.within.pop();
        }
    }

    /// The template that a literal names; a fault where it is not there.
    fn template(&mut self, name: &ast::Expr<'t>, ignore_missing: bool) -> Option<&'t str> {
        let ast::Expr::Const(literal) = name else {
            self.shape(name);
            return None;
        };
        let wanted = literal.value.as_str()?;
        let known = self.paths.get(wanted).copied();
        if known.is_none() && !ignore_missing {
            let place = self.place(literal.span(), literal.span().start_offset as usize, wanted);
            let meant = self.sibling(wanted);
            let (zh, en) = (format!("没有模板 `{wanted}`"), format!("there is no template `{wanted}`"));
            self.fault(FaultClass::MissingTemplate, place, zh, en, meant);
        }
        known
    }

    /// The template of the same folder whose name is nearest.
    fn sibling(&self, wanted: &str) -> Option<&'t str> {
        let (folder, name) = wanted.rsplit_once('/')?;
        let stem = |name: &'t str| name.split('.').next().unwrap_or(name);
        let near = |path: &&&'t str| path.rsplit_once('/').is_some_and(|(own, _)| own == folder);
        let siblings = || self.paths.iter().filter(near).filter_map(|path| Some((*path, path.rsplit_once('/')?.1)));
        let meant = nearest(name.split('.').next()?, siblings().map(|(_, name)| stem(name)))?;
        siblings().find(|(_, name)| stem(name) == meant).map(|(path, _)| path)
    }

    /// What an expression holds; its faults are entered on the way.
    fn shape(&mut self, expr: &ast::Expr<'t>) -> Shape {
        match expr {
            ast::Expr::Var(var) => self.variable(var.id, var.span()),
            ast::Expr::Const(_) => Shape::Plain,
            ast::Expr::Slice(slice) => self.shape(&slice.expr),
            ast::Expr::UnaryOp(op) => {
                self.shape(&op.expr);
                Shape::Plain
            }
            ast::Expr::BinOp(op) => {
                self.shape(&op.left);
                self.shape(&op.right);
                Shape::Any
            }
            ast::Expr::Compare(compare) => {
                self.shape(&compare.expr);
                for op in &compare.ops {
                    self.shape(&op.expr);
                }
                Shape::Plain
            }
            ast::Expr::IfExpr(cond) => {
                self.shape(&cond.test_expr);
                let shape = self.shape(&cond.true_expr);
                if let Some(otherwise) = &cond.false_expr {
                    self.shape(otherwise);
                }
                shape
            }
            ast::Expr::Filter(filter) => self.filter(filter),
            ast::Expr::Test(test) => {
                self.shape(&test.expr);
                self.arguments(&test.args);
                let from = test.expr.span().end_offset as usize;
                self.known(FaultClass::UnknownFilter, test.name, self.place(test.span(), from, test.name), "is");
                Shape::Plain
            }
            ast::Expr::GetAttr(get) => {
                let of = self.shape(&get.expr);
                let place = self.place(get.span(), get.expr.span().end_offset as usize, get.name);
                self.field(of, get.name, place)
            }
            ast::Expr::GetItem(get) => self.item(get),
            ast::Expr::Call(call) => self.call(call),
            ast::Expr::List(list) => self.members(&list.items),
            ast::Expr::Tuple(tuple) => self.members(&tuple.items),
            ast::Expr::Map(map) => {
                self.members(&map.keys);
                self.members(&map.values)
            }
        }
    }

    fn members(&mut self, items: &[ast::Expr<'t>]) -> Shape {
        for item in items {
            self.shape(item);
        }
        Shape::Any
    }

    fn arguments(&mut self, arguments: &[ast::CallArg<'t>]) {
        for argument in arguments {
            let (ast::CallArg::Pos(expr)
            | ast::CallArg::Kwarg(_, expr)
            | ast::CallArg::PosSplat(expr)
            | ast::CallArg::KwargSplat(expr)) = argument;
            self.shape(expr);
        }
    }

    fn filter(&mut self, filter: &ast::Spanned<ast::Filter<'t>>) -> Shape {
        let from = filter.expr.as_ref().map_or(filter.span().start_offset, |expr| expr.span().end_offset) as usize;
        if let Some(expr) = &filter.expr {
            self.shape(expr);
        }
        self.arguments(&filter.args);
        self.known(FaultClass::UnknownFilter, filter.name, self.place(filter.span(), from, filter.name), "|");
        Shape::Any
    }

    /// Whether the environment knows a filter (`|`) or test (`is`): it alone can say, when it is asked to use it.
    fn known(&mut self, class: FaultClass, name: &str, place: (usize, usize), with: &str) {
        let used = self.environment.render_str(&format!("{{{{ 0 {with} {name} }}}}"), ());
        let unknown =
            |error: minijinja::Error| matches!(error.kind(), ErrorKind::UnknownFilter | ErrorKind::UnknownTest);
        if used.is_err_and(unknown) {
            let meant = nearest(name, ["listed", "defined", "length", "join", "upper", "lower", "trim", "default"]);
            let (zh, en) = (format!("没有过滤器或测试 `{name}`"), format!("there is no filter or test `{name}`"));
            self.fault(class, place, zh, en, meant);
        }
    }

    fn call(&mut self, call: &ast::Call<'t>) -> Shape {
        self.arguments(&call.args);
        let ast::Expr::Var(var) = &call.expr else { return self.shape(&call.expr) };
        let functions = || FUNCTIONS.into_iter().chain(BUILT_IN);
        if self.given(var.id).is_none() && !functions().any(|known| known == var.id) {
            let span = var.span();
            let (zh, en) = (format!("没有函数 `{}`", var.id), format!("there is no function `{}`", var.id));
            let place = (span.start_offset as usize, span.end_offset as usize);
            self.fault(FaultClass::UnknownFilter, place, zh, en, nearest(var.id, functions()));
        }
        Shape::Any
    }

    fn item(&mut self, get: &ast::GetItem<'t>) -> Shape {
        let of = self.shape(&get.expr);
        let ast::Expr::Const(key) = &get.subscript_expr else {
            self.shape(&get.subscript_expr);
            return Shape::Any;
        };
        match (of, key.value.as_str()) {
            (Shape::List(member), None) => *member,
            (Shape::Record(_), Some(name)) => {
                self.field(of, name, (key.span().start_offset as usize, key.span().end_offset as usize))
            }
            _ => Shape::Any,
        }
    }

    /// A name that a template gave.
    fn given(&self, name: &str) -> Option<Shape> {
        self.scopes.iter().rev().find_map(|scope| scope.get(name).copied())
    }

    fn variable(&mut self, name: &'t str, span: Span) -> Shape {
        if let Some(shape) = self.given(name).or_else(|| shape(name)) {
            return shape;
        }
        let place = (span.start_offset as usize, span.end_offset as usize);
        let given: Vec<&str> = self.scopes.iter().flat_map(|scope| scope.keys().copied()).collect();
        let meant = nearest(name, given.into_iter().chain(NAMES.iter().map(|(name, ..)| *name)));
        let (zh, en) = (format!("没有名称 `{name}`"), format!("there is no name `{name}`"));
        self.fault(FaultClass::UnknownName, place, zh, en, meant);
        Shape::Any
    }

    /// A field of what has fields.
    fn field(&mut self, of: Shape, name: &str, place: (usize, usize)) -> Shape {
        let fields: &[(&str, Shape)] = match of {
            Shape::Any => return Shape::Any,
            Shape::Record(fields) => fields,
            Shape::Plain | Shape::List(_) => &[],
        };
        if let Some((_, shape)) = fields.iter().find(|(field, _)| *field == name) {
            return *shape;
        }
        let meant = nearest(name, fields.iter().map(|(field, _)| *field));
        let (zh, en) = (format!("没有字段 `{name}`"), format!("there is no field `{name}`"));
        self.fault(FaultClass::UnknownName, place, zh, en, meant);
        Shape::Any
    }
}

/// Binds the names of a target to what is given to it.
fn bind<'t>(scope: &mut BTreeMap<&'t str, Shape>, target: &ast::Expr<'t>, shape: Shape) {
    match target {
        ast::Expr::Var(var) => drop(scope.insert(var.id, shape)),
        ast::Expr::List(list) => list.items.iter().for_each(|item| bind(scope, item, Shape::Any)),
        ast::Expr::Tuple(tuple) => tuple.items.iter().for_each(|item| bind(scope, item, Shape::Any)),
        _ => {}
    }
}
