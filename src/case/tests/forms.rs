//! Forms of an export: labels, colons, line ends, numbers, stamps, and text of no known form.

use super::*;

/// Number, sender, time, body of every message.
fn messages(text: &str) -> Vec<(u32, String, String, String)> {
    let time = |message: &Message| message.time.map(Stamp::iso).unwrap_or_default();
    let all = read(text, &rules()).messages;
    all.iter().map(|one| (one.number, one.from.clone(), time(one), one.body.clone())).collect()
}

fn message(number: u32, from: &str, time: &str, body: &str) -> (u32, String, String, String) {
    (number, from.to_owned(), time.to_owned(), body.to_owned())
}

#[test]
fn the_chinese_export() {
    let text = "邮件主题：回复: 更新失败\n\n====第1封邮件====\n\n发件人：甲\n发送时间：2024-07-12 11:21:46.944000+00:00\n\
        邮件内容:\n您好\n  第二行 \n\n====第2封邮件====\n\n发件人：乙\n发送时间：2024-07-12 12:00:00+00:00\n邮件内容:\n\n第二封\n";
    let expected = [
        message(1, "甲", "2024-07-12T11:21:46.944", "您好\n  第二行 "),
        message(2, "乙", "2024-07-12T12:00:00", "\n第二封"),
    ];
    assert_eq!(messages(text), expected);
    assert_eq!(read(text, &rules()).subject, "回复: 更新失败");
    // Line ends, byte order mark, colons of the other width, blanks.
    let other = format!("\u{feff}{}", text.replace('\n', "\r\n").replace('：', ":").replace("内容:", "内容："));
    assert_eq!(messages(&other), expected);
    let blanks =
        text.replace("发件人：", "发件人 ： ").replace("====第", "==== 第 ").replace("封邮件====", " 封邮件 ====  ");
    assert_eq!(messages(&blanks), expected);
}

#[test]
fn the_english_export() {
    let text = "Subject: Update fails [Case: CAS-20001-XY]\n\n==== Message 1 of 2 ====\nFrom: Jane Doe <jane@example.com>\n\
        Sent: Friday, July 12, 2024 11:21 AM\nTo: support@example.com\n\nHello,\nit fails.\n\n==== MESSAGE 2 ====\n\
        From: Sam\nDate: Fri, 12 Jul 2024 12:30:05 +0800 (CST)\nBody:\nWe look at it.\n";
    let expected = [
        message(1, "Jane Doe <jane@example.com>", "2024-07-12T11:21:00", "Hello,\nit fails."),
        message(2, "Sam", "2024-07-12T12:30:05", "We look at it."),
    ];
    assert_eq!(messages(text), expected);
    assert_eq!(read(text, &rules()).case.as_deref(), Some("CAS-20001-XY"));
}

#[test]
fn stamps_in_the_forms_of_mail_programs() {
    let time = |text: &str| sent::parse(text).map(Stamp::iso);
    let noon = Some("2024-07-02T15:05:00".to_owned());
    for text in [
        "2024-07-02 15:05:00",
        "2024-07-02T15:05:00Z",
        "2024-07-02 15:05:00+00:00",
        "2024-07-02 15:05:00.000000-07:00",
        "2024-07-02 15:05",
        "2024/7/2 15:05",
        "2024年7月2日 15:05",
        "2024年7月2日 15:05:00",
        "2024年7月2日 (星期二) 下午3:05",
        "2024年7月2日星期二 15：05",
        "Tue, 2 Jul 2024 15:05:00 +0800",
        "2 Jul 2024 15:05:00 GMT",
        "Tuesday, July 2, 2024 3:05 PM",
        "7/2/2024 3:05 PM",
    ] {
        assert_eq!(time(text), noon, "{text}");
    }
    for text in ["", "yesterday", "2024-07", "2024-13-40 99:99", "+", "-", &"2".repeat(500)] {
        assert_eq!(time(text), None, "{text}");
    }
}

#[test]
fn text_of_no_known_form_is_one_message() {
    assert_eq!(messages("更新失败了，怎么处理？\n谢谢\n"), [message(1, "", "", "更新失败了，怎么处理？\n谢谢")]);
    let headed = "From: Jane\nDate: 2024-07-02 15:05\nSubject: Update fails\n\nPlease help.\n";
    assert_eq!(messages(headed), [message(1, "Jane", "2024-07-02T15:05:00", "Please help.")]);
    assert_eq!(read(headed, &rules()).subject, "Update fails");
}

#[test]
fn a_subject_alone_is_a_new_case() {
    let thread = read("邮件主题：[案例号:CAS-1-X] %|P2||TEAM|KB5015811 安装失败% CMIT:0000009\n", &rules());
    assert_eq!((thread.messages.len(), thread.stage), (0, Stage::New));
    assert_eq!(thread.case.as_deref(), Some("CAS-1-X"));
    assert_eq!(thread.tracking.as_deref(), Some("0000009"));
    assert_eq!(thread.problem.as_deref(), Some("KB5015811 安装失败"));
    assert_eq!(thread.kbs, ["KB5015811"]);
    for nothing in ["", "\n\n", "\u{feff}", " "] {
        let thread = read(nothing, &rules());
        assert_eq!((thread.messages.len(), thread.stage, thread.problem), (0, Stage::New, None), "{nothing:?}");
    }
}

#[test]
fn numbers_are_the_headings_where_they_ascend() {
    let mail = |number: u32, from: &str| format!("====第{number}封邮件====\n发件人：{from}\n邮件内容:\n好\n");
    let numbers = |text: &str| messages(text).into_iter().map(|one| (one.0, one.1)).collect::<Vec<_>>();
    let (a, b) = ("a".to_owned(), "b".to_owned());
    assert_eq!(numbers(&(mail(5, "a") + &mail(7, "b"))), [(5, a.clone()), (7, b.clone())]);
    assert_eq!(numbers(&(mail(5, "a") + &mail(5, "b"))), [(1, a.clone()), (2, b.clone())]);
    // Newest first.
    assert_eq!(numbers(&(mail(2, "b") + &mail(1, "a"))), [(1, a), (2, b)]);
}

#[test]
fn a_heading_within_words_or_quoted_is_none() {
    let text = "====第1封邮件====\n发件人：a\n邮件内容:\n见 ====第2封邮件====\n\t====第3封邮件====\n====分隔====\n";
    assert_eq!(messages(text).len(), 1);
}

#[test]
fn hostile_text_is_read_in_no_time() {
    let rules = rules();
    let text = [
        "=".repeat(1 << 16),
        "====第1封邮件====\n".repeat(2000),
        "发件人：x\n".repeat(5000),
        "\n".repeat(1 << 16),
        ">>>  [Open]\n".repeat(5000),
        "☆☆☆☆☆\n".repeat(5000),
        "On a\n".repeat(5000),
        "%\\".repeat(1 << 12),
        "C:\\ ".repeat(1 << 12),
        "如".repeat(1 << 12),
    ];
    for text in &text {
        for head in ["", "====第1封邮件====\n发件人：x\n邮件内容:\n", "邮件主题："] {
            assert!(read(&format!("{head}{text}"), &rules).messages.len() <= 2001);
        }
    }
    for number in ["0", "4294967296", "99999999999999999999"] {
        assert_eq!(read(&format!("====第{number}封邮件====\n好\n"), &rules).messages.len(), 1);
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(300))]

    /// Whatever stands in a thread, it is read, and an excerpt is where it says.
    #[test]
    fn any_text_is_read(words in proptest::collection::vec(proptest::sample::select(WORDS), 0..60)) {
        let thread = read(&words.concat(), &rules());
        for excerpt in &thread.excerpts {
            let message = thread.messages.iter().find(|message| message.number == excerpt.message).unwrap();
            let from = usize::try_from(excerpt.line).unwrap() - 1;
            let lines: Vec<&str> = message.body.lines().skip(from).take(excerpt.text.lines().count()).collect();
            proptest::prop_assert_eq!(lines, excerpt.text.lines().collect::<Vec<_>>());
        }
        proptest::prop_assert!(!render(&thread, Lang::En).is_empty() || thread.messages.is_empty());
    }
}

/// What threads are made of.
const WORDS: &[&str] = &[
    "\n",
    "\n",
    "\r\n",
    " ",
    "\t",
    "\u{3000}",
    "\u{feff}",
    "=",
    "====第1封邮件====\n",
    "====第2封邮件====\n",
    "邮件主题：",
    "发件人：",
    "发送时间：2024-07-12 11:21\n",
    "邮件内容:\n",
    "From: ",
    "Subject: ",
    "On ",
    " wrote:",
    "在 ",
    " 写道：",
    ">",
    ">>>  [Open]\n",
    "<<<  [Exit status: OK]\n",
    "!    inf: x\n",
    "2024-10-16 08:43:18, Info  CBS  x\n",
    "--\n",
    "☆☆☆☆☆\n",
    "________________________________\n",
    "甲先生，您好：\n",
    "Dear Mr. Li,\n",
    "如",
    "如果",
    "请",
    "收集",
    "日志",
    "已上传",
    "。",
    ". ",
    "?",
    "%",
    "|",
    "KB",
    "5015811",
    "0x80070005",
    "-2147024891",
    "E_ACCESSDENIED",
    "C:\\",
    "\\\\a\\b",
    "%windir%\\",
    "“",
    "”",
    "'",
    "案例总结：\n",
    "问题定义：\n",
    "[案例号:",
    "]",
    "CMIT:",
    "卸载",
    "后",
    "问题解决",
    "没有",
    "é",
    "😀",
    "\0",
    "ﬁ",
    "İ",
];
