//! Texts in runs: what stands as it is, holes, and what depends on a value that only some cases have.

use serde::Serialize;

use crate::lang::Lang;

/// A run of a pattern, or of a text with placeholders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Segment {
    pub(super) text: String,
    /// It stands for something else.
    pub(super) hole: bool,
    /// It is said of the text around: what follows depends on something.
    pub(super) aside: bool,
}

impl Segment {
    pub(super) fn plain(text: impl Into<String>) -> Segment {
        Segment { text: text.into(), hole: false, aside: false }
    }

    pub(super) fn hole(text: impl Into<String>) -> Segment {
        Segment { text: text.into(), hole: true, aside: false }
    }

    fn aside(text: &str) -> Segment {
        Segment { text: text.to_owned(), hole: false, aside: true }
    }
}

/// A text of a remedy or a collection with the values that go into it: `{{ inf }}` is a hole called `inf`, and
/// `{% if gpo %}…{% else %}…{% endif %}` is told in words. A line of statements alone, as drawings have them, is left out.
pub(super) fn placeholders(text: &str, lang: Lang) -> Vec<Segment> {
    let lines = text.split_inclusive('\n').filter(|line| !is_statement(line.trim()));
    let text: String = lines.collect();
    let mut segments = Vec::new();
    let mut rest = text.as_str();
    while let Some(at) = [rest.find("{{"), rest.find("{%")].into_iter().flatten().min() {
        let (before, code) = rest.split_at(at);
        let statement = code.starts_with("{%");
        let Some((inner, behind)) = code[2..].split_once(if statement { "%}" } else { "}}" }) else { break };
        segments.push(Segment::plain(before));
        let inner = inner.trim_matches('-').trim();
        if statement {
            told(inner, lang, &mut segments);
        } else {
            segments.push(Segment::hole(inner));
        }
        rest = behind;
    }
    segments.push(Segment::plain(rest));
    segments.retain(|segment| !segment.text.is_empty());
    segments
}

/// Whether a line is one statement and nothing else.
fn is_statement(line: &str) -> bool {
    let inner = line.strip_prefix("{%").and_then(|rest| rest.strip_suffix("%}"));
    inner.is_some_and(|inner| !inner.contains("%}"))
}

/// A statement in words.
fn told(statement: &str, lang: Lang, segments: &mut Vec<Segment>) {
    let say = |zh: &'static str, en: &'static str| Segment::aside(if lang == Lang::Zh { zh } else { en });
    let (word, condition) = statement.split_once(' ').unwrap_or((statement, ""));
    match word {
        "if" => segments.extend([say("〔若有 ", "[with "), Segment::hole(condition.trim()), say("：", ": ")]),
        "elif" => segments.extend([say("；若有 ", "; with "), Segment::hole(condition.trim()), say("：", ": ")]),
        "else" => segments.push(say("；否则：", "; otherwise: ")),
        "endif" => segments.push(say("〕", "]")),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::placeholders;
    use crate::lang::Lang;

    fn shown(text: &str, lang: Lang) -> String {
        let part = |it: super::Segment| match (it.hole, it.aside) {
            (true, _) => format!("‹{}›", it.text),
            (_, true) => format!("«{}»", it.text),
            _ => it.text,
        };
        placeholders(text, lang).into_iter().map(part).collect()
    }

    #[test]
    fn what_goes_into_a_text_is_a_hole() {
        assert_eq!(shown("icacls \"{{ inf }}\" /reset {{kb}}", Lang::En), "icacls \"‹inf›\" /reset ‹kb›");
        assert_eq!(shown("{{ open", Lang::En), "{{ open");
        assert_eq!(shown("{% if x", Lang::En), "{% if x");
        assert_eq!(shown("", Lang::En), "");
    }

    #[test]
    fn what_depends_on_a_value_is_told_in_words() {
        let text = "Open {% if gpo %}“{{ gpo }}”{% else %}the policy{% endif %}.";
        assert_eq!(shown(text, Lang::En), "Open «[with »‹gpo›«: »“‹gpo›”«; otherwise: »the policy«]».");
        assert_eq!(shown(text, Lang::Zh), "Open «〔若有 »‹gpo›«：»“‹gpo›”«；否则：»the policy«〕».");
        assert_eq!(shown("| a |\n{%- if b %}\n| {{ b }} |\n{%- endif %}\n| c |", Lang::Zh), "| a |\n| ‹b› |\n| c |");
    }
}
