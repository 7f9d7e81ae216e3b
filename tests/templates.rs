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

/// A page with `text` between its marks of `name`.
fn between(page: &str, name: &str, text: &str) -> String {
    let (begin, end) = (format!("<!-- {name}: written by the tests -->\n"), format!("<!-- end of {name} -->"));
    let (head, rest) = page.split_once(&begin).unwrap();
    let (_, tail) = rest.split_once(&end).unwrap();
    format!("{head}{begin}{text}{end}{tail}")
}

/// The names of the blocks of a template, in order.
fn blocks_of(path: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join("templates").join(path)).unwrap();
    let opened = text.match_indices("{% block ").map(|(at, tag)| &text[at + tag.len()..]);
    opened.map(|rest| rest.split(' ').next().unwrap().to_owned()).collect()
}

/// The blocks of every mail, as a table; the same in both languages.
fn blocks() -> String {
    let kinds = ["scope", "request", "received", "analysis", "remedy", "follow-up", "handover", "close", "summary"];
    let row = |kind: &str| {
        let own = blocks_of(&format!("zh/{kind}.txt"));
        assert_eq!(own, blocks_of(&format!("en/{kind}.txt")), "{kind} has other blocks in English");
        assert!(own.len() > 3, "{kind}: {own:?}");
        format!("| `{kind}` | `{}` |\n", own.join("` `"))
    };
    let rows: String = kinds.into_iter().map(row).collect();
    format!("| mail | its blocks, in order |\n|---|---|\n{rows}")
}

/// The draft of a mail by a knowledge base with these templates.
fn drafted(templates: &[(&str, &str)], lang: &str) -> String {
    let environment = base(templates);
    environment.copy("rules/driver/tests/uninstall-denied-open/logs", "logs");
    let args = ["reply", "logs", "--kb", "kb", "--kind", "request", "--lang", lang, "--placeholders"];
    let ran = environment.run(&args);
    assert_eq!(ran.status, 0, "{}", ran.shown());
    ran.stdout
}

#[test]
fn one_block_is_worded_anew_and_the_rest_stays() {
    let plain = drafted(&[], "zh");
    let closing = "收到日志后，我会尽快分析并与您联系。";
    assert!(plain.contains(closing), "{plain}");
    let own = "{% extends \"default/zh/request.txt\" %}\n{% block closing %}\n一个工作日内答复。\n{% endblock %}\n";
    assert_eq!(drafted(&[("zh/request.txt", own)], "zh"), plain.replace(closing, "一个工作日内答复。"));
    let more = own.replace("一个工作日内答复。", "{{ super() }}一个工作日内答复。");
    let both = format!("{closing}\n一个工作日内答复。");
    assert_eq!(drafted(&[("zh/request.txt", &more)], "zh"), plain.replace(closing, &both));
    // The other language is not touched, and one that asks for a greeting is still greeted.
    assert_eq!(drafted(&[("zh/request.txt", own)], "en"), drafted(&[], "en"));
    assert_eq!(faults(&base(&[("zh/request.txt", own)])), [""; 0]);
}

#[test]
fn a_block_goes_into_a_pack_too() {
    let own = "{% extends \"default/en/request.txt\" %}{% block closing %}Within a day.{% endblock %}";
    let environment = base(&[("en/request.txt", own)]);
    environment.copy("rules/driver/tests/uninstall-denied-open/logs", "logs");
    let compiled = environment.run(&["compile", "kb", "-o", "kb.pack"]);
    assert_eq!(compiled.status, 0, "{}", compiled.shown());
    let args = ["reply", "logs", "--kind", "request", "--lang", "en", "--placeholders", "--kb"];
    let [folder, pack] = ["kb", "kb.pack"].map(|base| environment.run(&[&args[..], &[base]].concat()).stdout);
    assert!(folder.contains("Within a day.") && folder == pack, "{pack}");
}

#[test]
fn faults_of_templates_that_extend_have_their_place() {
    let environment = base(&[
        (
            "zh/close.txt",
            "{% extends \"default/zh/close.txt\" %}\n{% block closng %}甲{{ salutatoin }}{% endblock %}\n",
        ),
        ("zh/received.txt", "{% extends \"zh/received.txt\" %}{% block closing %}{% endblock %}"),
        ("en/close.txt", "{% extends \"default/en/close.txt\" %}\n  Regards\n{% block closing %}Bye{% endblock %}"),
    ]);
    assert_eq!(
        faults(&environment),
        [
            "CB0607 warning templates/en/close.txt:2:3-10 -",
            "CB0601 error templates/zh/close.txt:2:10-16 did you mean `closing`?",
            "CB0601 error templates/zh/close.txt:2:23-33 did you mean `salutation`?",
            "CB0603 error templates/zh/received.txt:1:13-28 did you mean `default/zh/received.txt`?",
        ]
    );
}

#[test]
fn a_script_that_destroys_needs_a_backup() {
    let remedy = |script: &str, before: &str| {
        let remedy = format!(
            "remedy: reset-own-file\ntitle: {{zh: 重置该文件的权限, en: Reset the file's permissions}}\nrisk: medium\n\
             needs: {{inf: path}}\nmentioned: [\"reset the file's permissions\"]\n{before}\
             steps: [{{zh: 运行附件中的脚本, en: Run the attached script}}]\nscript: {script}\n\
             verify: {{zh: 重新安装更新, en: Install the update again}}\nundo: {{zh: 还原, en: Restore}}\n"
        );
        let environment =
            base(&[("scripts/reset.bat", "@echo off\nset \"FILE={{ inf }}\"\nicacls \"%FILE%\" /reset\n")]);
        environment.write("kb/rules/remedies/reset-own-file.yaml", remedy);
        environment.run(&["check", "kb", "--lang", "en"])
    };
    let without = remedy("reset.bat", "");
    insta::assert_snapshot!(without.shown());
    // A script of the default is looked at as well.
    let inherited = remedy("restore-file-acl.bat", "");
    assert!(inherited.status == 1 && inherited.stdout.contains("CB0410"), "{}", inherited.shown());
    let with = remedy("reset.bat", "before: {zh: 先备份, en: Back up first}\n");
    assert!(!with.stdout.contains("CB0410"), "{}", with.shown());
}

#[test]
fn the_list_of_names_is_what_a_template_may_use() {
    let path = root().join("docs/templates.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let told = between(&between(&page, "blocks", &blocks()), "names", &table());
    if std::env::var_os("CASEBOOK_WRITE_DOCS").is_some() {
        std::fs::write(&path, &told).unwrap();
    }
    assert_eq!(page, told, "docs/templates.md is not up to date: CASEBOOK_WRITE_DOCS=1 writes it");
    let language = std::fs::read_to_string(root().join("docs/language.md")).unwrap();
    assert!(FUNCTIONS.iter().all(|name| language.contains(&format!("`{name}("))));
}
