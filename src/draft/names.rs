//! The one list of names that a template may use, with what each holds; `context.rs` fills them in.

use std::collections::BTreeMap;

use minijinja::value::{Value, ValueKind};

use Shape::{List, Plain, Record};

/// What a value holds.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Text, a number or a flag: printed or asked for.
    Plain,
    /// Any number of values of one shape.
    List(&'static Shape),
    /// Fields by name.
    Record(&'static [(&'static str, Shape)]),
    /// Not known here: what a filter gives, for example.
    Any,
}

const TEXTS: Shape = List(&Plain);

const LOG: Shape = Record(&[("title", Plain), ("time", Plain), ("blocks", TEXTS)]);

const OBJECT: Shape = Record(&[("label", Plain), ("text", Plain), ("agreed", Plain)]);

const CAUSE: Shape = Record(&[
    ("title", Plain),
    ("revised", Plain),
    ("confirmed", Plain),
    ("excluded", Plain),
    ("solved", Plain),
    ("missing", TEXTS),
    ("objects", List(&OBJECT)),
    ("logs", List(&LOG)),
]);

const FINDING: Shape = Record(&[
    ("title", Plain),
    ("objects", List(&OBJECT)),
    ("undetermined", Plain),
    ("missing", TEXTS),
    ("count", Plain),
    ("first", Plain),
    ("last", Plain),
    ("after", Plain),
    ("logs", List(&LOG)),
    ("causes", List(&CAUSE)),
    ("decided", Plain),
    ("open", Plain),
]);

const STEPS: Shape = List(&Record(&[("text", Plain), ("command", Plain), ("screen", Plain), ("seen", Plain)]));

const REMEDY: Shape = Record(&[
    ("title", Plain),
    ("cause", Plain),
    ("warning", Plain),
    ("before", Plain),
    ("steps", STEPS),
    ("verify", Plain),
    ("undo", Plain),
    ("script", Plain),
    ("unscripted", Plain),
    ("again", Plain),
    ("failed", Plain),
]);

const REQUEST: Shape = Record(&[
    ("due", Plain),
    ("title", Plain),
    ("why", TEXTS),
    ("logs", TEXTS),
    ("from", Plain),
    ("to", Plain),
    ("minutes", Plain),
    ("restart", Plain),
    ("onsite", Plain),
    ("steps", STEPS),
    ("asked", Plain),
]);

const CASE: Shape =
    Record(&[("number", Plain), ("tracking", Plain), ("problem", Plain), ("product", Plain), ("kbs", TEXTS)]);

const TRIED: Shape = List(&Record(&[("title", Plain), ("outcome", Plain), ("inferred", Plain)]));

/// The names of the context, with their shape and what each is; `check` and the documentation read this list.
pub const NAMES: [(&str, Shape, &str); 31] = [
    ("salutation", Plain, "the greeting, `甲先生，您好：`"),
    ("case", CASE, "the case"),
    ("notes", TEXTS, "what was said outside mail since the last mail; empty without `--note`"),
    ("asks", Plain, "`刚才`, where a call since the last mail asked how to collect logs, or none"),
    ("missed", Plain, "`刚才`, where a call since the last mail was not answered, or none"),
    ("takeover", Plain, "whether another engineer writes than the one of the last mail"),
    ("predecessor", Plain, "who that one is, where a person signed, or none"),
    ("reopened", Plain, "whether the case was archived and is written to again"),
    ("analysing", Plain, "whether logs came that no mail has analysed yet"),
    (
        "finding",
        FINDING,
        "the main finding, or none; `revised` is the mail that judged a cause otherwise, `after` the last mail that spoke of it, where it occurred again since",
    ),
    ("others", List(&Record(&[("title", Plain), ("undetermined", Plain)])), "further findings"),
    (
        "remedies",
        List(&REMEDY),
        "what to do, least invasive first; of a step `screen` is the drawing and `seen` what is seen when it worked; `again` and `failed` are the mail that proposed it before, the outcome unknown or bad; `script` is the attached script, `unscripted` why there is none",
    ),
    ("failed", TEXTS, "titles of remedies that were tried without success"),
    (
        "held",
        List(&Record(&[("title", Plain), ("mail", Plain)])),
        "steps of earlier advice that are hard to undo, that nobody reported on and that the findings do not call for",
    ),
    (
        "requests",
        List(&REQUEST),
        "what to collect; `from` and `to` are the time to cover, `asked` the mail that asked before",
    ),
    ("reminders", List(&REQUEST), "what was asked for and did not come; `due` says that it is among `requests` too"),
    (
        "read",
        List(&Record(&[("title", Plain), ("path", Plain), ("first", Plain), ("last", Plain)])),
        "what was read: the log's title, its place, the time it covers",
    ),
    ("unread", List(&Record(&[("place", Plain), ("why", Plain)])), "what could not be read"),
    ("layout", Plain, "`full` or `short`: the form of the summary, by the setting `summary.layout`"),
    ("waiting", Plain, "who has to act and since when, or none"),
    (
        "history",
        List(&Record(&[("date", Plain), ("side", Plain), ("acts", TEXTS)])),
        "the thread, a message or call each",
    ),
    ("tried", TRIED, "remedies proposed in the thread"),
    ("results", TRIED, "of those, the ones whose outcome is known"),
    ("unanswered", TEXTS, "of the last advice, titles of the remedies of which nobody said how they went"),
    ("analyses", List(&Record(&[("date", Plain), ("text", Plain)])), "what support said that the logs show"),
    (
        "proposed",
        List(&Record(&[("title", Plain), ("date", Plain), ("standing", Plain)])),
        "causes that support named: each once, as the last mail that spoke of it judged it",
    ),
    ("settled", Plain, "whether the customer says that the problem is solved"),
    ("solved", Plain, "what solved the problem, or none"),
    (
        "asked",
        List(&Record(&[("title", Plain), ("again", Plain)])),
        "what was asked for and did not come, and whether this draft asks for it again",
    ),
    ("portal", Plain, "the upload portal's address, or none"),
    ("signature", TEXTS, "the lines of the signature"),
];

/// Functions of the context: `answer("customer.name")` gives a setting and asks for it where it is not set.
pub const FUNCTIONS: [&str; 1] = ["answer"];

/// The list as a table for people, in Markdown; `docs/templates.md` holds it.
#[must_use]
pub fn table() -> String {
    let row = |(name, shape, about)| format!("| `{name}` | {about} | {} |\n", described(shape));
    let rows: String = NAMES.into_iter().map(row).collect();
    format!("| name | what it is | fields |\n|---|---|---|\n{rows}")
}

/// The fields of a shape, those of a field in parentheses behind it.
fn described(shape: Shape) -> String {
    match shape {
        Plain | Shape::Any => String::new(),
        List(member) => match member {
            Plain | Shape::Any => "a list".to_owned(),
            _ => format!("a list; of each: {}", described(*member)),
        },
        Record(fields) => fields.iter().map(|(name, shape)| field(name, *shape)).collect::<Vec<_>>().join(" "),
    }
}

fn field(name: &str, shape: Shape) -> String {
    match described(shape) {
        inner if inner.is_empty() => format!("`{name}`"),
        inner => format!("`{name}` ({inner})"),
    }
}

/// The shape of a name of the context.
pub(super) fn shape(name: &str) -> Option<Shape> {
    NAMES.iter().find(|(known, ..)| *known == name).map(|(_, shape, _)| *shape)
}

/// The first value of a context that is not of the shape promised, by its path; the tests' drafts all pass here.
pub(super) fn misfit(context: &BTreeMap<String, Value>) -> Option<String> {
    context.iter().find_map(|(name, value)| match shape(name) {
        Some(shape) => differs(name, shape, value),
        None => Some(name.clone()),
    })
}

fn differs(path: &str, shape: Shape, value: &Value) -> Option<String> {
    match (shape, value.kind()) {
        (_, ValueKind::None | ValueKind::Undefined) | (Shape::Any, _) => None,
        (List(inner), ValueKind::Seq | ValueKind::Iterable) => {
            value.try_iter().ok()?.find_map(|item| differs(path, *inner, &item))
        }
        (Record(fields), ValueKind::Map) => {
            let known = |name: &str| fields.iter().any(|(field, _)| *field == name);
            let extra = value.try_iter().ok()?.map(|name| name.to_string()).find(|name| !known(name));
            extra.map(|name| format!("{path}.{name}")).or_else(|| {
                fields.iter().find_map(|(field, shape)| {
                    let inner = value.get_attr(field).ok().filter(|inner| !inner.is_undefined());
                    let path = format!("{path}.{field}");
                    inner.map_or_else(|| Some(path.clone()), |inner| differs(&path, *shape, &inner))
                })
            })
        }
        (Plain, kind) if !matches!(kind, ValueKind::Seq | ValueKind::Map) => None,
        _ => Some(path.to_owned()),
    }
}
