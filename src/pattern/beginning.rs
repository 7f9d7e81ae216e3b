//! What the beginning of a text tells of a pattern, whatever comes after it. Lines of a log mostly begin alike: what is
//! told by the beginning of one need not be matched in the next.

use super::hole::Test;
use super::literal::Literal;
use super::{Element, Pattern};

/// What the beginning of a text tells of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// It matches no text that begins so.
    Never,
    /// It matches every text that begins so and does not go on with a blank, if what stands in it for a stamp is one: its last
    /// hole holds all that comes after the beginning, the others the same in all of them.
    Rest,
    /// More of the text would have to be known.
    Unknown,
}

impl Pattern {
    /// What the beginning of a text tells of it.
    #[must_use]
    pub fn told_by(&self, beginning: &str) -> Told {
        self.follow(beginning).err().unwrap_or(Told::Rest)
    }

    /// Follows it through the beginning of a text, to a last hole for what comes after.
    fn follow(&self, beginning: &str) -> Result<(), Told> {
        let mut elements = self.elements();
        let mut at = 0;
        if !self.options.at_start {
            return Err(Told::Unknown);
        }
        while let Some((element, after)) = elements.split_first() {
            elements = after;
            match (element, after.first()) {
                (Element::Literal(literal), _) => at = literal_at(literal, beginning, at)?,
                (Element::Hole { test, captured, .. }, Some(Element::Literal(literal))) => {
                    let (end, next) = reach(test, literal, beginning, at)?;
                    let text = beginning.get(at..end).ok_or(Told::Unknown)?;
                    let has_value = if *captured { test.has_value(text) } else { test.accepts(text) };
                    if !has_value {
                        return Err(Told::Never);
                    }
                    elements = &after[usize::from(next != end)..];
                    at = next;
                }
                (Element::Hole { test, .. }, None) if test.is_any() && self.options.at_end && at == beginning.len() => {
                    return Ok(());
                }
                _ => break,
            }
        }
        Err(Told::Unknown)
    }
}

/// Where a hole ends that begins at `at`, and where to go on, as the search for a match tells it: what it would look at stands in the
/// beginning.
fn reach(test: &Test, literal: &Literal, beginning: &str, at: usize) -> Result<(usize, usize), Told> {
    let rest = beginning.get(at..).ok_or(Told::Unknown)?;
    match test {
        Test::Time(format) => {
            // The literal behind it takes one character more, and more is seldom looked at.
            let length = test.longest(rest).filter(|_| !format.looks_ahead());
            let end = at + length.ok_or(Told::Unknown)?;
            Ok((end, end))
        }
        _ if test.is_word() && literal.begins_with_blank() => {
            let end = at + rest.find([' ', '\t']).ok_or(Told::Unknown)?;
            Ok((end, literal_at(literal, beginning, end)?))
        }
        // Where it stands first, it stands in any text that begins so: one that begins before ends before.
        _ => literal.find(beginning.as_bytes(), at).ok_or(Told::Unknown),
    }
}

fn literal_at(literal: &Literal, beginning: &str, at: usize) -> Result<usize, Told> {
    let beginning = beginning.as_bytes();
    let differs = || if literal.differs(beginning, at) { Told::Never } else { Told::Unknown };
    literal.matches_at(beginning, at).ok_or_else(differs)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::pattern;
    use super::*;
    use crate::pattern::Places;
    use crate::value::Reading;

    const FORMS: [&str; 9] = [
        "^{time:%Y-%m-%d %H:%M:%S}, {level:word} [{id:hex}] {component:word} {message}$",
        "^{time:%Y-%m-%d %H:%M:%S}, {level:word} {component:word} {message}$",
        "^{time:%F %H:%M:%S%.f} {pid:int}: {message}$",
        "^{level:/Info|Error/} {:word}, {} of {message}$",
        "^{time:%x %X} {message}$",
        "^[{level:word}] {:int}{message}$",
        "^{time:%m/%d %H:%M} {code:hex} a b {message}",
        "^{message}$",
        "{level:word} {message}$",
    ];

    #[test]
    fn a_beginning_tells_of_a_pattern() {
        let told = |form: usize, beginning: &str| pattern(FORMS[form]).told_by(beginning);
        let beginning = "2024-10-16 08:43:18, Info                  CBS    ";
        assert_eq!([told(0, beginning), told(1, beginning)], [Told::Never, Told::Rest]);
        assert_eq!(told(0, "2024-10-16 08:43:18, Info [0x7] CSI "), Told::Rest);
        assert_eq!(told(0, "2024-10-16 08:43:18, Info [seven] CSI "), Told::Never, "no such id");
        assert_eq!(told(0, "2024-10-16 08:43:18; Info "), Told::Never, "another literal");
        assert_eq!(told(1, "2024-10-16 08:43:18,Info "), Told::Never, "no blank in a literal");
        assert_eq!(told(1, &beginning[..beginning.len() - 4]), Told::Unknown, "a word that may go on");
        assert_eq!(told(1, &beginning[..22]), Told::Unknown, "a word without its end");
        assert_eq!(told(1, &beginning[..19]), Told::Unknown, "a stamp that may go on");
        assert_eq!(told(1, "2024-10-16 08:43:18, Info CBS a"), Told::Unknown, "more than the beginning");
        assert_eq!(told(2, "2024-10-16 08:43:18.5 0x: "), Told::Never);
        assert_eq!(told(2, "2024-10-16 08:43:18.5 12: "), Told::Rest);
        assert_eq!(told(3, "Info at, two of "), Told::Rest);
        assert_eq!(told(3, "Warning at, two of "), Told::Never);
        assert_eq!(told(4, "10/16/2024 08:43 "), Told::Unknown, "PM may follow");
        assert_eq!(told(5, "[a] 12 "), Told::Unknown, "a hole behind a hole");
        assert_eq!(told(6, "10/16 08:43 7 a b "), Told::Unknown, "it need not reach the end");
        assert_eq!([told(7, ""), told(7, "a")], [Told::Rest, Told::Unknown]);
        assert_eq!(told(8, "a "), Told::Unknown, "it may begin anywhere");
    }

    /// A match in a text, with what the last hole holds left out where that is the rest of it.
    fn places(pattern: &Pattern, text: &str, rest: usize) -> Option<Places> {
        let mut places = pattern.places_in(text, Reading::default())?;
        let own = &mut places.holes.last_mut()?.1;
        if *own == (rest..text.len()) {
            *own = rest..rest;
        }
        Some(places)
    }

    fn text() -> impl Strategy<Value = String> {
        const PARTS: &[&str] = &[
            "2024-10-16 08:43:18",
            "08:43:18",
            "10/16 08:43",
            ".5",
            "10/16/2024",
            " PM",
            ",",
            ", ",
            "; ",
            " ",
            "  ",
            "\t",
            ":",
            ": ",
            "[",
            "]",
            "] ",
            "Info",
            "info",
            "Error",
            "CBS",
            "0x7",
            "0x80070005",
            "12",
            "1",
            "of ",
            " a b ",
            "a  b",
            "a",
            "磁盘",
            "\u{a0}",
            "\n",
            "",
        ];
        prop::collection::vec(prop::sample::select(PARTS), 0..8).prop_map(|parts| parts.concat())
    }

    proptest! {
        /// What is told holds for every text that begins so.
        #[test]
        fn what_a_beginning_tells_holds_for_all_that_comes_after(
            form in prop::sample::select(&FORMS[..]), like in 0..5_usize, beginning in text(), ends in prop::collection::vec(text(), 3),
        ) {
            let like = ["", "2024-10-16 08:43:18, Info ", "2024-10-16 08:43:18, Info  [0x7] CBS ", "10/16 08:43 ", "Info a, "][like];
            let (pattern, beginning) = (pattern(form), format!("{like}{beginning}"));
            let told = pattern.told_by(&beginning);
            let texts = ends.iter().map(|end| format!("{beginning}{end}"));
            let found: Vec<Option<Places>> = texts
                .filter(|text| !text[beginning.len()..].starts_with([' ', '\t']))
                .map(|text| places(&pattern, &text, beginning.len()))
                .collect();
            match told {
                Told::Never => prop_assert!(found.iter().all(Option::is_none), "{found:?}"),
                Told::Rest => {
                    prop_assert!(found.windows(2).all(|two| two[0] == two[1]), "{found:?}");
                    let rest = beginning.len()..beginning.len();
                    let is_rest = |one: &Option<Places>| one.as_ref().is_none_or(|one| one.holes.last().is_some_and(|last| last.1 == rest));
                    prop_assert!(found.iter().all(is_rest), "{found:?}");
                }
                Told::Unknown => {}
            }
        }
    }
}
