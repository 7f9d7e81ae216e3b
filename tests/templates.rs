//! Faults of a knowledge base's own templates, as `check` shows them, and what the other commands make of them.

use serde_json::Value;

use casebook::draft::names::{FUNCTIONS, NAMES, Shape};

use crate::environment::{Environment, root};

fn base(templates: &[(&str, &str)]) -> Environment {
    let environment = Environment::new();
    environment.write("kb/casebook.yaml", "extends: default\n");
    for (path, text) in templates {
        environment.write(&format!("kb/templates/{path}"), text);
    }
    environment
}

/// Code, severity, file, line, column and help of each diagnostic.
fn faults(environment: &Environment) -> Vec<String> {
    let json = environment.run(&["check", "kb", "--format", "json", "--lang", "en"]).json();
    let one = |fault: &Value| {
        let text = |key: &str| fault[key].as_str().unwrap_or("-").to_owned();
        let place = format!("{}:{}:{}-{}", text("file"), fault["line"], fault["column"], fault["end_column"]);
        format!("{} {} {place} {}", text("code"), text("severity"), text("help"))
    };
    let own = |fault: &&Value| fault["file"].as_str().is_some_and(|file| file.starts_with("templates/"));
    json["diagnostics"].as_array().unwrap().iter().filter(own).map(one).collect()
}

#[test]
fn faults_have_their_place_in_the_template() {
    let environment = base(&[
        ("zh/close.txt", "您好\n感谢您，{{ salutatoin }}\n{% for log in finding.logs %}{{ log.titel }}{% endfor %}\n"),
        ("zh/_signature.txt", "此致 {% include \"zh/_foot.txt\" %}{{ signature | listd }}"),
        ("en/close.txt", "{% if finding %}\n"),
    ]);
    assert_eq!(
        faults(&environment),
        [
            "CB0600 error templates/en/close.txt:1:15-17 -",
            "CB0603 error templates/zh/_signature.txt:1:16-28 -",
            "CB0602 error templates/zh/_signature.txt:1:47-52 did you mean `listed`?",
            "CB0601 error templates/zh/close.txt:2:8-18 did you mean `salutation`?",
            "CB0601 error templates/zh/close.txt:3:37-42 did you mean `title`?",
        ]
    );
    assert_eq!(environment.run(&["check", "kb"]).status, 1);
}

#[test]
fn a_mail_in_one_language_is_a_warning() {
    // The default has every mail in both languages, so a knowledge base can only lack one of a kind of its own.
    assert_eq!(faults(&base(&[("zh/close.txt", "{{ salutation }}\n")])), [""; 0]);
    assert_eq!(base(&[("zh/close.txt", "{{ salutation }}\n")]).run(&["check", "kb"]).status, 0);
}

#[test]
fn a_template_with_an_error_is_left_out() {
    let environment =
        base(&[("zh/close.txt", "坏的 {{ salutatoin }}\n"), ("zh/received.txt", "收到 {{ salutation }}\n")]);
    environment.write("thread.txt", "邮件主题：更新失败\n");
    let reply = |kind: &str| {
        let args = ["reply", "--kb", "kb", "--thread", "thread.txt", "--kind", kind, "--placeholders"];
        environment.run(&args)
    };
    let closing = reply("close");
    assert!(closing.status == 0 && closing.stdout.contains("归档"), "{}", closing.shown());
    assert!(reply("received").stdout.starts_with("收到"), "{}", reply("received").shown());
}

#[test]
fn every_name_and_field_is_documented() {
    fn fields(shape: Shape) -> Vec<&'static str> {
        match shape {
            Shape::Plain | Shape::Any => Vec::new(),
            Shape::List(member) => fields(*member),
            Shape::Record(own) => own.iter().flat_map(|(name, shape)| [vec![*name], fields(*shape)].concat()).collect(),
        }
    }
    let page = std::fs::read_to_string(root().join("docs/language.md")).unwrap();
    let page = page.split_once("\n## 10. Templates\n").unwrap().1;
    for (name, shape, _) in NAMES {
        let row = page.lines().find(|line| line.starts_with(&format!("| `{name}` |")));
        let row = row.unwrap_or_else(|| panic!("docs/language.md does not tell `{name}`"));
        for field in fields(shape) {
            assert!(row.contains(&format!("`{field}`")), "docs/language.md does not tell `{name}.{field}`");
        }
    }
    assert!(FUNCTIONS.iter().all(|name| page.contains(&format!("`{name}("))));
}
