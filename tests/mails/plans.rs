//! What was at hand when each support mail was due, and what its draft has to be.

use casebook::lang::Lang;

/// A mail that is due.
pub(super) struct Mail {
    /// The number of the mail in whose place it is drafted.
    pub(super) number: u32,
    /// What was said in the call before it.
    pub(super) note: &'static str,
    /// The folders of logs at hand.
    pub(super) logs: &'static [&'static str],
    /// Answers that no earlier mail gives.
    pub(super) set: &'static [(&'static str, &'static str)],
    pub(super) kind: &'static str,
    pub(super) to: &'static str,
    pub(super) says: &'static [&'static str],
    pub(super) never: &'static [&'static str],
    /// Whether its English draft is looked at too.
    pub(super) english: bool,
}

/// The mails of a case.
pub(super) struct Plan {
    pub(super) name: &'static str,
    /// The language that its drafts are looked at in.
    pub(super) lang: Lang,
    pub(super) year: &'static str,
    /// The two people of the customer's side.
    pub(super) people: [&'static str; 2],
    pub(super) seed: Option<Seed>,
    pub(super) mails: &'static [Mail],
}

/// The case of the design that has the same course.
pub(super) struct Seed {
    pub(super) thread: &'static str,
    pub(super) year: &'static str,
    pub(super) people: [&'static str; 2],
}

/// A mail of which nothing is said.
pub(super) const MAIL: Mail =
    Mail {
        number: 0, note: "", logs: &[], set: &[], kind: "", to: "FIRST先生", says: &[], never: &[], english: false
    };

const COLLECTOR: &str = "日志收集工具生成的日志包";
const PROCMON: &str = "Process Monitor 启动日志";
const POLICY: &str = "组策略与安全策略报告（用于";
const ACL: &str = "文件权限列表（icacls）（用于";
const SAME: &str = "此后的日志中仍有同样的失败";

/// A file that a policy restricts: six weeks of looking elsewhere, archived, reopened, found, closed.
pub(super) const FILE: Plan = Plan {
    name: "restricted-file",
    lang: Lang::Zh,
    year: "2023",
    people: ["戊", "己"],
    seed: Some(Seed { thread: "thread-a.txt", year: "2024", people: ["甲", "乙"] }),
    mails: &[
        Mail {
            number: 1,
            set: &[("customer.name", "FIRST先生"), ("engineer.name", "Engineer X")],
            kind: "scope",
            says: &["问题定义", "问题范围", COLLECTOR, "（1）", "https://upload.example.com"],
            english: true,
            ..MAIL
        },
        // The scope is not stated a second time: what did not come is asked for again.
        Mail {
            number: 2, kind: "follow-up", says: &[COLLECTOR, "7月12日的邮件中曾请您收集"], english: true, ..MAIL
        },
        // The logs that came lack the one that names the file; it takes minutes, a trace takes a visit.
        Mail {
            number: 3,
            note: "[YEAR-07-15 16:50] 日志已上传；关机时的脚本执行失败，脚本文件不存在",
            logs: &["july-12"],
            kind: "analysis",
            says: &[
                "如刚才电话沟通",
                "访问被拒绝",
                "尚不能确认",
                "缺少设备安装日志",
                "[july-12/CBS.log:4-5]",
                COLLECTOR,
            ],
            never: &["建议操作"],
            ..MAIL
        },
        Mail {
            number: 4,
            note: "[YEAR-07-18 09:20] 询问 Process Monitor 如何操作",
            logs: &["july-12"],
            kind: "request",
            says: &[
                "如刚才电话沟通，收集方法说明如下",
                PROCMON,
                "Options → Enable Boot Logging",
                "│ [ ] Generate profiling events",
                "应看到：再打开 Options 菜单，“Enable Boot Logging”前有勾",
            ],
            english: true,
            ..MAIL
        },
        Mail { number: 5, kind: "follow-up", says: &[PROCMON, "7月15日的邮件中曾请您收集"], ..MAIL },
        Mail {
            number: 7,
            note: "[YEAR-07-23 11:05] 日志已上传",
            kind: "received",
            says: &["您上传的日志已收到"],
            never: &["请协助收集"],
            ..MAIL
        },
        // Without a look at permissions and policies nobody has to remove a product.
        Mail {
            number: 8,
            logs: &["july-12", "july-23"],
            kind: "analysis",
            says: &["usbstor.inf", "[july-23/bootlog.csv:2]", "TiWorker.exe", ACL, POLICY, "第三方安全软件拦截：待定"],
            never: &["建议操作", PROCMON, COLLECTOR],
            english: true,
            ..MAIL
        },
        Mail {
            number: 10,
            logs: &["july-23", "july-26"],
            kind: "analysis",
            says: &[
                "最近一次失败发生在YEAR年7月23日的邮件之后",
                "临时卸载第三方安全软件：此后的日志中仍有同样的失败",
                "请确认当时是否已按建议执行",
                ACL,
                POLICY,
            ],
            never: &["建议操作"],
            english: true,
            ..MAIL
        },
        Mail {
            number: 11,
            note: "[YEAR-08-01 09:20] 现场机器不能使用 USB 设备，日志需要到现场收集",
            kind: "follow-up",
            says: &["如刚才电话沟通", COLLECTOR, "请告知下一次现场支持的时间"],
            ..MAIL
        },
        Mail {
            number: 12,
            note: "[YEAR-08-02 10:05] SECOND先生：8月3日到现场，可以查看文件的权限",
            logs: &["july-23", "july-26"],
            kind: "request",
            to: "SECOND先生",
            says: &["8月3日到现场", ACL, POLICY, SAME],
            english: true,
            ..MAIL
        },
        Mail {
            number: 15,
            note: "[YEAR-08-05 10:40] SECOND先生：文件的权限已按要求导出",
            logs: &["july-23", "july-26", "august-03"],
            kind: "remedy",
            to: "SECOND先生",
            says: &["组件文件的权限被修改：已确认", "[august-03/icacls.txt:1]", "takeown", "操作前备份", "如需撤销"],
            ..MAIL
        },
        // The permissions came back as they were: now it is the policy's turn, not that of the permissions once more.
        Mail {
            number: 16,
            note: "[YEAR-08-06 11:10] SECOND先生：更改权限后仍然更新失败",
            logs: &["july-23", "july-26", "august-03"],
            kind: "request",
            to: "SECOND先生",
            says: &["恢复系统文件的权限：问题仍然存在", POLICY, COLLECTOR],
            never: &["建议操作", "takeown", "高级安全设置截图"],
            english: true,
            ..MAIL
        },
        Mail {
            number: 17,
            note: "[YEAR-08-19 10:10] FIRST先生：现场限制 USB，暂时无法收取日志，同意暂时归档",
            logs: &["july-23", "july-26", "august-03"],
            kind: "close",
            says: &[
                "暂时归档此案例",
                "重新开启案例",
                "恢复系统文件的权限：问题仍然存在",
                "仍需以下日志",
                "- 组策略与安全策略报告",
            ],
            english: true,
            ..MAIL
        },
        Mail {
            number: 19,
            note: "[YEAR-10-14 10:50] 电话未能接通",
            logs: &["july-26", "august-03"],
            set: &[("engineer.name", "Engineer W")],
            kind: "request",
            says: &[
                "负责，现由我继续为您处理",
                "刚才致电未能联系到您",
                "案例已重新开启",
                POLICY,
                "TSS 日志（DND_SetupReport）",
                COLLECTOR,
            ],
            never: &["建议操作"],
            english: true,
            ..MAIL
        },
        Mail {
            number: 20,
            logs: &["july-26", "august-03"],
            kind: "follow-up",
            says: &["10月14日的邮件中曾请您收集", ".\\TSS.ps1 -CollectLog DND_SetupReport"],
            ..MAIL
        },
        Mail {
            number: 21,
            logs: &["july-26", "october-16"],
            set: &[("engineer.name", "Engineer W")],
            kind: "analysis",
            says: &[
                "负责，现由我继续为您处理",
                "[october-16/CBS.log:4-5]",
                "[october-16/setupapi.dev.log:14-15]",
                ACL,
                POLICY,
            ],
            never: &["takeown"],
            ..MAIL
        },
        // The policy, both files, and the domain administrator's step.
        Mail {
            number: 22,
            note: "[YEAR-10-18 10:30] 可以联系域管理员",
            logs: &["october-17"],
            set: &[("engineer.name", "Engineer Y")],
            kind: "remedy",
            says: &[
                "组策略限制了该文件的权限：已确认",
                "USBSTOR.INF",
                "USBSTOR.PNF",
                "GPO: USB Control",
                "右键单击策略“USB Control”→ 编辑",
                "删除 %SystemRoot%\\INF\\USBSTOR.INF 和 %SystemRoot%\\INF\\USBSTOR.PNF 这两个条目",
                "1. 移除组策略对该文件的权限限制",
            ],
            never: &["takeown"],
            english: true,
            ..MAIL
        },
        // With the policy gone what it left behind can be put right, which had failed before.
        Mail {
            number: 23,
            logs: &["october-24", "october-25"],
            kind: "analysis",
            says: &[
                "最近一次失败发生在YEAR年10月18日的邮件之后",
                "移除组策略对该文件的权限限制：此后的日志中仍有同样的失败",
                "1. 恢复系统文件的权限（YEAR年8月5日的邮件中曾建议，当时未解决问题；此后情况已有变化，请再执行一次）",
            ],
            never: &["请域管理员"],
            english: true,
            ..MAIL
        },
        Mail {
            number: 24,
            note: "[YEAR-11-06 14:00] 已经可以手动修改文件的所有者和权限，希望用脚本处理",
            logs: &["october-24", "october-25"],
            kind: "remedy",
            says: &["可以手动修改文件的所有者和权限", "10月28日的邮件中已建议", "icacls"],
            never: &["请域管理员"],
            ..MAIL
        },
        Mail {
            number: 25,
            logs: &["october-24", "october-25"],
            kind: "follow-up",
            says: &["请告知执行情况和结果", "恢复系统文件的权限"],
            ..MAIL
        },
        Mail {
            number: 26,
            note: "[YEAR-11-11 13:40] 用脚本修改权限后更新成功，问题已解决，同意归档",
            logs: &["october-24", "october-25"],
            kind: "close",
            says: &["恢复系统文件的权限后问题已经解决", "组件文件的权限被修改：已确认", "案例总结"],
            never: &["仍需以下日志", "尚未解决"],
            english: true,
            ..MAIL
        },
    ],
};

/// The same failure with a second INF: what intercepts is to blame, not the file.
pub(super) const INF: Plan = Plan {
    name: "second-inf",
    lang: Lang::Zh,
    year: "2021",
    people: ["庚", "-"],
    seed: Some(Seed { thread: "thread-b.txt", year: "2022", people: ["丙", "-"] }),
    mails: &[
        Mail {
            number: 1,
            logs: &["september-08"],
            set: &[("customer.name", "FIRST先生"), ("engineer.name", "Engineer Z")],
            kind: "scope",
            says: &["问题定义", "问题范围", "oposdrv.inf", "[september-08/setupapi.dev.log:14-15]", ACL, POLICY],
            never: &["删除"],
            english: true,
            ..MAIL
        },
        // What was advised is hard to undo and nothing speaks for it.
        Mail {
            number: 2,
            note: "[YEAR-09-09 10:40] 删除文件夹时提示权限不足",
            logs: &["september-08"],
            kind: "request",
            says: &["如尚未执行，请先不要执行", "备份并删除驱动组件的文件夹（YEAR年9月8日的邮件）", ACL, POLICY],
            english: true,
            ..MAIL
        },
        Mail { number: 4, kind: "received", says: &["您上传的日志已收到"], english: true, ..MAIL },
        Mail {
            number: 5,
            note: "[YEAR-09-14 18:20] 愿意继续收集日志",
            logs: &["september-08", "september-09"],
            kind: "analysis",
            says: &[
                "同样的访问被拒绝先后出现在不同的驱动文件上",
                "oposdrv.inf",
                "miradisp.inf",
                "备份并删除驱动组件的文件夹：问题仍然存在",
                "第三方软件（安全软件、终端管理软件等）拦截",
                "第三方驱动列表",
                PROCMON,
            ],
            never: &["建议操作"],
            english: true,
            ..MAIL
        },
        Mail {
            number: 6,
            note: "[YEAR-09-16 18:00] 将按要求收集日志",
            logs: &["september-08", "september-09"],
            kind: "follow-up",
            says: &["第三方驱动列表", COLLECTOR, "dism /online"],
            ..MAIL
        },
        Mail {
            number: 8,
            logs: &["september-08", "september-09"],
            kind: "close",
            says: &["临时卸载第三方安全软件后问题", "案例总结", "不影响我们继续为您提供技术支持"],
            never: &["仍需以下日志", "尚未解决"],
            english: true,
            ..MAIL
        },
    ],
};
