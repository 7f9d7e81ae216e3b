//! The sentences of the compiler's faults about names and types, in both languages.
//!
//! Only words live here: what is a fault is decided where the rule of the language stands.

use super::suggest::nearest;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::Text;
use crate::value::{Type, codes};

/// How many names a help line lists at the most.
const LISTED: usize = 20;

/// A kind of name: the code of one that is unknown, and what it is called.
pub(super) struct Noun {
    pub(super) code: Code,
    pub(super) zh: &'static str,
    pub(super) en: &'static str,
}

macro_rules! nouns {
    ($($name:ident = $code:ident, $zh:literal, $en:literal;)*) => {
        $(pub(super) const $name: Noun = Noun { code: Code::$code, zh: $zh, en: $en };)*
    };
}

nouns! {
    LOG = UNKNOWN_LOG, "日志种类", "log kind";
    TYPE = UNKNOWN_TYPE, "类型", "type";
    CAPTURE = UNKNOWN_CAPTURE, "捕获", "capture";
    EVIDENCE = UNKNOWN_EVIDENCE, "证据", "evidence";
    FIELD = UNKNOWN_FIELD, "字段", "field";
    REMEDY = UNKNOWN_REMEDY, "补救措施", "remedy";
    COLLECTION = UNKNOWN_COLLECTION, "收集方法", "collection";
    SCRIPT = UNKNOWN_TEMPLATE, "脚本模板", "script template";
    RULE = UNKNOWN_RULE, "规则", "rule";
    ALIAS = UNKNOWN_ALIAS, "捕获或发现别名", "capture or alias of a finding";
    READER = UNKNOWN_READER, "读取器", "reader";
    SEVERITY = UNKNOWN_SEVERITY, "严重程度", "severity";
    RISK = UNKNOWN_RISK, "风险等级", "risk";
    STATUS = UNKNOWN_STATUS, "状态", "status";
    CAUSE = UNKNOWN_CAUSE, "原因", "cause";
    ZONE = UNKNOWN_ZONE, "时区", "zone";
    LANGUAGE = UNKNOWN_LANGUAGE, "语言", "language";
}

/// A name that nothing answers to.
pub(super) fn unknown<'k>(noun: &Noun, name: &Text, known: impl IntoIterator<Item = &'k str>) -> Diagnostic {
    let known: Vec<&str> = known.into_iter().collect();
    let fault = Diagnostic::error(
        noun.code,
        name.span,
        format!("未知的{} `{}`", noun.zh, name.value),
        format!("unknown {} `{}`", noun.en, name.value),
    );
    suggested(fault, name, &known)
}

/// With a did-you-mean and its fix, or the list of what there is.
pub(super) fn suggested(fault: Diagnostic, name: &Text, known: &[&str]) -> Diagnostic {
    match nearest(&name.value, known) {
        Some(near) => {
            fault.help(format!("是否想写 `{near}`？"), format!("did you mean `{near}`?")).fix(name.span, near)
        }
        None if (1..=LISTED).contains(&known.len()) => {
            fault.help(format!("可用的有：{}", quoted(known, "、")), format!("known: {}", quoted(known, ", ")))
        }
        None => fault,
    }
}

/// A name that is unknown only because the default's rules do not count.
pub(super) fn shelved(unknown: Diagnostic) -> Diagnostic {
    let unknown = Diagnostic { fix: None, ..unknown };
    unknown.help(
        "默认知识库有这个名称；在 `casebook.yaml` 中写 `extends: default` 即可使用",
        "the default knowledge base has it; write `extends: default` in `casebook.yaml` to use it",
    )
}

fn quoted(names: &[&str], between: &str) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(between)
}

/// A field that log kind `kind` does not have.
pub(super) fn unknown_log_field<'k>(name: &Text, kind: &str, known: impl IntoIterator<Item = &'k str>) -> Diagnostic {
    let fault = Diagnostic::error(
        Code::UNKNOWN_LOG_FIELD,
        name.span,
        format!("日志种类 `{kind}` 没有字段 `{}`", name.value),
        format!("log kind `{kind}` has no field `{}`", name.value),
    );
    if name.value.eq_ignore_ascii_case("message") {
        return fault.help("消息由 `line:` 匹配", "the message is what `line:` matches");
    }
    suggested(fault, name, &known.into_iter().collect::<Vec<_>>())
}

/// A field that type `ty` does not have.
pub(super) fn unknown_field(name: &Text, ty: Type) -> Diagnostic {
    let fault = Diagnostic::error(
        FIELD.code,
        name.span,
        format!("类型 `{}` 没有字段 `{}`", ty.name(), name.value),
        format!("type `{}` has no field `{}`", ty.name(), name.value),
    );
    suggested(fault, name, ty.fields())
}

/// A name used twice where names are unique.
pub(super) fn duplicate(name: &Text, first: Span) -> Diagnostic {
    let fault = Diagnostic::error(
        Code::DUPLICATE_NAME,
        name.span,
        format!("名称 `{}` 重复", name.value),
        format!("`{}` is named twice", name.value),
    );
    fault.label(first, "首次出现在此处", "named here first")
}

/// Two holes of one name and of different types.
pub(super) fn type_conflict(name: &Text, ty: Type, first: Type, first_at: Span) -> Diagnostic {
    let fault = Diagnostic::error(
        Code::CAPTURE_TYPE_CONFLICT,
        name.span,
        format!("捕获 `{}` 在此处是 `{}`，在别处是 `{}`", name.value, ty.name(), first.name()),
        format!("capture `{}` is `{}` here and `{}` elsewhere", name.value, ty.name(), first.name()),
    );
    fault.label(first_at, format!("此处是 `{}`", first.name()), format!("`{}` here", first.name())).help(
        format!("同名即同值：写成 `{{{}:{}}}`，或改名", name.value, first.name()),
        format!("the same name means the same value: write `{{{}:{}}}`, or rename it", name.value, first.name()),
    )
}

/// A name that stands twice in one pattern.
pub(super) fn repeated_hole(name: &Text, first: Span) -> Diagnostic {
    let fault = Diagnostic::error(
        Code::REPEATED_HOLE,
        name.span,
        format!("名称 `{}` 在同一行模式中重复", name.value),
        format!("`{}` stands twice in one pattern", name.value),
    );
    fault
        .label(first, "首次出现在此处", "first here")
        .help("请给其中一个改名，再用 `where` 比较", "rename one and compare them in `where`")
}

/// A comparison of types that do not compare.
pub(super) fn unlike_types(comparison: Span, left: (Span, Type), right: (Span, Type)) -> Diagnostic {
    let label = |fault: Diagnostic, (span, ty): (Span, Type)| {
        fault.label(span, format!("类型是 `{}`", ty.name()), format!("this is of type `{}`", ty.name()))
    };
    let fault = Diagnostic::error(
        Code::UNLIKE_TYPES,
        comparison,
        format!("不能比较 `{}` 与 `{}`", left.1.name(), right.1.name()),
        format!("`{}` cannot be compared with `{}`", left.1.name(), right.1.name()),
    );
    label(label(fault, left), right)
}

/// `<` where it has no meaning.
pub(super) fn not_ordered(comparison: Span, ty: Type) -> Diagnostic {
    Diagnostic::error(
        Code::NOT_ORDERED,
        comparison,
        format!("类型 `{}` 没有大小之分", ty.name()),
        format!("values of type `{}` have no order", ty.name()),
    )
}

/// A literal that is not of the type it is compared with; of an error code's name the nearest one is told.
pub(super) fn bad_literal(span: Span, text: &str, ty: Type) -> Diagnostic {
    let fault = Diagnostic::error(
        Code::BAD_LITERAL,
        span,
        format!("`{text}` 不是 `{}` 类型的值", ty.name()),
        format!("`{text}` is not of type `{}`", ty.name()),
    );
    let known: Vec<&str> = codes::names().filter(|_| ty == Type::Error).collect();
    match nearest(text, &known) {
        Some(meant) => fault.help(format!("是否想写 `{meant}`？"), format!("did you mean `{meant}`?")).fix(span, meant),
        None => fault,
    }
}

/// A capture that one branch does not bind.
pub(super) fn unbound(at: Span, capture: &str, branches: Span) -> Diagnostic {
    let fault = Diagnostic::error(
        Code::UNBOUND_CAPTURE,
        at,
        format!("捕获 `{capture}` 在某个分支上没有值"),
        format!("capture `{capture}` is unbound on a branch"),
    );
    fault.label(branches, "并非每个分支都捕获它", "not every branch of this captures it")
}

/// A capture that nothing around the filter binds.
pub(super) fn out_of_reach(at: Span, capture: &str) -> Diagnostic {
    let fault = Diagnostic::error(
        Code::CAPTURE_OUT_OF_REACH,
        at,
        format!("此处的条件没有用到捕获 `{capture}` 的证据"),
        format!("no evidence of this condition captures `{capture}`"),
    );
    fault.help("请在条件中加上捕获它的证据", "add the evidence that captures it to the condition")
}

/// A reference to a finding's capture where no finding is known.
pub(super) fn finding_out_of_reach(at: Span, alias: &str) -> Diagnostic {
    let fault = Diagnostic::error(
        Code::CAPTURE_OUT_OF_REACH,
        at,
        format!("证据的 `where:` 看不到发现 `{alias}`"),
        format!("`where:` of a piece of evidence does not see the finding `{alias}`"),
    );
    fault.help("请把比较移到 `signature` 或 `when` 中", "move the comparison to `signature` or `when`")
}

/// A hole that cannot stand where it does.
pub(super) fn hole_out_of_place(at: Span, zh: &str, en: &str) -> Diagnostic {
    Diagnostic::error(Code::TYPE_NEEDS_LOG_KIND, at, zh, en)
}
