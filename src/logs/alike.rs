//! Lines that begin alike: what stands before a record's message is mostly the same as in the record before it, and is then
//! not matched again.

use smallvec::SmallVec;

use crate::pattern::{Pattern, Told};
use crate::value::Stamps;

use super::apart::Apart;

/// What is remembered of the records before.
#[derive(Default)]
pub(super) struct Before {
    pub(super) stamps: Stamps,
    pub(super) alike: Alike,
}

/// The beginning of the last record, up to its message.
#[derive(Default)]
pub(super) struct Alike {
    beginning: String,
    /// Whether it was asked what the beginning tells.
    asked: bool,
    /// What every record that begins so is made of, where the beginning tells.
    apart: Option<Apart>,
}

impl Alike {
    /// What a text is made of, where it begins like the one before.
    pub(super) fn apart(&self, text: &str) -> Option<Apart> {
        let apart = self.apart.as_ref()?;
        let rest = text.strip_prefix(self.beginning.as_str())?;
        if rest.starts_with([' ', '\t']) {
            return None;
        }
        let Apart { names, places, message, stamp } = apart;
        // Not a clone, which goes through the places one by one.
        Some(Apart {
            names: names.clone(),
            places: SmallVec::from_slice(places),
            message: message.start..text.len(),
            stamp: *stamp,
        })
    }

    /// Remembers what a text is made of, whose message is one hole of the last of some patterns, the first that it matches.
    /// What its beginning tells is asked when it comes for the second time: in some logs none does.
    pub(super) fn remember(&mut self, patterns: &[Pattern], text: &str, apart: &Apart) {
        let Some((pattern, others)) = patterns.split_last() else { return };
        let Some(beginning) = text.get(..apart.message.start) else { return };
        if self.beginning != beginning {
            beginning.clone_into(&mut self.beginning);
            (self.asked, self.apart) = (false, None);
        } else if !self.asked {
            let tells = pattern.told_by(beginning) == Told::Rest
                && others.iter().all(|other| other.told_by(beginning) == Told::Never);
            (self.asked, self.apart) = (true, tells.then(|| apart.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::bundle::{ArtifactId, Encoding};
    use crate::logs::{Calendar, Cutter, LogKind, LogKindId, Newlines, Sighting, Survey};
    use crate::pattern::tests::pattern;

    use super::*;

    fn kind() -> LogKind {
        let forms = [
            "^{time:%Y-%m-%d %H:%M:%S}, {level:word} [{id:hex}] {message}$",
            "^{time:%Y-%m-%d %H:%M:%S}, {level:word} {message}$",
            "^{level:/Info|Error/} {message} end$",
            "^{level:/Info|Error/} {rest}$",
        ];
        LogKind::of_lines("own", forms.map(pattern).into())
    }

    /// What the records of a text are, cut together or each on its own.
    fn cut(kind: &LogKind, lines: &[&str], together: bool) -> Vec<String> {
        let cutter = Cutter::new(kind, LogKindId::at(0), ArtifactId::at(0), Encoding::Utf8, Calendar::default());
        let mut cuts = Vec::new();
        let texts = if together { vec![lines.join("\n")] } else { lines.iter().map(ToString::to_string).collect() };
        for text in texts {
            let newlines = Newlines::of(text.as_bytes());
            let sighting = Sighting { bytes: text.as_bytes(), places: None, line: 1, newlines: &newlines };
            cutter.cut(sighting, &mut |cut| cuts.push(format!("{:?} {:?}", cut.stamp, cut.said())));
        }
        cuts
    }

    #[test]
    fn what_begins_alike_is_asked_about_when_it_comes_again() {
        let patterns =
            [pattern("^{level:word} [{id:hex}] {message}$"), pattern("^{level:word} {part:word} {message}$")];
        let apart = |text: &str, from: usize| Apart { message: from..text.len(), ..Apart::of(text) };
        let mut alike = Alike::default();
        for (text, known) in [("Info  CBS a", None), ("Info  CBS b", None), ("Info  CBS c", Some(10..11))] {
            assert_eq!(alike.apart(text).map(|apart| apart.message), known);
            alike.remember(&patterns, text, &apart(text, 10));
        }
        assert!(alike.apart("Info  CBS ").is_some_and(|apart| apart.message == (10..10)), "an empty message");
        for text in ["Info  CBS  d", "Info  CBS \td", "Error CBS d", "Info CBS d", "Info  CBS"] {
            assert!(alike.apart(text).is_none(), "{text}");
        }
        for _ in 0..2 {
            alike.remember(&patterns, "Info [0x1 d", &apart("Info [0x1 d", 10));
        }
        assert!(alike.apart("Info [0x1 d").is_none(), "what comes after tells which of the patterns it matches");
    }

    #[test]
    fn records_of_two_years_that_begin_alike_have_two_stamps() {
        let kind = LogKind::of_lines("own", vec![pattern("^{time:%m-%d %H:%M:%S} {message}$")]);
        let lines =
            ["10-16 08:00:00 a", "10-16 08:00:00 b", "10-16 08:00:00 c", "03-01 08:00:00 d", "10-16 08:00:00 e"];
        let mut survey = Survey::of(&kind, Encoding::Utf8).unwrap();
        for (line, number) in lines.iter().zip(1..) {
            survey.see(line.as_bytes(), number);
        }
        let cutter = Cutter::new(&kind, LogKindId::at(0), ArtifactId::at(0), Encoding::Utf8, survey.calendar(None));
        let text = lines.join("\n");
        let newlines = Newlines::of(text.as_bytes());
        // That between is not asked for.
        let places: Vec<(usize, bool)> = [0, 1, 2, 4].iter().map(|line| (line * (lines[0].len() + 1), false)).collect();
        let sighting = Sighting { bytes: text.as_bytes(), places: Some(&places), line: 1, newlines: &newlines };
        let mut stamps = Vec::new();
        cutter.cut(sighting, &mut |cut| stamps.push(cut.stamp));
        let [first, .., last] = stamps[..] else { panic!("{stamps:?}") };
        assert_eq!(stamps, [first, first, first, last]);
        assert!(first < last, "{stamps:?}");
    }

    const PARTS: [&str; 16] = [
        "2024-10-16 08:43:18, Info ",
        "2024-10-16 08:43:18, Info  ",
        "2024-10-16 08:43:19, Info ",
        "2024-13-16 08:43:18, Info ",
        "2024-10-16 08:43:18, Error [0x1] ",
        "2024-10-16 08:43:18, Error [",
        "Info ",
        "Error ",
        "0x1] ",
        " ",
        "a",
        "\t",
        "磁盘",
        " end",
        "\u{a0}",
        "",
    ];

    proptest! {
        #[test]
        fn records_are_the_same_whatever_came_before(
            lines in prop::collection::vec(prop::collection::vec(prop::sample::select(&PARTS[..]), 1..4), 1..12),
        ) {
            let kind = kind();
            let lines: Vec<String> = lines.iter().map(|parts| parts.concat()).collect();
            // A line that begins no record belongs to the one before.
            let cutter = Cutter::new(&kind, LogKindId::at(0), ArtifactId::at(0), Encoding::Utf8, Calendar::default());
            let begins = |line: &&str| cutter.begins(line.as_bytes());
            let lines: Vec<&str> = lines.iter().map(String::as_str).filter(begins).collect();
            prop_assert_eq!(cut(&kind, &lines, true), cut(&kind, &lines, false));
        }
    }
}
