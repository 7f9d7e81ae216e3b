//! Small expressions, matched as they are written, step by step.
//!
//! To tell what kind a log is of, some dozens of expressions are tried on its first lines, a few hundred times each at the
//! most. Compiling them as the regex crate does takes a thousand times as long as that. What is found is the same: the
//! first way in the order of preference, in time linear in the text. Expressions that are large, or of the rarer forms,
//! are none of these.

use std::ops::RangeInclusive;

use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind, Look, Repetition};

/// Steps at the most.
const STEPS: usize = 512;

/// Steps times bytes of the text at the most: what is remembered of a try.
const REMEMBERED: usize = 1 << 17;

/// An expression anchored at its beginning.
#[derive(Clone, Debug)]
pub(super) struct Small {
    steps: Vec<Step>,
    classes: Vec<Vec<(char, char)>>,
    begin: usize,
}

/// What comes next, and which step follows.
#[derive(Clone, Debug)]
enum Step {
    /// Nothing: it matches.
    Found,
    /// This text.
    Text(Box<[u8]>, usize),
    /// A character of the class with this number.
    Class(usize, usize),
    /// So many of them, as many as there are, and nothing after them.
    Run(usize, RangeInclusive<usize>),
    /// A place such as the border of a word.
    Look(Look, usize),
    /// One way, and if it leads nowhere the other.
    Either(usize, usize),
}

/// A text is too long for the way that does without compiling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLong;

impl Small {
    /// `None` for an expression that is not small.
    pub(super) fn new(expression: &Hir) -> Option<Small> {
        let mut small = Small { steps: vec![Step::Found], classes: Vec::new(), begin: 0 };
        small.begin = small.add(expression, 0)?;
        Some(small)
    }

    /// How far it reaches from the beginning of `text`, or where all of it is asked for, whether it reaches the end.
    pub(super) fn reach(&self, text: &str, whole: bool) -> Result<Option<usize>, TooLong> {
        let width = text.len() + 1;
        if self.steps.len().saturating_mul(width) > REMEMBERED {
            return Err(TooLong);
        }
        let mut seen = Vec::new();
        let mut others = vec![(self.begin, 0)];
        while let Some((mut step, mut at)) = others.pop() {
            while let Some(own) = self.steps.get(step) {
                if matches!(own, Step::Found) {
                    if !whole || at == text.len() {
                        return Ok(Some(at));
                    }
                    break;
                }
                if let Step::Either(first, other) = own {
                    seen.resize((self.steps.len() * width).div_ceil(64), 0u64);
                    let bit = step * width + at;
                    if seen[bit / 64] >> (bit % 64) & 1 != 0 {
                        break;
                    }
                    seen[bit / 64] |= 1 << (bit % 64);
                    others.push((*other, at));
                    step = *first;
                } else if let Some((length, next)) = self.passes(own, text, at) {
                    (step, at) = (next, at + length);
                } else {
                    break;
                }
            }
        }
        Ok(None)
    }

    /// How many bytes a step takes at a place, and the step after it.
    fn passes(&self, step: &Step, text: &str, at: usize) -> Option<(usize, usize)> {
        let rest = text.get(at..)?;
        match step {
            Step::Text(own, next) => rest.as_bytes().starts_with(own).then_some((own.len(), *next)),
            Step::Class(class, next) => {
                let char = rest.chars().next()?;
                within(self.classes.get(*class)?, char).then_some((char.len_utf8(), *next))
            }
            Step::Run(class, times) => {
                let class = self.classes.get(*class)?;
                let (mut count, mut length) = (0, 0);
                for char in rest.chars().take(*times.end()).take_while(|char| within(class, *char)) {
                    count += 1;
                    length += char.len_utf8();
                }
                // What comes after it is that all is found.
                times.contains(&count).then_some((length, 0))
            }
            Step::Look(look, next) => {
                let here = match look {
                    Look::Start => at == 0,
                    Look::End => rest.is_empty(),
                    _ => is_word(text.get(..at)?.chars().next_back()) != is_word(rest.chars().next()),
                };
                here.then_some((0, *next))
            }
            Step::Found | Step::Either(..) => None,
        }
    }

    /// Adds the steps of an expression in front of step `next`; says which is its first.
    fn add(&mut self, expression: &Hir, next: usize) -> Option<usize> {
        match expression.kind() {
            HirKind::Empty => Some(next),
            HirKind::Literal(literal) => self.push(Step::Text(literal.0.clone(), next)),
            HirKind::Class(Class::Unicode(class)) => {
                let class = self.class(class);
                self.push(Step::Class(class, next))
            }
            HirKind::Look(look @ (Look::Start | Look::End | Look::WordUnicode)) => self.push(Step::Look(*look, next)),
            HirKind::Class(Class::Bytes(_)) | HirKind::Look(_) => None,
            HirKind::Repetition(repetition) => self.add_repetition(repetition, next),
            HirKind::Capture(capture) => self.add(&capture.sub, next),
            HirKind::Concat(parts) => parts.iter().rev().try_fold(next, |next, part| self.add(part, next)),
            HirKind::Alternation(parts) => {
                let (last, others) = parts.split_last()?;
                let last = self.add(last, next)?;
                others.iter().rev().try_fold(last, |other, part| {
                    let first = self.add(part, next)?;
                    self.push(Step::Either(first, other))
                })
            }
        }
    }

    fn add_repetition(&mut self, Repetition { min, max, greedy, sub }: &Repetition, next: usize) -> Option<usize> {
        // What repeats nothing is a matter of its own.
        if sub.properties().minimum_len().is_none_or(|least| least == 0) {
            return None;
        }
        if let (HirKind::Class(Class::Unicode(class)), 0, true) = (sub.kind(), next, *greedy) {
            let most = max.map_or(usize::MAX, |max| max as usize);
            let class = self.class(class);
            return self.push(Step::Run(class, *min as usize..=most));
        }
        let either = |again: usize| if *greedy { Step::Either(again, next) } else { Step::Either(next, again) };
        let mut first = next;
        if let Some(max) = max {
            for _ in *min..*max {
                let again = self.add(sub, first)?;
                first = self.push(either(again))?;
            }
        } else {
            first = self.push(Step::Found)?;
            let again = self.add(sub, first)?;
            self.steps[first] = either(again);
        }
        (0..*min).try_fold(first, |first, _| self.add(sub, first))
    }

    /// The number of a class.
    fn class(&mut self, class: &ClassUnicode) -> usize {
        let ranges: Vec<(char, char)> = class.iter().map(|range| (range.start(), range.end())).collect();
        let known = self.classes.iter().position(|known| *known == ranges);
        known.unwrap_or_else(|| {
            self.classes.push(ranges);
            self.classes.len() - 1
        })
    }

    fn push(&mut self, step: Step) -> Option<usize> {
        self.steps.push(step);
        (self.steps.len() <= STEPS).then(|| self.steps.len() - 1)
    }
}

fn within(class: &[(char, char)], char: char) -> bool {
    class.iter().any(|(first, last)| (*first..=*last).contains(&char))
}

/// Whether a character is one of a word, for `\b`.
fn is_word(char: Option<char>) -> bool {
    char.is_some_and(regex_syntax::is_word_character)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::Regex;

    use super::{REMEMBERED, Small, TooLong};

    fn small(source: &str) -> Option<Small> {
        Small::new(&regex_syntax::parse(&format!("^(?:{source})")).ok()?)
    }

    /// What the regex crate says: how far it reaches, and whether it takes all.
    fn known(source: &str, text: &str) -> (Option<usize>, bool) {
        let regex = |end: &str| Regex::new(&format!("^(?:{source}){end}")).unwrap();
        (regex("").find(text).map(|found| found.end()), regex("\\z").is_match(text))
    }

    fn same(source: &str, text: &str) -> bool {
        let Some(small) = small(source) else { return true };
        let own = (small.reach(text, false).unwrap(), small.reach(text, true).unwrap().is_some());
        own == known(source, text)
    }

    #[test]
    fn the_forms_of_logs_are_small() {
        let all = [
            "[^,]{0,40}",
            "CBS|CSI",
            ".*[^ \t].*",
            "( [0-9:.]+)?",
            "f|w|p|fix",
            "[A-Za-z]:\\\\[^<>|]*>$",
            "类名|a",
            "\\s*\\S.*",
        ];
        for source in all {
            assert!(small(source).is_some(), "{source}");
            for text in ["", "CBS", "fix", "C:\\>", " 12:30", "类名：a", "2024-10-16 08:43:18", " \t", "a, b"] {
                assert!(same(source, text), "{source} on {text:?}");
            }
        }
    }

    #[test]
    fn what_is_not_small_is_left_to_the_regex_crate() {
        for source in ["(a*)*", "(?m)a$", "\\w{300}(ab){300}", "(?-u:\\b)a"] {
            assert!(small(source).is_none(), "{source}");
        }
        let text = "a".repeat(REMEMBERED);
        assert_eq!(small("a*").unwrap().reach(&text, true), Err(TooLong));
    }

    #[test]
    fn what_could_go_on_for_ever_does_not() {
        let text = "a".repeat(300);
        let small = small("(?:a|a)+(?:a|aa)+b").unwrap();
        assert_eq!(small.reach(&text, true), Ok(None));
    }

    fn expression() -> impl Strategy<Value = String> {
        let atoms = ["a", "b", "ab", "[ab]", "[^a]", ".", "\\d", "é", "\\b", "^", "$", ""].map(str::to_owned);
        prop::sample::select(atoms.to_vec()).prop_recursive(4, 24, 3, |inner| {
            let times = ["*", "+", "?", "*?", "+?", "??", "{0,3}", "{2}", "{1,2}?", "{2,}"];
            prop_oneof![
                prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.concat()),
                prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("(?:{})", parts.join("|"))),
                (inner, prop::sample::select(times.to_vec())).prop_map(|(inner, times)| format!("(?:{inner}){times}")),
            ]
        })
    }

    proptest! {
        #[test]
        fn it_finds_what_the_regex_crate_finds(source in expression(), text in "[ab1é ]{0,12}") {
            prop_assert!(same(&source, &text), "{source} on {text:?}");
        }
    }
}
