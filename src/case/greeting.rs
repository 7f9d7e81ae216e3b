//! Whom a mail greets, as it addresses them: `甲先生`, `Mr. Li`, `John`.
//!
//! Only the first lines are looked at. Chinese needs a title behind the name, or any sentence that begins with 你好
//! would greet somebody; English needs capitals.

use super::book::Marks;
use super::fold::Folded;

/// Lines with words at a mail's head that may greet.
const HEAD: usize = 3;

/// Characters of a name with its title.
const LONGEST: usize = 40;

/// Whom `lines` greet.
pub(super) fn read(lines: &[&str], folded: &[Folded], marks: &Marks) -> Option<String> {
    let head = lines.iter().zip(folded).filter(|(_, folded)| !folded.text.is_empty()).take(HEAD);
    head.into_iter().find_map(|(line, folded)| {
        let greetings = marks.greeting.iter().filter_map(|phrase| phrase.find(folded));
        greetings.into_iter().find_map(|found| {
            let gap = found.gaps.first()?.clone();
            name(folded.original(line, gap), marks)
        })
    })
}

/// The name in what a greeting's gap covers.
pub(super) fn name(gap: &str, marks: &Marks) -> Option<String> {
    let text = gap.trim_matches(|c: char| c.is_whitespace() || "，,：:、！!。~～-—".contains(c));
    if text.is_empty() || text.chars().count() > LONGEST {
        return None;
    }
    if text.is_ascii() { latin(gap, text, marks) } else { titled(text, marks) }
}

/// `甲先生`; of `甲先生、乙女士` all, of `收到，甲先生` what has a title.
fn titled(text: &str, marks: &Marks) -> Option<String> {
    let has_title = |part: &str| {
        let part = Folded::new(part).text;
        let titled = marks.titles.iter().any(|title| part.len() > title.len() && part.ends_with(title.as_str()));
        titled && !marks.anyone.contains(&part)
    };
    let commas = ['，', ',', '、'];
    if text.split(commas).all(has_title) {
        return Some(text.to_owned());
    }
    let last = text.rsplit(commas).next()?.trim();
    has_title(last).then(|| last.to_owned())
}

/// `John` of `Hi John, the logs are there`; nobody of `Hi, the logs are there`.
fn latin(gap: &str, text: &str, marks: &Marks) -> Option<String> {
    let name = text.split([',', ':', '!', ';']).next().unwrap_or(text).trim();
    let is_name = !gap.starts_with([',', '，', ':', '!'])
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && (1..=4).contains(&name.split_whitespace().count())
        && !marks.anyone.contains(&name.to_ascii_lowercase());
    is_name.then(|| name.to_owned())
}

/// The name that `salutation` addresses, without titles and folded: `甲` of `甲先生`, `li` of `Mr. Li`.
pub(super) fn bare(salutation: &str, marks: &Marks) -> String {
    let mut bare = Folded::new(salutation).text;
    for title in &marks.titles {
        if let Some(rest) = bare.strip_suffix(title.as_str()).or_else(|| bare.strip_prefix(title.as_str())) {
            bare = rest.trim().to_owned();
        }
    }
    bare
}
