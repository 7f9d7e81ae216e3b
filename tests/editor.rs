//! The language server as an editor meets it: a client over standard input and output.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::environment::Environment;

/// A client with its server.
struct Client {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    number: u64,
    said: Vec<Value>,
}

impl Client {
    fn start(environment: &Environment) -> Client {
        let mut child = Command::new(env!("CARGO_BIN_EXE_casebook"))
            .args(["lsp", "--lang", "en"])
            .current_dir(environment.path(""))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        let mut client = Client { child, input, output, number: 0, said: Vec::new() };
        let capabilities = client.ask("initialize", &json!({"capabilities": {}, "processId": null, "rootUri": null}));
        assert!(capabilities["capabilities"]["hoverProvider"].as_bool().unwrap(), "{capabilities}");
        client.tell("initialized", &json!({}));
        client
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        let input = self.input.as_mut().unwrap();
        write!(input, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        input.flush().unwrap();
    }

    fn tell(&mut self, method: &str, params: &Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.number += 1;
        let id = self.number;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        loop {
            let message = self.receive();
            if message["id"] == json!(id) {
                return message.get("error").unwrap_or(&message["result"]).clone();
            }
            self.said.push(message);
        }
    }

    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "the server is gone");
            if let Some(number) = line.trim().strip_prefix("Content-Length: ") {
                length = number.parse().unwrap();
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    /// The next diagnostics of a file.
    fn diagnostics(&mut self, uri: &str) -> Vec<Value> {
        loop {
            let message = if self.said.is_empty() { self.receive() } else { self.said.remove(0) };
            if message["method"] == "textDocument/publishDiagnostics" && message["params"]["uri"] == json!(uri) {
                return message["params"]["diagnostics"].as_array().unwrap().clone();
            }
        }
    }

    fn open(&mut self, uri: &str, text: &str) -> Vec<Value> {
        self.tell(
            "textDocument/didOpen",
            &json!({"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}}),
        );
        self.diagnostics(uri)
    }

    fn change(&mut self, uri: &str, text: &str) -> Vec<Value> {
        self.tell(
            "textDocument/didChange",
            &json!({"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": text}]}),
        );
        self.diagnostics(uri)
    }

    /// Asks about the place of `‸` in `text`.
    fn at(&mut self, method: &str, uri: &str, text: &str) -> Value {
        let before = text.split('‸').next().unwrap();
        let line = before.matches('\n').count();
        let column = before.rsplit('\n').next().unwrap().encode_utf16().count();
        let params = json!({"textDocument": {"uri": uri}, "position": {"line": line, "character": column}, "context": {"includeDeclaration": true}});
        self.ask(method, &params)
    }

    fn labels(&mut self, uri: &str, text: &str) -> Vec<String> {
        self.change(uri, &text.replace('‸', ""));
        let found = self.at("textDocument/completion", uri, text);
        found.as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
    }

    fn stop(mut self) {
        self.ask("shutdown", &Value::Null);
        self.tell("exit", &Value::Null);
        drop(self.input.take());
        assert!(self.child.wait().unwrap().success());
    }
}

const RULE: &str = r#"rule: a/b
title: {zh: 失败😀, en: Failure}
severity: failure
evidence:
  failed: {log: cbs, line: "it failed with {status:error}"}
signature: failed where status = E_ACCESSDENIED
causes:
  slow: {title: {zh: 慢, en: Slow}, remedies: [reinstall-update]}
tests:
  - {name: 成立, logs: {cbs: "2024-01-01 00:00:00, Info                  CBS    it failed with 5"}, expect: {status: confirmed, causes: {slow: open}}}
  - {name: is silent, logs: {cbs: "2024-01-01 00:00:00, Info                  CBS    it went well"}, expect: none}
"#;

fn started() -> (Environment, Client, String) {
    let environment = Environment::new();
    environment.write("kb/rules/a.yaml", RULE);
    environment.write(
        "kb/rules/b.yaml",
        RULE.replace("a/b", "a/c").replace("signature: failed", "signature: finding a/b and failed"),
    );
    let client = Client::start(&environment);
    let uri = format!("file://{}", environment.path("kb/rules/a.yaml").display());
    (environment, client, uri)
}

#[test]
fn an_editor_is_told_what_is_wrong_and_how_to_mend_it() {
    let (_environment, mut client, uri) = started();
    assert_eq!(client.open(&uri, RULE), Vec::<Value>::new());
    let wrong = RULE.replace("en: Failure}\nseverity", "en: Failure}\nseverty");
    let found = client.change(&uri, &wrong);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["code"], "CB0004");
    assert_eq!(found[0]["range"], json!({"start": {"line": 2, "character": 0}, "end": {"line": 2, "character": 7}}));
    let params = json!({"textDocument": {"uri": uri}, "range": found[0]["range"], "context": {"diagnostics": []}});
    let actions = client.ask("textDocument/codeAction", &params);
    assert_eq!(actions[0]["edit"]["changes"][&uri][0]["newText"], "severity", "{actions}");
    // Behind an emoji a column is two units further than a character.
    let found = client.change(&uri, &RULE.replace("zh: 失败😀, en: F", "zh: 失败😀, ne: F"));
    assert_eq!(found[0]["range"]["start"], json!({"line": 1, "character": 18}), "{found:?}");
    assert_eq!(client.change(&uri, RULE), Vec::<Value>::new());
    // When nothing comes for a moment the whole is compiled, and other files are heard of.
    let gone = RULE.replace("rule: a/b", "rule: a/d");
    client.change(&uri, &gone);
    let other = uri.replace("a.yaml", "b.yaml");
    let found = client.diagnostics(&other);
    assert!(found.iter().any(|it| it["code"] == "CB0309"), "{found:?}");
    client.stop();
}

#[test]
fn an_editor_is_offered_what_can_stand_there() {
    let (_environment, mut client, uri) = started();
    client.open(&uri, RULE);
    let labels = |client: &mut Client, from: &str, to: &str| client.labels(&uri, &RULE.replace(from, to));
    assert!(labels(&mut client, "severity: failure", "sev‸").contains(&"severity".to_owned()));
    assert_eq!(labels(&mut client, "severity: failure", "severity: ‸"), ["failure", "warning", "notice"]);
    assert!(labels(&mut client, "{log: cbs, line", "{log: ‸, line").contains(&"setupapi.dev".to_owned()));
    assert!(labels(&mut client, "{log: cbs, line", "{‸log: cbs, line").contains(&"section".to_owned()));
    assert!(labels(&mut client, "{status:error}", "{status:‸}").contains(&"error".to_owned()));
    let offered = labels(&mut client, "failed where status = E_ACCESSDENIED", "fa‸");
    assert!(offered.contains(&"failed".to_owned()) && offered.contains(&"within".to_owned()), "{offered:?}");
    assert!(labels(&mut client, "E_ACCESSDENIED", "E_ACC‸").contains(&"E_ACCESSDENIED".to_owned()));
    assert!(labels(&mut client, "signature: failed", "signature: finding ‸ and failed").contains(&"a/c".to_owned()));
    assert!(labels(&mut client, "[reinstall-update]", "[‸]").contains(&"reinstall-update".to_owned()));
    assert!(labels(&mut client, "status = E", "status.‸ = E").contains(&"symbol".to_owned()));
    // Products that some rule names, in brackets or a line each; the default's own are there too.
    let other = RULE.replace("a/b", "a/c").replace("severity", "products: {zh: 终端, en: Terminals}\nseverity");
    client.open(&uri.replace("a.yaml", "b.yaml"), &other);
    for to in ["products: [‸]\nseverity", "products:\n  - ‸\nseverity"] {
        let offered = labels(&mut client, "severity", to);
        for name in ["{zh: 终端, en: Terminals}", "Windows 11"] {
            assert!(offered.contains(&name.to_owned()), "{to}: {offered:?}");
        }
    }
    client.stop();
}

#[test]
fn an_editor_is_shown_what_a_name_means_and_where_it_stands() {
    let (_environment, mut client, uri) = started();
    client.open(&uri, RULE);
    let marked = |from: &str, to: &str| RULE.replacen(from, to, 1);
    let hover = |client: &mut Client, text: &str| {
        client.at("textDocument/hover", &uri, text)["contents"]["value"].as_str().unwrap_or_default().to_owned()
    };
    assert!(hover(&mut client, &marked("log: cbs", "log: c‸bs")).contains("CBS*.log"));
    assert!(hover(&mut client, &marked("= E_ACC", "= E_A‸CC")).contains("0x80070005"));
    assert!(hover(&mut client, &marked("[reinstall", "[re‸install")).contains("1. "));
    assert!(hover(&mut client, &marked(":error}", ":err‸or}")).contains(".symbol"));
    assert!(hover(&mut client, &marked("severity", "seve‸rity")).contains("How grave"));
    let products = marked("severity", "products: [{zh: 终端, en: Term‸inals}]\nseverity");
    client.change(&uri, &products.replace('‸', ""));
    assert_eq!(hover(&mut client, &products), "Terminals / 终端\n\nnamed by 1 rule");
    let products = marked("severity", "prod‸ucts: [Windows 10]\nseverity");
    client.change(&uri, &products.replace('‸', ""));
    assert!(hover(&mut client, &products).contains("decides nothing"));
    client.change(&uri, RULE);
    let other = uri.replace("a.yaml", "b.yaml");
    let text = RULE.replace("a/b", "a/c").replace("signature: failed", "signature: finding a/‸b and failed");
    client.open(&other, &text.replace('‸', ""));
    let found = client.at("textDocument/definition", &other, &text);
    assert_eq!(found[0]["uri"], json!(uri), "{found}");
    assert_eq!(found[0]["range"]["start"], json!({"line": 0, "character": 6}));
    let found = client.at("textDocument/references", &uri, &marked("rule: a/b", "rule: a/‸b"));
    assert_eq!(found.as_array().unwrap().len(), 2, "{found}");
    let found = client.at("textDocument/references", &uri, &marked("where status", "where st‸atus"));
    assert_eq!(found.as_array().unwrap().len(), 2, "{found}");
    client.open(&uri, &RULE.replace("log: cbs, line", "log:  cbs , line"));
    let found = client.ask("textDocument/formatting", &json!({"textDocument": {"uri": uri}, "options": {}}));
    assert_eq!(found[0]["newText"], RULE, "{found}");
    client.stop();
}

#[test]
fn an_editor_renames_in_all_files_or_says_why_not() {
    let (_environment, mut client, uri) = started();
    client.open(&uri, RULE);
    let found = client.at("textDocument/prepareRename", &uri, &RULE.replacen("rule: a/b", "rule: a/‸b", 1));
    assert_eq!(found["placeholder"], "a/b", "{found}");
    let params = |name: &str, line: u32, character: u32| json!({"textDocument": {"uri": uri}, "position": {"line": line, "character": character}, "newName": name});
    let found = client.ask("textDocument/rename", &params("a/first", 0, 8));
    let other = uri.replace("a.yaml", "b.yaml");
    assert_eq!(found["changes"][&uri][0]["newText"], "a/first", "{found}");
    assert_eq!(found["changes"][&other].as_array().unwrap().len(), 1, "{found}");
    // Nothing to rename; a name that is taken; one of the default knowledge base.
    assert_eq!(client.at("textDocument/prepareRename", &uri, &RULE.replacen("title", "ti‸tle", 1)), Value::Null);
    let found = client.ask("textDocument/rename", &params("a/c", 0, 8));
    assert_eq!((found["code"].as_i64(), found["message"].as_str()), (Some(-32803), Some("there is a `a/c` already")));
    let found = client.at("textDocument/prepareRename", &uri, &RULE.replacen("log: cbs", "log: c‸bs", 1));
    assert!(found["message"].as_str().unwrap().starts_with("the default knowledge base has `cbs` too"), "{found}");
    client.stop();
}

/// With `CASEBOOK_LSP_RULES=500` the time from an edit to its diagnostics, beside so many rules.
#[test]
fn an_edit_is_answered_at_once() {
    let count = std::env::var("CASEBOOK_LSP_RULES").ok().and_then(|number| number.parse().ok());
    let (environment, mut client, uri) = started();
    for number in 0..count.unwrap_or(20_usize) {
        let rule = RULE.replace("a/b", &format!("a/n{number}")).replace("it failed", &format!("step {number} failed"));
        environment.write(&format!("kb/rules/n{number}.yaml"), rule);
    }
    client.open(&uri, RULE);
    let mut times: Vec<Duration> = Vec::new();
    for number in 0..21 {
        let text = RULE.replace("en: Failure", &format!("en: Failure {number}"));
        let begun = Instant::now();
        client.change(&uri, &text);
        times.push(begun.elapsed());
    }
    times.sort();
    if let Some(count) = count {
        println!("{count} rules: median {:?}, longest {:?}", times[10], times[20]);
    }
    // A debug build on a busy machine is ten times slower than what is shipped.
    assert!(times[10] < Duration::from_secs(2), "{times:?}");
    client.stop();
}

const REMEDY: &str = r#"remedy: mend
title: {zh: 恢复权限, en: Mend it}
risk: medium
needs: {status: error}
before: {zh: "记下 {{ status }}", en: Note the code}
steps:
  - {zh: 运行脚本, en: Run the script, command: 'mend "{{ status }}"'}
script: mend.bat
verify: {zh: 正常, en: It works}
undo: {zh: 撤销, en: Undo it}
"#;

const SCRIPT: &str = "@echo off\r\nset \"CODE={{ status }}\"\r\necho \"%CODE%\"\r\n";

const MAIL: &str = "{{ salutation }}\n{% for cause in finding.causes %}\n{% include \"zh/_cause.txt\" %}\n{% endfor %}\n{% include \"zh/_signature.txt\" %}\n";

/// A knowledge base with a remedy, its script, a mail and a partial of its own.
fn with_templates() -> (Environment, Client, impl Fn(&str) -> String) {
    let environment = Environment::new();
    environment.write("kb/rules/a.yaml", RULE.replace("[reinstall-update]", "[mend]"));
    environment.write("kb/rules/mend.yaml", REMEDY);
    environment.write("kb/templates/scripts/mend.bat", SCRIPT);
    environment.write("kb/templates/zh/analysis.txt", MAIL);
    environment.write("kb/templates/zh/_cause.txt", "{{ cause.title }}\n");
    let client = Client::start(&environment);
    let kb = environment.path("kb").display().to_string();
    (environment, client, move |path: &str| format!("file://{kb}/{path}"))
}

/// Where things stand, as `file:line:column` from 0.
fn shown(found: &Value) -> Vec<String> {
    let place = |it: &Value| {
        let (uri, start) = (it["uri"].as_str().unwrap(), &it["range"]["start"]);
        format!("{}:{}:{}", uri.rsplit('/').next().unwrap(), start["line"], start["character"])
    };
    let mut places: Vec<String> = found.as_array().into_iter().flatten().map(place).collect();
    places.sort();
    places
}

#[test]
fn an_editor_goes_between_rules_and_templates() {
    let (_environment, mut client, uri) = with_templates();
    let (remedy, script, mail) =
        (uri("rules/mend.yaml"), uri("templates/scripts/mend.bat"), uri("templates/zh/analysis.txt"));
    client.open(&remedy, REMEDY);
    let at = |client: &mut Client, method: &str, uri: &str, text: &str, from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        shown(&client.at(&format!("textDocument/{method}"), uri, &text.replacen(from, to, 1)))
    };
    // From a remedy to its script, and back.
    assert_eq!(at(&mut client, "definition", &remedy, REMEDY, "mend.bat", "me‸nd.bat"), ["mend.bat:0:0"]);
    let found = client.at("textDocument/references", &script, &SCRIPT.replacen("@echo", "‸@echo", 1));
    assert_eq!(shown(&found), ["mend.bat:0:0", "mend.yaml:7:8"]);
    // A value: declared by the remedy, used by its texts and its script, captured by the rule.
    let uses = ["a.yaml:4:44", "a.yaml:5:24", "mend.bat:1:13", "mend.yaml:3:8", "mend.yaml:4:20", "mend.yaml:6:54"];
    assert_eq!(at(&mut client, "definition", &script, SCRIPT, "{{ status", "{{ st‸atus"), ["mend.yaml:3:8"]);
    assert_eq!(at(&mut client, "references", &script, SCRIPT, "{{ status", "{{ st‸atus"), uses);
    assert_eq!(at(&mut client, "references", &remedy, REMEDY, "needs: {status", "needs: {st‸atus"), uses);
    let rule = RULE.replace("[reinstall-update]", "[mend]");
    client.open(&uri("rules/a.yaml"), &rule);
    assert_eq!(at(&mut client, "references", &uri("rules/a.yaml"), &rule, "{status", "{st‸atus"), uses);
    // From a mail to its partial, and back.
    let include = |client: &mut Client, method: &str| at(client, method, &mail, MAIL, "zh/_cause", "zh/_ca‸use");
    assert_eq!(include(&mut client, "definition"), ["_cause.txt:0:0"]);
    let partial = uri("templates/zh/_cause.txt");
    let found = client.at("textDocument/references", &partial, "‸{{ cause.title }}");
    assert_eq!(shown(&found), ["_cause.txt:0:0", "analysis.txt:2:12"]);
    // A name of the context is explained.
    let hover = client.at("textDocument/hover", &mail, &MAIL.replacen("in finding", "in fin‸ding", 1));
    let text = hover["contents"]["value"].as_str().unwrap_or_default();
    assert!(text.contains("the main finding") && text.contains("`.causes`"), "{hover}");
    client.stop();
}

#[test]
fn an_editor_is_told_what_is_wrong_with_a_template() {
    let (_environment, mut client, uri) = with_templates();
    let mail = uri("templates/zh/analysis.txt");
    assert_eq!(client.open(&mail, MAIL), Vec::<Value>::new());
    let found = client.change(&mail, &MAIL.replace("finding.causes", "finding.cuases"));
    assert_eq!(found[0]["code"], "CB0601", "{found:?}");
    assert_eq!(found[0]["range"], json!({"start": {"line": 1, "character": 24}, "end": {"line": 1, "character": 30}}));
    let params = json!({"textDocument": {"uri": mail}, "range": found[0]["range"], "context": {"diagnostics": []}});
    let actions = client.ask("textDocument/codeAction", &params);
    assert_eq!(actions[0]["edit"]["changes"][&mail][0]["newText"], "causes", "{actions}");
    // A partial is read where it is included.
    let partial = uri("templates/zh/_cause.txt");
    client.change(&mail, MAIL);
    let found = client.open(&partial, "{{ cause.titel }}\n");
    assert_eq!(found[0]["code"], "CB0601", "{found:?}");
    // A script is told of with the whole.
    let script = uri("templates/scripts/mend.bat");
    let found = client.open(&script, &SCRIPT.replace("{{ status", "{{ sttaus"));
    assert_eq!(found[0]["code"], "CB0604", "{found:?}");
    client.stop();
}

#[test]
fn an_editor_is_offered_what_a_template_can_use() {
    let (_environment, mut client, uri) = with_templates();
    let mail = uri("templates/zh/analysis.txt");
    client.open(&mail, MAIL);
    let labels = |client: &mut Client, to: &str| client.labels(&mail, &MAIL.replacen("{{ salutation }}", to, 1));
    let offered = labels(&mut client, "{{ ‸ }}");
    assert!(offered.contains(&"finding".to_owned()) && offered.contains(&"answer".to_owned()), "{offered:?}");
    assert!(!offered.contains(&"cause".to_owned()), "not outside of its loop: {offered:?}");
    assert!(labels(&mut client, "{{ finding.‸").contains(&"undetermined".to_owned()));
    assert!(labels(&mut client, "{% for log in finding.logs %}{{ log.‸").contains(&"blocks".to_owned()));
    assert!(labels(&mut client, "{{ notes | ‸ }}").contains(&"listed".to_owned()));
    assert!(labels(&mut client, "{% ‸ %}").contains(&"include".to_owned()));
    assert!(labels(&mut client, "{% include \"zh/‸").contains(&"zh/_causes.txt".to_owned()));
    assert!(labels(&mut client, "{{ answer(\"‸").contains(&"customer.name".to_owned()));
    assert_eq!(labels(&mut client, "plain ‸ text"), Vec::<String>::new());
    // In a partial: what the templates that include it give.
    let partial = uri("templates/zh/_cause.txt");
    client.change(&mail, MAIL);
    client.open(&partial, "{{ cause.title }}\n");
    assert!(client.labels(&partial, "{{ cause.‸").contains(&"confirmed".to_owned()));
    assert!(client.labels(&partial, "{{ ‸").contains(&"cause".to_owned()));
    // In a script and in the texts of a remedy: what the remedy takes.
    let (script, remedy) = (uri("templates/scripts/mend.bat"), uri("rules/mend.yaml"));
    client.open(&remedy, REMEDY);
    assert_eq!(client.labels(&remedy, &REMEDY.replace("记下 {{ status", "记下 {{ ‸")), ["status"]);
    client.change(&remedy, REMEDY);
    client.open(&script, SCRIPT);
    assert_eq!(client.labels(&script, &SCRIPT.replace("{{ status", "{{ ‸")), ["status"]);
    client.stop();
}
