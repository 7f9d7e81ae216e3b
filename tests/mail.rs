//! The unsent mail as other programs read it: the same text as the text form, in every reader.

use std::process::Command;

use mail_parser::MessageParser;

use crate::environment::Environment;

fn example() -> Environment {
    let environment = Environment::new();
    environment.copy("examples/update-rollback/logs.zip", "logs.zip");
    environment.copy("examples/update-rollback/thread.txt", "thread.txt");
    environment
}

const ARGS: [&str; 4] = ["reply", "logs.zip", "--thread", "thread.txt"];

#[test]
fn a_mail_has_the_text_of_the_draft() {
    let environment = example();
    for lang in ["zh", "en"] {
        let text = environment.run(&[&ARGS[..], &["--lang", lang]].concat()).stdout;
        let ran = environment.run(&[&ARGS[..], &["--lang", lang, "--format", "eml", "-o", "mail.eml"]].concat());
        assert_eq!(ran.status, 0, "{}", ran.shown());
        let bytes = std::fs::read(environment.path("mail.eml")).unwrap();
        assert!(bytes.starts_with(b"X-Unsent: 1\r\n"));
        let message = MessageParser::default().parse(&bytes).unwrap();
        assert_eq!(message.body_text(0).unwrap().replace("\r\n", "\n"), text);
        assert!(message.subject().unwrap().contains("[案例号:CAS-20001-A1B2C3]"));
        assert!(message.date().is_none() && message.message_id().is_none());
    }
}

/// Prints the subject and the text of a mail, with what else it consists of.
const READER: &str = "\
import email, email.policy, sys
message = email.message_from_file(open(sys.argv[1], newline=''), policy=email.policy.default)
assert not message.defects, message.defects
out = sys.stdout.buffer
out.write((message['subject'] + '\\n').encode())
out.write((' '.join(part.get_content_type() for part in message.walk()) + '\\n').encode())
out.write(message.get_body(('plain',)).get_content().replace('\\r\\n', '\\n').encode())
assert message.get_body(('html',)).get_content().startswith('<!DOCTYPE html>')
";

#[test]
fn python_reads_the_same_mail() {
    let environment = example();
    let known = Command::new("python3").arg("--version").output().is_ok_and(|out| out.status.success());
    if !known {
        println!("skipped: there is no python3");
        return;
    }
    let text = environment.run(&ARGS).stdout;
    let mail = environment.run(&[&ARGS[..], &["--format", "eml", "-o", "mail.eml"]].concat());
    assert_eq!(mail.status, 0, "{}", mail.shown());
    environment.write("read.py", READER);
    let args = [environment.path("read.py"), environment.path("mail.eml")];
    let out = Command::new("python3").args(args).output().unwrap();
    let read = String::from_utf8_lossy(&out.stdout).replace("\r\n", "\n");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let mut lines = read.splitn(3, '\n');
    assert_eq!(lines.next(), Some("回复: [案例号:CAS-20001-A1B2C3] %示例银行部分服务器更新失败% CMIT:0000003"));
    assert!(lines.next().unwrap().starts_with("multipart/mixed multipart/alternative text/plain text/html"));
    assert_eq!(lines.next(), Some(text.as_str()));
}

#[test]
fn a_form_with_open_questions_is_not_written() {
    let environment = example();
    for format in ["html", "eml"] {
        let ran = environment.run(&["reply", "logs.zip", "--format", format, "-o", "mail"]);
        assert_eq!(ran.status, 3, "{}", ran.shown());
        assert!(ran.stdout.contains("--set customer.name=") && !environment.path("mail").exists());
    }
}

#[test]
fn the_script_goes_with_the_mail_or_the_draft_says_why_not() {
    let environment = Environment::new();
    environment.copy("rules/driver/tests/uninstall-denied-policy/logs", "logs");
    let args = ["reply", "logs", "--kind", "analysis", "--placeholders", "--attachments", "files"];
    let text = environment.run(&args).stdout;
    assert!(text.contains("附件 refresh-file-policy.bat.txt"), "{text}");
    let script = std::fs::read_to_string(environment.path("files/refresh-file-policy.bat.txt")).unwrap();
    assert!(script.contains("\\usbstor.inf\"\r\n") && !script.contains("{{"), "{script}");
    assert!(environment.path("files/evidence.txt").exists());
    // A path that the shell would take for more than a path.
    for log in ["CBS.log", "setupapi.dev.log", "secpol.inf"] {
        let path = format!("logs/{log}");
        let text = casebook::bundle::decode(&std::fs::read(environment.path(&path)).unwrap());
        environment
            .write(&path, text.replace("usbstor.inf", "usb%stor&x.inf").replace("USBSTOR.INF", "USB%STOR&X.INF"));
    }
    let text = environment.run(&[&args[..6], &["other"]].concat()).stdout;
    assert!(text.contains("脚本：未提供，日志中的值含有命令行会另作解释的字符（%）"), "{text}");
    assert!(!environment.path("other/refresh-file-policy.bat.txt").exists());
}

#[test]
fn what_must_not_leave_the_house_is_masked_in_the_subject_and_in_steps_too() {
    let environment = Environment::new();
    environment.copy("rules/driver/tests/uninstall-denied-open/logs", "logs");
    let log = casebook::bundle::decode(&std::fs::read(environment.path("logs/setupapi.dev.log")).unwrap());
    let whole = log.split('\'').find(|text| text.to_lowercase().ends_with("usbstor.inf")).unwrap().to_owned();
    environment.write("logs/setupapi.dev.log", log.replace(&whole, "C:\\Users\\examplename\\drv\\usbstor.inf"));
    let list = "C:\\Users\\examplename\\drv\\usbstor.inf Everyone:(DENY)(R)\r\n";
    environment.write("logs/icacls.txt", list);
    environment.write("thread.txt", "邮件主题：[案例号:CAS-30003-AA00A0] 更新失败，请电 13800000000\n");
    let args = ["reply", "logs", "--thread", "thread.txt", "--kind", "analysis", "--placeholders", "--format"];
    let json = environment.run(&[&args[..], &["json"]].concat()).json();
    assert_eq!(json["subject"], "回复: [案例号:CAS-30003-AA00A0] 更新失败，请电 ‹phone-1›");
    let body = json["body"].as_str().unwrap();
    assert!(body.contains("takeown /f \"C:\\Users\\‹user-1›\\drv\\usbstor.inf\" /a"), "{body}");
    assert!(body.contains("脚本：未提供，日志中的值含有已遮盖的名称，请按以上步骤手动执行"), "{body}");
    assert!(!json.to_string().contains("examplename") && !json.to_string().contains("13800000000"), "{json:#}");
    let masks: Vec<_> = json["masked"].as_array().unwrap().iter().map(|one| one["mask"].clone()).collect();
    assert_eq!(masks, ["‹phone-1›", "‹user-1›"]);
    let mail = environment.run(&[&args[..], &["eml"]].concat()).stdout;
    assert!(!mail.contains("13800000000"), "{mail}");
}
