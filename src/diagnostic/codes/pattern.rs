//! Codes 100 to 199: line patterns.

codes! {
    UNCLOSED_HOLE = 100, "unclosed-hole";
    zh "花括号没有闭合", "`{` 开始一个空位，却没有对应的 `}`。请补上 `}`；若指字面的花括号，写作 `{{`。";
    en "Unclosed brace", "`{` opens a hole and no `}` closes it. Add the `}`; for a literal brace write `{{`.";
    wrong "line: \"failed [HRESULT = {status:error - {}]\""; right "line: \"failed [HRESULT = {status:error} - {}]\"";

    STRAY_BRACE = 101, "stray-brace";
    zh "多余的右花括号", "`}` 之前没有打开的空位。若指字面的花括号，写作 `}}`。";
    en "Stray closing brace", "No hole is open before this `}`. For a literal brace write `}}`.";
    wrong "line: \"done }\""; right "line: \"done }}\"";

    BAD_HOLE = 102, "bad-hole";
    zh "空位写法有误",
       "空位的写法有：`{}`、`{名称}`、`{名称:类型}`、`{:类型}`、`{time:%Y-%m-%d}`、`{名称:/正则/}`。名称由字母、数\
        字、`-`、`_` 组成。";
    en "Malformed hole",
       "A hole is `{}`, `{name}`, `{name:type}`, `{:type}`, `{time:%Y-%m-%d}` or `{name:/regex/}`. A name is \
        letters, digits, `-` and `_`.";
    wrong "line: \"file {in path}\""; right "line: \"file {in:path}\"";

    UNCLOSED_REGEX = 103, "unclosed-regex";
    zh "正则没有闭合", "`{名称:/` 开始的正则没有以 `/}` 结束。正则中的 `/` 写作 `\\/`。";
    en "Unclosed regular expression",
       "The regular expression that `{name:/` begins does not end with `/}`. A `/` inside it is written `\\/`.";
    wrong "line: 'id {id:/[0-9]+}'"; right "line: 'id {id:/[0-9]+/}'";

    BAD_REGEX = 104, "bad-regex";
    zh "正则表达式有误", "正则引擎不接受这个表达式。它保证线性时间，因此没有环视和反向引用。";
    en "Malformed regular expression",
       "The engine does not accept this expression. It is linear in time, so it has no look-around and no \
        back-references.";
    wrong "line: 'id {id:/(?=a)[0-9+/}'"; right "line: 'id {id:/[0-9]+/}'";

    BAD_TIME_FORMAT = 105, "bad-time-format";
    zh "时间格式有误",
       "`{time:…}` 用 strptime 记法，例如 `%Y-%m-%d %H:%M:%S`。此处有不认识的 `%` 指令，或格式缺少日期或时刻。";
    en "Malformed time format",
       "`{time:…}` is in strptime form, for example `%Y-%m-%d %H:%M:%S`. A `%` directive is unknown, or the format \
        lacks the date or the time of day.";
    wrong "record: \"{time:%Y-%m-%d %Q} {message}\""; right "record: \"{time:%Y-%m-%d %H:%M:%S} {message}\"";

    EMPTY_PATTERN = 106, "empty-pattern";
    zh "行模式为空", "空的行模式匹配任何记录，多半是漏写。若确实要每条记录，写作 `{}`。";
    en "Empty pattern",
       "An empty pattern matches every record, and is most likely a slip. For every record write `{}`.";
    wrong "line: \"\""; right "line: \"{}\"";

    ADJACENT_HOLES = 107, "adjacent-holes";
    zh "两个空位之间没有文字",
       "两个相邻空位之间没有文字，无法知道前一个在哪里结束。请在中间写上日志里的文字，或合并成一个空位。";
    en "No text between two holes",
       "With nothing between two holes it cannot be known where the first ends. Put the log's text between them, \
        or make them one.";
    wrong "line: \"file {name}{rest}\""; right "line: \"file {name} {rest}\"";

    REPEATED_HOLE = 108, "repeated-hole";
    zh "同一行模式中名称重复", "同一个名称在一个行模式里只能用一次。请给其中一个改名，再用 `where` 比较。";
    en "Name repeated in one pattern",
       "A name can stand only once in a pattern. Rename one and compare them in `where`.";
    wrong "line: \"from {p:path} to {p:path}\""; right "line: \"from {p:path} to {q:path}\"";
}
