//! Codes 400 to 499: types, and what a log kind or a remedy can bear.

codes! {
    UNLIKE_TYPES = 400, "unlike-types";
    zh "比较的两边类型不同", "只有同类型的值才能比较。请比较同类的字段，例如 `.name` 与 `.name`。";
    en "Comparison of unlike types",
       "Only values of one type compare. Compare fields of the same type, such as `.name` with `.name`.";
    wrong "where: inf = status"; right "where: inf.name = other.name";

    NOT_ORDERED = 401, "not-ordered";
    zh "此类型没有大小", "`<`、`<=`、`>`、`>=` 只用于数、版本、时间、时长和 KB 编号。";
    en "The type has no order", "`<`, `<=`, `>` and `>=` are for numbers, versions, times, durations and KB numbers.";
    wrong "where: inf > other"; right "where: inf.name = other.name";

    BAD_LITERAL = 402, "bad-literal";
    zh "文字不属于该类型", "写下的值读不成另一边的类型，因此比较永远不会成立。";
    en "Text is not of the type",
       "The value as written is not of the other side's type, so the comparison could never hold.";
    wrong "where: status = ACCESSDENIED"; right "where: status = E_ACCESSDENIED";

    UNBOUND_CAPTURE = 403, "unbound-capture";
    zh "捕获在某个分支上没有值",
       "条件可以经由一个没有捕获它的分支成立，此时它没有值。请在每个分支都捕获它，或用 `is present` 先行判断。";
    en "Capture unbound on a branch",
       "The condition can hold by a branch that does not capture it, and then it has no value. Capture it on every \
        branch, or ask `is present` first.";
    wrong "(denied or rollback) where status = 5"; right "denied where status = 5 or rollback";

    CAPTURE_TYPE_CONFLICT = 404, "capture-type-conflict";
    zh "同名捕获的类型不同", "一条规则里同名即同值，因此同名的空位须是同一类型。请统一类型，或改名。";
    en "One capture, two types",
       "In a rule the same name means the same value, so its holes have one type. Give them the same type, or \
        rename one.";
    wrong "line: \"code {c:error}\"\nline: \"code {c:int}\"";
    right "line: \"code {c:error}\"\nline: \"count {n:int}\"";

    PATTERN_CANNOT_MATCH = 405, "pattern-cannot-match";
    zh "行模式不可能匹配该日志的记录",
       "`line:` 只与消息部分比较，不含该种类的时间、级别等字段。此模式要求的文字不会出现在消息中。";
    en "The pattern cannot match this log's records",
       "`line:` is matched against the message, without the stamp, level and other fields of the kind. The text \
        this pattern asks for cannot be in a message.";
    wrong "log: cbs\nline: \"^2024-10-16 08:43:18, Info CBS Startup\""; right "log: cbs\nline: \"^Startup\"";

    NO_WINDOWS = 406, "no-windows";
    zh "该日志没有时间，不能用时间窗", "快照和没有时间戳的日志没有先后，`within` 无法判定。请去掉时间窗，用 `and`。";
    en "No windows over a log without time",
       "Snapshots and logs without stamps have no order in time, so `within` cannot be decided. Leave the window \
        out and use `and`.";
    wrong "denied within 5s of listed"; right "denied and listed";

    NO_SECTIONS = 407, "no-sections";
    zh "该日志没有小节", "`section:` 和 `in one section` 只用于定义了小节的日志种类，例如 `setupapi.dev`。";
    en "The log has no sections",
       "`section:` and `in one section` are for kinds that define sections, such as `setupapi.dev`.";
    wrong "log: cbs\nsection: \"Startup\""; right "log: setupapi.dev\nsection: \"Uninstall Driver Updates\"";

    NO_ATTEMPTS = 408, "no-attempts";
    zh "该日志没有划分尝试", "`in one attempt` 只用于定义了 `attempt:` 的日志种类，例如 `cbs`。";
    en "The log has no attempts", "`in one attempt` is for kinds that define `attempt:`, such as `cbs`.";
    wrong "(shown and listed) in one attempt"; right "(denied and rollback) in one attempt";

    EVTX_WITHOUT_PROVIDER = 409, "evtx-without-provider";
    zh "事件证据没有提供者或通道",
       "事件编号只在提供者或通道内才有意义。请在 `fields:` 中写明 `provider` 或 `channel`。";
    en "Event evidence without provider or channel",
       "An event id means something only with its provider or channel. Name `provider` or `channel` under \
        `fields:`.";
    wrong "log: evtx\nfields: {id: \"7000\"}"; right "log: evtx\nfields: {channel: System, id: \"7000\"}";

    DESTRUCTIVE_WITHOUT_BEFORE = 410, "destructive-without-before";
    zh "有破坏性的步骤之前没有备份说明", "步骤会删除内容或更改权限，因此必须有 `before:`，说明先备份什么、如何备份。";
    en "Destructive step without `before`",
       "A step deletes something or changes permissions, so `before:` has to say what to back up and how.";
    wrong "steps: [{zh: …, en: …, command: 'del \"{{ inf }}\"'}]";
    right "before: {zh: 备份该文件, en: Back up the file}\nsteps: [{zh: …, en: …, command: 'del \"{{ inf }}\"'}]";

    UNMET_NEED = 411, "unmet-need";
    zh "补救措施需要的捕获不存在", "补救措施的 `needs:` 列出步骤要用的值，而此规则没有同名同类型的捕获。";
    en "The rule lacks a capture that the remedy needs",
       "`needs:` of the remedy lists the values its steps use, and this rule has no capture of that name and type.";
    wrong "needs: {inf: path}    # the rule captures {file:path}";
    right "needs: {inf: path}    # the rule captures {inf:path}";

    TEST_LOG_SHAPE = 412, "test-log-shape";
    zh "测试日志的形状不对", "文本日志写文本；带读取器的种类写记录的列表。";
    en "Test log of the wrong shape", "A text log is written as text; a kind with a reader takes a list of records.";
    wrong "logs: {procmon: \"CreateFile ACCESS DENIED\"}";
    right "logs: {procmon: [{operation: CreateFile, result: ACCESS DENIED}]}";

    LOG_WITHOUT_FRAMING = 413, "log-without-framing";
    zh "日志种类没有说明如何拆分记录", "日志种类须有 `record:`（文本）或 `reader:`（内置读取器），且只能有一个。";
    en "The log kind does not say how to split records",
       "A log kind has `record:` (text) or `reader:` (built in), and only one of them.";
    wrong "log: cbs\nfiles: [\"CBS.log\"]";
    right "log: cbs\nfiles: [\"CBS.log\"]\nrecord: \"^{time:%Y-%m-%d %H:%M:%S}, {message}$\"";

    CLOCK_WITHOUT_TIME = 414, "clock-without-time";
    zh "时钟与时间不相配",
       "有 `clock:` 的日志种类，其 `record:` 或 `stamp:` 须有 `{time:…}`；有时间而没有 `clock:` 的，按本地时间计。";
    en "Clock and time do not go together",
       "A kind with `clock:` has a `{time:…}` in `record:` or `stamp:`; a time without a `clock:` is local time.";
    wrong "record: \"{message}\"\nclock: {zone: local, resolution: 1s}";
    right "record: \"{time:%Y-%m-%d %H:%M:%S} {message}\"\nclock: {zone: local, resolution: 1s}";

    TYPE_NEEDS_LOG_KIND = 415, "type-needs-log-kind";
    zh "此处不能用这种空位", "`{time:…}` 时间格式用于日志种类的 `record:` 和 `stamp:`；`matches` 的模式不能有名称。";
    en "This hole cannot stand here",
       "`{time:…}` with a format is for `record:` and `stamp:` of log kinds; a pattern of `matches` has no names.";
    wrong "where: text matches \"a {name} b\""; right "where: text matches \"a {} b\"";

    CAPTURE_OUT_OF_REACH = 416, "capture-out-of-reach";
    zh "此处看不到这个捕获", "证据的 `where:` 只能用本证据的捕获和与之联结的捕获，此处的捕获在求值时还没有值。";
    en "Capture out of reach",
       "`where:` of a piece of evidence sees its own captures and joined ones; this one has no value yet when it \
        is decided.";
    wrong "where: f.status = 5"; right "where: target.name = inf.name";

    LOG_KEY_OUT_OF_PLACE = 417, "log-key-out-of-place";
    zh "此处不能用这个键", "`begin:` 和 `fields:` 描述文本行；有 `reader:` 的日志种类由读取器划分记录。";
    en "This key cannot stand here",
       "`begin:` and `fields:` describe lines of text; a kind with a `reader:` gets its records from that.";
    wrong "log: policy\nreader: gpresult\nbegin: \"^GPO:\"";
    right "log: jobs\nbegin: \"^Job {}\"\nfields: \"^  Result: {result}$\"";

    LINE_WITHOUT_FIELD = 418, "line-without-field";
    zh "该行没有给出字段", "`fields:` 的每个模式至少有一个有名称的空位或 `{time:…}`；区分种类的行写在 `recognise:`。";
    en "A line without a field",
       "Every pattern of `fields:` has a named hole or a `{time:…}`; lines that tell the kind stand under `recognise:`.";
    wrong "fields: \"^Result: {}$\""; right "fields: \"^Result: {result}$\"";
}
