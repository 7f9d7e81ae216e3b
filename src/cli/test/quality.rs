//! How good tests are: what they reach and which changes they notice, for people and as JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::lang::Lang;
use crate::regression::{Coverage, Gap, Mutants, Place, Survivor};

/// Coverage for people: what is not reached, by rule, and the share that is.
pub(super) fn coverage(coverage: &Coverage, lang: Lang) -> String {
    let mut text = String::new();
    for rule in coverage.rules.iter().filter(|rule| !rule.gaps.is_empty()) {
        let _ = writeln!(text, "{}", rule.rule);
        for gap in &rule.gaps {
            let _ = writeln!(text, "  {}  {}", gap.say().get(lang), shown(gap.place.as_ref()));
        }
    }
    let never: Vec<&str> = coverage.idle().collect();
    if !never.is_empty() {
        let _ = match lang {
            Lang::Zh => writeln!(text, "没有测试请求的收集步骤：{}", never.join("、")),
            Lang::En => writeln!(text, "collections that no test asks for: {}", never.join(", ")),
        };
    }
    for place in &coverage.unwritten {
        let _ = match lang {
            Lang::Zh => writeln!(text, "文字尚待填写  {}", shown(Some(place))),
            Lang::En => writeln!(text, "a text is still to be written  {}", shown(Some(place))),
        };
    }
    let (all, reached) = coverage.counts();
    let _ = match lang {
        Lang::Zh => writeln!(text, "覆盖：{reached} / {all}"),
        Lang::En => writeln!(text, "coverage: {reached} of {all}"),
    };
    text
}

fn shown(place: Option<&Place>) -> String {
    place.map_or_else(String::new, |place| format!("{}:{}:{}", place.file, place.line, place.column))
}

/// Coverage as JSON.
pub(super) fn coverage_json(coverage: &Coverage, lang: Lang) -> Value {
    let gap = |gap: &Gap| {
        let mut object =
            json!({"kind": gap.kind.key(), "part": gap.part, "text": gap.text, "message": gap.say().get(lang)});
        place(gap.place.as_ref(), &mut object);
        object
    };
    let rules: Vec<Value> = coverage
        .rules
        .iter()
        .map(|rule| {
            let gaps: Vec<Value> = rule.gaps.iter().map(gap).collect();
            json!({"rule": rule.rule, "points": rule.points, "gaps": gaps})
        })
        .collect();
    let collections: Vec<Value> =
        coverage.collections.iter().map(|(name, asked)| json!({"collection": name, "reached": asked})).collect();
    let unwritten = |at: &Place| json!({"file": at.file, "line": at.line, "column": at.column});
    let unwritten: Vec<Value> = coverage.unwritten.iter().map(unwritten).collect();
    let (all, reached) = coverage.counts();
    json!({"points": all, "reached": reached, "rules": rules, "collections": collections, "unwritten": unwritten})
}

fn place(place: Option<&Place>, object: &mut Value) {
    if let (Some(place), Value::Object(fields)) = (place, object) {
        fields.insert("file".to_owned(), json!(place.file));
        fields.insert("line".to_owned(), json!(place.line));
        fields.insert("column".to_owned(), json!(place.column));
    }
}

/// Mutants for people: the survivors with a test to begin with, and the score.
pub(super) fn mutants(mutants: &Mutants, lang: Lang) -> String {
    let mut text = String::new();
    let say = |zh: &'static str, en: &'static str| if lang == Lang::Zh { zh } else { en };
    for one in &mutants.survivors {
        let word = say("未发现", "survived");
        let _ = writeln!(text, "{word}  {} / {}: {}  {}", one.rule, one.part, one.change, shown(one.place.as_ref()));
        for line in one.stub.lines() {
            let _ = writeln!(text, "    {line}");
        }
    }
    for (one, reason) in &mutants.equal {
        let word = say("等价", "equal");
        let _ = writeln!(text, "{word}  {} / {}: {}: {reason}", one.rule, one.part, one.change);
    }
    for (comment, place) in &mutants.stale {
        let why = say(
            "不是等价变异：没有这一变异，或有测试能发现它",
            "no such equal mutant: there is none, or a test notices it",
        );
        let _ = writeln!(text, "! {}  {comment}: {why}", shown(Some(place)));
    }
    if mutants.too_many_equal() {
        let _ =
            writeln!(text, "! {}", say("标为等价的变异超过 5 %", "more than 5 % of the mutants are said to be equal"));
    }
    let (killed, survived, equal) = (mutants.killed, mutants.survivors.len(), mutants.equal.len());
    let score = mutants.score() * 100.0;
    let _ = match lang {
        Lang::Zh => writeln!(text, "变异：{killed} 个被发现，{survived} 个未发现，{equal} 个等价，得分 {score:.1} %"),
        Lang::En => writeln!(text, "mutants: {killed} killed, {survived} survived, {equal} equal, score {score:.1} %"),
    };
    text
}

/// Mutants as JSON.
pub(super) fn mutants_json(mutants: &Mutants, lang: Lang) -> Value {
    let survivor = |one: &Survivor| {
        let hint = one.hint.get(lang);
        let mut object =
            json!({"rule": one.rule, "part": one.part, "change": one.change, "hint": hint, "test": one.stub});
        place(one.place.as_ref(), &mut object);
        object
    };
    let survivors: Vec<Value> = mutants.survivors.iter().map(survivor).collect();
    let equal = |(one, reason): &(Survivor, String)| {
        let mut object = json!({"rule": one.rule, "part": one.part, "change": one.change, "reason": reason});
        place(one.place.as_ref(), &mut object);
        object
    };
    let equals: Vec<Value> = mutants.equal.iter().map(equal).collect();
    json!({
        "killed": mutants.killed,
        "survived": mutants.survivors.len(),
        "equal": mutants.equal.len(),
        "score": mutants.score(),
        "survivors": survivors,
        "equals": equals,
    })
}
