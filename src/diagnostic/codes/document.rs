//! Codes 1 to 99: YAML and the shape of a document.

codes! {
    YAML_SYNTAX = 1, "yaml-syntax";
    zh "YAML 语法错误",
       "文件在此处不是合法的 YAML，本段文档无法读取，文件中其余文档不受影响。常见原因：缩进用了制表符、引号或括号\
        没有成对、值里有“: ”或“ #”却没有加引号。";
    en "YAML syntax error",
       "The file is not YAML at this place; this document cannot be read, the others of the file are. Usual \
        causes: a tab in the indentation, a quote or bracket without its partner, a value with `: ` or ` #` in it \
        that is not quoted.";
    wrong "line: \"Rolling back KTM"; right "line: \"Rolling back KTM\"";

    YAML_LIMIT = 2, "yaml-limit";
    zh "文档过大或嵌套过深",
       "为防止恶意文件耗尽内存，文档的节点数、别名展开和嵌套层数都有上限，远高于任何正常规则。请把文件拆成多个文档，\
        或去掉多余的嵌套和别名。";
    en "Document too large or too deep",
       "Nodes, expanded aliases and nesting have limits far above any real rule, so that a hostile file cannot eat \
        the memory. Split the file into documents, or take out needless nesting and aliases.";
    wrong "a: [[[[[[[[ … ]]]]]]]]"; right "a: [x]";

    UNKNOWN_DOCUMENT = 3, "unknown-document";
    zh "不知道这段文档是什么",
       "一段 YAML 文档的第一个键说明它是什么并给出名称：`rule:`、`log:`、`remedy:`、`collection:` 或 `phrases:`。\
        请把这个键写在最前面。";
    en "Unknown kind of document",
       "The first key of a document says what it is and names it: `rule:`, `log:`, `remedy:`, `collection:` or \
        `phrases:`. Write that key first.";
    wrong "title: {zh: 回滚, en: Rollback}\nrule: servicing/rollback";
    right "rule: servicing/rollback\ntitle: {zh: 回滚, en: Rollback}";

    UNKNOWN_KEY = 4, "unknown-key";
    zh "未知的键",
       "此处没有这个键。未知的键从不被忽略，因为拼错的键会让规则悄悄失去一部分含义。请改成建议的键，或删掉它。";
    en "Unknown key",
       "There is no such key here. Unknown keys are never ignored: a misspelt key would silently take a part of \
        the rule's meaning away. Use the suggested key, or delete it.";
    wrong "severty: failure"; right "severity: failure";

    MISSING_KEY = 5, "missing-key";
    zh "缺少必需的键", "此处必须有这个键。请补上。";
    en "Missing key", "This key is required here. Add it.";
    wrong "evidence:\n  denied:\n    line: \"access denied\"";
    right "evidence:\n  denied:\n    log: cbs\n    line: \"access denied\"";

    WRONG_SHAPE = 6, "wrong-shape";
    zh "值的形状不对", "此处要的是另一种值：文本、列表或键值表。请按提示改写。";
    en "Value of the wrong shape",
       "Another kind of value belongs here: a text, a list or a map. Write it as the message says.";
    wrong "severity: [failure]"; right "severity: failure";

    DUPLICATE_KEY = 7, "duplicate-key";
    zh "键重复", "同一个表里同一个键写了两次，无法知道哪一个算数。请删掉一个，或给其中一个改名。";
    en "Duplicate key",
       "One key stands twice in the same map, and which one counts cannot be known. Delete one or rename it.";
    wrong "severity: failure\nseverity: notice"; right "severity: failure";

    UNKNOWN_ANCHOR = 8, "unknown-anchor";
    zh "未知的锚点", "`*名称` 引用同一文档中前面的 `&名称`，但前面没有这个锚点。以 `*` 开头的普通文本请加引号。";
    en "Unknown anchor",
       "`*name` refers to an earlier `&name` of the same document, and there is none. Quote a plain text that \
        begins with `*`.";
    wrong "files: [*.log]"; right "files: [\"*.log\"]";

    FOLDED_EXPRESSION = 9, "folded-expression";
    zh "表达式不能折行书写",
       "折叠块（`>`）以及跨行的普通或引号文本会被 YAML 合并成一行，诊断就无法指出准确位置。多行表达式请用 `|` 块；\
        行模式请写在一行内。";
    en "Expression folded over lines",
       "YAML joins the lines of a folded block (`>`) and of plain or quoted text over several lines, so that no \
        diagnostic could point into it. Write an expression of several lines as a `|` block, and a pattern on one \
        line.";
    wrong "signature: >\n  denied\n  then rollback"; right "signature: |\n  denied\n  then rollback";

    BAD_VALUE = 10, "bad-value";
    zh "不允许的值", "此处只能写规定的词、数或 `true`/`false`。请改成提示中列出的值之一。";
    en "Value not allowed",
       "Only certain words, a number, or `true`/`false` can stand here. Use one of those that the message lists.";
    wrong "effort: {minutes: soon}"; right "effort: {minutes: 30}";

    BAD_DURATION = 11, "bad-duration";
    zh "时长写法有误",
       "时长写作整数加单位：`100ns`、`250ms`、`5s`、`3m`、`2h`、`1d`，中间没有空格，且不超过 292 年。";
    en "Malformed duration",
       "A length of time is a whole number and a unit: `100ns`, `250ms`, `5s`, `3m`, `2h`, `1d`, without a blank \
        between, and at most 292 years.";
    wrong "denied then rollback within 5 sec"; right "denied then rollback within 5s";

    BAD_NAME = 12, "bad-name";
    zh "名称写法有误",
       "名称由字母、数字、`-`、`_` 组成（规则名、日志种类名另可含 `/` 和 `.`），以字母或下划线开头，且不能是条件语\
        法的保留词，否则条件里无法提到它。";
    en "Malformed name",
       "A name is letters, digits, `-` and `_` (names of rules and log kinds may have `/` and `.` too), begins \
        with a letter or `_`, and is no word of the condition grammar; else no condition could name it.";
    wrong "evidence:\n  not:\n    log: cbs"; right "evidence:\n  refused:\n    log: cbs";

    EMPTY_VALUE = 13, "empty-value";
    zh "值为空", "这个键写了却没有值。请补上值，或删掉这个键。";
    en "Empty value", "The key is written without a value. Give it one or delete the key.";
    wrong "signature:"; right "signature: denied";
}
