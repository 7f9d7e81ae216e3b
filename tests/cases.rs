//! Mail threads through the whole knowledge base as shipped: its phrases, log kinds, collections and remedies.

use std::path::PathBuf;

use casebook::case::{self, Stage, Thread};
use casebook::knowledge_base::KnowledgeBase;

/// A thread of our own making.
const THREAD: &str = "\
邮件主题：回复: [案例号:CAS-20002-ZZ99Z9] %TEAM-反馈部分机器更新失败% CMIT:0000021

====第1封邮件====

发件人：Engineer
发送时间：2024-03-01 09:00:00.100000+00:00
邮件内容:
甲先生，您好：
我谨以此封邮件阐述针对这个问题所涉及的范围界定：
问题定义：
部分机器更新失败。
请您收集bootlog日志：运行Process Monitor，选中“Enable Boot Logging”。

====第2封邮件====

发件人：Windows 技术支持
发送时间：2024-03-02 09:00:00.200000+00:00
邮件内容:
新日志已上传，请查收。

====第3封邮件====

发件人：Engineer
发送时间：2024-03-03 09:00:00.300000+00:00
邮件内容:
甲先生，您好：
根据您上传的日志：
2024-10-16 08:43:18, Info                  CBS    Startup: Rolling back KTM, because drivers failed.
2024-10-16 08:43:18, Info                  CBS    Progress: UI message updated. Operation type: Update. Stage: 1 out of 1. Rollback.
>>>  [Uninstall Driver Updates]
>>>  Section start 2024/10/16 08:43:18.236
     sto: Driver Updates     = 3
!    inf: Unable to load INF: 'C:\\Windows\\INF\\sample.inf'(00000005)
<<<  Section end 2024/10/16 08:43:18.252
<<<  [Exit status: FAILURE(0x00000005)]
请先临时卸载终端安全软件后重新安装更新。

====第4封邮件====

发件人：Windows 技术支持
发送时间：2024-03-04 09:00:00+00:00
邮件内容:
卸载后问题得到解决，请关闭。
";

fn places(thread: &Thread) -> Vec<(u32, u64, usize)> {
    thread.excerpts.iter().map(|one| (one.message, one.line, one.text.lines().count())).collect()
}

fn asked(thread: &Thread) -> Vec<String> {
    thread.asked.iter().map(|one| format!("{} {}", one.message, one.collection)).collect()
}

fn tried(thread: &Thread) -> Vec<String> {
    thread.tried.iter().map(|one| format!("{} {} {}", one.message, one.remedy, one.outcome.key())).collect()
}

#[test]
fn a_thread_is_read_with_the_shipped_knowledge_base() {
    let thread = case::read(THREAD, &KnowledgeBase::embedded().rules);
    let kinds: Vec<String> = thread
        .messages
        .iter()
        .map(|message| message.kinds.iter().map(|kind| kind.key()).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(kinds, ["scope request", "uploaded", "analysis remedy", "result"]);
    assert_eq!(thread.stage, Stage::Advised);
    assert_eq!(places(&thread), [(3, 3, 2), (3, 5, 6)]);
    assert_eq!(asked(&thread), ["1 procmon-boot"]);
    assert!(tried(&thread).contains(&"3 remove-interceptor-temporarily solved".to_owned()), "{:?}", tried(&thread));
}

/// A case that the design was drawn from, read with the shipped knowledge base, if it is at hand.
fn seed(name: &str) -> Option<Thread> {
    let folder = std::env::var_os("CASEBOOK_CASES").map(PathBuf::from);
    let beside = || std::env::var_os("CASEBOOK_CORPUS").map(|corpus| PathBuf::from(corpus).join("../cases"));
    let Some(text) = folder.or_else(beside).and_then(|folder| std::fs::read_to_string(folder.join(name)).ok()) else {
        println!("{name}: skipped, CASEBOOK_CASES does not point at it");
        return None;
    };
    Some(case::read(&text, &KnowledgeBase::embedded().rules))
}

#[test]
fn the_ledger_of_the_first_seed() {
    let Some(thread) = seed("thread-a.txt") else { return };
    assert_eq!(thread.messages.len(), 26);
    assert_eq!(places(&thread), [(21, 5, 12), (21, 18, 13), (23, 5, 14), (23, 20, 13)]);
    let asked = asked(&thread);
    for expected in ["1 gui-collector", "3 procmon-boot", "16 tss-setup-report", "21 procmon-boot", "21 setup-report"] {
        assert!(asked.iter().any(|one| one == expected), "{expected}: {asked:?}");
    }
    assert!(!asked.iter().any(|one| one == "16 setup-report"), "{asked:?}");
    let tried = tried(&thread);
    for expected in [
        "8 remove-interceptor-temporarily unknown",
        "10 unplug-usb-devices unknown",
        "10 repair-system-files unknown",
        "15 restore-file-acl failed",
        "22 remove-file-policy failed",
        "24 restore-file-acl solved",
    ] {
        assert!(tried.iter().any(|one| one == expected), "{expected}: {tried:?}");
    }
}

#[test]
fn the_ledger_of_the_second_seed() {
    let Some(thread) = seed("thread-b.txt") else { return };
    assert_eq!(thread.messages.len(), 8);
    let asked = asked(&thread);
    for expected in ["5 driver-list", "5 gui-collector"] {
        assert!(asked.iter().any(|one| one == expected), "{expected}: {asked:?}");
    }
    // The permissions are changed on the way there; nobody asks to see them.
    assert!(!asked.iter().any(|one| one.ends_with("file-acl")), "{asked:?}");
    let tried = tried(&thread);
    assert!(tried.iter().any(|one| one == "1 remove-component-directory failed"), "{tried:?}");
    assert!(!tried.iter().any(|one| one.contains("restore-file-acl")), "{tried:?}");
    assert!(tried.iter().any(|one| one == "7 remove-interceptor-temporarily solved"), "{tried:?}");
    assert!(tried.iter().filter(|one| one.starts_with(['1', '2'])).all(|one| one.ends_with("failed")), "{tried:?}");
}
