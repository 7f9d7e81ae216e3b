//! A small XML document as a tree: what stands in it, without what XML makes of it.
//!
//! Names lose their prefix, references that no one declares stay as they are written, and a document that breaks off gives
//! what came before. Deeper than [`DEPTH`] nothing is an element of its own.

use std::borrow::Cow;

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// Elements within elements.
const DEPTH: usize = 64;

/// An element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    /// Its name without a prefix.
    pub(super) name: String,
    /// Its attributes in order, names with their prefix.
    pub(super) attributes: Vec<(String, String)>,
    /// The text directly in it.
    pub(super) text: String,
    /// Its elements in order.
    pub(super) children: Vec<Element>,
    /// Where it begins and ends in the document.
    pub(super) place: (usize, usize),
}

impl Element {
    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first child called `name`.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }
}

/// The root of a document, and what ended it early.
pub(super) fn parse(text: &str) -> (Option<Element>, Option<quick_xml::Error>) {
    let mut reader = Reader::from_str(text);
    let mut tree = Tree::default();
    let broken = loop {
        let begin = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        match reader.read_event() {
            Ok(Event::Eof) => break None,
            Ok(event) => {
                let end = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
                tree.take(&event, (begin, end));
            }
            Err(error) => break Some(error),
        }
    };
    (tree.finish(), broken)
}

/// Elements that are open, outermost first, and the first root that was closed.
#[derive(Default)]
struct Tree {
    open: Vec<Element>,
    /// Elements open beyond the depth.
    beyond: usize,
    root: Option<Element>,
}

impl Tree {
    fn take(&mut self, event: &Event<'_>, place: (usize, usize)) {
        match event {
            Event::Start(_) if self.open.len() >= DEPTH => self.beyond += 1,
            Event::Start(start) => self.open.push(element(start, place)),
            Event::Empty(start) => {
                let empty = element(start, place);
                self.close(empty);
            }
            Event::End(_) if self.beyond > 0 => self.beyond -= 1,
            Event::End(_) => {
                if let Some(mut done) = self.open.pop() {
                    done.place.1 = place.1;
                    self.close(done);
                }
            }
            Event::Text(text) => self.text(&text.xml10_content()),
            Event::CData(text) => self.text(&text.xml10_content()),
            Event::GeneralRef(reference) => self.text(&resolved(reference)),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(open) = self.open.last_mut() {
            open.text.push_str(text);
        }
    }

    fn close(&mut self, done: Element) {
        match self.open.last_mut() {
            Some(parent) => parent.children.push(done),
            None => self.root = self.root.take().or(Some(done)),
        }
    }

    fn finish(mut self) -> Option<Element> {
        while let Some(done) = self.open.pop() {
            self.close(done);
        }
        self.root
    }
}

fn element(start: &BytesStart<'_>, place: (usize, usize)) -> Element {
    let mut attributes = start.attributes();
    let attributes = attributes.with_checks(false).flatten().map(|attribute| {
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        let value = value.map_or_else(|_| attribute.value.to_string(), Cow::into_owned);
        (attribute.key.as_ref().to_owned(), value)
    });
    Element {
        name: start.local_name().as_ref().to_owned(),
        attributes: attributes.collect(),
        place,
        ..Element::default()
    }
}

/// What a reference in text stands for.
pub(super) fn resolved(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(char)) = reference.resolve_char_ref() {
        return char.to_string();
    }
    let name: &str = reference;
    quick_xml::escape::resolve_predefined_entity(name).map_or_else(|| format!("&{name};"), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_document() {
        let (root, broken) =
            parse("<?xml version='1.0'?><a:r x=\"1 &amp; 2\"><b>x &lt;&#20013;&odd;<![CDATA[<c>]]></b><d/></a:r>");
        let root = root.unwrap();
        assert!(broken.is_none());
        assert_eq!((root.name.as_str(), root.attribute("x")), ("r", Some("1 & 2")));
        assert_eq!(root.child("b").unwrap().text, "x <中&odd;<c>");
        assert_eq!(root.children.len(), 2);
    }

    #[test]
    fn a_document_that_breaks_off_gives_what_came_before() {
        let (root, broken) = parse("<r><a>1</a><b>2");
        assert!(broken.is_none());
        assert_eq!(root.unwrap().children.len(), 2);
        let (root, broken) = parse("<r><a>1</a></b>");
        assert!(broken.is_some());
        assert_eq!(root.unwrap().child("a").unwrap().text, "1");
        assert_eq!(parse("no document").0, None);
    }

    #[test]
    fn depth_has_an_end() {
        let (root, _) = parse(&format!("{}x{}", "<a>".repeat(100_000), "</a>".repeat(100_000)));
        let mut depth = 0;
        let mut at = root.as_ref();
        while let Some(element) = at {
            depth += 1;
            at = element.children.first();
        }
        assert_eq!(depth, DEPTH);
    }
}
