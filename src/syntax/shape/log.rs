//! The keys of `log:` documents.

use super::{Field, Referent, Shape, TITLE, optional, required};

const PATTERNS: Shape = Shape::OneOrMany(&Shape::Pattern);

/// `log:`
pub static LOG: [Field; 14] = [
    required(
        "log",
        Shape::Name,
        "日志种类的名称，证据的 `log:` 用它。",
        "The log kind's name, which `log:` of evidence uses.",
    ),
    TITLE,
    optional(
        "files",
        Shape::OneOrMany(&Shape::Text),
        "文件名的通配写法，如 `CBS*.log`；内容比名称更算数。",
        "Globs of file names, such as `CBS*.log`; content counts more than names.",
    ),
    optional(
        "reader",
        Shape::Reference(Referent::Reader),
        "内置读取器：`evtx`、`procmon`、`gpresult`、`secedit`、`icacls`。",
        "A built-in reader: `evtx`, `procmon`, `gpresult`, `secedit` or `icacls`.",
    ),
    optional("begin", PATTERNS, "开始一条多行记录的行。", "Lines that begin a record of several lines."),
    optional(
        "record",
        PATTERNS,
        "记录的模式：空位即字段，`{message}` 是 `line:` 所匹配的消息，`{time:…}` 是时间。",
        "Patterns of a record: holes are its fields, `{message}` what `line:` is matched against, `{time:…}` its stamp.",
    ),
    optional("fields", PATTERNS, "记录中含有字段的行，位置不限。", "Lines anywhere in a record that hold fields."),
    optional(
        "recognise",
        PATTERNS,
        "能说明文件属于此种类的行。",
        "Lines that tell the kind from others of the same form.",
    ),
    optional("stamp", PATTERNS, "其时间适用于其后各记录的行。", "Lines whose time holds for the records after them."),
    optional("section", Shape::Map(&SECTION), "小节的开始与结束标记。", "The marks of sections."),
    optional("clock", Shape::Map(&CLOCK), "时钟：时区和精度。", "The clock: its zone and resolution."),
    optional(
        "keeps",
        Shape::Duration,
        "文件通常能回溯多久；更长的时间窗会得到警告。",
        "How far back its files usually reach; longer windows get a warning.",
    ),
    optional("attempt", Shape::Map(&ATTEMPT), "一次尝试的开始与结束。", "The marks of an attempt."),
    optional(
        "snapshot",
        Shape::Map(&SNAPSHOT),
        "这是状态而不是历史；`about` 写主体字段。",
        "It is a state, not a history; `about` names the field of its subject.",
    ),
];

/// `section:`
pub static SECTION: [Field; 2] = [
    required(
        "begin",
        PATTERNS,
        "开始小节的行；`{title}` 是标题。",
        "Lines that open a section; `{title}` is its title.",
    ),
    required("end", PATTERNS, "结束小节的行。", "Lines that close one."),
];

/// `clock:`
pub static CLOCK: [Field; 3] = [
    optional("zone", Shape::Word(&["local", "utc"]), "`local` 或 `utc`。", "`local` or `utc`."),
    optional(
        "resolution",
        Shape::Duration,
        "能显示的最小时间差，如 `1s`、`1ms`。",
        "The smallest difference it shows: `1s`, `1ms`.",
    ),
    optional("utc", Shape::Pattern, "同时显示 UTC 时间的行。", "Lines that also show UTC, with a `{time:…}` hole."),
];

/// `attempt:`
pub static ATTEMPT: [Field; 2] = [
    required("begin", Shape::Pattern, "开始一次尝试的记录。", "The record that begins an attempt."),
    optional("end", Shape::Pattern, "结束一次尝试的记录。", "The record that ends one."),
];

/// `snapshot:`
pub static SNAPSHOT: [Field; 1] = [optional(
    "about",
    Shape::Reference(Referent::LogField),
    "主体字段；不写表示列出了全部。",
    "The field that names the subject; without it everything there is is listed.",
)];
