//! The keys of `remedy:`, `collection:` and `phrases:` documents.

use super::{EN, Field, Referent, Shape, TITLE, ZH, optional, required};

const STEPS: Shape = Shape::List(&Shape::Map(&STEP));
const NEEDS: Field = optional(
    "needs",
    Shape::Named(&Shape::Reference(Referent::Type)),
    "步骤用到的捕获及其类型，如 `{inf: path}`。",
    "Captures that the steps use, with their types: `{inf: path}`.",
);
const WANTS: Field = optional(
    "wants",
    Shape::Named(&Shape::Reference(Referent::Type)),
    "步骤在有值时用到的捕获及其类型；文字中用 `{% if %}` 判断。",
    "Captures that the texts use where the case has them, with their types; asked for with `{% if %}`.",
);
const MENTIONED: Field = optional(
    "mentioned",
    Shape::OneOrMany(&Shape::Text),
    "邮件里怎么称呼它：据此看出它是否已提出、已做过。",
    "How mails call it: so it is seen whether it was asked for or tried.",
);

/// `remedy:`
pub static REMEDY: [Field; 11] = [
    required(
        "remedy",
        Shape::Name,
        "补救措施的名称，原因的 `remedies:` 用它。",
        "The remedy's name, which `remedies:` of causes uses.",
    ),
    TITLE,
    optional(
        "risk",
        Shape::Word(&["low", "medium", "high"]),
        "风险：`low`、`medium`、`high`；低的先建议，高的带警告。",
        "`low`, `medium` or `high`: the least risky is proposed first, and the warning goes by it.",
    ),
    NEEDS,
    WANTS,
    MENTIONED,
    optional(
        "before",
        Shape::Localized,
        "先备份什么；步骤或脚本会删除内容或更改权限时必须有。",
        "What to back up first; required where a step or the script deletes something or changes permissions.",
    ),
    optional("steps", STEPS, "步骤。", "The steps."),
    optional(
        "script",
        Shape::Reference(Referent::Script),
        "`templates/scripts/` 下的脚本模板。",
        "A script template under `templates/scripts/`.",
    ),
    optional("verify", Shape::Map(&VERIFY), "如何确认已经奏效。", "How to see that it worked."),
    optional("undo", Shape::Localized, "如何撤销。", "How to take it back."),
];

/// `verify:`
pub static VERIFY: [Field; 3] = [
    ZH,
    EN,
    optional(
        "resolved-when",
        Shape::Condition,
        "下一份日志应得出的结果，如 `not finding driver/update-access-denied`。",
        "What the next logs must show, such as `not finding driver/update-access-denied`.",
    ),
];

/// A step.
pub static STEP: [Field; 5] = [
    ZH,
    EN,
    optional(
        "command",
        Shape::Text,
        "要运行的命令；`{{ 捕获 }}` 处填入值。",
        "The command to run; values are filled in at `{{ capture }}`.",
    ),
    optional(
        "screen",
        Shape::Localized,
        "此时屏幕上的样子，画成示意图：第一行是窗口标题，`[按钮]`、`[x]`、`[ ]`，`←` 标出要点的地方。",
        "What the screen looks like then, drawn: the window's title first; `[Button]`, `[x]`, `[ ]`, and `←` where to click.",
    ),
    optional("seen", Shape::Localized, "做对了会看到什么。", "What is seen when it worked."),
];

/// `collection:`
pub static COLLECTION: [Field; 7] = [
    required("collection", Shape::Name, "收集方法的名称。", "The collection's name."),
    TITLE,
    optional(
        "effort",
        Shape::Map(&EFFORT),
        "客户要花的功夫；请求日志时选最省事的。",
        "What it costs the customer; the cheapest is asked for.",
    ),
    optional(
        "yields",
        Shape::OneOrMany(&Shape::Reference(Referent::Log)),
        "能取得哪些日志种类。",
        "The log kinds that it brings.",
    ),
    NEEDS,
    MENTIONED,
    optional("steps", STEPS, "步骤。", "The steps."),
];

/// `effort:`
pub static EFFORT: [Field; 3] = [
    optional("minutes", Shape::Number, "分钟数。", "Minutes."),
    optional("restart", Shape::Truth, "是否须重启。", "Whether a restart is needed."),
    optional("on-site", Shape::Truth, "是否须在现场操作。", "Whether somebody has to be there."),
];

/// `phrases:`
pub static PHRASES: [Field; 1] =
    [required("phrases", Shape::Word(&["zh", "en"]), "邮件的语言。", "The language of the mails.")];
