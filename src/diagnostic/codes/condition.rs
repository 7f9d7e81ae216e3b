//! Codes 200 to 299: conditions, the expressions of `signature`, `when` and `where`.

codes! {
    UNEXPECTED = 200, "unexpected";
    zh "条件写法有误", "条件在此处不能这样继续。信息中列出了此处可以写什么；语法见语言说明第 5 节。";
    en "Malformed condition",
       "The condition cannot go on like this. The message lists what can stand here; section 5 of the language \
        page has the grammar.";
    wrong "signature: denied then"; right "signature: denied then rollback";

    UNCLOSED_PARENTHESIS = 201, "unclosed-parenthesis";
    zh "括号没有闭合", "这个 `(` 没有对应的 `)`。";
    en "Unclosed parenthesis", "This `(` has no `)`.";
    wrong "signature: (denied or refused and rollback"; right "signature: (denied or refused) and rollback";

    UNCLOSED_QUOTE = 202, "unclosed-quote";
    zh "引号没有闭合", "这个引号没有成对。引号内的引号写作 `\\\"`。";
    en "Unclosed quote", "This quote has no partner. A quote inside a text is written `\\\"`.";
    wrong "when: denied where inf.ext = \"inf"; right "when: denied where inf.ext = \"inf\"";

    STRAY_PARENTHESIS = 203, "stray-parenthesis";
    zh "多余的右括号", "这个 `)` 之前没有打开的 `(`。";
    en "Stray closing parenthesis", "No `(` is open before this `)`.";
    wrong "signature: denied or refused)"; right "signature: denied or refused";

    FOREIGN_OPERATOR = 204, "foreign-operator";
    zh "其他语言的运算符", "这是别的语言的写法。本语言用 `and`、`or`、`not`、`=`、`!=`、`then`。";
    en "Operator of another language",
       "Other languages write it so. Here it is `and`, `or`, `not`, `=`, `!=`, `then`.";
    wrong "signature: denied && status == 5"; right "signature: denied where status = 5";

    UPPER_CASE_WORD = 205, "upper-case-word";
    zh "语法词应小写", "条件的语法词一律小写：`and`、`or`、`not`、`then`、`within`。";
    en "Word of the grammar in capitals",
       "The words of the grammar are lower case: `and`, `or`, `not`, `then`, `within`.";
    wrong "signature: denied AND rollback"; right "signature: denied and rollback";

    FULL_WIDTH = 206, "full-width";
    zh "全角标点", "语法只认半角标点，此处多半是中文输入法留下的全角字符。`casebook fix` 可以替换。";
    en "Full-width punctuation",
       "The grammar knows ASCII punctuation only; a Chinese input method has left a full-width character here. \
        `casebook fix` replaces it.";
    wrong "signature: （denied or refused） and rollback"; right "signature: (denied or refused) and rollback";

    RESERVED_WORD = 207, "reserved-word";
    zh "语法词不能作名称", "这个词属于条件语法，不能当证据、变量或发现的名称用。";
    en "Word of the grammar used as a name",
       "This word belongs to the grammar and cannot name evidence, a capture or a finding.";
    wrong "signature: denied then within"; right "signature: denied then rollback";

    TOO_DEEP = 208, "too-deep";
    zh "条件嵌套过深", "括号、`not` 等最多嵌套 32 层。请拆成几个原因或几条规则，用 `finding` 引用。";
    en "Condition nested too deeply",
       "Parentheses, `not` and the like nest at most 32 deep. Split it into causes, or into rules that use \
        `finding`.";
    wrong "signature: ((((… denied …))))"; right "signature: denied";

    EMPTY_CONDITION = 209, "empty-condition";
    zh "条件为空", "此处应有一个条件，至少是一个证据的名称。";
    en "Empty condition", "A condition belongs here, at the least the name of one piece of evidence.";
    wrong "signature: \"\""; right "signature: denied";

    BAD_COUNT = 210, "bad-count";
    zh "次数有误", "`at least` 后面是从 1 开始的整数；从列表中选时不能多于列表的项数。";
    en "Malformed count", "After `at least` comes a whole number from 1; of a list, not more than the list has.";
    wrong "signature: at least 0 denied"; right "signature: at least 1 denied";

    MISSING_CONNECTIVE = 211, "missing-connective";
    zh "两个条件之间缺少连接词", "两个条件之间要写 `and`、`or` 或 `then`。";
    en "No word between two conditions", "Between two conditions stands `and`, `or` or `then`.";
    wrong "signature: denied rollback"; right "signature: denied then rollback";

    SINGLE_QUOTES = 212, "single-quotes";
    zh "文字应用双引号",
       "条件里的文字写在半角双引号中。引号内 `\\\"` 是引号、`\\\\` 是反斜杠，其他反斜杠就是它自己，因此 Windows 路\
        径可以照写。";
    en "Text in single quotes",
       "A text in a condition stands in double quotes. In it `\\\"` is a quote and `\\\\` a backslash; any other \
        backslash is itself, so a Windows path can be written as it is.";
    wrong "when: inf where inf.ext = 'inf'"; right "when: inf where inf.ext = \"inf\"";

    TOO_LONG = 213, "too-long";
    zh "条件过长", "一个条件最多 16384 个字节。请拆成几条证据、原因或规则。";
    en "Condition too long", "A condition has at most 16384 bytes. Split it into evidence, causes or rules.";
    wrong "signature: a or b or c or …"; right "signature: any of (a, b, c)";
}
