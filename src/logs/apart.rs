//! What a record's text is made of: message, fields and stamp, by what the holes of its kind's patterns hold.

use std::ops::Range;
use std::sync::Arc;

use smallvec::SmallVec;

use crate::pattern::{Pattern, Places};
use crate::value::Stamp;

use super::body::Span;

/// What a record's text is made of.
#[derive(Clone)]
pub(super) struct Apart {
    /// Names of fields; those of the pattern, where no other has more.
    pub(super) names: Option<Arc<Vec<Arc<str>>>>,
    pub(super) places: SmallVec<[Span; 2]>,
    pub(super) message: Range<usize>,
    pub(super) stamp: Option<Stamp>,
}

impl Apart {
    /// Of a text that is all message.
    pub(super) fn of(text: &str) -> Apart {
        Apart { names: None, places: SmallVec::new(), message: 0..text.len(), stamp: None }
    }

    /// Takes over the fields that a match in the text from `at` on gives and that are not there yet; gives the message, if
    /// one is among them.
    pub(super) fn take(&mut self, found: Places, at: usize, names: &Names) -> Option<Range<usize>> {
        let mut message = None;
        let known = self.names.take();
        let mut more = Vec::new();
        for (part, range) in found.holes {
            let place = at + range.start..at + range.end;
            match names.holes.get(part).and_then(Option::as_ref) {
                Some(Name::Message) => message = Some(place),
                Some(Name::Field(name)) => match &known {
                    Some(known) if known.contains(name) => {}
                    known => {
                        more.extend(known.as_ref().map(|_| Arc::clone(name)));
                        self.places.push(Span::of(&place));
                    }
                },
                None => {}
            }
        }
        self.names = Some(match known {
            None => Arc::clone(&names.fields),
            Some(known) if more.is_empty() => known,
            Some(known) => Arc::new(known.iter().cloned().chain(more).collect()),
        });
        message
    }
}

/// What a hole holds.
enum Name {
    Message,
    Field(Arc<str>),
}

/// What a pattern's holes hold.
pub(super) struct Names {
    /// By part; a name that an earlier hole has is not there.
    holes: Vec<Option<Name>>,
    /// The fields among them.
    fields: Arc<Vec<Arc<str>>>,
}

impl Names {
    pub(super) fn of(pattern: &Pattern) -> Names {
        let mut fields: Vec<Arc<str>> = Vec::new();
        let mut name = |part| match pattern.hole(part).and_then(|hole| hole.name.as_deref())? {
            "message" => Some(Name::Message),
            name if fields.iter().any(|known| **known == *name) => None,
            name => {
                fields.push(Arc::from(name));
                fields.last().map(|name| Name::Field(Arc::clone(name)))
            }
        };
        let holes = (0..pattern.parts().len()).map(&mut name).collect();
        Names { holes, fields: Arc::new(fields) }
    }
}
