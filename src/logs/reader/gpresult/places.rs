//! A whole text, and where its parts lie in its file.

use std::io;

use crate::bundle::Artifact;

use super::super::lines;
use super::super::sink::Place;

/// The lines of a text: where each begins in it, and its bytes in the file.
#[derive(Default)]
pub(super) struct Places {
    lines: Vec<(usize, Place)>,
}

impl Places {
    /// The text of an artifact, its places, how many lines there are, and whether it broke off after them; the text is cut
    /// where it grows past `limit`.
    pub(super) fn gather(artifact: &Artifact, limit: usize) -> (String, Self, u64, io::Result<()>) {
        let mut text = String::new();
        let mut places = Self::default();
        let (count, ended) = lines::each(artifact, &mut |line| {
            if text.len() < limit {
                places.lines.push((text.len(), line.place()));
                text.push_str(&line.text);
                text.push('\n');
            }
        });
        (text, places, count, ended)
    }

    /// Whether there are more lines than were kept.
    pub(super) fn cut(&self, count: u64) -> bool {
        self.lines.last().is_some_and(|(_, place)| place.line < count)
    }

    /// The lines in which a part lies that begins and ends at bytes of the text.
    pub(super) fn of(&self, begin: usize, end: usize) -> Place {
        let (first, last) = (self.line(begin), self.line(end.max(begin + 1) - 1));
        Place { end_line: last.line, end: last.end, ..first }
    }

    fn line(&self, at: usize) -> Place {
        let after = self.lines.partition_point(|(begin, _)| *begin <= at);
        self.lines.get(after.saturating_sub(1)).map(|(_, place)| *place).unwrap_or_default()
    }
}
