//! The one form: what changes, what stays, and that formatting twice is formatting once.

use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::format;
use crate::compiler::{self, Layer};
use crate::source::SourceMap;
use crate::syntax;

fn formatted(text: &str) -> String {
    let once = format(text).expect("no fault");
    assert_eq!(format(&once).as_deref(), Some(once.as_str()), "a second time changes more");
    once
}

#[test]
fn keys_are_put_in_order_with_what_stands_above_them() {
    let text = "\
# 说明
rule: a/b
severity: failure   # how grave

# The title comes second.
title: {en: B, zh: 甲}
signature: x
evidence:
  # what is looked for
  x:
    # the line
    line: \"denied\"
    log: cbs   # where
tests:
  - expect: none
    logs: {cbs: \"a: b\"}
    name: silent
";
    insta::assert_snapshot!(formatted(text));
}

#[test]
fn expressions_and_blanks_have_one_form() {
    let text = "\
rule:   a/b


title: { zh: 甲 ,en:  B }
evidence:
  x:  {log: [ cbs,dism ], line:   \"two  blanks stay # here\"   }
  y: {log: cbs, where: \"inf.ext=\\\"i  nf\\\"  and  n>=5\", line: \"{inf:path} {n:int}\"}
signature: |
      (  x  where n<5 ,  )
  then y   within 5s
      and x
tests:
  - name: a
    logs:
      cbs: |
        a   b   

        c

    expect:   none

";
    // The expression does not parse as it stands: a file with a fault is left alone.
    assert_eq!(format(text), None);
    insta::assert_snapshot!(formatted(
        &text.replace("  (  x  where n<5 ,  )\n  then", "  (  x  where  n<5 )\n      then")
    ));
}

#[test]
fn what_cannot_be_moved_safely_stays() {
    let anchored = "rule: a\nseverity: failure\ntitle: &t {zh: 甲, en: B}\nsignature: x\n";
    assert_eq!(formatted(anchored), anchored);
    let bom = "\u{feff}\n\nrule: a\r\ntitle: b  \r\n\r\n\r\nsignature: x";
    assert_eq!(formatted(bom), "\u{feff}rule: a\r\ntitle: b\r\n\r\nsignature: x\r\n");
}

/// Every shipped rule file.
fn shipped() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("tests") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn what_is_shipped_has_the_form() {
    for path in shipped() {
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(formatted(&text), text, "{}", path.display());
    }
}

/// What a file compiles to over nothing else, as text: what it means, without places.
fn compiled(text: &str) -> String {
    let mut map = SourceMap::new();
    let file = map.add("x.yaml", text);
    let mut faults = Vec::new();
    let declarations = syntax::parse(&map, file, &mut faults);
    let rules =
        compiler::compile(vec![Layer { declarations, rules: true, own: true, scripts: Vec::new() }], &mut faults);
    let mut said: Vec<String> = faults.iter().map(|fault| format!("{} {:?}", fault.code, fault.message)).collect();
    said.sort();
    format!("{rules:?}\n{said:?}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Lines of shipped files, some of them lost, doubled or moved, words torn apart: what still parses means the same
    /// before and after.
    #[test]
    fn formatting_changes_no_meaning(
        file in 0_usize..1000,
        changes in proptest::collection::vec((0_usize..4, 0_usize..10_000, 0_usize..10_000), 0..6),
    ) {
        let files = shipped();
        let text = std::fs::read_to_string(&files[file % files.len()]).unwrap();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for (what, at, other) in changes {
            let (at, other) = (at % lines.len().max(1), other % lines.len().max(1));
            match what {
                0 => lines.swap(at, other),
                1 => lines[at] = lines[at].replace(", ", " ,  ").replace(": ", ":   "),
                2 => lines.insert(at, String::new()),
                _ => lines[at] = format!("{}  ", lines[at].replacen(" and ", "   and  ", 1)),
            }
        }
        let text = lines.join("\n");
        if let Some(once) = format(&text) {
            prop_assert_eq!(format(&once).unwrap(), once.clone());
            prop_assert_eq!(compiled(&text), compiled(&once));
        }
    }
}
