//! An event read from its XML: a tree of elements, for the few events that are not read from their binary form.

use std::borrow::Cow;
use std::sync::Arc;

use ::evtx::Timestamp;

use crate::value::Stamp;

use super::super::xml::{self, Element};
use super::event::{self, Event, Names, Node, Room, SLOTS, See, Source, TIME};

/// Reads an event; what it holds until its XML breaks off is read too.
pub(super) fn read(
    text: &str,
    written: Timestamp,
    names: &Names,
    room: &mut Room,
) -> (Event, Option<quick_xml::Error>) {
    let (root, broken) = xml::parse(text);
    let tree = Tree { system: root.as_ref().and_then(|root| root.child("System")), root: root.as_ref() };
    let stamp = tree.time(written);
    // All of a tree can be told.
    (event::read(&tree, stamp, names, room).unwrap_or_default(), broken)
}

struct Tree<'t> {
    root: Option<&'t Element>,
    system: Option<&'t Element>,
}

impl Tree<'_> {
    fn told(&self, slot: usize) -> Option<&str> {
        let (name, attribute, _) = SLOTS.get(slot)?;
        let element = self.system?.child(name)?;
        attribute.map_or(Some(element.text.as_str()), |attribute| element.attribute(attribute))
    }

    /// The event's own time, else when it was written. XML may have less of a time than the file: where the two agree
    /// but for that, the file's time is the exact one.
    fn time(&self, written: Timestamp) -> Option<Stamp> {
        let own = self.told(TIME).and_then(|text| text.parse::<Timestamp>().ok()).map(Timestamp::as_nanosecond);
        let written = written.as_nanosecond();
        let exact = match own {
            Some(own) if written.abs_diff(own) >= 1000 => own,
            _ => written,
        };
        i64::try_from(exact).ok().map(Stamp)
    }
}

impl<'n> Source<'n> for Tree<'_> {
    fn slot(&self, slot: usize, out: &mut String) -> Option<()> {
        out.push_str(self.told(slot).unwrap_or_default());
        Some(())
    }

    fn parts(&self, see: See<'_, 'n>) -> Option<()> {
        let mut parts = self.root.iter().flat_map(|root| &root.children);
        parts.try_for_each(|part| if part.name == "System" { Some(()) } else { see(part) })
    }
}

impl<'n> Node<'n> for Element {
    fn name(&self) -> &str {
        &self.name
    }

    fn label(&self) -> Option<&'n Arc<str>> {
        None
    }

    fn attributes(&self, see: &mut dyn FnMut(&str, Cow<'_, str>)) -> Option<()> {
        self.attributes.iter().for_each(|(name, value)| see(name, Cow::Borrowed(value)));
        Some(())
    }

    fn text(&self, out: &mut String) -> Option<()> {
        out.push_str(&self.text);
        Some(())
    }

    fn children(&self, see: See<'_, 'n>) -> Option<()> {
        self.children.iter().try_for_each(|child| see(child))
    }
}
