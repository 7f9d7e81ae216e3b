//! Faults of a knowledge base's own templates, as `check` shows them, and what the other commands make of them.

use serde_json::Value;

use casebook::draft::names::{FUNCTIONS, table};

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
fn the_list_of_names_is_what_a_template_may_use() {
    let path = root().join("docs/templates.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (head, rest) = page.split_once("<!-- names: written by the tests -->\n").unwrap();
    let (_, tail) = rest.split_once("<!-- end of names -->").unwrap();
    let told = format!("{head}<!-- names: written by the tests -->\n{}<!-- end of names -->{tail}", table());
    if std::env::var_os("CASEBOOK_WRITE_DOCS").is_some() {
        std::fs::write(&path, &told).unwrap();
    }
    assert_eq!(page, told, "docs/templates.md is not up to date: CASEBOOK_WRITE_DOCS=1 writes it");
    let language = std::fs::read_to_string(root().join("docs/language.md")).unwrap();
    assert!(FUNCTIONS.iter().all(|name| language.contains(&format!("`{name}("))));
}
