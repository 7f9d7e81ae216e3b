//! Failure signatures that look like real ones: the words of servicing logs put together anew, so that there are as many
//! as one asks for and no two are alike. One in six has a short literal, as rules about a code or an acronym have.

use std::fmt::Write as _;

use super::dice::Dice;

/// Out of so many rules one occurs in a generated log.
pub(crate) const ONE_IN: usize = 100;

const VERBS: [&str; 32] = [
    "resolve",
    "stage",
    "install",
    "commit",
    "reproject",
    "pin",
    "enumerate",
    "open",
    "finalize",
    "hydrate",
    "extract",
    "evaluate",
    "publish",
    "unpublish",
    "reflect",
    "remove",
    "register",
    "bind",
    "marshal",
    "validate",
    "acquire",
    "release",
    "map",
    "load",
    "flush",
    "rename",
    "replay",
    "scavenge",
    "uninstall",
    "decompress",
    "verify",
    "schedule",
];

const QUALITIES: [&str; 30] = [
    "pending",
    "superseded",
    "orphaned",
    "cached",
    "partial",
    "foreign",
    "backup",
    "primitive",
    "deferred",
    "shared",
    "exclusive",
    "impactful",
    "online",
    "offline",
    "staged",
    "neutral",
    "transient",
    "critical",
    "external",
    "internal",
    "remote",
    "downlevel",
    "corrupt",
    "signed",
    "mapped",
    "locked",
    "stacked",
    "permanent",
    "temporary",
    "winning",
];

const THINGS: [&str; 40] = [
    "driver manifest",
    "package store",
    "update transaction",
    "installer queue",
    "component catalog",
    "payload delta",
    "session key",
    "driver package",
    "registry hive",
    "file hardlink",
    "capability index",
    "feature parent",
    "language satellite",
    "boot entry",
    "reserve file",
    "service trigger",
    "task definition",
    "firewall group",
    "printer queue",
    "event channel",
    "counter provider",
    "shell extension",
    "policy template",
    "network binding",
    "storage volume",
    "security descriptor",
    "catalog signature",
    "poq operation",
    "reboot marker",
    "scavenge list",
    "express source",
    "stack update",
    "device class",
    "filter altitude",
    "image mount",
    "edition mapping",
    "owner record",
    "advanced installer",
    "transform chain",
    "winlogon notification",
];

/// A part of a line pattern.
#[derive(Clone)]
enum Part {
    Text(String),
    Any,
    Code,
    Count,
    Path,
}

/// A line pattern.
#[derive(Clone)]
pub(crate) struct Pattern(Vec<Part>);

/// A rule: one to three patterns.
pub(crate) struct Signature {
    pub(crate) number: usize,
    pub(crate) patterns: Vec<Pattern>,
}

impl Signature {
    /// The rule with a number; always the same.
    pub(crate) fn new(number: usize) -> Signature {
        let count = 1 + Dice::new(number as u64 ^ 0xCA5E).below(3);
        let patterns = (0..count).map(|at| Pattern::new(number as u64 * 3 + at)).collect();
        Signature { number, patterns }
    }

    /// Whether a generated log shows it.
    pub(crate) fn present(&self) -> bool {
        self.number.is_multiple_of(ONE_IN)
    }
}

/// The three words of a pattern; no two numbers below 38 400 give the same.
fn words(number: u64) -> (&'static str, &'static str, &'static str) {
    let index = |at: u64, of: usize| usize::try_from(at % of as u64).unwrap_or(0);
    let mixed = (number * 7919 + 13) % (VERBS.len() * QUALITIES.len() * THINGS.len()) as u64;
    let (verb, rest) = (index(mixed, VERBS.len()), mixed / VERBS.len() as u64);
    let (quality, rest) = (index(rest, QUALITIES.len()), rest / QUALITIES.len() as u64);
    (VERBS[verb], QUALITIES[quality], THINGS[index(rest, THINGS.len())])
}

/// `driver manifest` as `DriverManifest`.
fn camel(text: &str) -> String {
    text.split(' ')
        .flat_map(|word| word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)))
        .collect()
}

/// A number in letters that make no words.
fn letters(mut number: u64) -> String {
    const LETTERS: &[u8] = b"BDGKLMPQRTVWXZ";
    let mut text = String::new();
    for _ in 0..4 {
        text.push(char::from(LETTERS[usize::try_from(number % 14).unwrap_or(0)]));
        number /= 14;
    }
    text
}

impl Pattern {
    fn new(number: u64) -> Pattern {
        use Part::{Any, Code, Count, Path};
        let text = |text: &str| Part::Text(text.to_owned());
        let (verb, quality, thing) = words(number);
        let mut dice = Dice::new(number);
        let long = 84;
        Pattern(match dice.below(100) {
            throw if throw < long => match throw % 5 {
                0 => vec![
                    text(&format!("Failed to {verb} {quality} {thing} [HRESULT = ")),
                    Code,
                    text(" - "),
                    Any,
                    text("]"),
                ],
                1 => {
                    let (thing, verb, quality) = (camel(thing), camel(verb), camel(quality));
                    vec![text(&format!("{thing}::{verb}{quality} failed with ")), Code, text(" for '"), Path, text("'")]
                }
                2 => {
                    let (begin, end) = (format!("{} {thing} ", camel(quality)), format!(" could not {verb}, state "));
                    vec![text(&begin), Count, text(&end), Any]
                }
                3 => vec![
                    text(&format!("Doqe: {thing} '")),
                    Path,
                    text(&format!("' refused to {verb} {quality} (")),
                    Code,
                    text(")"),
                ],
                _ => vec![
                    text(&format!("Exec: {quality} {thing} did not {verb}. Package: ")),
                    Any,
                    text(", error "),
                    Code,
                ],
            },
            92.. if number.is_multiple_of(3) => {
                vec![text(&format!("Unit {}#{} gave up", letters(number), number % 10))]
            }
            92..97 => vec![text(&format!("0x8{number:07x} ")), Any],
            97.. => vec![text(&format!("{}#{} ", letters(number), number % 10)), Any],
            _ => vec![text(&format!("CBS_E_{}{:03}", letters(number), number % 1000))],
        })
    }

    /// As it stands in a rule; its holes are named apart by `suffix`.
    pub(crate) fn casebook(&self, suffix: usize) -> String {
        let mut shown = String::new();
        for (at, part) in self.0.iter().enumerate() {
            let _ = match part {
                Part::Text(text) => write!(shown, "{}", text.replace('{', "{{").replace('}', "}}")),
                Part::Any => write!(shown, "{{}}"),
                Part::Code => write!(shown, "{{code{suffix}{at}:error}}"),
                Part::Count => write!(shown, "{{count{suffix}{at}:int}}"),
                Part::Path => write!(shown, "{{file{suffix}{at}:path}}"),
            };
        }
        shown
    }

    /// As a regular expression that ripgrep, YARA and the rest understand.
    pub(crate) fn regex(&self) -> String {
        let mut shown = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => {
                    for char in text.chars() {
                        if !char.is_ascii_alphanumeric() && !" _':#,-".contains(char) {
                            shown.push('\\');
                        }
                        shown.push(char);
                    }
                }
                Part::Any => shown.push_str(".*"),
                Part::Code => shown.push_str("0x[0-9a-fA-F]{8}"),
                Part::Count => shown.push_str("[0-9]+"),
                Part::Path => shown.push_str("[^']+"),
            }
        }
        shown
    }

    /// Its longest text, for searches of literals alone.
    pub(crate) fn literal(&self) -> &str {
        let texts = self.0.iter().filter_map(|part| match part {
            Part::Text(text) => Some(text.as_str()),
            _ => None,
        });
        texts.max_by_key(|text| text.len()).unwrap_or_default()
    }

    /// A message that it matches.
    pub(crate) fn message(&self, dice: &mut Dice) -> String {
        let mut shown = String::new();
        for part in &self.0 {
            let _ = match part {
                Part::Text(text) => write!(shown, "{text}"),
                Part::Any => write!(shown, "E_{:04X}", dice.below(0xffff)),
                Part::Code => write!(shown, "{}", dice.pick(&["0x80070005", "0x80070002", "0x80073712"])),
                Part::Count => write!(shown, "{}", dice.below(1000)),
                Part::Path => write!(shown, r"C:\Windows\INF\oem{}.inf", dice.below(200)),
            };
        }
        shown
    }
}
