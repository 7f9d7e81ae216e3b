//! Who signs: the person behind the last support mail, nobody where a mailbox sent it; and what is still waited for.

use super::*;

fn thread(senders: &[(&str, &str)]) -> Thread {
    let mails = senders
        .iter()
        .enumerate()
        .map(|(at, (from, body))| format!("====第{}封邮件====\n发件人：{from}\n邮件内容:\n{body}\n", at + 1));
    read(&mails.collect::<String>(), &rules())
}

const ASKS: &str = "甲先生，您好：\n请您收集bootlog日志。";

#[test]
fn the_engineer_is_a_person() {
    let engineer = |from: &str| thread(&[("Engineer A", ASKS), (from, ASKS)]).engineer;
    assert_eq!(engineer("Engineer B").as_deref(), Some("Engineer B"));
    assert_eq!(engineer("\"Engineer B\" <b@example.com>").as_deref(), Some("Engineer B"));
    for from in ["CRM Case Email", "Case Mailbox", "noreply", "技术支持邮箱", "b@example.com", "<b@example.com>"]
    {
        assert_eq!(engineer(from), None, "{from}");
    }
}

#[test]
fn what_was_asked_for_is_waited_for_until_logs_came() {
    let waited = |mails: &[(&str, &str)]| {
        let thread = thread(mails);
        thread.outstanding().map(|asked| asked.message).collect::<Vec<_>>()
    };
    let asks = ("a", ASKS);
    assert_eq!(waited(&[asks]), [1]);
    assert_eq!(waited(&[asks, ("b", "已上传新日志")]), [0; 0]);
    // Nobody says that they came, but support says what they show.
    assert_eq!(waited(&[asks, ("a", "甲先生，您好：\n根据您上传的日志，访问被拒绝。")]), [0; 0]);
    // What the same mail asks for is new.
    let both = "甲先生，您好：\n根据您上传的日志，访问被拒绝。\n请您收集bootlog日志。";
    assert_eq!(waited(&[asks, ("a", both)]), [2]);
}

#[test]
fn what_support_says_the_logs_show_is_kept_without_headings() {
    let shows = "甲先生，您好：\n日志分析：\n根据您上传的日志，访问被拒绝。\n请您收集bootlog日志。";
    assert_eq!(thread(&[("a", shows)]).messages[0].shows, ["根据您上传的日志，访问被拒绝。"]);
    let called = "甲先生，您好：\n如刚才电话沟通，从日志来看，访问被拒绝。请您收集bootlog日志。谢谢";
    assert_eq!(thread(&[("a", called)]).messages[0].shows, ["从日志来看，访问被拒绝。"]);
}
