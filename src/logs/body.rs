//! What a record says: its text, its message and its fields, in one piece of memory.
//!
//! A scan keeps the records of all hits. In a log of lines the message and the fields are parts of the text, so they are
//! kept as places in it and not as texts of their own.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use smallvec::SmallVec;

use super::writer::BodyWriter;

/// A place in [`Body::all`]. Records are cut long before 4 GiB.
#[derive(Clone, Copy, Default)]
pub(super) struct Span {
    from: u32,
    to: u32,
}

/// Where in one piece of memory a record's text, message and fields stand.
#[derive(Clone, Default)]
pub(super) struct Parts {
    text: Span,
    message: Span,
    fields: Fields,
}

/// Names and places of fields. Most records have the names of their pattern, and share them.
#[derive(Clone, Default)]
pub(super) struct Fields {
    pub(super) names: Option<Arc<Vec<Arc<str>>>>,
    pub(super) places: SmallVec<[Span; 2]>,
}

/// What a record says, wherever its text lies.
#[derive(Clone, Copy)]
pub struct Said<'t> {
    all: &'t str,
    parts: &'t Parts,
}

/// Text, message and fields of a record.
#[derive(Clone, Default)]
pub struct Body {
    all: Box<str>,
    parts: Parts,
}

impl Span {
    pub(super) fn of(range: &Range<usize>) -> Span {
        let at = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span { from: at(range.start), to: at(range.end) }
    }

    /// What stands there.
    pub(super) fn of_all(self, all: &str) -> &str {
        all.get(self.from as usize..self.to as usize).unwrap_or_default()
    }
}

impl Parts {
    /// Of a text with its message and fields in it; `more` of the text is the message's too, and then the message is written
    /// behind the text.
    pub(super) fn of_text(
        all: &mut Cow<'_, str>,
        message: Range<usize>,
        more: Option<Range<usize>>,
        fields: Fields,
    ) -> Parts {
        let text = Span::of(&(0..all.len()));
        let message = match more {
            None => message,
            Some(more) => {
                let all = all.to_mut();
                let from = all.len();
                all.extend_from_within(message);
                all.extend_from_within(more);
                from..all.len()
            }
        };
        Parts { text, message: Span::of(&message), fields }
    }

    /// Of places in a piece of memory that holds all of them.
    pub(super) fn of_places(text: &Range<usize>, message: &Range<usize>, fields: Fields) -> Parts {
        Parts { text: Span::of(text), message: Span::of(message), fields }
    }

    /// What they are in their piece of memory.
    pub(super) fn said<'t>(&'t self, all: &'t str) -> Said<'t> {
        Said { all, parts: self }
    }

    /// With their piece of memory.
    pub(super) fn body(self, all: Cow<'_, str>) -> Body {
        let all = match all {
            Cow::Borrowed(all) => all.into(),
            Cow::Owned(all) => all.into_boxed_str(),
        };
        Body { all, parts: self }
    }
}

impl<'t> Said<'t> {
    /// The source's own text, whole.
    #[must_use]
    pub fn text(self) -> &'t str {
        self.parts.text.of_all(self.all)
    }

    /// The message.
    #[must_use]
    pub fn message(self) -> &'t str {
        self.parts.message.of_all(self.all)
    }

    /// Fields in their order: name, value.
    #[must_use]
    pub fn fields(self) -> impl ExactSizeIterator<Item = (&'t Arc<str>, &'t str)> {
        let Fields { names, places } = &self.parts.fields;
        let names = names.as_ref().map_or(&[][..], |names| names.as_slice());
        names.iter().zip(places.iter().map(move |place| place.of_all(self.all)))
    }

    /// The value of field `name`, compared without case.
    #[must_use]
    pub fn field(self, name: &str) -> Option<&'t str> {
        self.fields().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
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
            writer.field(&name, &value);
        }
        writer.finish(&text, &text)
    }

    /// Another text with the same message, and other values of its fields: `change` is given each field's name and value.
    #[must_use]
    pub fn changed(&self, text: &str, mut change: impl FnMut(&str, &str) -> String) -> Body {
        let mut writer = BodyWriter::default();
        let text = writer.push(text);
        let message = writer.push(self.message());
        for (name, value) in self.fields() {
            let value = writer.push(&change(name, value));
            writer.field(name, &value);
        }
        writer.finish(&text, &message)
    }

    /// What it says.
    #[must_use]
    pub fn said(&self) -> Said<'_> {
        self.parts.said(&self.all)
    }

    /// The source's own text, whole.
    #[must_use]
    pub fn text(&self) -> &str {
        self.said().text()
    }

    /// The message.
    #[must_use]
    pub fn message(&self) -> &str {
        self.said().message()
    }

    /// Fields in their order: name, value.
    #[must_use]
    pub fn fields(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &str)> {
        self.said().fields()
    }

    /// The value of field `name`, compared without case.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.said().field(name)
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
        self.said().fmt(out)
    }
}

impl fmt::Debug for Said<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields: Vec<_> = self.fields().collect();
        out.debug_struct("Body")
            .field("text", &self.text())
            .field("message", &self.message())
            .field("fields", &fields)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_text(text: &str, message: Range<usize>, more: Option<Range<usize>>, fields: &[(&str, Range<usize>)]) -> Body {
        let names = fields.iter().map(|(name, _)| Arc::from(*name)).collect();
        let fields =
            Fields { names: Some(Arc::new(names)), places: fields.iter().map(|(_, place)| Span::of(place)).collect() };
        let mut all = Cow::Borrowed(text);
        let parts = Parts::of_text(&mut all, message, more, fields);
        parts.body(all)
    }

    fn fields(body: &Body) -> Vec<(String, String)> {
        body.fields().map(|(name, value)| (name.to_string(), value.to_owned())).collect()
    }

    #[test]
    fn message_and_fields_stand_in_the_text() {
        let level = [("Level", 0..5)];
        let body = of_text("error: disk full\nof 3", 7..21, None, &level);
        assert_eq!((body.text(), body.message()), ("error: disk full\nof 3", "disk full\nof 3"));
        assert_eq!(body.field("level"), Some("error"), "in any case");
        assert_eq!(body.field("code"), None);
        // A message in the middle of its line goes on in the lines after it.
        let body = of_text("error: disk full (3)\nof 3", 7..16, Some(20..25), &level);
        assert_eq!((body.text(), body.message()), ("error: disk full (3)\nof 3", "disk full\nof 3"));
        assert_eq!(fields(&body), [("Level".to_owned(), "error".to_owned())]);
    }

    #[test]
    fn bodies_are_the_same_by_what_they_say() {
        let own = Body::new("磁盘已满", [(Arc::from("code"), "已满")]);
        let place = "磁盘".len().."磁盘已满".len();
        let in_text = of_text("磁盘已满", 0..12, None, &[("code", place)]);
        assert_eq!(own, in_text);
        assert_ne!(own, Body::new("磁盘已满", []));
        let other = own.changed("磁盘", |name, value| format!("{name} {value}"));
        assert_eq!((other.text(), other.message(), other.field("code")), ("磁盘", "磁盘已满", Some("code 已满")));
        assert_ne!(own, other);
    }
}
