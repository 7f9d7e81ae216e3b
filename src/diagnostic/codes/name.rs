//! Codes 300 to 399: names that nothing answers to, or two things do.

codes! {
    UNKNOWN_LOG = 300, "unknown-log";
    zh "未知的日志种类", "没有这个名称的日志种类。种类由 `log:` 文档定义；默认知识库带有常见的种类。";
    en "Unknown log kind",
       "No log kind has this name. Kinds are defined by `log:` documents; the default knowledge base has the usual \
        ones.";
    wrong "log: setupapi"; right "log: setupapi.dev";

    UNKNOWN_TYPE = 301, "unknown-type";
    zh "未知的类型", "空位的类型须是语言说明第 3 节列出的类型之一。";
    en "Unknown type", "The type of a hole is one of those in section 3 of the language page.";
    wrong "line: \"status {s:errors}\""; right "line: \"status {s:error}\"";

    UNKNOWN_CAPTURE = 302, "unknown-capture";
    zh "未知的捕获", "没有证据的空位叫这个名称。若是文字，请加引号。";
    en "Unknown capture", "No hole of the evidence has this name. If a text is meant, put it in quotes.";
    wrong "denied where stats = E_ACCESSDENIED"; right "denied where status = E_ACCESSDENIED";

    UNKNOWN_EVIDENCE = 303, "unknown-evidence";
    zh "未知的证据", "本规则的 `evidence:` 下没有这个名称。";
    en "Unknown evidence", "Nothing under this rule's `evidence:` has this name.";
    wrong "signature: denid and rollback"; right "signature: denied and rollback";

    UNKNOWN_FIELD = 304, "unknown-field";
    zh "类型没有这个字段", "各类型的字段见语言说明第 3 节，例如 `path` 有 `.name .stem .ext .dir .component`。";
    en "The type has no such field",
       "Section 3 of the language page lists the fields of each type; a `path`, for example, has `.name .stem .ext \
        .dir .component`.";
    wrong "where: inf.extension = \"inf\""; right "where: inf.ext = \"inf\"";

    UNKNOWN_LOG_FIELD = 305, "unknown-log-field";
    zh "日志种类没有这个字段", "该种类的记录没有这个字段。字段名用英文小写，空格写作 `-`。";
    en "The log kind has no such field",
       "Records of this kind do not have this field. Field names are English, lower case, blanks as `-`.";
    wrong "log: procmon\nfields: {Process Name: svchost.exe}";
    right "log: procmon\nfields: {process-name: svchost.exe}";

    UNKNOWN_REMEDY = 306, "unknown-remedy";
    zh "未知的补救措施", "没有这个名称的 `remedy:` 文档。";
    en "Unknown remedy", "No `remedy:` document has this name.";
    wrong "remedies: [restore-acl-file]"; right "remedies: [restore-file-acl]";

    UNKNOWN_COLLECTION = 307, "unknown-collection";
    zh "未知的收集方法", "没有这个名称的 `collection:` 文档。";
    en "Unknown collection", "No `collection:` document has this name.";
    wrong "expect: {requests: [procmon]}"; right "expect: {requests: [procmon-boot]}";

    UNKNOWN_TEMPLATE = 308, "unknown-template";
    zh "未知的模板或脚本", "`templates/` 下没有这个文件。";
    en "Unknown template or script", "There is no such file under `templates/`.";
    wrong "script: restore-acls.bat"; right "script: restore-acl.bat";

    UNKNOWN_RULE = 309, "unknown-rule";
    zh "未知的规则", "没有这个名称的规则。`finding` 和 `explains` 写规则的全名，例如 `driver/update-access-denied`。";
    en "Unknown rule",
       "No rule has this name. `finding` and `explains` take the whole name, such as \
        `driver/update-access-denied`.";
    wrong "explains: [startup-rollback]"; right "explains: [servicing/startup-rollback]";

    DUPLICATE_NAME = 310, "duplicate-name";
    zh "名称重复", "同类的两个文档或条目同名。名称须唯一，请给其中一个改名。";
    en "Duplicate name", "Two documents or items of one kind have the same name. Names are unique: rename one.";
    wrong "rule: servicing/rollback\n---\nrule: servicing/rollback";
    right "rule: servicing/rollback\n---\nrule: servicing/rollback-drivers";

    FINDING_CYCLE = 311, "finding-cycle";
    zh "发现互相引用成环", "规则经由 `finding` 依赖自己，永远无法判定。请去掉环中的一个引用。";
    en "Cycle of findings",
       "Through `finding` a rule depends on itself and could never be decided. Take one reference out of the \
        circle.";
    wrong "rule: a\nsignature: finding b\n---\nrule: b\nsignature: finding a";
    right "rule: a\nsignature: x\n---\nrule: b\nsignature: finding a";

    UNKNOWN_ALIAS = 312, "unknown-alias";
    zh "未知的发现别名", "点号前的名称既不是捕获，也不是 `finding … as …` 给出的别名。";
    en "Unknown alias of a finding",
       "The name before the dot is neither a capture nor an alias given by `finding … as …`.";
    wrong "finding driver/x as f and denied where g.status = 5";
    right "finding driver/x as f and denied where f.status = 5";

    UNKNOWN_READER = 313, "unknown-reader";
    zh "未知的读取器",
       "内置读取器有 `gpresult`、`secedit`、`icacls`、`procmon`、`evtx`。文本日志用 `record:`，不需要读取器。";
    en "Unknown reader",
       "The built-in readers are `gpresult`, `secedit`, `icacls`, `procmon` and `evtx`. A text log has `record:` \
        and needs none.";
    wrong "reader: cacls"; right "reader: icacls";

    UNKNOWN_SEVERITY = 314, "unknown-severity";
    zh "未知的严重程度", "`severity:` 是 `failure`、`warning` 或 `notice`。";
    en "Unknown severity", "`severity:` is `failure`, `warning` or `notice`.";
    wrong "severity: error"; right "severity: failure";

    UNKNOWN_RISK = 315, "unknown-risk";
    zh "未知的风险等级", "`risk:` 是 `low`、`medium` 或 `high`。";
    en "Unknown risk", "`risk:` is `low`, `medium` or `high`.";
    wrong "risk: middle"; right "risk: medium";

    UNKNOWN_STATUS = 316, "unknown-status";
    zh "未知的状态", "发现的状态是 `confirmed` 或 `undetermined`，原因的状态是 `confirmed`、`excluded` 或 `open`。";
    en "Unknown status",
       "The status of a finding is `confirmed` or `undetermined`, that of a cause `confirmed`, `excluded` or \
        `open`.";
    wrong "expect: {status: true}"; right "expect: {status: confirmed}";

    UNKNOWN_CAUSE = 317, "unknown-cause";
    zh "未知的原因", "规则的 `causes:` 下没有这个标识。";
    en "Unknown cause", "Nothing under the rule's `causes:` has this id.";
    wrong "expect: {causes: {policy: open}}"; right "expect: {causes: {file-policy: open}}";

    UNKNOWN_ZONE = 318, "unknown-zone";
    zh "未知的时区种类", "`clock: {zone: …}` 是 `local` 或 `utc`。";
    en "Unknown zone", "`clock: {zone: …}` is `local` or `utc`.";
    wrong "clock: {zone: beijing}"; right "clock: {zone: local}";

    UNKNOWN_LANGUAGE = 319, "unknown-language";
    zh "未知的语言", "语言是 `zh` 或 `en`。";
    en "Unknown language", "A language is `zh` or `en`.";
    wrong "phrases: cn"; right "phrases: zh";
}
