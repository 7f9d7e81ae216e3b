//! Lines of a mail: whose words they are, which are a log's, what they name.

use super::*;

/// A thread of one mail.
fn one(body: &str) -> Thread {
    read(&format!("====第1封邮件====\n发件人：x\n邮件内容:\n{body}\n"), &rules())
}

fn body(text: &str) -> String {
    one(text).messages[0].body.clone()
}

#[test]
fn quoted_replies_are_cut() {
    for quoted in [
        "在 2024-07-23 10:31:55，\"Engineer\" <e@example.com> 写道：\n\t您好",
        "在2024年7月23日 10:31，e<e@example.com> 写道:\n> 您好",
        "-----原始邮件-----\n发件人: x",
        "------------------ 原始邮件 ------------------\n您好",
        "---- 回复的原邮件 ----",
        "________________________________\n\t-----原始邮件-----",
        "On Tue, Jul 23, 2024 at 10:31 AM Jane Doe <jane@example.com> wrote:\n> Hello",
        "On Tue, Jul 23, 2024 at 10:31 AM Jane Doe <jane@example.com>\nwrote:\nHello",
        "-----Original Message-----\nHello",
        "From: Jane\nSent: Tuesday\nTo: Sam\nSubject: x\n\nHello",
        "发件人: 甲\n发送时间: 2024-07-23\n收件人: 乙\n主题: x\n\n您好",
        "> Hello\n> there",
        "--\n发自我的网易邮箱手机智能版",
        "发自我的手机",
        "Sent from my phone",
    ] {
        assert_eq!(body(&format!("已处理\n{quoted}")), "已处理", "{quoted}");
    }
}

#[test]
fn own_words_stay() {
    for own in [
        "请见下文\n----\n第二段",
        "他在信中写道：已解决",
        "From: the log we see nothing",
        "a --\n-- b",
        "执行 dism /get-drivers > C:\\drivers.txt",
        "On the machine:\nwe wrote nothing",
    ] {
        assert_eq!(body(own), own);
    }
    // Answers between quoted lines keep their places.
    assert_eq!(body("> 是否解决？\n没有\n> 版本？\n10"), "\n没有\n\n10");
}

#[test]
fn a_signature_between_stars_is_taken_off() {
    let star = "☆".repeat(19);
    let signed = format!("问题依然存在。\n{star}\n软件中心\n丙  某\n电话：13800000000\n{star} ");
    assert_eq!(body(&signed), "问题依然存在。");
    assert_eq!(body(&format!("见下\n{star}\n甲\n{star}\n第二段")), "见下\n\n\n\n第二段");
    assert_eq!(body(&format!("见下\n{star}\n电话：13800000000")), "见下");
}

const CBS: &str = "\
2024-10-16 08:43:18, Info                  CBS    Doqe: [Forward] Uninstalling driver updates, Count 3
2024-10-16 08:43:18, Info                  CBS    Failed uninstalling driver updates [HRESULT = 0x80070005 - E_ACCESSDENIED]";
const SECTION: &str = "\
>>>  [Uninstall Driver Updates]
>>>  Section start 2024/10/16 08:43:18.236
     sto: Driver Updates     = 3
!    inf: Unable to load INF: 'C:\\Windows\\INF\\sample.inf'(00000005)
!!!  sto: Failed to find driver update. Error = 0x00000005
<<<  Section end 2024/10/16 08:43:18.252
<<<  [Exit status: FAILURE(0x00000005)]";

fn places(thread: &Thread) -> Vec<(u64, usize)> {
    thread.excerpts.iter().map(|one| (one.line, one.text.lines().count())).collect()
}

#[test]
fn pasted_log_lines_are_excerpts_and_no_quotation() {
    let text =
        format!("甲先生，您好\n日志分析:\n1、CBS：\n{CBS}\n2、setupapi：\n{SECTION}\n对比之前的案例，是同一个组件");
    let thread = one(&text);
    assert_eq!(places(&thread), [(4, 2), (7, 7)]);
    assert_eq!(thread.excerpts[0].text, CBS);
    assert_eq!(thread.excerpts[1].text, SECTION);
    assert_eq!(thread.messages[0].body, text);
    // Codes count there, paths do not.
    assert_eq!(thread.codes, ["0x80070005"]);
    assert_eq!(thread.paths, Vec::<String>::new());
}

#[test]
fn excerpts_end_where_words_begin() {
    // A section that the paste breaks off.
    let cut: Vec<&str> = SECTION.lines().take(4).collect();
    assert_eq!(places(&one(&format!("{}\n以上。\n{CBS}", cut.join("\n")))), [(1, 4), (6, 2)]);
    assert_eq!(places(&one(&format!("{}\nThen it ends.", cut.join("\n")))), [(1, 4)]);
    // Blank lines that a mail program puts between.
    assert_eq!(places(&one(&CBS.replace('\n', "\n\n"))), [(1, 3)]);
    assert_eq!(places(&one(&format!("{CBS}\n\n\n{CBS}"))), [(1, 2), (5, 2)]);
    // An indented line continues a record, an indented sentence does not.
    assert_eq!(places(&one(&format!("{CBS}\n  Expected: 1.\n  请查看"))), [(1, 3)]);
    // A quoted log is the quoted mail's.
    assert_eq!(places(&one(&format!("好的\n-----原始邮件-----\n{CBS}"))), []);
    assert_eq!(places(&one("> 2024-10-16 08:43:18, Info CBS x")), []);
}

#[test]
fn facts_are_named_once_in_their_order() {
    let thread = one(
        "安装 KB5015811（kb 5015811）和 KB5032196，错误 0x800f0922 / CBS_E_INSTALLERS_FAILED，之后 -2147024891、E_ACCESSDENIED。\n\
         Windows Server 2012 R2 与 Windows 10，见 'C:\\Program Files\\Tool\\a b.log' 和 C:\\Program Files\\Tool\\a.log, \
         \\\\server\\share\\x，%windir%\\INF\\x.inf。\n第 5 步 0x0 0x00000000 ERROR_LIKE_THIS 0x12",
    );
    assert_eq!(thread.kbs, ["KB5015811", "KB5032196"]);
    assert_eq!(thread.codes, ["0x800F0922", "0x80070005"]);
    assert_eq!(thread.products, ["Windows Server 2012 R2", "Windows 10"]);
    let paths = [
        "C:\\Program Files\\Tool\\a b.log",
        "C:\\Program Files\\Tool\\a.log",
        "\\\\server\\share\\x",
        "%windir%\\INF\\x.inf",
    ];
    assert_eq!(thread.paths, paths);
}

#[test]
fn paths_end_in_prose_where_a_reader_ends_them() {
    let paths = |text: &str| one(text).paths;
    assert_eq!(paths("备份C:\\Windows\\WinSxS\\x_1\\目录。"), ["C:\\Windows\\WinSxS\\x_1"]);
    assert_eq!(paths("在c:\\MS_DATA 文件夹下"), ["c:\\MS_DATA"]);
    assert_eq!(
        paths("save it to C:\\trace\\boot.pml. Then pack C:\\trace, please."),
        ["C:\\trace\\boot.pml", "C:\\trace"]
    );
    assert_eq!(paths("copy C:\\a\\b.txt D:\\c.txt"), ["C:\\a\\b.txt", "D:\\c.txt"]);
    assert_eq!(paths("盘符 C:\\ 与 https://example.com/a 不是"), Vec::<String>::new());
    assert_eq!(paths("路径“C:\\用户\\桌面”与‘D:\\数据’"), ["C:\\用户\\桌面", "D:\\数据"]);
}

#[test]
fn who_is_greeted() {
    let greets = |text: &str| one(text).messages[0].greets.clone();
    for (text, name) in [
        ("甲先生，您好：", Some("甲先生")),
        ("丙先生 您好：", Some("丙先生")),
        ("您好，乙先生：", Some("乙先生")),
        ("尊敬的王经理：", Some("王经理")),
        ("收到，甲女士您好", Some("甲女士")),
        ("甲先生、乙女士，您好", Some("甲先生、乙女士")),
        ("Dear Mr. Li,", Some("Mr. Li")),
        ("Hi John, the logs are there", Some("John")),
        ("您好：", None),
        ("大家好：", None),
        ("你好，我已到达现场", None),
        ("Hi, the logs are there", None),
        ("Hello all,", None),
        ("Dear Sir or Madam,", None),
    ] {
        assert_eq!(greets(text).as_deref(), name, "{text}");
    }
}
