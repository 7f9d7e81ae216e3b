//! The example in the repository, end to end: every output as a person or a program gets it.

use crate::environment::{Environment, Ran};

fn example() -> Environment {
    let environment = Environment::new();
    environment.copy("examples/update-rollback/logs.zip", "logs.zip");
    environment.copy("examples/update-rollback/thread.txt", "thread.txt");
    environment
}

fn shown(ran: &Ran) -> String {
    // The fingerprint changes with every rule; that it is there is enough.
    let mut text = ran.shown();
    if let Some(at) = text.find("\"hash\": \"") {
        let start = at + "\"hash\": \"".len();
        text.replace_range(start..start + 16, "[hash]");
    }
    text
}

macro_rules! snapshot {
    ($name:ident, $($arg:expr),+) => {
        #[test]
        fn $name() {
            let ran = example().run(&[$($arg),+]);
            insta::assert_snapshot!(stringify!($name), shown(&ran));
        }
    };
}

snapshot!(scan_zh, "scan", "logs.zip");
snapshot!(scan_en, "scan", "logs.zip", "--lang", "en", "--all");
snapshot!(scan_json, "scan", "logs.zip", "--thread", "thread.txt", "--format", "json");
snapshot!(reply_zh, "reply", "logs.zip", "--thread", "thread.txt");
snapshot!(reply_en, "reply", "logs.zip", "--thread", "thread.txt", "--lang", "en");
snapshot!(reply_json, "reply", "logs.zip", "--thread", "thread.txt", "--format", "json");
snapshot!(reply_scope, "reply", "--thread", "thread.txt", "--kind", "scope");
snapshot!(reply_request, "reply", "logs.zip", "--thread", "thread.txt", "--kind", "request", "--lang", "en");
snapshot!(reply_close, "reply", "--thread", "thread.txt", "--kind", "close");
snapshot!(
    reply_with_a_call,
    "reply",
    "--thread",
    "thread.txt",
    "--kind",
    "follow-up",
    "--note",
    "[2024-11-20 10:00] 客户确认下周可以重启服务器。"
);
snapshot!(reply_asks_first, "reply", "logs.zip");
snapshot!(reply_asks_first_json, "reply", "logs.zip", "--format", "json", "--lang", "en");
snapshot!(reply_with_marks, "reply", "--kind", "scope", "--placeholders", "logs.zip");
snapshot!(summary_zh, "summary", "logs.zip", "--thread", "thread.txt");
snapshot!(summary_en, "summary", "logs.zip", "--thread", "thread.txt", "--lang", "en");
snapshot!(thread_zh, "thread", "thread.txt");
snapshot!(thread_json, "thread", "thread.txt", "--format", "json");
snapshot!(explain_a_code, "explain", "0x80070005", "--lang", "en");
snapshot!(explain_a_diagnostic, "explain", "CB0300", "--lang", "zh");
snapshot!(a_code_that_is_none, "explain", "nonsense");

#[test]
fn questions_write_nothing() {
    let environment = example();
    let ran = environment.run(&["reply", "logs.zip", "-o", "mail.txt"]);
    assert_eq!(ran.status, 3, "{}", ran.shown());
    assert!(!environment.path("mail.txt").exists());
    let answered = environment.run(&[
        "reply",
        "logs.zip",
        "-o",
        "mail.txt",
        "--set",
        "customer.name=甲先生",
        "--set",
        "engineer.name=张工",
    ]);
    assert_eq!((answered.status, answered.stdout.as_str()), (0, ""), "{}", answered.shown());
    let mail = std::fs::read_to_string(environment.path("mail.txt")).unwrap();
    assert!(mail.starts_with("甲先生，您好：") && mail.trim_end().ends_with("张工"), "{mail}");
}

#[test]
fn every_claim_has_a_line_or_a_message() {
    let ran = example().run(&["reply", "logs.zip", "--thread", "thread.txt", "--format", "json"]);
    let json = ran.json();
    let parts = json["parts"].as_array().unwrap();
    assert!(parts.iter().filter(|part| part["role"] == "claim").count() > 8, "{}", ran.stdout);
    for part in parts.iter().filter(|part| part["role"] == "claim") {
        let grounded = !part["evidence"].as_array().unwrap().is_empty() || !part["message"].is_null();
        assert!(grounded, "{part}");
    }
    let text: String = parts.iter().map(|part| part["text"].as_str().unwrap()).collect();
    for secret in ["13800000000", "密码：E", "token="] {
        assert!(!text.contains(secret));
    }
}

#[test]
fn quotations_are_in_the_logs() {
    let environment = example();
    let reply = environment.run(&["reply", "logs.zip", "--thread", "thread.txt"]).stdout;
    let records = environment.run(&["read", "logs.zip", "--format", "ndjson"]).stdout;
    let quoted: Vec<&str> =
        reply.lines().filter(|line| line.starts_with("    2024-") || line.starts_with("    !")).collect();
    assert!(quoted.len() >= 5, "{reply}");
    for line in quoted {
        let message = line.trim_start().split("CBS    ").last().unwrap().trim_start_matches(['!', ' ']);
        let message = message.split_once(": ").map_or(message, |(_, rest)| {
            if message.starts_with("inf") || message.starts_with("sto") { rest } else { message }
        });
        let escaped = serde_json::to_string(message).unwrap();
        assert!(records.contains(escaped.trim_matches('"')), "{line}");
    }
}

#[test]
fn the_help_of_every_command_shows_an_example() {
    let environment = Environment::new();
    let help = environment.run(&["--help"]).stdout;
    let list = help.split("Commands:").nth(1).unwrap().split("Options:").next().unwrap();
    let commands: Vec<&str> = list.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
    let named = |name: &&&str| !name.is_empty() && **name != "help";
    assert!(commands.contains(&"why"), "{help}");
    for command in commands.iter().filter(named) {
        let help = environment.run(&[command, "--help"]).stdout;
        assert!(help.contains(&format!("Example: casebook {command}")), "{help}");
    }
}

/// Each example of a `--help`, run as it is written beside the example case and a new knowledge base.
#[test]
fn the_example_of_every_help_runs() {
    let environment = example();
    let line = "2024-10-16 08:43:18, Error                 CBS    Failed to open package Package_1_for_KB5032196 [HRESULT = 0x80070005 - E_ACCESSDENIED]\n";
    environment.write("CBS.log", line.repeat(4200));
    environment.write("logs/CBS.log", line);
    let help = environment.run(&["--help"]).stdout;
    let list = help.split("Commands:").nth(1).unwrap().split("Options:").next().unwrap();
    let commands: Vec<String> =
        list.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next().map(str::to_owned)).collect();
    let reply = environment.run(&["reply", "logs.zip", "--thread", "thread.txt", "--format", "eml", "-o", "mail.eml"]);
    assert_eq!(reply.status, 0, "{}", reply.shown());
    assert_eq!(environment.run(&["init", "kb"]).status, 0);
    for command in commands.iter().filter(|name| !name.is_empty() && *name != "help") {
        let help = environment.run(&[command, "--help"]).stdout;
        let example = help.split("Example: ").nth(1).and_then(|rest| rest.split("\n\n").next()).unwrap();
        let example = example.split_whitespace().collect::<Vec<_>>().join(" ");
        // `init` makes the folder that the other examples work in: each works in a fresh copy.
        let folder = environment.path("my-rules");
        let _ = std::fs::remove_dir_all(&folder);
        if command != "init" {
            assert_eq!(environment.run(&["init", "my-rules"]).status, 0);
        }
        for call in example.split(" && ") {
            let words: Vec<&str> = call.split(' ').skip(1).collect();
            let ran = environment.run(&words);
            assert_ne!(ran.status, 2, "{call}\n{}", ran.shown());
        }
    }
}
