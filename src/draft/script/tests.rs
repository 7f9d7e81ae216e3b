//! What a script would run for values from a log: the same commands for every value, which is one argument, or no script.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::value::Type;

use super::shell::{Shell, arguments, read};
use super::{fill, holes};

const SCRIPTS: [(&str, &str); 2] = [
    ("restore-file-acl.bat", include_str!("../../../templates/scripts/restore-file-acl.bat")),
    ("refresh-file-policy.bat", include_str!("../../../templates/scripts/refresh-file-policy.bat")),
];

const PLAIN: &str = r"C:\Windows\INF\usbstor.inf";

fn filled(script: &str, value: &str) -> Result<String, String> {
    let values = BTreeMap::from([("inf".to_owned(), value.to_owned())]);
    fill(script, &[("inf".to_owned(), Type::Path)], &values).map_err(|why| format!("{why:?}"))
}

fn run(script: &str, value: &str, argument: &str) -> Option<Shell> {
    filled(script, value).ok().map(|text| read(&text, argument))
}

#[test]
fn what_scripts_run() {
    for (name, script) in SCRIPTS {
        for argument in ["", "/dry-run"] {
            let shown: Vec<String> =
                run(script, PLAIN, argument).unwrap().ran.iter().map(|command| command.join(" · ")).collect();
            insta::assert_snapshot!(format!("{name}{}", argument.replace('/', "_")), shown.join("\n"));
        }
    }
}

#[test]
fn every_script_saves_first_then_changes_then_checks() {
    let changes = ["takeown", "gpupdate", "/grant", "/remove:d", "/setowner"];
    for (name, script) in SCRIPTS {
        let ran = run(script, PLAIN, "").unwrap().ran;
        let at =
            |wanted: &dyn Fn(&Vec<String>) -> bool| ran.iter().position(wanted).unwrap_or_else(|| panic!("{name}"));
        let saved = at(&|command| command.iter().any(|word| word == "/save" || word == "/export"));
        let changed = at(&|command| command.iter().any(|word| changes.contains(&word.as_str())));
        let checked = ran.iter().rposition(|command| command[0] == "find").unwrap();
        assert!(saved < changed && changed < checked, "{name}: {ran:#?}");
        // A dry run changes nothing: what would change is said.
        for command in run(script, PLAIN, "/dry-run").unwrap().ran {
            let only_said = command[0] == "echo"
                || !command.iter().any(|word| changes.contains(&word.as_str()) || word == "/restore");
            assert!(only_said && command[0] != "mkdir", "{name}: {command:?}");
        }
    }
}

#[test]
fn values_that_quotes_cannot_hold_are_refused() {
    for value in [
        r#"C:\a" & del /q C:\x & ".inf"#,
        r"C:\%PATH%\a.inf",
        "C:\\a\r\ndel x.inf",
        r"C:\a & b.inf",
        r"C:\a|b.inf",
        r"C:\a>b.inf",
        r"C:\a^b.inf",
        r"C:\!x!.inf",
        r"C:\文件.inf",
        "C:\\a\u{202e}b.inf",
        "C:\\a\u{FFFD}.inf",
        r"C:\dir\",
        r"C:\..\x. ",
        r"C:\a\..\b.inf",
        r"C:\*.inf",
        r"\\server\share\a.inf",
        r"\\?\C:\a.inf",
        "relative.inf",
        "",
        "C:\\a:stream",
        "/y",
        "C:\\a/b",
        &format!("C:\\{}", "x".repeat(300)),
    ] {
        for (name, script) in SCRIPTS {
            assert!(filled(script, value).is_err(), "{name}: {value}");
        }
    }
    assert!(filled("icacls {{ inf }}", PLAIN).is_err() && filled("echo \"{{ other }}\"", PLAIN).is_err());
    assert!(filled("{% if inf %}x{% endif %}", PLAIN).is_err());
}

#[test]
fn holes_are_found_with_their_quotes() {
    let found: Vec<(String, bool)> = holes("set \"A={{ inf }}\"\necho {{x}}\n\"a\" {{ y }} \"b\"\n{% if %}\n{{ open")
        .into_iter()
        .map(|hole| (hole.name, hole.quoted))
        .collect();
    let name = |name: &str, quoted| (name.to_owned(), quoted);
    assert_eq!(found, [name("inf", true), name("x", false), name("y", false), name("", false), name("", false)]);
}

#[test]
fn the_model_reads_as_the_shell_does() {
    let ran = |script: &str| read(script, "").ran;
    assert_eq!(ran("icacls \"a b\" /x & del c"), [vec!["icacls", "a b", "/x"], vec!["del", "c"]]);
    assert_eq!(ran("icacls \"a & b\""), [vec!["icacls", "a & b"]]);
    assert_eq!(ran("set \"A=x\" & del y\""), [vec!["del", "y"]]);
    assert_eq!(ran("set \"A=b c\"\nicacls \"%A%\" %NO%x ^& y >nul 2>&1"), [vec!["icacls", "b c", "x", "&", "y"]]);
    assert_eq!(ran("type a | find \"b\" >c"), [vec!["type", "a"], vec!["find", "b"]]);
    assert_eq!(arguments(r#"a "b\\" c\d "e\"f""#), ["a", r"b\", r"c\d", r#"e"f"#]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn no_value_becomes_a_command(value in prop_oneof![
        "[A-Z]:(\\\\[ -~]{1,12}){1,3}",
        "[A-Z]:(\\\\[A-Za-z0-9 ()&^%!'`,;=+@#$~{}.\\[\\]_-]{1,12}){1,3}",
        "(?s).{0,30}",
        "C:\\\\Windows\\\\[a-z]{1,4}( & |\" & |%|\\^|\r\n|\\|)(del|rd) [a-z]{1,3}\\.inf",
    ]) {
        for (_, script) in SCRIPTS {
            let Some(shell) = run(script, &value, "") else { continue };
            let plain = run(script, PLAIN, "").unwrap();
            let name = value.rsplit('\\').next().unwrap();
            let folder = &value[..value.len() - name.len()];
            // The same commands with the same arguments, but for the value itself.
            let expected: Vec<Vec<String>> = plain.ran.iter().map(|command| command.iter().map(|word| {
                word.replace(PLAIN, &value).replace("usbstor.inf", name).replace(r"C:\Windows\INF\", folder)
            }).collect()).collect();
            prop_assert_eq!(&shell.ran, &expected);
        }
    }
}
