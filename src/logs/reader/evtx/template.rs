//! A template of an event log: the elements of an event, with holes where an event's values belong.
//!
//! It stands once in a chunk, the same in many chunks, and is read once: in the others it is only compared. Only what events
//! are made of is known: elements of plain names, text or elements in them, holes. A template that holds more (references,
//! instructions, text beside elements) is left to who reads the event's XML.

use std::sync::Arc;

use super::bytes::{Bytes, u32_at};
use super::event::SLOTS;
use super::values::{self, TEXT};

/// Bytes of a template before its content.
pub(super) const HEADER: usize = 24;
/// Elements within elements, and elements of one template.
const DEPTH: usize = 16;
const ELEMENTS: usize = 512;

pub(super) const FRAGMENT: u8 = 0x0f;

/// A template.
#[derive(Debug)]
pub(super) struct Template {
    pub(super) root: Element,
    /// What each slot of `System` is filled from; nothing where there is no `System`.
    slots: Vec<Option<Slot>>,
    /// It is an event's: it has a `System` of text alone, in every element one. So each slot is filled, or there is nothing to
    /// fill it.
    pub(super) is_event: bool,
    /// What it was read from: its tokens, with the names where they stand.
    tokens: Vec<u8>,
}

/// Where what fills a slot lies in a `System`: child, and attribute.
type Slot = (usize, Option<usize>);

/// An element of a template.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    /// Its name among data, where no value decides on it.
    pub(super) label: Option<Arc<str>>,
    /// The value that it depends on: without that it is left out.
    pub(super) depends: Option<usize>,
    pub(super) attributes: Vec<(String, Vec<Piece>)>,
    pub(super) content: Content,
}

/// What stands in an element.
#[derive(Debug)]
pub(super) enum Content {
    /// Text; a single hole may be filled with elements.
    Text(Vec<Piece>),
    /// Elements, and holes that elements fill.
    Children(Vec<Child>),
}

impl Default for Content {
    fn default() -> Content {
        Content::Text(Vec::new())
    }
}

/// A part of a text.
#[derive(Debug)]
pub(super) enum Piece {
    Text(String),
    Hole(usize),
}

/// A part of what holds elements.
#[derive(Debug)]
pub(super) enum Child {
    Element(Element),
    Hole(usize),
}

impl Template {
    /// Reads the template that stands at `place`; `None` where it holds more than is known here.
    pub(super) fn read(chunk: &[u8], place: usize) -> Option<Template> {
        let mut tokens = Vec::new();
        tokens_of(chunk, place, &mut |bytes| {
            tokens.extend_from_slice(bytes);
            Some(())
        })?;
        let bytes = Bytes::new(&tokens, 0, tokens.len());
        let mut walk = Walk { bytes, open: Vec::new(), root: None, elements: 0 };
        while !walk.bytes.left().is_empty() {
            walk.step()?;
        }
        let root = walk.root.filter(|_| walk.open.is_empty())?;
        let slots = root.system().map(slots).unwrap_or_default();
        let is_event = root.system().is_some_and(is_plain);
        Some(Template { root, slots, is_event, tokens })
    }

    /// Whether the template that stands at `place` of another chunk is the same: names lie elsewhere in each.
    pub(super) fn is(&self, chunk: &[u8], place: usize) -> bool {
        let mut left = self.tokens.as_slice();
        let same = tokens_of(chunk, place, &mut |bytes| {
            left = left.strip_prefix(bytes)?;
            Some(())
        });
        same.is_some() && left.is_empty()
    }

    /// What fills a slot of `System`: the child of it, and the text, of the child or of an attribute of it.
    pub(super) fn slot(&self, slot: usize) -> Option<(&Element, &[Piece])> {
        let (child, attribute) = (*self.slots.get(slot)?)?;
        let Child::Element(element) = self.root.system()?.elements().get(child)? else { return None };
        let pieces = match (attribute, &element.content) {
            (Some(attribute), _) => &element.attributes.get(attribute)?.1,
            (None, Content::Text(pieces)) => pieces,
            (None, Content::Children(_)) => return None,
        };
        Some((element, pieces))
    }
}

/// Whether a `System` is of texts, each once.
fn is_plain(system: &Element) -> bool {
    let plain = |child: &Child| match child {
        Child::Element(element) => {
            let others = system.elements().iter();
            let alike = others.filter(|other| matches!(other, Child::Element(other) if other.name == element.name));
            matches!(element.content, Content::Text(_)) && alike.count() == 1
        }
        Child::Hole(_) => false,
    };
    system.depends.is_none() && system.elements().iter().all(plain)
}

/// Gives the tokens of the template that stands at `place`, up to its end: what stands in them, without lengths, and names
/// where they are used; `None` where one is none.
fn tokens_of(chunk: &[u8], place: usize, give: &mut dyn FnMut(&[u8]) -> Option<()>) -> Option<()> {
    let length = usize::try_from(u32_at(chunk, place.checked_add(HEADER - 4)?)?).ok()?;
    let at = place + HEADER;
    let end = at.checked_add(length).filter(|end| *end <= chunk.len())?;
    let mut bytes = Bytes::new(chunk, at, end);
    while let Some(token) = bytes.byte() {
        match token {
            0x00 => return Some(()),
            FRAGMENT => bytes.skip(3)?,
            0x01 | 0x41 => {
                let depends = bytes.take(2)?;
                bytes.skip(4)?;
                let name = bytes.name()?;
                if token == 0x41 {
                    bytes.skip(4)?;
                }
                give(&[0x01])?;
                give(depends)?;
                named(name, give)?;
            }
            0x02..=0x04 => give(&[token])?,
            0x05 | 0x45 => {
                (bytes.byte()? == TEXT).then_some(())?;
                give(&[0x05])?;
                let mut ahead = bytes;
                let length = usize::from(ahead.short()?) * 2;
                give(bytes.take(2 + length)?)?;
            }
            0x06 | 0x46 => {
                give(&[0x06])?;
                named(bytes.name()?, give)?;
            }
            0x0d | 0x0e => {
                give(&[0x0d])?;
                let hole = bytes.take(3)?;
                hole.last().copied().filter(|kind| values::is_kind(*kind))?;
                give(hole)?;
            }
            _ => return None,
        }
    }
    // It goes to where it says.
    Some(())
}

fn named(name: &[u8], give: &mut dyn FnMut(&[u8]) -> Option<()>) -> Option<()> {
    give(&u16::try_from(name.len() / 2).ok()?.to_le_bytes())?;
    give(name)
}

impl Element {
    pub(super) fn elements(&self) -> &[Child] {
        match &self.content {
            Content::Children(children) => children,
            Content::Text(_) => &[],
        }
    }

    fn system(&self) -> Option<&Element> {
        self.elements().iter().find_map(|child| match child {
            Child::Element(element) if element.name == "System" => Some(element),
            _ => None,
        })
    }

    /// Its name among data: what its attribute says, where that is the same for every event, or its own.
    fn label(&self) -> Option<Arc<str>> {
        let named = self.attributes.iter().find(|(key, _)| key == "Name").map(|(_, pieces)| pieces.as_slice());
        let name = match named {
            Some([Piece::Text(name)]) if !name.is_empty() => name,
            None if self.name != "Data" => &self.name,
            _ => return None,
        };
        Some(format!("data.{name}").into())
    }
}

fn slots(system: &Element) -> Vec<Option<Slot>> {
    let place = |(name, attribute, _): &(&str, Option<&str>, &str)| {
        let of_name = |child: &Child| matches!(child, Child::Element(element) if element.name == *name);
        let at = system.elements().iter().position(of_name)?;
        let Some(wanted) = attribute else { return Some((at, None)) };
        let Some(Child::Element(element)) = system.elements().get(at) else { return None };
        Some((at, Some(element.attributes.iter().position(|(key, _)| key == wanted)?)))
    };
    SLOTS.iter().map(place).collect()
}

/// An element that is not closed yet.
#[derive(Default)]
struct Open {
    element: Element,
    nodes: Vec<Node>,
    /// Its attributes are over.
    begun: bool,
}

enum Node {
    Piece(Piece),
    Element(Element),
}

/// Goes through a template.
struct Walk<'c> {
    bytes: Bytes<'c>,
    open: Vec<Open>,
    root: Option<Element>,
    elements: usize,
}

impl Walk<'_> {
    /// One token more.
    fn step(&mut self) -> Option<()> {
        match self.bytes.byte()? {
            0x01 => self.element()?,
            0x02 => self.open.last_mut().filter(|open| !open.begun)?.begun = true,
            0x03 => self.close(false)?,
            0x04 => self.close(true)?,
            0x05 => {
                let mut text = String::new();
                values::letters(self.letters()?, &mut text)?;
                self.piece(Piece::Text(text))?;
            }
            0x06 => {
                let name = plain_name(self.letters()?, true)?;
                let open = self.open.last_mut().filter(|open| !open.begun)?;
                open.element.attributes.push((name, Vec::new()));
            }
            _ => {
                let number = usize::from(self.bytes.short()?);
                self.bytes.skip(1)?;
                self.piece(Piece::Hole(number))?;
            }
        }
        Some(())
    }

    fn element(&mut self) -> Option<()> {
        let depends = self.bytes.short()?;
        let name = plain_name(self.letters()?, false)?;
        self.elements += 1;
        (self.open.len() < DEPTH && self.elements <= ELEMENTS && self.root.is_none()).then_some(())?;
        self.open.last().is_none_or(|open| open.begun).then_some(())?;
        let depends = (depends != u16::MAX).then_some(usize::from(depends));
        self.open.push(Open { element: Element { name, depends, ..Element::default() }, ..Open::default() });
        Some(())
    }

    /// Letters, and before them how many.
    fn letters(&mut self) -> Option<&[u8]> {
        let length = usize::from(self.bytes.short()?) * 2;
        self.bytes.take(length)
    }

    fn piece(&mut self, piece: Piece) -> Option<()> {
        let open = self.open.last_mut()?;
        if open.begun {
            open.nodes.push(Node::Piece(piece));
        } else {
            open.element.attributes.last_mut()?.1.push(piece);
        }
        Some(())
    }

    fn close(&mut self, begun: bool) -> Option<()> {
        let Open { mut element, nodes, .. } = self.open.pop().filter(|open| open.begun == begun)?;
        // An attribute without a value is none.
        element.attributes.retain(|(_, pieces)| !pieces.is_empty());
        is_usual(&element.attributes).then_some(())?;
        element.content = content(nodes)?;
        element.label = element.label();
        match self.open.last_mut() {
            Some(parent) => parent.nodes.push(Node::Element(element)),
            None => self.root = Some(element),
        }
        Some(())
    }
}

/// Whether attributes are as all write them: each once, and nothing in them that XML would make a blank of.
fn is_usual(attributes: &[(String, Vec<Piece>)]) -> bool {
    let plain = |piece: &Piece| !matches!(piece, Piece::Text(text) if values::is_broken(text));
    let once = |name: &str| attributes.iter().filter(|(other, _)| other == name).count() == 1;
    attributes.len() < ELEMENTS && attributes.iter().all(|(name, pieces)| once(name) && pieces.iter().all(plain))
}

/// What stands in an element; `None` for text beside elements.
fn content(nodes: Vec<Node>) -> Option<Content> {
    if nodes.iter().any(|node| matches!(node, Node::Element(_))) {
        let child = |node| match node {
            Node::Element(element) => Some(Child::Element(element)),
            Node::Piece(Piece::Hole(number)) => Some(Child::Hole(number)),
            Node::Piece(Piece::Text(_)) => None,
        };
        return nodes.into_iter().map(child).collect::<Option<_>>().map(Content::Children);
    }
    let piece = |node| match node {
        Node::Piece(piece) => Some(piece),
        Node::Element(_) => None,
    };
    Some(Content::Text(nodes.into_iter().filter_map(piece).collect()))
}

/// A name of letters, digits and a few marks; an attribute's may have a prefix.
fn plain_name(name: &[u8], attribute: bool) -> Option<String> {
    let (units, rest) = name.as_chunks::<2>();
    let plain = |(at, unit): (usize, &[u8; 2])| match unit {
        [byte, 0] if byte.is_ascii_alphabetic() || *byte == b'_' => Some(char::from(*byte)),
        [byte, 0] if at > 0 && (byte.is_ascii_digit() || b"-.".contains(byte)) => Some(char::from(*byte)),
        [b':', 0] if at > 0 && attribute => Some(':'),
        _ => None,
    };
    let name: String = units.iter().enumerate().map(plain).collect::<Option<_>>()?;
    (rest.is_empty() && !name.is_empty()).then_some(name)
}
