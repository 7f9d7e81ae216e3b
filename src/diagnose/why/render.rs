//! An explanation for people: a line a condition, below it what it found and what it lacked.

use std::fmt::Write as _;

use crate::lang::Lang;

use super::super::{CauseStatus, Status};
use super::node::{Hits, Node, Verdict, Why, WhyCause};

/// An explanation as text.
#[must_use]
pub fn render(why: &Why, lang: Lang) -> String {
    let say = |zh: &'static str, en: &'static str| if lang == Lang::Zh { zh } else { en };
    let status = match why.status {
        Some(Status::Confirmed) => say("已确认", "confirmed"),
        Some(Status::Undetermined) => say("尚不能确认", "undetermined"),
        None => say("没有结论", "no finding"),
    };
    let mut text = format!("{}  {}: {status}\n", why.rule, why.title.get(lang));
    if !why.products.is_empty() {
        let names: Vec<&str> = why.products.iter().map(|product| product.get(lang)).collect();
        let _ = writeln!(text, "{}{}", say("产品：", "products: "), names.join(say("、", ", ")));
    }
    text.push('\n');
    let _ = writeln!(text, "{}", say("签名", "signature"));
    node(&why.signature, 1, lang, &mut text);
    if why.status.is_none() && !why.causes.is_empty() {
        let note = say("签名不成立，以下原因未作判断：", "without a finding no cause is judged:");
        let _ = writeln!(text, "\n{note}");
    }
    for one in &why.causes {
        text.push('\n');
        cause(one, lang, &mut text);
    }
    text
}

fn cause(cause: &WhyCause, lang: Lang, text: &mut String) {
    let say = |zh: &'static str, en: &'static str| if lang == Lang::Zh { zh } else { en };
    let status = match cause.status {
        Some(CauseStatus::Confirmed) => say(": 成立", ": confirmed"),
        Some(CauseStatus::Excluded) => say(": 已排除", ": excluded"),
        Some(CauseStatus::Open) => say(": 待定", ": open"),
        None => "",
    };
    let _ = writeln!(text, "{} {}  {}{status}", say("原因", "cause"), cause.id, cause.title.get(lang));
    match &cause.node {
        Some(own) => node(own, 1, lang, text),
        None => {
            let _ = writeln!(text, "  {}", say("没有 `when`，日志不能判断", "it has no `when`: logs do not tell"));
        }
    }
}

fn node(own: &Node, depth: usize, lang: Lang, text: &mut String) {
    let indent = "  ".repeat(depth);
    let mark = match own.value {
        Verdict::True => '✓',
        Verdict::False => '✗',
        Verdict::Undetermined => '?',
    };
    let _ = write!(text, "{indent}{mark} {}", own.text);
    if let Some(hits) = &own.hits {
        let _ = write!(text, "  {}", counted(hits, lang));
    }
    text.push('\n');
    if let Some(binding) = &own.binding {
        let values: Vec<String> = binding.captures.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        let blank = if values.is_empty() { "" } else { "  " };
        let _ = writeln!(text, "{indent}    @ {}{blank}{}", binding.place, values.join(", "));
    }
    for miss in &own.misses {
        let _ = writeln!(text, "{indent}    → {}", miss.get(lang));
    }
    for child in &own.children {
        node(child, depth + 1, lang, text);
    }
}

/// `2 hits: CBS.log:7, CBS.log:9`
fn counted(hits: &Hits, lang: Lang) -> String {
    let Hits { matching, passing, places } = hits;
    let mut text = match lang {
        Lang::Zh => format!("{matching} 条"),
        Lang::En => format!("{matching} hit{}", if *matching == 1 { "" } else { "s" }),
    };
    if passing < matching {
        let _ = match lang {
            Lang::Zh => write!(text, "，{passing} 条满足 where"),
            Lang::En => write!(text, ", {passing} pass its where"),
        };
    }
    if !places.is_empty() {
        let (colon, comma) = if lang == Lang::Zh { ("：", "、") } else { (": ", ", ") };
        // Where none passes, the places are of those that match.
        let all = if *passing == 0 { *matching } else { *passing };
        let more = if places.len() < all { " …" } else { "" };
        let _ = write!(text, "{colon}{}{more}", places.join(comma));
    }
    text
}
