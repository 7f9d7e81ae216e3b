//! Puts bodies together, of records that are not texts with places in them.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use smallvec::SmallVec;

use super::body::{Body, Fields, Parts, Span};

/// Lists of names that are remembered.
const REMEMBERED: usize = 16;

/// Puts bodies together, one after the other, each in as much memory as it takes.
#[derive(Default)]
pub(super) struct BodyWriter {
    all: String,
    places: Vec<Span>,
    names: Names,
}

/// The names of a body's fields. Those of one are mostly those of one before it, and then it shares them.
#[derive(Default)]
struct Names {
    lists: Vec<Arc<Vec<Arc<str>>>>,
    /// The list that the names so far begin, where there is one, else that of the body before, and how many they are.
    like: usize,
    followed: usize,
    /// The names, where they begin no list.
    own: Vec<Arc<str>>,
    /// The list that is forgotten next.
    oldest: usize,
}

impl BodyWriter {
    /// Adds text; says where it stands.
    pub(super) fn push(&mut self, text: &str) -> Range<usize> {
        let from = self.all.len();
        self.all.push_str(text);
        from..self.all.len()
    }

    /// Adds what `write` writes at the end of the text it is given; `None` where that is not known.
    pub(super) fn push_with(&mut self, write: impl FnOnce(&mut String) -> Option<()>) -> Option<Range<usize>> {
        let from = self.all.len();
        write(&mut self.all)?;
        Some(from..self.all.len())
    }

    /// What stands at `place`.
    pub(super) fn text(&self, place: &Range<usize>) -> &str {
        self.all.get(place.clone()).unwrap_or_default()
    }

    /// Adds a field whose value stands at `place`.
    pub(super) fn field(&mut self, name: &Arc<str>, place: &Range<usize>) {
        self.names.push(name);
        self.places.push(Span::of(place));
    }

    /// The fields so far, with where their values stand.
    pub(super) fn fields(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &str)> {
        self.names.all().iter().zip(self.places.iter().map(|value| value.of_all(&self.all)))
    }

    /// Begins a body, whatever was put together so far.
    pub(super) fn begin(&mut self) {
        self.all.clear();
        self.places.clear();
        self.names.begin();
    }

    /// The body whose text and message stand at these places; then the next one may begin.
    pub(super) fn finish(&mut self, text: &Range<usize>, message: &Range<usize>) -> Body {
        let names = Some(self.names.finish());
        let fields = Fields { names, places: SmallVec::from_slice(&self.places) };
        let body = Parts::of_places(text, message, fields).body(Cow::Borrowed(&self.all));
        self.begin();
        body
    }
}

impl Names {
    fn push(&mut self, name: &Arc<str>) {
        if self.own.is_empty() {
            let begins = |list: &Arc<Vec<_>>| list.get(self.followed).is_some_and(|next| is_same(next, name));
            let like = match self.lists.get(self.like) {
                Some(list) if begins(list) => Some(self.like),
                _ => {
                    self.lists.iter().position(|list| begins(list) && is_same_list(self.all(), &list[..self.followed]))
                }
            };
            if let Some(like) = like {
                self.like = like;
                self.followed += 1;
                return;
            }
            self.own = self.all().to_vec();
        }
        self.own.push(Arc::clone(name));
    }

    fn all(&self) -> &[Arc<str>] {
        let list = self.lists.get(self.like).and_then(|list| list.get(..self.followed));
        if self.own.is_empty() { list.unwrap_or_default() } else { &self.own }
    }

    fn begin(&mut self) {
        self.own.clear();
        self.followed = 0;
    }

    fn finish(&mut self) -> Arc<Vec<Arc<str>>> {
        let all = self.all();
        let known = match self.lists.get(self.like) {
            Some(list) if self.own.is_empty() && list.len() == self.followed => Some(self.like),
            _ => self.lists.iter().position(|list| is_same_list(list, all)),
        };
        let at = known.unwrap_or_else(|| self.remember(Arc::new(self.all().to_vec())));
        self.like = at;
        Arc::clone(&self.lists[at])
    }

    /// Remembers a list in the place of the one that was remembered first, where they are many.
    fn remember(&mut self, list: Arc<Vec<Arc<str>>>) -> usize {
        if self.lists.len() < REMEMBERED {
            self.lists.push(list);
            return self.lists.len() - 1;
        }
        let at = self.oldest;
        self.lists[at] = list;
        self.oldest = (at + 1) % REMEMBERED;
        at
    }
}

/// Names that are shared are told by where they lie.
fn is_same(one: &Arc<str>, other: &Arc<str>) -> bool {
    Arc::ptr_eq(one, other) || one == other
}

fn is_same_list(one: &[Arc<str>], other: &[Arc<str>]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(writer: &mut BodyWriter, names: &[&str]) -> Body {
        let text = writer.push(&names.join(" "));
        for name in names {
            let value = writer.push(&name.to_uppercase());
            writer.field(&Arc::from(*name), &value);
        }
        writer.finish(&text, &text)
    }

    fn names(body: &Body) -> Vec<String> {
        body.fields().map(|(name, value)| format!("{name}={value}")).collect()
    }

    #[test]
    fn bodies_have_their_own_fields_whatever_was_written_before() {
        let mut writer = BodyWriter::default();
        let wanted = |names: &[&str]| names.iter().map(|name| format!("{name}={}", name.to_uppercase())).collect();
        let lists: [&[&str]; 9] =
            [&["a", "b"], &["a", "b"], &["a"], &["a", "b", "c"], &[], &["b"], &["a", "c"], &["a", "b", "c"], &["a"]];
        for list in lists {
            let body = body(&mut writer, list);
            assert_eq!(names(&body), Vec::<String>::from_iter::<Vec<String>>(wanted(list)));
            assert_eq!(body.text(), list.join(" "));
        }
        // More lists than are remembered, and again.
        for number in (0..3 * REMEMBERED).chain(0..3 * REMEMBERED) {
            let own = format!("n{number}");
            let list = ["a", &own];
            assert_eq!(names(&body(&mut writer, &list)), Vec::<String>::from_iter::<Vec<String>>(wanted(&list)));
        }
    }

    #[test]
    fn bodies_of_the_same_fields_share_their_names() {
        let mut writer = BodyWriter::default();
        let shared = |one: &Body, other: &Body| {
            let (mut one, mut other) = (one.fields(), other.fields());
            std::ptr::eq(one.next().unwrap().0, other.next().unwrap().0)
        };
        let first = body(&mut writer, &["a", "b"]);
        let shorter = body(&mut writer, &["a"]);
        let other = body(&mut writer, &["a", "c"]);
        assert!(!shared(&first, &shorter) && !shared(&first, &other));
        assert!(shared(&first, &body(&mut writer, &["a", "b"])));
        assert!(shared(&shorter, &body(&mut writer, &["a"])));
        assert!(shared(&other, &body(&mut writer, &["a", "c"])));
    }

    #[test]
    fn what_is_not_finished_leaves_nothing() {
        let mut writer = BodyWriter::default();
        let _ = body(&mut writer, &["a", "b"]);
        let value = writer.push_with(|text| {
            text.push_str("lost");
            Some(())
        });
        assert_eq!(writer.text(&value.clone().unwrap()), "lost");
        writer.field(&Arc::from("x"), &value.unwrap());
        assert_eq!(writer.push_with(|_| None), None);
        writer.begin();
        let next = body(&mut writer, &["a"]);
        assert_eq!((names(&next), next.text()), (vec!["a=A".to_owned()], "a"));
    }
}
