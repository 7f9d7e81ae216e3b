//! What became of the tests as `JUnit` XML: a suite a rule or area, a case a test.

use anyhow::Result;
use quick_xml::Writer;
use quick_xml::events::BytesText;

use super::difference;
use crate::diagnostic::render::View;
use crate::lang::Lang;
use crate::regression::{Coverage, Difference, Gap, Outcome, Place, RuleCoverage, Status};

/// The whole document. What of a rule no test reaches is a failure too, where coverage is asked for.
pub(super) fn xml(outcomes: &[Outcome], coverage: Option<&Coverage>) -> Result<String> {
    let mut outcomes = outcomes.to_vec();
    outcomes.extend(coverage.iter().flat_map(|coverage| &coverage.rules).filter_map(uncovered));
    outcomes.extend(coverage.iter().flat_map(|coverage| coverage.idle()).map(idle));
    outcomes.extend(coverage.iter().flat_map(|coverage| &coverage.unwritten).map(unwritten));
    outcomes.sort_by(|one, other| one.rule.cmp(&other.rule));
    let outcomes = outcomes.as_slice();
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let attributes = [("name", "casebook".to_owned()), ("tests", outcomes.len().to_string()), failures(outcomes)];
    let element = writer.create_element("testsuites").with_attributes(borrowed(&attributes));
    element.write_inner_content(|writer| {
        outcomes.chunk_by(|one, other| one.rule == other.rule).try_for_each(|of_rule| suite(writer, of_rule))
    })?;
    let body = String::from_utf8(writer.into_inner())?;
    Ok(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{body}\n"))
}

/// The gaps of a rule as a test that fails.
fn uncovered(rule: &RuleCoverage) -> Option<Outcome> {
    let gap = |gap: &Gap| Difference {
        what: gap.kind.key().to_owned(),
        expected: gap.say().get(Lang::En).to_owned(),
        actual: "no test".to_owned(),
    };
    let detail: Vec<Difference> = rule.gaps.iter().map(gap).collect();
    (!detail.is_empty()).then(|| missing(&rule.rule, "coverage", detail))
}

/// A collection that no test asks for as a test that fails.
fn idle(collection: &str) -> Outcome {
    let expected = "a test that asks for it".to_owned();
    let detail = vec![Difference { what: "collection".to_owned(), expected, actual: "no test".to_owned() }];
    missing(collection, "coverage", detail)
}

/// A text that is still to be written as a test that fails.
fn unwritten(place: &Place) -> Outcome {
    let what = format!("{}:{}:{}", place.file, place.line, place.column);
    let (expected, actual) = ("a text for people".to_owned(), "still to be written".to_owned());
    let detail = vec![Difference { what: what.clone(), expected, actual }];
    missing(&place.file, &what, detail)
}

/// What is not there as a test that fails.
fn missing(rule: &str, name: &str, detail: Vec<Difference>) -> Outcome {
    let (rule, name) = (rule.to_owned(), name.to_owned());
    Outcome { rule, name, status: Status::Missing, detail, change: None, note: None }
}

fn suite(writer: &mut Writer<Vec<u8>>, outcomes: &[Outcome]) -> std::io::Result<()> {
    let name = outcomes.first().map_or("", |one| one.rule.as_str());
    let attributes = [("name", legal(name)), ("tests", outcomes.len().to_string()), failures(outcomes)];
    let element = writer.create_element("testsuite").with_attributes(borrowed(&attributes));
    element.write_inner_content(|writer| outcomes.iter().try_for_each(|one| case(writer, one)))?;
    Ok(())
}

fn case(writer: &mut Writer<Vec<u8>>, one: &Outcome) -> std::io::Result<()> {
    let attributes = [("classname", legal(&one.rule)), ("name", legal(&one.name))];
    let element = writer.create_element("testcase").with_attributes(borrowed(&attributes));
    let passed = one.status == Status::Pass;
    if passed && one.note.is_none() {
        element.write_empty()?;
        return Ok(());
    }
    let view = View { lang: Lang::En, coloured: false, width: 120 };
    let detail: String = one.detail.iter().map(|one| difference::shown(one, view)).collect();
    element.write_inner_content(|writer| {
        if !passed {
            let failure = writer.create_element("failure").with_attribute(("type", one.status.key()));
            failure.write_text_content(BytesText::new(&legal(&detail)))?;
        }
        if let Some(note) = &one.note {
            writer.create_element("system-out").write_text_content(BytesText::new(&legal(note.get(view.lang))))?;
        }
        Ok(())
    })?;
    Ok(())
}

fn failures(outcomes: &[Outcome]) -> (&'static str, String) {
    ("failures", outcomes.iter().filter(|one| one.status != Status::Pass).count().to_string())
}

fn borrowed<'a>(attributes: &'a [(&'static str, String)]) -> impl Iterator<Item = (&'a str, &'a str)> {
    attributes.iter().map(|(name, value)| (*name, value.as_str()))
}

/// Without the characters that XML cannot hold.
fn legal(text: &str) -> String {
    let illegal =
        |char: char| (char.is_control() && !matches!(char, '\n' | '\t')) || matches!(char, '\u{FFFE}' | '\u{FFFF}');
    text.replace(illegal, "\u{FFFD}")
}

#[cfg(test)]
mod tests {
    use super::xml;
    use crate::regression::{Difference, Outcome, Status};

    fn outcome(rule: &str, name: &str, status: Status) -> Outcome {
        let detail = (status != Status::Pass).then(|| Difference {
            what: "status".to_owned(),
            expected: "<confirmed> & \"sure\"".to_owned(),
            actual: "none\u{1}".to_owned(),
        });
        Outcome {
            rule: rule.to_owned(),
            name: name.to_owned(),
            status,
            detail: detail.into_iter().collect(),
            change: None,
            note: (name == "holds").then(|| crate::lang::Localized::new("注", "a note")),
        }
    }

    #[test]
    fn a_suite_a_rule_and_a_failure_a_test_that_does_not_pass() {
        let outcomes = [
            outcome("a/b", "holds", Status::Pass),
            outcome("a/b", "is <silent>", Status::Fail),
            outcome("a/c", "回滚", Status::Changed),
        ];
        let text = xml(&outcomes, None).unwrap();
        let mut reader = quick_xml::Reader::from_str(&text);
        while !matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {}
        insta::assert_snapshot!(text);
    }
}
