//! Notes of calls among the mails, who is written to, who waits for whom, and what logs tell.

use super::*;
use crate::logs::LogKindId;

fn mail(number: u32, day: u32, from: &str, body: &str) -> String {
    format!("====第{number}封邮件====\n发件人：{from}\n发送时间：2024-03-{day:02} 09:00:00\n邮件内容:\n{body}\n\n")
}

const ASKS: &str = "甲先生，您好：\n请您收集bootlog日志。";
const ADVISES: &str = "甲先生，您好：\n根据您上传的日志，访问被拒绝。\n请先临时卸载终端安全软件。";

fn with_notes(mails: &[String], notes: &[&str]) -> Thread {
    let notes: Vec<String> = notes.iter().map(|note| (*note).to_owned()).collect();
    read_with_notes(&mails.concat(), &notes, &rules())
}

fn calls(thread: &Thread) -> Vec<String> {
    let line = |call: &Call| {
        let kinds: Vec<&str> = call.kinds.iter().map(|kind| kind.key()).collect();
        format!("{} {} {}: {}", call.after, call.speaker.as_deref().unwrap_or("-"), kinds.join(" "), call.text)
    };
    thread.calls.iter().map(line).collect()
}

#[test]
fn a_note_stands_where_its_time_puts_it() {
    let mails = [mail(1, 1, "张工", ASKS), mail(2, 5, "张工", ADVISES)];
    let notes = ["问题已解决", "[2024-03-02 10:00] 甲先生：日志已上传", "[2024-03-05] 请问如何操作", "[明天] 再联系"];
    let thread = with_notes(&mails, &notes);
    let expected = [
        "1 甲先生 uploaded: 日志已上传",
        "2 - question: 请问如何操作",
        "2 - result: 问题已解决",
        "2 - : [明天] 再联系",
    ];
    assert_eq!(calls(&thread), expected);
    assert_eq!(thread.messages.len(), 2);
    // Notes before the first mail, and without any.
    assert_eq!(calls(&with_notes(&mails, &["[2024-02-01] 来电"])), ["0 - : 来电"]);
    assert_eq!(calls(&with_notes(&[], &["来电"])), ["0 - : 来电"]);
    assert_eq!(calls(&with_notes(&[], &["", "[]", "：", "甲先生："])).len(), 4);
}

#[test]
fn what_a_call_says_counts_as_if_it_were_written() {
    let mails = [mail(1, 1, "张工", ASKS), mail(2, 5, "张工", ADVISES)];
    let uploaded = with_notes(&mails[..1], &["[2024-03-02] 日志已上传"]);
    assert_eq!((uploaded.stage, uploaded.outstanding().count()), (Stage::Analysing, 0));
    assert_eq!(uploaded.received, [Received { message: 1, call: Some(0) }]);
    let failed = with_notes(&mails, &["[2024-03-06] 卸载后问题仍然存在"]);
    assert_eq!(
        tried(&failed),
        ["2 remove-interceptor-temporarily failed: the call of 2024-03-06 says that the problem is still there"]
    );
    assert_eq!((failed.tried[0].told, failed.tried[0].told_in_call), (None, Some(0)));
    let solved = with_notes(&mails, &["卸载后问题已解决"]);
    assert!(solved.solved && solved.calls[0].ends);
    // The last word counts, and only what was said after support's last mail.
    assert!(!with_notes(&mails, &["问题已解决", "问题仍然存在"]).solved);
    assert!(!with_notes(&mails, &["[2024-03-02] 问题已解决"]).solved);
    assert!(with_notes(&mails, &["电话未能接通"]).calls[0].missed);
}

#[test]
fn the_next_mail_is_to_whoever_spoke_last() {
    let greets = |name: &str| ASKS.replace("甲先生", name);
    let mails = [
        mail(1, 1, "张工", ASKS),
        mail(2, 2, "desk", "好的，已上传"),
        mail(3, 3, "张工", &greets("乙女士")),
        mail(4, 4, "site", "已到现场"),
    ];
    let thread = with_notes(&mails, &[]);
    let known = |name: &str, from: &str, last| Recipient { name: name.to_owned(), from: Some(from.to_owned()), last };
    assert_eq!(thread.recipients, [known("甲先生", "desk", 1), known("乙女士", "site", 3)]);
    assert_eq!(thread.customer.as_deref(), Some("乙女士"));
    let again = [mails.concat(), mail(5, 5, "desk", "请问进展如何")];
    assert_eq!(with_notes(&again, &[]).customer.as_deref(), Some("甲先生"));
    assert_eq!(with_notes(&again, &["丙先生：由我收集"]).customer.as_deref(), Some("丙先生"));
}

#[test]
fn who_waits_for_whom_since_when() {
    let mails = [
        mail(1, 1, "张工", ASKS),
        mail(2, 2, "张工", "甲先生，您好：\n请问收集情况如何？"),
        mail(3, 3, "desk", "收到，谢谢"),
        mail(4, 4, "desk", "日志已上传"),
        mail(5, 5, "张工", ADVISES),
    ];
    let waiting = |upto: usize, notes: &[&str]| {
        with_notes(&mails[..upto], notes).waiting.map(|waiting| (waiting.on, waiting.since, waiting.call))
    };
    assert_eq!(waiting(0, &[]), None);
    assert_eq!(waiting(1, &[]), Some((Side::Customer, 1, None)));
    assert_eq!(waiting(3, &[]), Some((Side::Customer, 1, None)), "thanks answer nothing");
    assert_eq!(waiting(4, &[]), Some((Side::Support, 4, None)));
    assert_eq!(waiting(5, &[]), Some((Side::Customer, 5, None)));
    assert_eq!(waiting(5, &["问题仍然存在"]), Some((Side::Support, 5, Some(0))));
}

#[test]
fn logs_tell_what_came_and_what_did_not_help() {
    let mut rules = rules();
    rules.collections[1].yields = vec![LogKindId::at(0)];
    let text = [mail(1, 1, "张工", ASKS), mail(2, 5, "张工", ADVISES), mail(3, 6, "张工", ASKS)].concat();
    let stamp = |day: u32| Stamp::parse("%Y-%m-%d", &format!("2024-03-{day:02}"));
    let heard = |last, failure| {
        let mut thread = read(&text, &rules);
        let failures = vec![Shown { first: failure, last: failure, codes: Vec::new() }];
        thread.hear(&Heard { logs: vec![(LogKindId::at(0), last)], failures }, &rules);
        (thread.outstanding().count(), thread.tried[0].outcome, thread.tried[0].inferred)
    };
    // Older than the mail that asked; newer; without a time.
    assert_eq!(heard(stamp(4), stamp(4)), (1, Outcome::Unknown, false));
    assert_eq!(heard(stamp(7), None), (0, Outcome::Unknown, false));
    assert_eq!(heard(None, stamp(7)), (0, Outcome::Failed, true));
    // Where the mails name a code, a failure that is new and has another tells nothing.
    let named = text.replace("访问被拒绝", "访问被拒绝（0x80070005）");
    let heard = |first, code: &str| {
        let mut thread = read(&named, &rules);
        let failures = vec![Shown { first: stamp(first), last: stamp(7), codes: vec![code.to_owned()] }];
        thread.hear(&Heard { logs: Vec::new(), failures }, &rules);
        thread.tried[0].outcome
    };
    assert_eq!(heard(7, "0x80070070"), Outcome::Unknown);
    assert_eq!(heard(7, "0x80070005"), Outcome::Failed);
    assert_eq!(heard(3, "0x80070070"), Outcome::Failed);
}

#[test]
fn a_step_that_failed_is_not_proposed_by_the_words_for_another() {
    let mut rules = rules();
    rules.remedies.push(remedy("repair-from-media", &["install.wim"]));
    rules.remedies.push(remedy("repair-system", &["restorehealth"]));
    let advice = "Dear Mr. Li,\nPlease run sfc and restorehealth.";
    let failed = "restorehealth did not help";
    let media = "Dear Mr. Li,\nPlease repair with install.wim behind restorehealth.";
    let mails = [mail(1, 1, "Jane", advice), mail(2, 2, "ops", failed), mail(3, 3, "Jane", media)].concat();
    let names = |text: &str| -> Vec<String> {
        read(text, &rules).tried.iter().map(|one| format!("{} {}", one.message, one.remedy)).collect()
    };
    assert_eq!(names(&mails), ["1 repair-system", "3 repair-from-media"]);
    // On a line of its own it is proposed again.
    assert_eq!(names(&mails.replace("install.wim behind ", "install.wim.\nOr run ")).len(), 3);
}
