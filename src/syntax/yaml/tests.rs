//! The tree, and that every byte of every scalar's text is where it says.

use super::*;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{SourceMap, Span};

fn read(text: &str) -> (SourceMap, Vec<Node>, Vec<Diagnostic>) {
    let mut map = SourceMap::new();
    let file = map.add("x.yaml", text);
    let mut diagnostics = Vec::new();
    let nodes = documents(&map, file, &mut diagnostics);
    (map, nodes, diagnostics)
}

fn show(node: &Node) -> String {
    match &node.kind {
        Kind::Null => "~".into(),
        Kind::Scalar(scalar) => format!("{:?}", scalar.fragment.text),
        Kind::Seq(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(", ")),
        Kind::Map(entries) => {
            let entry = |entry: &Entry| format!("{}: {}", entry.key.value, show(&entry.value));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}

fn value(nodes: &[Node]) -> Scalar {
    let Kind::Map(entries) = &nodes[0].kind else { panic!("no map") };
    let Kind::Scalar(scalar) = &entries[0].value.kind else { panic!("no scalar") };
    scalar.clone()
}

fn faults(text: &str) -> Vec<(Code, String)> {
    let (map, _, diagnostics) = read(text);
    diagnostics.iter().map(|diagnostic| (diagnostic.code, map.text(diagnostic.span).to_owned())).collect()
}

#[test]
fn plain_text_stays_as_typed() {
    let (_, nodes, diagnostics) = read(
        "a: no\nb: 012\nc: 0x80070005\nd: 7000\ne: 1e999\nf: .inf\ng: 2024-10-16\nh: \"null\"\ni:\nj: ~\nk: TRUE\n",
    );
    assert!(diagnostics.is_empty());
    assert_eq!(
        show(&nodes[0]),
        r#"{a: "no", b: "012", c: "0x80070005", d: "7000", e: "1e999", f: ".inf", g: "2024-10-16", h: "null", i: ~, j: ~, k: "TRUE"}"#
    );
}

/// Scalars in every shape, with the word `here` once in each value, and whether its place can be known.
#[test]
fn a_word_is_found_in_the_file_wherever_it_stands_in_a_scalar() {
    let shapes = [
        "中文: 中文 here x\n",
        "a: 'it''s 中文 here'\n",
        "a: \"\\t\\u4e2d 中 \\\\ here \\x41\"\n",
        "a: |\n  one\n  two here x\n",
        "a: |\n  中文 one\n\n    two 中文 here\n  three\n",
        "a: |2\n   x\n    y here\n\n\n",
        "a: |-\n\n\n  late\n  here",
        "a: |+ # note\n  here\n\n",
        "a: |\r\n  one\r\n  two here\r\n",
        "\u{feff}a: |\r\n  one\r\n  two here",
        "a: |\n  \"here\"\n",
        "a: |\n  \"here\"",
        "a:\n  |\n  x\n  here\n",
        "x: 1\n---\na: &b |\n    x\n    here\n",
        "- a: here\n",
        "x:\n  a: |\n    one\n    here\n  b: y\n",
        "x:\n  - a: |\n      one\n\n      here\n\n    # note\n    b: y\n  - z\n",
        "x:\n  a: |-\n    here\n# note\ny: z\n",
        "a: [x, {b: 'y here'}]\n",
    ];
    for text in shapes {
        let (map, nodes, diagnostics) = read(text);
        assert!(diagnostics.is_empty(), "{text:?}");
        let mut found = 0;
        for node in &nodes {
            each_scalar(node, &mut |scalar| {
                let Some(at) = scalar.fragment.text.find("here") else { return };
                found += 1;
                assert!(!scalar.fragment.map.is_empty(), "{text:?} is not mapped");
                assert_eq!(map.text(scalar.fragment.span(at..at + 4)), "here", "{text:?}");
                assert_eq!(scalar.fragment.span(at..at + 4).start, text.find("here").expect("once"), "{text:?}");
            });
        }
        assert_eq!(found, 1, "{text:?}");
    }
}

fn each_scalar(node: &Node, see: &mut impl FnMut(&Scalar)) {
    match &node.kind {
        Kind::Null => {}
        Kind::Scalar(scalar) => see(scalar),
        Kind::Seq(items) => items.iter().for_each(|item| each_scalar(item, see)),
        Kind::Map(entries) => entries.iter().for_each(|entry| each_scalar(&entry.value, see)),
    }
}

#[test]
fn folded_text_is_not_mapped() {
    for (text, folded) in
        [("a: >\n  one\n  two\n", "one two\n"), ("a: one\n  two\n", "one two"), ("a: \"one\n  two\"\n", "one two")]
    {
        let (_, nodes, _) = read(text);
        let scalar = value(&nodes);
        assert_eq!(scalar.fragment.text, folded);
        assert!(scalar.fragment.map.is_empty());
    }
    let (map, nodes, _) = read("a: >- # | note\n  one\n  two\n");
    let Style::Folded(sign) = value(&nodes).style else { panic!("not folded") };
    assert_eq!((map.text(sign), sign.start), (">", 3));
}

#[test]
fn the_place_of_a_block_list_or_map_is_the_whole_of_it() {
    let whole = |text: &str| {
        let (map, nodes, _) = read(text);
        let Kind::Map(entries) = &nodes[0].kind else { panic!("no map") };
        map.text(entries[0].value.span).to_owned()
    };
    assert_eq!(whole("a: [x, \"y\" ] # z\n"), "[x, \"y\" ]");
    assert_eq!(whole("a: {x: y,\n b: c}\n"), "{x: y,\n b: c}");
    assert_eq!(whole("a: {}\nb: c\n"), "{}");
    assert_eq!(whole("a:\n  - x\n  - y\nb: c\n"), "- x\n  - y");
    assert_eq!(whole("a: |\n  x\n  y\n\nb: c\n"), "x\n  y\n");
    assert_eq!(whole("x: \n  a: >\n    one\n    two\n  b: c\n"), "a: >\n    one\n    two\n  b: c");
}

#[test]
fn quotes_are_no_part_of_a_place() {
    let (map, nodes, _) = read("a: \"b\\tc\"\n");
    let scalar = value(&nodes);
    assert_eq!(map.text(scalar.fragment.span), "b\\tc");
    assert_eq!(map.text(scalar.written), "\"b\\tc\"");
    assert_eq!(map.text(scalar.fragment.span(1..2)), "\\t");
}

#[test]
fn anchors_give_the_place_of_the_text() {
    let (map, nodes, diagnostics) = read("a: &x here\nb: *x\nc: &m {k: v}\nd: {<<: *m, k: w, l: z}\n");
    assert!(diagnostics.is_empty());
    assert_eq!(show(&nodes[0]), r#"{a: "here", b: "here", c: {k: "v"}, d: {k: "w", l: "z"}}"#);
    let Kind::Map(entries) = &nodes[0].kind else { panic!("no map") };
    assert_eq!((map.text(entries[1].value.span), entries[1].value.span.start), ("here", 6));
}

#[test]
fn a_document_that_cannot_be_read_costs_only_itself() {
    let (map, nodes, diagnostics) =
        read("a: 1\n---\nb: [1\n---\nc: 3\n...\n%YAML 1.2\n---\nd: 4\n--- # x\n# only\n---\n");
    assert_eq!(nodes.iter().map(show).collect::<Vec<_>>(), [r#"{a: "1"}"#, r#"{c: "3"}"#, r#"{d: "4"}"#]);
    assert_eq!(diagnostics.len(), 1);
    assert_eq!((diagnostics[0].code, map.text(diagnostics[0].span)), (Code::YAML_SYNTAX, "["));
}

#[test]
fn repeated_keys_are_marked_with_their_first_place() {
    let (map, nodes, diagnostics) = read("a: 1\nb: {c: 1, c: 2}\na: 3\n");
    assert_eq!(show(&nodes[0]), r#"{a: "1", b: {c: "1"}}"#);
    let places: Vec<(Span, &str)> = diagnostics.iter().map(|d| (d.labels[0].span, map.text(d.span))).collect();
    assert_eq!(places.iter().map(|(_, text)| *text).collect::<Vec<_>>(), ["c", "a"]);
    assert_eq!(places[1].0.start, 0);
    assert_eq!(faults("1: a\n2: b\n1: c\n"), [(Code::DUPLICATE_KEY, "1".into())]);
}

#[test]
fn faults_of_yaml_are_where_they_are() {
    let fault = |text: &str| faults(text).remove(0);
    assert_eq!(fault("a: *nope\n"), (Code::UNKNOWN_ANCHOR, "*nope".into()));
    assert_eq!(fault("a: b: c\n"), (Code::YAML_SYNTAX, ":".into()));
    assert_eq!(fault("a: \"中 x\nb: 3\n"), (Code::YAML_SYNTAX, "\"".into()));
    assert_eq!(fault("a: 'x\n"), (Code::YAML_SYNTAX, "'".into()));
    assert_eq!(fault("a: {b: c\n"), (Code::YAML_SYNTAX, "{".into()));
    assert_eq!(fault("a: @x\n"), (Code::YAML_SYNTAX, "@".into()));
    assert_eq!(fault("中: \"\\q\"\n").0, Code::YAML_SYNTAX);
    assert_eq!(fault("? [a]\n: b\n").0, Code::WRONG_SHAPE);
}

#[test]
fn bombs_are_refused() {
    let deep = format!("a: {}{}\n", "[".repeat(100), "]".repeat(100));
    assert_eq!(faults(&deep)[0].0, Code::YAML_LIMIT);
    let mut laughs = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..9 {
        let below = vec![format!("*a{}", level - 1); 10].join(", ");
        laughs = format!("{laughs}a{level}: &a{level} [{below}]\n");
    }
    assert_eq!(faults(&laughs)[0].0, Code::YAML_LIMIT);
}

/// What the archived crate makes of the same text, in the notation of [`show`]: it types plain scalars, so numbers and
/// truth values are compared by their text where the two agree on it.
fn same(node: &Node, value: &serde_yaml_09::Value) -> bool {
    use serde_yaml_09::Value;
    match (&node.kind, value) {
        (Kind::Null, Value::Null) => true,
        (Kind::Scalar(scalar), Value::String(text)) => scalar.fragment.text == *text,
        (Kind::Scalar(scalar), Value::Bool(truth)) => scalar.fragment.text == truth.to_string(),
        (Kind::Scalar(scalar), Value::Number(_)) => {
            serde_yaml_09::from_str::<Value>(&scalar.fragment.text).is_ok_and(|read| read == *value)
        }
        (Kind::Seq(items), Value::Sequence(values)) => {
            items.len() == values.len() && items.iter().zip(values).all(|(item, value)| same(item, value))
        }
        (Kind::Map(entries), Value::Mapping(values)) => {
            let held = |entry: &Entry| {
                let mut keys = values.iter().filter(|(key, _)| same_key(&entry.key.value, key));
                keys.next().is_some_and(|(_, value)| same(&entry.value, value))
            };
            entries.len() == values.len() && entries.iter().all(held)
        }
        _ => false,
    }
}

fn same_key(key: &str, value: &serde_yaml_09::Value) -> bool {
    value.as_str().map_or_else(
        || serde_yaml_09::from_str(key).is_ok_and(|read: serde_yaml_09::Value| read == *value),
        |text| text == key,
    )
}

/// Files under `folder` that end in `.yaml`.
fn shipped(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
        if path.is_dir() {
            shipped(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            found.push(path);
        }
    }
}

/// The rules stay plain YAML that `serde_yaml` 0.9 reads: both crates, on every file we ship.
#[test]
fn the_archived_crate_reads_our_files_with_the_same_result() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![root.join("src/syntax/tests/sound.yaml")];
    shipped(&root.join("rules"), &mut files);
    for path in files {
        let text = std::fs::read_to_string(&path).expect("a file");
        let (_, nodes, diagnostics) = read(&text);
        assert_eq!(diagnostics, [], "{}", path.display());
        let values: Vec<serde_yaml_09::Value> = serde_yaml_09::Deserializer::from_str(&text)
            .map(|document| serde::Deserialize::deserialize(document).expect("plain YAML"))
            .filter(|value: &serde_yaml_09::Value| !value.is_null())
            .collect();
        assert_eq!(nodes.len(), values.len(), "{}", path.display());
        for (node, value) in nodes.iter().zip(&values) {
            assert!(same(node, value), "{}: {} and {value:?}", path.display(), show(node));
        }
    }
}
