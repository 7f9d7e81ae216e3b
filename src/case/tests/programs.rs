//! Mails as mail programs keep them, and mails that carry earlier ones below their own words.

use super::*;

const REPLY: &str = "From: =?gb2312?B?1cW5pA==?= <z@example.com>\r\nTo: a@example.com\r\n\
Subject: =?UTF-8?B?5Zue5aSNOiDmm7TmlrDlpLHotKU=?=\r\nDate: Fri, 12 Jul 2024 11:21:46 +0800\r\n\
Message-ID: <1@example.com>\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\
Content-Transfer-Encoding: 8bit\r\n\r\n<p>甲先生，您好：</p><p>请您收集bootlog日志。</p>\r\n";

const QUESTION: &str = "From: Desk <d@example.com>\r\nSubject: x\r\nDate: Thu, 11 Jul 2024 23:00:00 -0700\r\n\
Message-ID: <0@example.com>\r\n\r\nPlease help.\r\n==== Message 9 ====\r\n";

#[test]
fn a_mail_of_a_program_is_read_with_its_encodings() {
    let thread = read(&export(&[REPLY.as_bytes().to_vec()]).unwrap(), &rules());
    assert_eq!(thread.subject, "回复: 更新失败");
    assert_eq!(thread.messages.len(), 1);
    let mail = &thread.messages[0];
    assert_eq!(
        (mail.from.as_str(), mail.time.unwrap().iso().as_str()),
        ("张工 <z@example.com>", "2024-07-12T11:21:46")
    );
    assert_eq!((thread.customer.as_deref(), thread.asked[0].collection.as_str()), (Some("甲先生"), "procmon-boot"));
}

#[test]
fn several_mails_and_a_mailbox_stand_by_their_times() {
    let files = [REPLY.as_bytes().to_vec(), QUESTION.as_bytes().to_vec()];
    let mailbox = format!("From d@example.com Thu Jul 11 23:00:00 2024\n{QUESTION}\nFrom z@example.com x\n{REPLY}");
    for text in [export(&files).unwrap(), export(&[mailbox.into_bytes()]).unwrap()] {
        let thread = read(&text, &rules());
        assert_eq!(acts(&thread), ["1 customer question", "2 support request"], "{text}");
        assert!(thread.messages[0].body.contains(" ==== Message 9"), "{text}");
    }
}

#[test]
fn what_people_wrote_is_no_mail_of_a_program() {
    for text in
        ["", "From: Jane\nSubject: x\n\nPlease help.\n", "邮件主题：x\n\n====第1封邮件====\n发件人：a\n", "\0\0\0"]
    {
        assert_eq!(export(&[text.as_bytes().to_vec()]), None, "{text:?}");
    }
    assert_eq!(export(&[]), None);
}

#[test]
fn a_mail_carries_those_before_it() {
    let text = "Subject: RE: update\n\n甲先生，您好：\n请先临时卸载终端安全软件。\n\n\
        ________________________________\nFrom: Desk\nSent: Friday, July 12, 2024 3:05 PM\nTo: support\nSubject: RE: update\n\n\
        日志已上传，请查收。\n\n-----Original Message-----\nFrom: Support\nSent: Thursday, July 11, 2024 9:00 AM\n\
        To: Desk\nSubject: update\n\n甲先生，您好：\n请您收集bootlog日志。\n";
    let thread = read(text, &rules());
    assert_eq!(acts(&thread), ["1 support request", "2 customer uploaded", "3 support remedy"]);
    assert_eq!(thread.messages[1].body, "日志已上传，请查收。");
    let times: Vec<_> = thread.messages.iter().map(|one| one.time.map(Stamp::iso)).collect();
    assert_eq!(times[0].as_deref(), Some("2024-07-11T09:00:00"));
    assert_eq!((thread.subject.as_str(), times[2].as_deref()), ("RE: update", None));
    // In an export what is quoted stands as a mail of its own already.
    let exported = format!("====第1封邮件====\n发件人：a\n邮件内容:\n{text}");
    assert_eq!(read(&exported, &rules()).messages.len(), 1);
}
