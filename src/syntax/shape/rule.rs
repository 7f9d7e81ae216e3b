//! The keys of `rule:` documents.

use super::{Field, Referent, Shape, TITLE, optional, required};

/// `rule:`
pub static RULE: [Field; 9] = [
    required(
        "rule",
        Shape::Name,
        "规则的名称，如 `driver/update-access-denied`；在整个知识库中唯一，其他规则用它引用。",
        "The rule's name, such as `driver/update-access-denied`: unique, and what other rules call it by.",
    ),
    TITLE,
    optional(
        "severity",
        Shape::Word(&["failure", "warning", "notice"]),
        "严重程度：`failure`（失败）、`warning`（隐患）、`notice`（值得一提）。",
        "How grave it is: `failure`, `warning` (could lead to one) or `notice` (worth knowing).",
    ),
    optional(
        "products",
        Shape::OneOrMany(&Shape::Product),
        "故障出现在哪些产品上；供人查阅和索引，不参与判断。不写表示不限产品。",
        "The products that the failure occurs in: said to readers and used by indexes, it decides nothing. Without it, any.",
    ),
    optional(
        "evidence",
        Shape::Named(&Shape::Map(&EVIDENCE)),
        "证据：每条说明在哪种日志里找什么样的行；条件里用名称引用它。",
        "The evidence: each says what to look for in which log; conditions call it by its name.",
    ),
    required(
        "signature",
        Shape::Condition,
        "规则何时成立：用 `and`、`or`、`not`、`then … within 5s` 等把证据连起来。",
        "When the rule holds: evidence put together by `and`, `or`, `not`, `then … within 5s` and the like.",
    ),
    optional(
        "explains",
        Shape::OneOrMany(&Shape::Reference(Referent::Rule)),
        "被本规则解释的其他规则：本规则成立时，它们只是症状。",
        "Rules that this one makes mere symptoms when it holds.",
    ),
    optional(
        "causes",
        Shape::Named(&Shape::Map(&CAUSE)),
        "可能的原因，每个都可以有判断条件和补救措施。",
        "The possible causes, each with the condition that decides it and its remedies.",
    ),
    optional(
        "tests",
        Shape::List(&Shape::Map(&TEST)),
        "测试：几行日志，以及规则必须得出的结果；至少一个成立，一个 `expect: none`。",
        "Tests: a few lines of log and what must come of them; one that holds and one with `expect: none` at the least.",
    ),
];

/// A piece of evidence.
pub static EVIDENCE: [Field; 6] = [
    required(
        "log",
        Shape::OneOrMany(&Shape::Reference(Referent::Log)),
        "在哪种日志里找；列表表示任何一种。",
        "The log kind to look in; of a list, any.",
    ),
    optional(
        "section",
        Shape::Pattern,
        "只看标题匹配此模式的小节中的记录。",
        "Only records inside a section whose title this pattern matches.",
    ),
    optional(
        "line",
        Shape::OneOrMany(&Shape::Pattern),
        "消息的行模式：日志行照抄，变化的部分写成空位 `{名称:类型}`；列表表示任何一个。",
        "The pattern of the message: the log line as it stands, with holes `{name:type}` for what varies; of a list, any.",
    ),
    optional(
        "fields",
        Shape::By(Referent::LogField, &Shape::Pattern),
        "记录其他字段的模式，须匹配整个值。",
        "Patterns of other fields of the record, each for the whole value.",
    ),
    optional(
        "where",
        Shape::Filter,
        "对本证据的捕获和与之联结的捕获的比较。",
        "Comparisons over the captures of this evidence and joined ones.",
    ),
    optional(
        "case",
        Shape::Word(&["exact"]),
        "写 `exact` 则区分大小写。",
        "`exact` makes letters count as they are written.",
    ),
];

/// A cause.
pub static CAUSE: [Field; 4] = [
    TITLE,
    optional(
        "when",
        Shape::Condition,
        "原因成立的条件；不写则只由补救结果判断。",
        "When the cause holds; without it only the outcome of remedies decides.",
    ),
    optional(
        "excludes",
        Shape::OneOrMany(&Shape::Reference(Referent::Cause)),
        "不能与它同时成立的其他原因。",
        "Other causes that cannot hold together with it.",
    ),
    optional(
        "remedies",
        Shape::OneOrMany(&Shape::Reference(Referent::Remedy)),
        "补救措施的名称，按风险从低到高建议。",
        "Names of remedies; the least risky is proposed first.",
    ),
];

/// A test.
pub static TEST: [Field; 3] = [
    optional(
        "name",
        Shape::Text,
        "测试的名称，说明这段日志哪里特别。",
        "The test's name: what is special about these logs.",
    ),
    optional(
        "logs",
        Shape::By(Referent::Log, &Shape::TestLog),
        "各种类的日志：文本日志写文本，有读取器的写记录的列表。",
        "Logs by kind: text for a text log, a list of records for one with a reader.",
    ),
    required(
        "expect",
        Shape::Expect,
        "`none`，或发现的列表；只比较写明的部分。",
        "`none`, or one finding or a list of them; only what is written is compared.",
    ),
];

/// An expected finding.
pub static EXPECTED: [Field; 7] = [
    optional(
        "rule",
        Shape::Reference(Referent::Rule),
        "哪条规则；不写即本规则。",
        "Which rule; this one if not written.",
    ),
    optional(
        "status",
        Shape::Word(&["confirmed", "undetermined"]),
        "`confirmed`（确认）或 `undetermined`（日志不足，未定）。",
        "`confirmed`, or `undetermined` where logs are missing.",
    ),
    optional(
        "missing",
        Shape::OneOrMany(&Shape::Reference(Referent::Log)),
        "缺少的日志种类。",
        "The log kinds that are missing.",
    ),
    optional(
        "captures",
        Shape::By(Referent::Capture, &Shape::Text),
        "捕获的值，按类型比较：`5` 与 `0x80070005` 相等。",
        "Values of captures, compared by type: `5` equals `0x80070005`.",
    ),
    optional(
        "causes",
        Shape::By(Referent::Cause, &Shape::Word(&["confirmed", "excluded", "open"])),
        "各原因的状态：`confirmed`、`excluded` 或 `open`。",
        "The status of causes: `confirmed`, `excluded` or `open`.",
    ),
    optional(
        "requests",
        Shape::OneOrMany(&Shape::Reference(Referent::Collection)),
        "应向客户请求的收集方法。",
        "Collections that the customer is to be asked for.",
    ),
    optional(
        "evidence",
        Shape::OneOrMany(&Shape::Reference(Referent::Evidence)),
        "所引用的全部证据：发现本身的，以及已确认原因的。",
        "All the evidence that is quoted: with the finding, and with its confirmed causes.",
    ),
];
