//! What is masked, what stays, and that no secret of a generated set comes through.

use proptest::prelude::*;

use super::{Redactor, masked};

#[test]
fn secrets_are_masked_the_same_way_throughout() {
    let redactor = Redactor::default();
    for (text, shown) in [
        ("密码：Secret-1", "密码：‹password-1›"),
        ("密 码:Secret-1。", "密 码:‹password-1›。"),
        ("\"password\": \"Se;cret\"", "\"password\": \"‹password-2›;cret\""),
        ("用户名：upload01", "用户名：‹account-1›"),
        ("Account Name:\t\tzhangsan", "Account Name:\t\t‹account-2›"),
        ("net use z: \\\\filesrv01\\share /user:CORP\\lisi", "net use z: \\\\‹host-1›\\share /user:‹account-3›"),
        ("https://x.example.com/d?id=1&token=01AbCd", "https://x.example.com/d?id=1&token=‹token-1›"),
        ("Authorization: Bearer eyJhbGciOiJIUzI1NiJ9", "Authorization: Bearer ‹token-2›"),
        ("https://upload01:Pass-77@x.example.com/", "https://‹account-1›:‹password-3›@x.example.com/"),
        ("电话：13800000000。", "电话：‹phone-1›。"),
        ("138 0000 0000 / +86-13800000001", "‹phone-2› / ‹phone-3›"),
        ("热线 400-000-0000，座机 010-12345678", "热线 ‹phone-4›，座机 ‹phone-5›"),
        ("身份证 110101199001011234", "身份证 ‹id-1›"),
        (r"C:\Users\zhang\AppData", r"C:\Users\‹user-1›\AppData"),
        (r"C:\Users\Public\x", r"C:\Users\Public\x"),
        (r"C:\Users\ZHANG\x", r"C:\Users\‹user-1›\x"),
        (r"C:\Users\Zhang San\x and C:\Users\wang to D:\y", r"C:\Users\‹user-2›\x and C:\Users\‹user-3› to D:\y"),
        (r"copy \\filesrv01\share\x", r"copy \\‹host-1›\share\x"),
        ("Host Name:                 BANKSRV07", "Host Name:                 ‹host-2›"),
        ("CORP\\BANKSRV07$ and banksrv07 again", "CORP\\‹host-2›$ and ‹host-2› again"),
        ("DESKTOP-AB12CD3 joined", "‹host-3› joined"),
        ("from 192.168.1.20 to 192.168.1.21.", "from ‹ip-1› to ‹ip-2›."),
        ("fe80::1c2d:3e4f:5a6b:7c8d%12", "‹ip-3›%12"),
        ("S-1-5-21-1-2-3-1001", "‹sid-1›"),
        ("MAC 00-1A-2B-3C-4D-5E", "MAC ‹mac-1›"),
        ("a@example.com", "‹mail-1›"),
    ] {
        assert_eq!(redactor.redact(text), shown);
    }
}

#[test]
fn what_a_log_is_about_stays() {
    let redactor = Redactor::default();
    for text in [
        r"C:\Windows\WinSxS\amd64_dual_usbstor.inf_31bf3856ad364e35_10.0.17763.2237_none_8e64ef457e7839af\usbstor.inf",
        "Package_for_RollupFix~31bf3856ad364e35~amd64~~17763.6414.1.4",
        "Session: 31034769_4265380821 finalized",
        "10.0.17763.6174",
        "Version 4.0.0.0, version: 10.0.0.1, v1.2.3.4, 版本：6.1.0.1",
        "127.0.0.1 0.0.0.0 255.255.255.0 ::1",
        "S-1-5-18 S-1-5-32-544 S-1-15-2-1 S-1-1-0",
        "FF-FF-FF-FF-FF-FF 00:00:00:00:00:00",
        "{8b3f1c2d-4e5f-6a7b-8c9d-0e1f2a3b4c5d}",
        "2024-10-16 08:43:18, Info                  CBS    Failed [HRESULT = 0x80070005 - E_ACCESSDENIED]",
        r"\\?\C:\Windows\INF\usbstor.inf \\.\pipe\x",
        r"Everyone:(DENY)(R) NT SERVICE\TrustedInstaller:(F) BUILTIN\Users:(RX)",
        "User name: SYSTEM, account: LocalSystem, password: none",
        "0x80070005 30812345678 20241016084318",
    ] {
        assert_eq!(redactor.redact(text), text);
    }
}

#[test]
fn a_name_told_anywhere_is_a_secret_everywhere() {
    let redactor = Redactor::default();
    redactor.learn("用户名：upload77\n密码：Example-22\nHost Name: CORESRV1\nC:\\Users\\lisi\\x");
    let text = "请用 Upload77 登录 coresrv1，口令还是 Example-22；lisi.log 不是 lisi";
    assert_eq!(redactor.redact(text), "请用 ‹account-1› 登录 ‹host-1›，口令还是 ‹password-1›；lisi.log 不是 ‹user-1›");
}

#[test]
fn numbers_of_masks_that_are_there_are_not_given_again() {
    let redactor = Redactor::default();
    assert_eq!(redactor.redact("‹ip-1› 192.168.7.7"), "‹ip-1› ‹ip-2›");
    let list = masked(["‹ip-2› a ‹ip-1›", "‹ip-2› ‹not a mask› ‹user-1›"].into_iter());
    let shown: Vec<_> = list.iter().map(|one| (one.mask.as_str(), one.kind.as_str(), one.count)).collect();
    assert_eq!(shown, [("‹ip-1›", "ip", 1), ("‹ip-2›", "ip", 2), ("‹user-1›", "user", 1)]);
}

/// A secret with the words around it, `{}` where it stands.
fn secrets() -> impl Strategy<Value = (String, &'static str)> {
    let name = "[a-z]{3}[a-z0-9]{3,8}x";
    prop_oneof![
        (name, Just("密码：{}")),
        ("[A-Za-z0-9!@#%^*_+-]{6,16}", Just("password={}")),
        ("[A-Za-z0-9_-]{10,40}", Just("https://u.example.com/d?id=1&token={}")),
        (name, Just("用户名：{}")),
        (name, Just(r"C:\Users\{}\AppData\Local")),
        (name, Just(r"open \\{}\share")),
        (name, Just("Computer Name: {}")),
        ("[a-z]{1,8}\\.[a-z]{1,8}@[a-z]{2,8}\\.example\\.com", Just("from <{}> on")),
        ("1[3-9][0-9]{9}", Just("电话：{}")),
        ("[1-9][0-9]{5}19[0-9]{2}0[1-9]1[0-9][0-9]{3}[0-9X]", Just("身份证号 {}")),
        ("(10|172|192)\\.[1-9][0-9]\\.[1-9][0-9]\\.[1-9][0-9]", Just("connect to {} failed")),
        ("S-1-5-21-[1-9][0-9]{8}-[1-9][0-9]{8}-[1-9][0-9]{8}-1[0-9]{3}", Just("Owner {}")),
        ("[0-9A-F]{2}-1[A-F]-2[0-9]-3[A-F]-4[0-9]-5[A-F]", Just("adapter {} up")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn no_secret_of_a_set_survives(
        chosen in prop::collection::vec(secrets(), 1..6),
        before in "[ \\[(，。]?",
        tail in "( and|，| \\.)?",
    ) {
        let redactor = Redactor::default();
        for (secret, around) in &chosen {
            let line = format!("{before}{}{tail}", around.replace("{}", secret));
            let shown = redactor.redact(&line).into_owned();
            prop_assert!(!shown.contains(secret.as_str()), "{secret} in {shown}");
            // What was masked once is masked the same way again, and a masked line stays as it is.
            prop_assert_eq!(redactor.redact(&line).into_owned(), shown.clone());
            prop_assert_eq!(redactor.redact(&shown).into_owned(), shown);
        }
    }

    #[test]
    fn any_text_is_masked_without_harm(text in "(?s).{0,120}") {
        let redactor = Redactor::default();
        let once = redactor.redact(&text).into_owned();
        prop_assert_eq!(Redactor::default().redact(&once).into_owned(), once);
    }
}
