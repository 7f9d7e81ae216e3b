//! What an author wrote, with its places: declarations of a YAML document and the expressions inside their scalars.
//!
//! Nothing is resolved here: names are text, types are text, a list of logs may name one that does not exist. All of it can
//! be stored: the default's rules are read when the program is built.

mod test;

pub use test::{ExpectDecl, ExpectedDecl, TestDecl, TestLogDecl};

use serde::{Deserialize, Serialize};

use crate::source::{Fragment, Span, Spanned};

/// A spanned text.
pub type Text = Spanned<String>;

/// One YAML document.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Declaration {
    /// `rule:`
    Rule(Box<RuleDecl>),
    /// `log:`
    Log(Box<LogDecl>),
    /// `remedy:`
    Remedy(Box<RemedyDecl>),
    /// `collection:`
    Collection(Box<CollectionDecl>),
    /// `phrases:`
    Phrases(PhrasesDecl),
}

/// A text in both languages, as written.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct LocalizedDecl {
    /// `zh:`
    pub zh: Option<Text>,
    /// `en:`
    pub en: Option<Text>,
    /// The place of the whole map.
    pub span: Option<Span>,
}

/// `rule:`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RuleDecl {
    /// The name.
    pub name: Text,
    /// `title:`
    pub title: LocalizedDecl,
    /// `severity:`
    pub severity: Option<Text>,
    /// `products:` that the failure occurs in.
    pub products: Vec<LocalizedDecl>,
    /// `evidence:`, in the order written.
    pub evidence: Vec<EvidenceDecl>,
    /// `signature:`; `None` when absent or not parsed (then reported).
    pub signature: Option<Expr>,
    /// Whether `signature:` was written at all.
    pub signature_written: bool,
    /// `explains:`
    pub explains: Vec<Text>,
    /// `causes:`, in the order written.
    pub causes: Vec<CauseDecl>,
    /// `tests:`
    pub tests: Vec<TestDecl>,
    /// Something in it could not be read (reported): the rule is left out, but still checked as far as it goes.
    pub broken: bool,
}

/// One piece of evidence.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EvidenceDecl {
    /// Its name.
    pub name: Text,
    /// `log:`, one or a list.
    pub logs: Vec<Text>,
    /// `line:`, one or a list.
    pub lines: Vec<PatternDecl>,
    /// `section:`
    pub section: Option<PatternDecl>,
    /// `fields:`, name and pattern.
    pub fields: Vec<(Text, PatternDecl)>,
    /// `where:`
    pub filter: Option<FilterExpr>,
    /// `case:`; `exact` is the only value.
    pub case: Option<Text>,
}

/// A line pattern, parsed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PatternDecl {
    /// The scalar.
    pub text: Fragment,
    /// `^`
    pub at_start: bool,
    /// `$`
    pub at_end: bool,
    /// The parts in order.
    pub parts: Vec<PatternPart>,
}

/// A part of a pattern as written.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum PatternPart {
    /// Text, `{{` and `}}` already single.
    Literal(Text),
    /// A hole.
    Hole(HoleDecl),
}

/// A hole as written.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HoleDecl {
    /// The place with its braces.
    pub span: Span,
    /// The name, if any.
    pub name: Option<Text>,
    /// What stands after the colon.
    pub accepts: HoleAccepts,
}

/// What stands after a hole's colon.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum HoleAccepts {
    /// Nothing.
    Plain,
    /// A type's name.
    Type(Text),
    /// `time:%Y…`, the format.
    Time(Text),
    /// `/regex/`, `\/` already `/`.
    Regex(Text),
}

/// One cause.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CauseDecl {
    /// Its id.
    pub id: Text,
    /// `title:`
    pub title: LocalizedDecl,
    /// `when:`
    pub when: Option<Expr>,
    /// `excludes:` causes that cannot hold together with it.
    pub excludes: Vec<Text>,
    /// `remedies:`
    pub remedies: Vec<Text>,
}

/// `log:`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LogDecl {
    /// The name.
    pub name: Text,
    /// `title:`
    pub title: LocalizedDecl,
    /// `files:`
    pub files: Vec<Text>,
    /// `record:`, one or a list.
    pub record: Vec<PatternDecl>,
    /// `begin:`, one or a list: lines that begin a record of several.
    pub begin: Vec<PatternDecl>,
    /// `fields:`, one or a list: lines of a record that hold its fields.
    pub fields: Vec<PatternDecl>,
    /// `reader:`
    pub reader: Option<Text>,
    /// `recognise:`, one or a list: other lines that tell the kind.
    pub recognise: Vec<PatternDecl>,
    /// `stamp:`, one or a list: lines whose stamp holds for the records after them.
    pub stamps: Vec<PatternDecl>,
    /// `section: {begin, end}`, each one or a list.
    pub section: Option<(Vec<PatternDecl>, Vec<PatternDecl>)>,
    /// `clock: {zone, resolution}`
    pub clock: Option<ClockDecl>,
    /// `keeps:` how far back its files usually reach, in nanoseconds.
    pub keeps: Option<Spanned<i64>>,
    /// `attempt: {begin, end}`
    pub attempt: Option<(PatternDecl, Option<PatternDecl>)>,
    /// `snapshot: {about: field}`; `about` may be absent (`snapshot: {}`), the place is that of the map.
    pub snapshot: Option<(Option<Text>, Span)>,
    /// Something in it could not be read (reported).
    pub broken: bool,
}

/// `clock:`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ClockDecl {
    /// `zone:` local or utc.
    pub zone: Option<Text>,
    /// `resolution:` in nanoseconds.
    pub resolution: Option<Spanned<i64>>,
    /// `utc:` lines that also show UTC.
    pub utc: Option<PatternDecl>,
}

/// `remedy:`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RemedyDecl {
    /// The name.
    pub name: Text,
    /// `title:`
    pub title: LocalizedDecl,
    /// `risk:`
    pub risk: Option<Text>,
    /// `needs:`, capture and type.
    pub needs: Vec<(Text, Text)>,
    /// `wants:`, capture and type.
    pub wants: Vec<(Text, Text)>,
    /// `mentioned:`
    pub mentioned: Vec<Text>,
    /// `before:`
    pub before: Option<LocalizedDecl>,
    /// `steps:`
    pub steps: Vec<StepDecl>,
    /// `script:`
    pub script: Option<Text>,
    /// `verify:` its texts and `resolved-when`.
    pub verify: Option<(LocalizedDecl, Option<Expr>)>,
    /// `undo:`
    pub undo: Option<LocalizedDecl>,
    /// Something in it could not be read (reported).
    pub broken: bool,
}

/// A step of a remedy or a collection.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StepDecl {
    /// `zh:` and `en:`
    pub text: LocalizedDecl,
    /// `command:`
    pub command: Option<Text>,
    /// `screen:`
    pub screen: Option<LocalizedDecl>,
    /// `seen:`
    pub seen: Option<LocalizedDecl>,
}

impl StepDecl {
    /// What people read of it.
    pub fn texts(&self) -> impl Iterator<Item = &LocalizedDecl> {
        [Some(&self.text), self.screen.as_ref(), self.seen.as_ref()].into_iter().flatten()
    }
}

/// `collection:`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CollectionDecl {
    /// The name.
    pub name: Text,
    /// `title:`
    pub title: LocalizedDecl,
    /// `effort: {minutes, restart, on-site}`
    pub effort: Option<EffortDecl>,
    /// `yields:`
    pub yields: Vec<Text>,
    /// `mentioned:`
    pub mentioned: Vec<Text>,
    /// `needs:`
    pub needs: Vec<(Text, Text)>,
    /// `steps:`
    pub steps: Vec<StepDecl>,
    /// Something in it could not be read (reported).
    pub broken: bool,
}

/// `effort:`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EffortDecl {
    /// `minutes:`
    pub minutes: Option<Spanned<u32>>,
    /// `restart:`
    pub restart: bool,
    /// `on-site:`
    pub on_site: bool,
}

/// `phrases: zh`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PhrasesDecl {
    /// The language key.
    pub lang: Text,
    /// Every other key with its list of phrases.
    pub acts: Vec<(Text, Vec<Text>)>,
}

/// An expression of the condition grammar.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Expr {
    /// Its place.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind,
}

impl Expr {
    /// The conditions inside it, as written.
    #[must_use]
    pub fn children(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Name(_) | ExprKind::Finding(..) => Vec::new(),
            ExprKind::Or(parts)
            | ExprKind::And(parts)
            | ExprKind::AnyOf(parts)
            | ExprKind::AllOf(parts)
            | ExprKind::AtLeastOf(_, parts, _) => parts.iter().collect(),
            ExprKind::Not(part)
            | ExprKind::Within(part, _)
            | ExprKind::AtLeast(_, part, _)
            | ExprKind::InOne(part, _)
            | ExprKind::Where(part, _) => vec![part],
            ExprKind::Then(first, steps) => {
                std::iter::once(&**first).chain(steps.iter().map(|step| &step.expr)).collect()
            }
            ExprKind::Near(left, _, right) | ExprKind::LastBefore(left, right) | ExprKind::FirstAfter(left, right) => {
                vec![left, right]
            }
        }
    }
}

/// The forms of a condition.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum ExprKind {
    /// A name of evidence.
    Name(String),
    /// `a or b or c`
    Or(Vec<Expr>),
    /// `a and b and c`
    And(Vec<Expr>),
    /// `not a`
    Not(Box<Expr>),
    /// `a then b then c`
    Then(Box<Expr>, Vec<StepExpr>),
    /// `(…) within 10m`
    Within(Box<Expr>, Spanned<i64>),
    /// `a within 10s of b`
    Near(Box<Expr>, Spanned<i64>, Box<Expr>),
    /// `at least 3 a [within 1h]`
    AtLeast(Spanned<u64>, Box<Expr>, Option<Spanned<i64>>),
    /// `at least 2 of (a, b, c) [within 1h]`
    AtLeastOf(Spanned<u64>, Vec<Expr>, Option<Spanned<i64>>),
    /// `any of (a, b)`
    AnyOf(Vec<Expr>),
    /// `all of (a, b)`
    AllOf(Vec<Expr>),
    /// `last a before b`
    LastBefore(Box<Expr>, Box<Expr>),
    /// `first a after b`
    FirstAfter(Box<Expr>, Box<Expr>),
    /// `(…) in one section`; `true` for section, `false` for attempt
    InOne(Box<Expr>, bool),
    /// `a where …`
    Where(Box<Expr>, FilterExpr),
    /// `finding name [as f]`
    Finding(Text, Option<Text>),
}

/// A step of a sequence.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StepExpr {
    /// `then not`
    pub negated: bool,
    /// What comes.
    pub expr: Expr,
    /// `within`, nanoseconds.
    pub within: Option<Spanned<i64>>,
}

/// A filter of `where`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FilterExpr {
    /// Its place.
    pub span: Span,
    /// What it is.
    pub kind: FilterKind,
}

/// The forms of a filter.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum FilterKind {
    /// `x and y`
    And(Vec<FilterExpr>),
    /// `x or y`
    Or(Vec<FilterExpr>),
    /// `not x`
    Not(Box<FilterExpr>),
    /// `left op right`
    Compare(OperandExpr, Spanned<Op>, Vec<OperandExpr>),
}

/// A comparison operator as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Op {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `in (…)`
    In,
    /// `contains`
    Contains,
    /// `starts with`
    StartsWith,
    /// `ends with`
    EndsWith,
    /// `matches "pattern"`
    Matches,
    /// `is present`, no right side
    Present,
}

/// A side of a comparison.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OperandExpr {
    /// Its place.
    pub span: Span,
    /// What it is.
    pub kind: OperandKind,
}

/// The forms of an operand.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum OperandKind {
    /// A bare word with dots: a capture, a capture's field, a finding's capture, or a symbol such as `E_ACCESSDENIED`.
    Name(Vec<Text>),
    /// Text in quotes.
    Text(Fragment),
    /// A bare literal that is no name: `0x80070005`, `17763`, `5s`, `10.0.17763.1`.
    Literal(String),
}
