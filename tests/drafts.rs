//! Drafts from a thread alone, as the customer would read them: nothing asked for twice, nothing claimed that no mail
//! says, nobody signing who is no person.

use crate::environment::{Environment, Ran};

fn mail(number: u32, day: u32, from: &str, body: &str) -> String {
    format!(
        "====第{number}封邮件====\n\n发件人：{from}\n发送时间：2024-03-{day:02} 09:00:00+00:00\n邮件内容:\n{body}\n\n"
    )
}

const ASKS: &str = "甲先生，您好：\n请您收集bootlog日志，并导出组策略报告：gpresult 日志。";
const ANALYSES: &str = "甲先生，您好：\n根据您上传的日志，访问被拒绝。\n请先临时卸载终端安全软件，再重新安装更新。\n请您提供 setupreport日志。";
const FAILED: &str = "按照此方法尝试后，问题依然存在";

fn run(mails: &[String], args: &[&str]) -> Ran {
    let environment = Environment::new();
    environment.write("thread.txt", format!("邮件主题：[案例号:CAS-30003-AA00A0] 更新失败\n\n{}", mails.concat()));
    environment.run(&[args, &["--thread", "thread.txt"]].concat())
}

fn body(mails: &[String], args: &[&str]) -> String {
    let ran = run(mails, args);
    assert_eq!(ran.status, 0, "{}", ran.shown());
    ran.stdout
}

#[test]
fn a_follow_up_asks_for_what_is_open_and_nothing_else() {
    let thread = [mail(1, 1, "张工", ASKS), mail(2, 5, "张工", ANALYSES)];
    let text = body(&thread, &["reply", "--kind", "follow-up"]);
    assert!(text.contains("SetupReport") && text.contains("临时卸载"), "{text}");
    // The logs were analysed, so they came; and how it went is asked, not told.
    assert!(!text.contains("Process Monitor") && !text.contains("未反馈"), "{text}");
    let answered = [thread.concat(), mail(3, 6, "客户", FAILED)];
    let text = body(&answered, &["reply", "--kind", "follow-up"]);
    assert!(!text.contains("请告知执行情况"), "{text}");
}

#[test]
fn a_mailbox_does_not_sign() {
    let thread = [mail(1, 1, "张工", ASKS), mail(2, 5, "CRM Case Email", ASKS)];
    let ran = run(&thread, &["reply"]);
    assert!(ran.status == 3 && ran.stdout.contains("engineer.name"), "{}", ran.shown());
    // Nobody signs a summary, so nobody is asked who does.
    let _ = body(&thread, &["summary", "--set", "case.problem=更新失败"]);
    let text = body(&[mail(1, 1, "\"Zhang\" <zhang@example.com>", ASKS)], &["reply"]);
    assert!(text.trim_end().ends_with("Zhang"), "{text}");
}

#[test]
fn a_summary_without_logs_says_what_support_said() {
    let thread = [mail(1, 1, "张工", ASKS), mail(2, 5, "张工", ANALYSES), mail(3, 6, "客户", FAILED)];
    let text = body(&thread, &["summary", "--set", "case.problem=更新失败"]);
    assert!(text.contains("- 2024年3月5日：根据您上传的日志，访问被拒绝。"), "{text}");
    assert!(text.contains("建议处理步骤（") && !text.contains("没有可供分析的日志"), "{text}");
}

#[test]
fn a_closing_mail_names_each_missing_log_once() {
    let environment = Environment::new();
    environment.copy("rules/driver/tests/uninstall-denied-open/logs", "logs");
    let acl = "甲先生，您好：\n请您提供文件的权限：icacls 日志。";
    environment.write("thread.txt", format!("邮件主题：更新失败\n\n{}", mail(1, 1, "张工", acl)));
    let args = ["reply", "logs", "--thread", "thread.txt", "--set", "case.problem=更新失败", "--kind"];
    let closing = environment.run(&[&args[..], &["close"]].concat()).stdout;
    assert_eq!(closing.matches("icacls").count(), 1, "{closing}");
    let analysis = environment.run(&[&args[..], &["analysis"]].concat()).stdout;
    assert!(analysis.contains("2024年3月1日的邮件中曾请您收集"), "{analysis}");
}

#[test]
fn a_step_that_failed_alone_is_due_after_one_that_is_new() {
    let environment = Environment::new();
    environment.copy("rules/driver/tests/uninstall-denied-policy/logs", "logs");
    let advice = "甲先生，您好：\n请先临时卸载终端安全软件，再重新安装更新。";
    let failed = "卸载后重新安装，问题依然存在";
    environment.write("thread.txt", [mail(1, 1, "张工", advice), mail(2, 2, "客户", failed)].concat());
    let args = ["reply", "logs", "--thread", "thread.txt", "--kind", "analysis"];
    let text = environment.run(&args).stdout;
    let (_, steps) = text.split_once("建议操作").unwrap();
    assert!(steps.contains("2. 重新安装更新\n") && !steps.contains("不再重复建议"), "{text}");
    assert!(text.contains("- 重新安装更新：问题仍然存在"), "{text}");
}

#[test]
fn the_update_is_installed_again_after_what_makes_it_succeed() {
    let environment = Environment::new();
    environment.copy("rules/driver/tests/uninstall-denied-open/logs", "logs");
    let inf = "C:\\Windows\\INF\\usbstor.inf";
    let list = format!("{inf} Everyone:(DENY)(R)\r\n{}NT SERVICE\\TrustedInstaller:(F)\r\n", " ".repeat(inf.len() + 1));
    environment.write("logs/icacls.txt", list);
    let args = ["reply", "logs", "--kind", "analysis", "--placeholders"];
    let text = environment.run(&args).stdout;
    let at = |title: &str| text.find(title).unwrap_or_else(|| panic!("{title} is not in\n{text}"));
    assert!(at("1. 恢复系统文件的权限") < at("2. 重新安装更新"), "{text}");
}

#[test]
fn a_summary_has_two_forms_and_says_who_has_to_act() {
    let thread = [mail(1, 1, "张工", ASKS), mail(2, 5, "张工", ANALYSES)];
    let note = ["--note", "[2024-03-06 10:00] 甲先生：下周到现场收集"];
    let args = [&["summary", "--set", "case.problem=更新失败"], &note[..]].concat();
    let full = body(&thread, &args);
    assert!(full.contains("待办：等待客户，自2024年3月1日起。"), "{full}");
    assert!(full.contains("- 2024年3月6日 沟通：甲先生：下周到现场收集"), "{full}");
    let short = body(&thread, &[&args[..], &["--set", "summary.layout=short"]].concat());
    assert!(short.contains("问题总结：\n尚未解决。") && !short.contains("时间线"), "{short}");
    let bad = run(&thread, &["summary", "--set", "summary.layout=long"]);
    assert!(bad.status == 2 && bad.stderr.contains("summary.layout: long"), "{}", bad.shown());
}

#[test]
fn what_was_confirmed_once_is_not_confirmed_again() {
    let uploaded = "新日志已上传，请查收。";
    let thread = [mail(1, 1, "张工", ASKS), mail(2, 2, "客户", uploaded)];
    let text = body(&thread, &["reply"]);
    assert!(text.contains("您上传的日志已收到"), "{text}");
    let confirmed = [thread.concat(), mail(3, 2, "张工", "甲先生，您好：\n日志已经收到，有进展会与您联系。")];
    let text = body(&confirmed, &["reply"]);
    assert!(text.contains("日志正在分析中") && !text.contains("已收到"), "{text}");
}

const JUDGED: &str = "甲先生，您好：\n根据您上传的日志，失败的环节已经明确。\n原因判断：\n1. 组策略限制了该文件的权限：已排除。\n2. 组件文件的权限被修改：待定，需要查看文件权限列表（icacls）才能判断。\n3. 第三方安全软件拦截：已确认，依据如下。";

#[test]
fn the_ledger_holds_which_cause_each_mail_named_and_who_handed_over_to_whom() {
    let english = "Dear Mr. Example,\nThe logs show what failed.\nA third-party security product intercepts the access: ruled out.\nI will continue to work on this case with you.";
    let thread = [
        mail(1, 1, "张工", ASKS),
        mail(2, 5, "张工", ANALYSES),
        mail(3, 6, "张工", JUDGED),
        mail(4, 8, "李工", english),
    ];
    let environment = Environment::new();
    environment.write("thread.txt", thread.concat());
    let json = environment.run(&["thread", "thread.txt", "--format", "json"]).json();
    let proposed: Vec<String> = json["proposed"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            format!("{} {} {}", one["message"], one["cause"].as_str().unwrap(), one["standing"].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        proposed,
        [
            "2 interceptor suspected",
            "3 acl-changed open",
            "3 file-policy excluded",
            "3 interceptor confirmed",
            "4 interceptor excluded",
        ]
    );
    // A remedy alone may mean any rule that has it; a title means those that have this title.
    let rules = |at: usize| json["proposed"][at]["rules"].as_array().unwrap().len();
    assert!(rules(0) > rules(3) && rules(3) >= 2, "{json:#}");
    let handover = serde_json::json!({"message": 4, "from": "张工", "to": "李工"});
    assert_eq!((&json["handovers"], &json["handover"]), (&serde_json::json!([handover]), &4.into()));
    let text = environment.run(&["thread", "thread.txt"]).stdout;
    assert!(text.contains("提出过的原因\n    2  interceptor  怀疑") && text.contains("  4  张工 → 李工"), "{text}");
    let summary = body(&thread, &["summary", "--set", "case.problem=更新失败"]);
    assert!(summary.contains("- 第三方安全软件拦截：已排除（2024年3月8日）"), "{summary}");
    assert!(summary.contains("（张工 → 李工）"), "{summary}");
    let taken = body(&thread, &["reply", "--kind", "handover", "--set", "engineer.name=王工"]);
    assert!(taken.contains("此案例此前由 李工 负责，现由我继续为您处理"), "{taken}");
}

#[test]
fn a_judgement_that_the_logs_revise_is_said() {
    let environment = Environment::new();
    environment.copy("rules/driver/tests/uninstall-denied-policy/logs", "logs");
    environment.write("thread.txt", [mail(1, 1, "张工", ASKS), mail(2, 5, "张工", JUDGED)].concat());
    let args = ["reply", "logs", "--thread", "thread.txt", "--kind", "analysis", "--lang"];
    let zh = environment.run(&[&args[..], &["zh"]].concat()).stdout;
    assert!(zh.contains("已确认（2024年3月5日的邮件中曾排除），依据如下。"), "{zh}");
    assert!(zh.contains("拦截：已排除（2024年3月5日的邮件中曾判断为此原因，现有日志不再支持）。"), "{zh}");
    let en = environment.run(&[&args[..], &["en"]].concat()).stdout;
    assert!(
        en.contains("ruled out (our mail of 5 March 2024 named it; the logs at hand no longer bear it out)."),
        "{en}"
    );
    // What was said to be open was no judgement.
    assert!(zh.contains("组件文件的权限被修改：未另行判断，"), "{zh}");
}

#[test]
fn a_sentence_that_rests_on_a_call_refers_to_it() {
    let thread = [mail(1, 1, "张工", ASKS), mail(2, 5, "张工", ANALYSES)];
    let notes = ["--note", "[2024-03-06 10:00] 甲先生：卸载后问题仍然存在", "--note", "电话未能接通"];
    let json = run(&thread, &[&["reply", "--kind", "request", "--format", "json"][..], &notes[..]].concat()).json();
    let part = |text: &str| {
        let parts = json["parts"].as_array().unwrap();
        parts.iter().find(|part| part["text"].as_str().unwrap().contains(text)).unwrap_or_else(|| panic!("{json:#}"))
    };
    let called = part("卸载后问题仍然存在");
    assert_eq!(called["note"], serde_json::json!({"call": 0, "time": "2024-03-06T10:00:00"}));
    assert_eq!((&called["role"], &called["message"]), (&"claim".into(), &serde_json::Value::Null));
    let missed = part("未能联系到您");
    assert_eq!((&missed["note"], &missed["role"]), (&serde_json::json!({"call": 1, "time": null}), &"claim".into()));
    assert_eq!(part("甲先生，您好")["note"], serde_json::Value::Null);
    let summary = run(&thread, &[&["summary", "--format", "json", "--set", "case.problem=x"][..], &notes[..]].concat());
    let told = summary.json()["parts"].as_array().unwrap().iter().filter(|part| !part["note"].is_null()).count();
    assert!(told >= 3, "the outcome and both calls in the timeline: {}", summary.shown());
}
