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
