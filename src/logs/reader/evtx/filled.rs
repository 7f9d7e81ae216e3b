//! An event's elements as its template has them, filled with its values: nothing is made of them but the record's fields.

use std::borrow::Cow;
use std::sync::Arc;

use memchr::memchr;

use super::event::{Node, See, Source};
use super::head::{Events, Known};
use super::template::{Child, Content, Element, Piece};
use super::values::{self, TEXTS};

/// An element of an event.
#[derive(Clone, Copy)]
pub(super) struct Filled<'e> {
    events: &'e Events<'e>,
    /// The template with values that it is of.
    instance: usize,
    element: &'e Element,
    /// Which of several texts it is for: an element is there once for each.
    text: Option<&'e [u8]>,
}

impl<'e> Source<'e> for Known<'e> {
    fn slot(&self, slot: usize, out: &mut String) -> Option<()> {
        self.write_slot(slot, out)
    }

    fn parts(&self, see: See<'_, 'e>) -> Option<()> {
        let root = Filled { events: self.events, instance: 0, element: &self.template.root, text: None };
        root.each(&mut |part| if part.element.name == "System" { Some(()) } else { see(&part) })
    }
}

impl<'e> Node<'e> for Filled<'e> {
    fn name(&self) -> &str {
        &self.element.name
    }

    fn label(&self) -> Option<&'e Arc<str>> {
        self.element.label.as_ref()
    }

    fn attributes(&self, see: &mut dyn FnMut(&str, Cow<'_, str>)) -> Option<()> {
        for (name, pieces) in &self.element.attributes {
            // Text of a template is as an attribute holds it.
            let value = match pieces.as_slice() {
                [Piece::Text(text)] => Cow::Borrowed(text.as_str()),
                pieces => {
                    let value = self.written(pieces)?;
                    (!values::is_broken(&value)).then_some(Cow::Owned(value))?
                }
            };
            // What is empty is not written at all.
            if !value.is_empty() {
                see(name, value);
            }
        }
        Some(())
    }

    fn text(&self, out: &mut String) -> Option<()> {
        let from = out.len();
        match (&self.element.content, self.text) {
            (Content::Children(_), _) => {}
            (_, Some(text)) => values::letters(text, out)?,
            (Content::Text(pieces), None) if self.inner().is_none() => self.events.write(self.instance, pieces, out)?,
            _ => {}
        }
        // As XML has the ends of lines.
        if memchr(b'\r', out.as_bytes().get(from..)?).is_some() {
            let written = out.split_off(from);
            out.push_str(&written.replace("\r\n", "\n").replace('\r', "\n"));
        }
        Some(())
    }

    fn children(&self, see: See<'_, 'e>) -> Option<()> {
        self.each(&mut |child| see(&child))
    }
}

impl<'e> Filled<'e> {
    fn written(&self, pieces: &[Piece]) -> Option<String> {
        let mut text = String::new();
        self.events.write(self.instance, pieces, &mut text)?;
        Some(text)
    }

    /// What fills it instead of text: a template with values of its own.
    fn inner(&self) -> Option<Filled<'e>> {
        match &self.element.content {
            Content::Text(pieces) => match pieces.as_slice() {
                [Piece::Hole(hole)] => self.filling(*hole),
                _ => None,
            },
            Content::Children(_) => None,
        }
    }

    fn filling(&self, hole: usize) -> Option<Filled<'e>> {
        let instance = self.events.value(self.instance, hole)?.0.instance?;
        let element = &self.events.template(instance)?.root;
        Some(Filled { instance, element, text: None, ..*self })
    }

    /// The elements in it.
    fn each(&self, see: &mut dyn FnMut(Filled<'e>) -> Option<()>) -> Option<()> {
        if let Some(inner) = self.inner() {
            self.events.make()?;
            return see(inner);
        }
        for child in self.element.elements() {
            match child {
                Child::Element(element) => self.element(element, see)?,
                Child::Hole(hole) => match self.filling(*hole) {
                    Some(inner) => {
                        self.events.make()?;
                        see(inner)?;
                    }
                    // Text beside elements is not known here.
                    None => self.written(&[Piece::Hole(*hole)])?.is_empty().then_some(())?,
                },
            }
        }
        Some(())
    }

    /// An element in it: none, one, or one for each of several texts.
    fn element(&self, element: &'e Element, see: &mut dyn FnMut(Filled<'e>) -> Option<()>) -> Option<()> {
        if self.events.left_out(self.instance, element.depends) {
            return Some(());
        }
        let one = Filled { element, text: None, ..*self };
        // Several texts in an attribute make several elements as well.
        let mut pieces = element.attributes.iter().flat_map(|(_, pieces)| pieces);
        (!pieces.any(|piece| matches!(piece, Piece::Hole(hole) if one.is_several(*hole)))).then_some(())?;
        let Some(texts) = one.texts() else {
            self.events.make()?;
            return see(one);
        };
        for text in texts {
            self.events.make()?;
            see(Filled { text: Some(text), ..one })?;
        }
        Some(())
    }

    fn is_several(&self, hole: usize) -> bool {
        self.events.value(self.instance, hole).is_some_and(|(value, bytes)| value.kind == TEXTS && !bytes.is_empty())
    }

    /// The texts of the value that fills it, if that is several: one makes one element, none makes an empty one.
    fn texts(&self) -> Option<impl Iterator<Item = &'e [u8]>> {
        let Content::Text(pieces) = &self.element.content else { return None };
        let [Piece::Hole(hole)] = pieces.as_slice() else { return None };
        self.is_several(*hole).then_some(())?;
        self.events.value(self.instance, *hole).map(|(_, bytes)| values::texts(bytes))
    }
}
