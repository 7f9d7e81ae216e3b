//! What a record says: its text, its message and its fields, in one piece of memory.
//!
//! A scan keeps the records of all hits. In a log of lines the message and the fields are parts of the text, so they are
//! kept as places in it and not as texts of their own.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A place in [`Body::all`]. Records are cut long before 4 GiB.
#[derive(Clone, Copy, Default)]
pub(super) struct Span {
    from: u32,
    to: u32,
}

/// Text, message and fields of a record.
#[derive(Clone, Default)]
pub struct Body {
    all: Box<str>,
    text: Span,
    message: Span,
    fields: Box<[(Arc<str>, Span)]>,
}

impl Span {
    pub(super) fn of(range: &Range<usize>) -> Span {
        let at = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span { from: at(range.start), to: at(range.end) }
    }

    /// What stands there.
    fn of_all(self, all: &str) -> &str {
        all.get(self.from as usize..self.to as usize).unwrap_or_default()
    }
}

impl Body {
    /// A text that is its own message, with fields beside it.
    #[must_use]
    pub fn new<'f>(text: &str, fields: impl IntoIterator<Item = (Arc<str>, &'f str)>) -> Body {
        let mut writer = BodyWriter::default();
        let text = writer.push(text);
        for (name, value) in fields {
            let value = writer.push(value);
            writer.field(name, &value);
        }
        writer.finish(&text, &text)
    }

    /// A text with its message and fields in it; `more` of the text is the message's too.
    pub(super) fn of_text(
        mut text: String,
        message: Range<usize>,
        more: Option<Range<usize>>,
        fields: Vec<(Arc<str>, Span)>,
    ) -> Body {
        let whole = Span::of(&(0..text.len()));
        let message = match more {
            None => message,
            Some(more) => {
                let from = text.len();
                text.extend_from_within(message);
                text.extend_from_within(more);
                from..text.len()
            }
        };
        let (all, fields) = (text.into_boxed_str(), fields.into_boxed_slice());
        Body { all, text: whole, message: Span::of(&message), fields }
    }

    /// Another text with the same message, and other values of its fields: `change` is given each field's name and value.
    #[must_use]
    pub fn changed(&self, text: &str, mut change: impl FnMut(&str, &str) -> String) -> Body {
        let mut writer = BodyWriter::default();
        let text = writer.push(text);
        let message = writer.push(self.message());
        for (name, value) in &self.fields {
            let value = writer.push(&change(name, self.at(*value)));
            writer.field(Arc::clone(name), &value);
        }
        writer.finish(&text, &message)
    }

    /// The source's own text, whole.
    #[must_use]
    pub fn text(&self) -> &str {
        self.at(self.text)
    }

    /// The message.
    #[must_use]
    pub fn message(&self) -> &str {
        self.at(self.message)
    }

    /// Fields in their order: name, value.
    #[must_use]
    pub fn fields(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &str)> {
        self.fields.iter().map(|(name, value)| (name, self.at(*value)))
    }

    /// The value of field `name`, compared without case.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    fn at(&self, span: Span) -> &str {
        span.of_all(&self.all)
    }
}

impl PartialEq for Body {
    fn eq(&self, other: &Body) -> bool {
        (self.text(), self.message()) == (other.text(), other.message()) && self.fields().eq(other.fields())
    }
}

impl Eq for Body {}

impl fmt::Debug for Body {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields: Vec<_> = self.fields().collect();
        out.debug_struct("Body")
            .field("text", &self.text())
            .field("message", &self.message())
            .field("fields", &fields)
            .finish()
    }
}

/// Puts a [`Body`] together.
#[derive(Default)]
pub struct BodyWriter {
    all: String,
    fields: Vec<(Arc<str>, Span)>,
}

impl BodyWriter {
    /// One with room for so many bytes of text, and so many fields.
    #[must_use]
    pub fn with_capacity(bytes: usize, fields: usize) -> BodyWriter {
        BodyWriter { all: String::with_capacity(bytes), fields: Vec::with_capacity(fields) }
    }

    /// Adds text; says where it stands.
    pub fn push(&mut self, text: &str) -> Range<usize> {
        let from = self.all.len();
        self.all.push_str(text);
        from..self.all.len()
    }

    /// Adds a field whose value stands at `place`.
    pub fn field(&mut self, name: Arc<str>, place: &Range<usize>) {
        self.fields.push((name, Span::of(place)));
    }

    /// The fields so far, with where their values stand.
    #[must_use]
    pub fn fields(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &str)> {
        self.fields.iter().map(|(name, value)| (name, value.of_all(&self.all)))
    }

    /// The body whose text and message stand at these places.
    #[must_use]
    pub fn finish(self, text: &Range<usize>, message: &Range<usize>) -> Body {
        Body {
            all: self.all.into_boxed_str(),
            text: Span::of(text),
            message: Span::of(message),
            fields: self.fields.into_boxed_slice(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(body: &Body) -> Vec<(String, String)> {
        body.fields().map(|(name, value)| (name.to_string(), value.to_owned())).collect()
    }

    #[test]
    fn message_and_fields_stand_in_the_text() {
        let level = vec![(Arc::from("Level"), Span::of(&(0..5)))];
        let body = Body::of_text("error: disk full\nof 3".to_owned(), 7..21, None, level.clone());
        assert_eq!((body.text(), body.message()), ("error: disk full\nof 3", "disk full\nof 3"));
        assert_eq!(body.field("level"), Some("error"), "in any case");
        assert_eq!(body.field("code"), None);
        // A message in the middle of its line goes on in the lines after it.
        let body = Body::of_text("error: disk full (3)\nof 3".to_owned(), 7..16, Some(20..25), level);
        assert_eq!((body.text(), body.message()), ("error: disk full (3)\nof 3", "disk full\nof 3"));
        assert_eq!(fields(&body), [("Level".to_owned(), "error".to_owned())]);
    }

    #[test]
    fn bodies_are_the_same_by_what_they_say() {
        let own = Body::new("磁盘已满", [(Arc::from("code"), "已满")]);
        let place = "磁盘".len().."磁盘已满".len();
        let in_text = Body::of_text("磁盘已满".to_owned(), 0..12, None, vec![(Arc::from("code"), Span::of(&place))]);
        assert_eq!(own, in_text);
        assert_ne!(own, Body::new("磁盘已满", []));
        let other = own.changed("磁盘", |name, value| format!("{name} {value}"));
        assert_eq!((other.text(), other.message(), other.field("code")), ("磁盘", "磁盘已满", Some("code 已满")));
        assert_ne!(own, other);
    }
}
