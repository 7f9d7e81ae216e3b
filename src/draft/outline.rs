//! What a template names and which names it gives, token by token: for editors, also of a template that is half written.
//!
//! This follows loops and bindings only as far as a name before a dot is to be told; whether a template is sound is the
//! business of `check`.

use std::ops::Range;

use minijinja::machinery::{Token, tokenize};

use super::names::{NAMES, Shape};
use super::render::syntax;

/// Names that a template gave, the innermost last.
pub type Scope = Vec<(String, Shape)>;

/// What a template names, by the bytes of the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Use {
    /// A name of the context.
    Name(String),
    /// Another template.
    Template(String),
}

/// Everything that a template names, in order.
#[must_use]
pub fn uses(text: &str) -> Vec<(Range<usize>, Use)> {
    let mut reader = Reader { known: NAMES.iter().map(|(name, ..)| *name).collect(), ..Reader::default() };
    reader.read(text);
    reader.uses
}

/// Where a text names one of `known`: the values that the text of a remedy or a collection takes.
#[must_use]
pub fn uses_of(text: &str, known: &[&str]) -> Vec<(Range<usize>, String)> {
    let mut reader = Reader { known: known.to_vec(), ..Reader::default() };
    reader.read(text);
    let name = |(range, used)| match used {
        Use::Name(name) => Some((range, name)),
        Use::Template(_) => None,
    };
    reader.uses.into_iter().filter_map(name).collect()
}

/// The names that a template gave at byte `at`, beside those that are known around it.
#[must_use]
pub fn scope_at(text: &str, at: usize, around: &Scope) -> Scope {
    let mut reader = Reader { frames: vec![around.clone()], ..Reader::default() };
    reader.read(text.get(..at).unwrap_or(text));
    reader.frames.concat()
}

/// What `path` (`finding`, `causes`) holds where the names of `scope` are given.
#[must_use]
pub fn shape_of(path: &[&str], scope: &Scope) -> Option<Shape> {
    let (head, fields) = path.split_first()?;
    let given = scope.iter().rev().find(|(name, _)| name == head).map(|(_, shape)| *shape);
    let start = given.or_else(|| NAMES.iter().find(|(name, ..)| name == head).map(|(_, shape, _)| *shape))?;
    fields.iter().try_fold(start, |shape, field| match shape {
        Shape::Record(fields) => fields.iter().find(|(name, _)| name == field).map(|(_, shape)| *shape),
        Shape::Any => Some(Shape::Any),
        Shape::Plain | Shape::List(_) => None,
    })
}

/// A word or mark of a template's code, with its bytes.
type Piece<'t> = (Token<'t>, Range<usize>);

#[derive(Default)]
struct Reader<'n> {
    /// The names that are looked for.
    known: Vec<&'n str>,
    /// Names given, a list for each loop, block or macro that is open.
    frames: Vec<Scope>,
    uses: Vec<(Range<usize>, Use)>,
}

impl Reader<'_> {
    fn read(&mut self, text: &str) {
        if self.frames.is_empty() {
            self.frames.push(Scope::new());
        }
        let mut open: Option<(bool, Vec<Piece<'_>>)> = None;
        // What cannot be read is the end, as what one is writing is.
        for (token, span) in tokenize(text, false, syntax()).map_while(Result::ok) {
            match token {
                Token::VariableStart => open = Some((false, Vec::new())),
                Token::BlockStart => open = Some((true, Vec::new())),
                Token::VariableEnd | Token::BlockEnd => match open.take() {
                    Some((true, code)) => self.statement(&code),
                    Some((false, code)) => self.expression(&code),
                    None => {}
                },
                token => {
                    let range = span.start_offset as usize..span.end_offset as usize;
                    if let Some((_, code)) = &mut open {
                        code.push((token_of(&token), range));
                    }
                }
            }
        }
    }

    fn give(&mut self, name: &str, shape: Shape) {
        if let Some(frame) = self.frames.last_mut() {
            frame.push((name.to_owned(), shape));
        }
    }

    fn give_all(&mut self, names: &[&str], shape: Shape) {
        for name in names {
            self.give(name, shape);
        }
    }

    fn close(&mut self) {
        if self.frames.len() > 1 {
            self.frames.pop();
        }
    }

    fn statement(&mut self, code: &[Piece<'_>]) {
        let Some((Token::Ident(word), _)) = code.first() else { return };
        let rest = &code[1..];
        match *word {
            "for" => self.each(rest),
            "set" => match binding(rest) {
                Some((name, value)) => {
                    self.expression(value);
                    let shape = self.shape(value);
                    self.give(name, shape);
                }
                None => self.give_all(&idents(rest), Shape::Any),
            },
            "with" | "macro" | "call" => {
                self.expression(rest);
                self.frames.push(Scope::new());
                self.give_all(&idents(rest), Shape::Any);
            }
            "endfor" | "endwith" | "endmacro" | "endcall" => self.close(),
            "include" | "extends" | "import" | "from" => self.template(rest),
            _ => self.expression(rest),
        }
    }

    fn each(&mut self, code: &[Piece<'_>]) {
        let at = code.iter().position(|(token, _)| matches!(token, Token::Ident("in"))).unwrap_or(code.len());
        let value = code.get(at + 1..).unwrap_or_default();
        self.expression(value);
        let member = match self.shape(value) {
            Shape::List(member) => *member,
            Shape::Plain | Shape::Record(_) | Shape::Any => Shape::Any,
        };
        let targets = idents(&code[..at]);
        let shape = if targets.len() == 1 { member } else { Shape::Any };
        self.frames.push(vec![("loop".to_owned(), Shape::Any)]);
        self.give_all(&targets, shape);
    }

    fn template(&mut self, code: &[Piece<'_>]) {
        if let Some((Token::Str(name), range)) = code.first() {
            // Without the quotes.
            self.uses.push((range.start + 1..range.end - 1, Use::Template((*name).to_owned())));
        }
    }

    /// What a path holds; anything more than a path may hold anything.
    fn shape(&self, code: &[Piece<'_>]) -> Shape {
        let mut path = Vec::new();
        for (at, (token, _)) in code.iter().enumerate() {
            match (at % 2, token) {
                (0, Token::Ident(name)) => path.push(*name),
                (1, Token::Dot) => {}
                // Of what a loop goes over: its condition.
                (1, Token::Ident("if")) => break,
                _ => return Shape::Any,
            }
        }
        shape_of(&path, &self.frames.concat()).unwrap_or(Shape::Any)
    }

    /// Names of the context in an expression.
    fn expression(&mut self, code: &[Piece<'_>]) {
        for (at, (token, range)) in code.iter().enumerate() {
            let Token::Ident(name) = token else { continue };
            let before = at.checked_sub(1).and_then(|at| code.get(at)).map(|(token, _)| token);
            let after = code.get(at + 1).map(|(token, _)| token);
            let of_another = matches!(before, Some(Token::Dot | Token::Pipe | Token::Ident("is")));
            let named = matches!(after, Some(Token::Assign | Token::ParenOpen));
            let given = self.frames.iter().flatten().any(|(own, _)| own == name);
            if !of_another && !named && !given && self.known.contains(name) {
                self.uses.push((range.clone(), Use::Name((*name).to_owned())));
            }
        }
    }
}

/// `name = value`
fn binding<'c, 't>(code: &'c [Piece<'t>]) -> Option<(&'t str, &'c [Piece<'t>])> {
    match code {
        [(Token::Ident(name), _), (Token::Assign, _), value @ ..] => Some((name, value)),
        _ => None,
    }
}

fn idents<'t>(code: &[Piece<'t>]) -> Vec<&'t str> {
    code.iter().filter_map(|(token, _)| if let Token::Ident(name) = token { Some(*name) } else { None }).collect()
}

/// A token that can be kept: of the others only that they stand there counts.
fn token_of<'t>(token: &Token<'t>) -> Token<'t> {
    match token {
        Token::Ident(name) => Token::Ident(name),
        Token::Str(text) => Token::Str(text),
        Token::Dot => Token::Dot,
        Token::Pipe => Token::Pipe,
        Token::Assign => Token::Assign,
        Token::ParenOpen => Token::ParenOpen,
        _ => Token::Comma,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Vec<String> {
        let shown = |(range, used): (Range<usize>, Use)| {
            let (Use::Name(name) | Use::Template(name)) = used;
            assert_eq!(text[range], name);
            name
        };
        uses(text).into_iter().map(shown).collect()
    }

    #[test]
    fn what_a_template_names() {
        let text = "{{ salutation }} {% include \"zh/_log.txt\" %}{% for log in finding.logs if log.title %}{{ log.title }}{% endfor %}";
        assert_eq!(named(text), ["salutation", "zh/_log.txt", "finding"]);
        // A field, a filter, a test, an argument or a name of the template's own is no name of the context.
        assert_eq!(named("{{ x.finding | failed(read=1) }}{% if x is solved %}{% endif %}"), Vec::<String>::new());
        assert_eq!(named("{% set finding = others %}{{ finding }}"), ["others"]);
        assert_eq!(named("{% for failed in results %}{{ failed }}{% endfor %}{{ failed }}"), ["results", "failed"]);
        assert_eq!(
            named("{{ notes | listed }}{% if finding and not settled %}{{ case.num"),
            ["notes", "finding", "settled"]
        );
    }

    #[test]
    fn what_a_name_holds_at_a_place() {
        let fields = |text: &str, path: &[&str]| match shape_of(path, &scope_at(text, text.len(), &Scope::new())) {
            Some(Shape::Record(fields)) => fields.iter().map(|(name, _)| *name).collect(),
            other => vec![if other.is_some() { "something" } else { "nothing" }],
        };
        assert_eq!(fields("", &["case"])[0], "number");
        let inner = "{% for cause in finding.causes %}{% for log in cause.logs %}{{ ";
        assert_eq!(fields(inner, &["log"]), ["title", "time", "blocks"]);
        assert_eq!(fields(&format!("{inner}x }}}}{{% endfor %}}{{{{ "), &["log"]), ["nothing"]);
        assert_eq!(fields("{% set c = case %}{{ ", &["c"])[0], "number");
        assert_eq!(fields("{% for a, b in finding.causes | sort %}{{ ", &["a"]), ["something"]);
        assert_eq!(fields("{{ ", &["case", "nmuber"]), ["nothing"]);
    }

    #[test]
    fn the_values_of_a_text_are_found_in_statements_too() {
        let text = "{% if gpo %}“{{ gpo }}”{% endif %} {{ inf.gpo }} {% for gpo in inf %}{{ gpo }}{% endfor %}";
        let found = uses_of(text, &["gpo", "inf"]);
        let shown: Vec<(&str, &str)> = found.iter().map(|(range, name)| (&text[range.clone()], &**name)).collect();
        assert_eq!(shown, [("gpo", "gpo"), ("gpo", "gpo"), ("inf", "inf"), ("inf", "inf")]);
    }
}
