//! Whole threads, Chinese and English: who is who, what was asked and tried, where the case stands.

use super::Stage::{Advised, Analysing, Closed, New, Reopened, Waiting};
use super::*;

/// A Chinese case: handed over, closed, reopened, solved by what nobody had proposed.
const ZH: &str = "\
邮件主题：回复: [案例号:CAS-20001-AB12C3] %|P3||TEAM|反馈KB5015811 更新后回滚% CMIT:0000020

====第1封邮件====

发件人：Service Desk
发送时间：2024-03-01 09:00:00.100000+00:00
邮件内容:
您好，我们的服务器安装KB5015811后回滚，请协助处理，谢谢。

====第2封邮件====

发件人：王工
发送时间：2024-03-01 09:30:00.200000+00:00
邮件内容:
赵女士，您好：
我谨以此封邮件阐述针对这个问题所涉及的范围界定：
问题定义：
安装KB5015811后回滚。
请您按如下步骤收集日志：
下载Process Monitor，选择“Enable Boot Logging”。

====第3封邮件====

发件人：Service Desk
发送时间：2024-03-02 10:00:00+00:00
邮件内容:
日志已上传，请查收。
在 2024-03-01 09:30:00，\"王工\" <w@example.com> 写道：
\t请您按如下步骤收集日志

====第4封邮件====

发件人：王工
发送时间：2024-03-02 11:00:00+00:00
邮件内容:
赵女士，您好：
根据您上传的日志来看，文件被拦截。请先临时卸载安全软件后重新安装补丁。

====第5封邮件====

发件人：Service Desk
发送时间：2024-03-03 10:00:00+00:00
邮件内容:
卸载后重启，问题依旧。

====第6封邮件====

发件人：Case Mailbox
发送时间：2024-03-04 10:00:00+00:00
邮件内容:
赵女士，您好：
王工休假，我将继续为您处理当前案例。如问题已解决，请告知；如仍然失败，请修改文件的权限后再试。

====第7封邮件====

发件人：Case Mailbox
发送时间：2024-03-20 10:00:00+00:00
邮件内容:
赵女士，您好：
因暂时无法收集日志，此案例暂时归档。
案例总结：
问题依然存在，建议修改文件的权限。

====第8封邮件====

发件人：Service Desk
发送时间：2024-05-06 10:00:00+00:00
邮件内容:
拔除全部USB设备，更新成功了，请归档。
☆☆☆☆☆☆☆☆
赵某某
电话：13800000000
☆☆☆☆☆☆☆☆
";

/// An English case: addresses instead of names, no quoted names, one remedy that helped.
const EN: &str = "\
Subject: RE: Update rolls back [Case: CAS-30001] Tracking: 7700

==== Message 1 ====
From: ops@bank.example
Sent: 2024-03-01 09:00
Body:
Hello team,
the update rolls back on Windows Server 2019 with 0x80070005. Please advise.

==== Message 2 ====
From: Jane Roe <jane@support.example>
Sent: 2024-03-01 10:00
Body:
Dear Mr. Li,
This mail sets out the scope of this case.
Problem definition: the update KB5032196 rolls back.
Please collect the logs with the GUI log collector and upload them.

==== Message 3 ====
From: ops@bank.example
Sent: 2024-03-02 09:00
Body:
The logs have been uploaded.

On Fri, 1 Mar 2024 at 10:00, Jane Roe <jane@support.example> wrote:
> Please collect the logs

==== Message 4 ====
From: Jane Roe <jane@support.example>
Sent: 2024-03-02 09:30
Body:
Dear Mr. Li,
We have received the logs. Thank you.

==== Message 5 ====
From: Max Moe <max@support.example>
Sent: 2024-03-03 09:30
Body:
Dear Mr. Li,
I have taken over this case from Jane. Based on the logs, the file is denied.
Please restore the file's permissions and install the update again. If it still fails, please collect the setup report.

==== Message 6 ====
From: Max Moe <max@support.example>
Sent: 2024-03-06 09:30
Body:
Dear Mr. Li,
Just checking in: is there any update?

==== Message 7 ====
From: ops@bank.example
Sent: 2024-03-07 09:30
Body:
That fixed the problem. You can close the case.

==== Message 8 ====
From: Max Moe <max@support.example>
Sent: 2024-03-07 10:30
Body:
Dear Mr. Li,
I am glad to hear it and will close the case.
Case summary:
The update was installed successfully after the permissions had been restored.

==== Message 9 ====
From: ops@bank.example
Sent: 2024-03-07 11:30
Body:
Thank you!
";

#[test]
fn the_chinese_thread_for_people() {
    insta::assert_snapshot!(render(&read(ZH, &rules()), Lang::Zh));
}

#[test]
fn the_english_thread_for_people() {
    insta::assert_snapshot!(render(&read(EN, &rules()), Lang::En));
}

#[test]
fn the_thread_for_programs() {
    insta::assert_snapshot!(format!("{:#}", to_json(&read(ZH, &rules()))));
}

#[test]
fn the_stage_follows_the_messages() {
    let stages: Vec<Stage> = (1..=8).map(|last| upto(ZH, last).stage).collect();
    assert_eq!(stages, [New, Waiting, Analysing, Advised, Analysing, Advised, Closed, Closed]);
    // An answer that tells nothing reopens; thanks do not.
    let answer = |words: &str| ZH.replace("拔除全部USB设备，更新成功了，请归档。", words);
    assert_eq!(read(&answer("又出现了"), &rules()).stage, Reopened);
    assert_eq!(read(&answer(""), &rules()).stage, Reopened);
    assert_eq!(read(&answer("好的，谢谢"), &rules()).stage, Closed);
    assert_eq!(read(EN, &rules()).stage, Closed);
}

#[test]
fn newer_logs_with_the_same_lines_tell_that_a_remedy_failed() {
    let log = |day: &str| {
        format!(
            "2024-10-{day} 08:43:18, Error                 CBS    Startup: Rolling back KTM, because drivers failed.\n"
        )
    };
    let mail =
        |number: u32, from: &str, body: &str| format!("====第{number}封邮件====\n发件人：{from}\n邮件内容:\n{body}\n");
    let thread = |second: &str| {
        let first = format!("甲先生，您好：\n根据日志：\n{}建议联系域管理员，移除对该文件的权限控制。", log("16"));
        let second = format!("甲先生，您好：\n根据日志：\n{second}");
        tried(&read(&(mail(1, "a", &first) + &mail(2, "b", "已上传") + &mail(3, "a", &second)), &rules()))
    };
    assert_eq!(thread(&log("24")), ["1 remove-file-policy failed: newer logs in message 3 show the same failure"]);
    // The same lines once more are no newer logs.
    assert_eq!(thread(&log("16")), ["1 remove-file-policy unknown: message 2 brings new logs and no word on it"]);
}

#[test]
fn a_result_speaks_of_the_last_advice_whether_it_is_known_or_not() {
    let mail =
        |number: u32, from: &str, body: &str| format!("====第{number}封邮件====\n发件人：{from}\n邮件内容:\n{body}\n");
    let first = mail(1, "a", "甲先生，您好：\n请先临时卸载安全软件。");
    let unknown = mail(2, "a", "甲先生，您好：\n请您重新安装某驱动。");
    let answer = mail(3, "b", "问题仍然存在");
    let unanswered = ["1 remove-interceptor-temporarily unknown: no message says how it went"];
    assert_eq!(tried(&read(&format!("{first}{unknown}{answer}"), &rules())), unanswered);
    let answered = ["1 remove-interceptor-temporarily failed: message 3 says that the problem is still there"];
    assert_eq!(
        tried(&read(&format!("{first}{answer}").replace("第3封", "第2封"), &rules())),
        [answered[0].replace('3', "2")]
    );
}

#[test]
fn names_tell_nothing_about_sides() {
    let swapped =
        ZH.replace("王工", "客户").replace("Case Mailbox", "客户二部").replace("Service Desk", "技术支持工程师");
    assert_eq!(acts(&read(&swapped, &rules())), acts(&read(ZH, &rules())));
}

#[test]
fn who_tells_nothing_stands_opposite_to_what_they_answer() {
    let text = "====第1封邮件====\n发件人：a\n邮件内容:\n甲先生，您好：\n请您收集日志。\n\
        ====第2封邮件====\n发件人：b\n邮件内容:\n在现场了\n====第3封邮件====\n发件人：c\n邮件内容:\n稍等\n";
    let sides: Vec<Side> = read(text, &rules()).messages.iter().map(|message| message.side).collect();
    assert_eq!(sides, [Side::Support, Side::Customer, Side::Support]);
    assert_eq!(read("救命", &rules()).messages[0].side, Side::Customer);
}

#[test]
fn whoever_is_greeted_by_name_stands_opposite() {
    let text = "====第1封邮件====\n发件人：a\n邮件内容:\n甲先生，您好：\n请您收集日志。\n\
        ====第2封邮件====\n发件人：甲某\n邮件内容:\n见附件，烦请查看\n====第3封邮件====\n发件人：乙\n邮件内容:\n补充\n\
        ====第4封邮件====\n发件人：甲某\n邮件内容:\n另补充\n";
    let sides: Vec<Side> = read(text, &rules()).messages.iter().map(|message| message.side).collect();
    assert_eq!(sides[1], Side::Customer);
    assert_eq!(sides[3], Side::Customer);
}

#[test]
fn without_phrases_there_are_messages_all_the_same() {
    let thread = read(ZH, &RuleSet::default());
    assert_eq!(thread.messages.len(), 8);
    assert!(thread.messages.iter().all(|message| message.kinds.is_empty()));
}
