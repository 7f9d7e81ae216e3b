//! Nodes → texts, lists, numbers: the leaves that every kind of document has.

use super::fields::Fields;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::source::{SourceMap, Span, Spanned};
use crate::syntax::ast::{LocalizedDecl, Text};
use crate::syntax::yaml::{Kind, Node, Scalar};
use crate::syntax::{shape, word};

/// Reads the nodes of one document and reports what is wrong with them.
pub(super) struct Reader<'a> {
    pub(super) map: &'a SourceMap,
    pub(super) diagnostics: &'a mut Vec<Diagnostic>,
    /// How many diagnostics there were before this document.
    before: usize,
}

const TEXT: (&str, &str) = ("文本", "a text");

impl<'a> Reader<'a> {
    pub(super) fn new(map: &'a SourceMap, diagnostics: &'a mut Vec<Diagnostic>) -> Self {
        let before = diagnostics.len();
        Self { map, diagnostics, before }
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Whether an error was reported since the document began.
    pub(super) fn has_failed(&self) -> bool {
        self.diagnostics[self.before..].iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Reports that something else belongs here.
    pub(super) fn wrong_shape(&mut self, node: &Node, wanted: (&str, &str)) {
        let (zh, en) = match &node.kind {
            Kind::Null => ("什么也没有", "nothing"),
            Kind::Scalar(_) => ("文本", "a text"),
            Kind::Seq(_) => ("列表", "a list"),
            Kind::Map(_) => ("键值表", "a map"),
        };
        let zh = format!("此处应为{}，写的是{zh}", wanted.0);
        let en = format!("{} belongs here, not {en}", wanted.1);
        let diagnostic = Diagnostic::error(Code::WRONG_SHAPE, node.span, zh, en);
        // `line: {name} …` without quotes is a map to YAML.
        let braces = matches!(node.kind, Kind::Map(_)) && self.map.text(node.span).starts_with('{');
        self.report(if braces && wanted == TEXT {
            diagnostic.help("以 `{` 开头的文字请加引号", "quote a text that begins with `{`")
        } else {
            diagnostic
        });
    }

    /// Reports a value that is not among those allowed.
    pub(super) fn bad_value(&mut self, text: &Text, wanted: (&str, &str)) {
        let zh = format!("`{}` 不是{}", text.value, wanted.0);
        let en = format!("`{}` is not {}", text.value, wanted.1);
        self.report(Diagnostic::error(Code::BAD_VALUE, text.span, zh, en));
    }

    /// Reports that nothing is written where `key` wants something.
    pub(super) fn empty(&mut self, key: &str, span: Span) {
        let (zh, en) = (format!("`{key}` 没有值"), format!("`{key}` has no value"));
        self.report(Diagnostic::error(Code::EMPTY_VALUE, span, zh, en));
    }

    /// A scalar; `key` is where an empty value is reported.
    pub(super) fn scalar(&mut self, key: &Text, node: Node) -> Option<Scalar> {
        match node.kind {
            Kind::Scalar(scalar) => Some(scalar),
            Kind::Null => {
                self.empty(&key.value, key.span);
                None
            }
            _ => {
                self.wrong_shape(&node, TEXT);
                None
            }
        }
    }

    /// A text.
    pub(super) fn text(&mut self, key: &Text, node: Node) -> Option<Text> {
        self.scalar(key, node).map(|scalar| Spanned::new(scalar.fragment.text, scalar.fragment.span))
    }

    /// One text or a list of texts.
    pub(super) fn texts(&mut self, key: &Text, node: Node) -> Vec<Text> {
        list(node).into_iter().filter_map(|item| self.text(key, item)).collect()
    }

    /// A map from names to texts.
    pub(super) fn text_map(&mut self, node: Node) -> Vec<(Text, Text)> {
        let entries = Fields::entries(self, node).unwrap_or_default();
        let read = entries.into_iter().filter_map(|entry| {
            // An empty value is an empty text: a field can be empty.
            let value = match entry.value.kind {
                Kind::Null => Text::new(String::new(), entry.value.span),
                _ => self.text(&entry.key, entry.value)?,
            };
            Some((entry.key, value))
        });
        read.collect()
    }

    /// `{zh: …, en: …}`, or one text that serves for both.
    pub(super) fn localized(&mut self, key: &Text, node: Node) -> LocalizedDecl {
        let span = Some(node.span);
        if !matches!(node.kind, Kind::Map(_)) {
            let text = self.text(key, node);
            return LocalizedDecl { zh: text.clone(), en: text, span };
        }
        let Some(mut fields) = Fields::read(self, key.span, node, &shape::LOCALIZED) else {
            return LocalizedDecl::default();
        };
        LocalizedDecl { span, ..self.languages(&mut fields) }
    }

    /// `zh:` and `en:` among the other keys of a map.
    pub(super) fn languages(&mut self, fields: &mut Fields) -> LocalizedDecl {
        let zh = fields.with("zh", |key, node| self.text(key, node)).flatten();
        let en = fields.with("en", |key, node| self.text(key, node)).flatten();
        LocalizedDecl { zh, en, span: None }
    }

    /// `true` or `false`.
    pub(super) fn boolean(&mut self, key: &Text, node: Node) -> bool {
        let Some(text) = self.text(key, node) else { return false };
        match text.value.as_str() {
            "true" => true,
            "false" => false,
            _ => {
                self.bad_value(&text, ("`true` 或 `false`", "`true` or `false`"));
                false
            }
        }
    }

    /// A whole number from 0.
    pub(super) fn number(&mut self, key: &Text, node: Node) -> Option<Spanned<u32>> {
        let text = self.text(key, node)?;
        if let Ok(number) = text.value.parse::<u32>() {
            return Some(Spanned::new(number, text.span));
        }
        self.bad_value(&text, ("整数", "a whole number"));
        None
    }

    /// A length of time.
    pub(super) fn duration(&mut self, key: &Text, node: Node) -> Option<Spanned<i64>> {
        let text = self.text(key, node)?;
        let length = word::duration(&text.value, text.span, self.diagnostics)?;
        Some(Spanned::new(length, text.span))
    }

    /// The name of a document: letters, digits, `-`, `_`, `.` and `/`.
    pub(super) fn document_name(&mut self, key: &Text, node: Node) -> Option<Text> {
        let name = self.text(key, node)?;
        if !word::is_document_name(&name.value) {
            self.bad_name(&name);
        }
        Some(name)
    }

    /// Checks a name that conditions use.
    pub(super) fn check_name(&mut self, name: &Text) {
        if word::is_keyword(&name.value) {
            let zh = format!("`{}` 是条件语法的词，不能作名称", name.value);
            let en = format!("`{}` is a word of the condition grammar and cannot be a name", name.value);
            self.report(Diagnostic::error(Code::RESERVED_WORD, name.span, zh, en));
        } else if !word::is_name(&name.value) {
            self.bad_name(name);
        }
    }

    fn bad_name(&mut self, name: &Text) {
        let (zh, en) = (format!("`{}` 不能作名称", name.value), format!("`{}` cannot be a name", name.value));
        let diagnostic = Diagnostic::error(Code::BAD_NAME, name.span, zh, en);
        self.report(diagnostic.help(
            "名称由字母、数字、`-`、`_` 组成，以字母开头；文档名另可含 `/` 和 `.`",
            "a name is letters, digits, `-` and `_`, beginning with a letter; names of documents may have `/` and `.`",
        ));
    }
}

/// An empty name, for a document whose name could not be read.
pub(super) fn no_name(span: Span) -> Text {
    Text::new(String::new(), span.begin())
}

/// The nodes of a list, or the one node that stands for a list of one.
pub(super) fn list(node: Node) -> Vec<Node> {
    match node.kind {
        Kind::Seq(items) => items,
        _ => vec![node],
    }
}
