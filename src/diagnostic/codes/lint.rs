//! Codes 500 to 599: lints, all of them warnings.

codes! {
    ALWAYS_TRUE = 500, "always-true";
    zh "条件恒为真", "这个条件无论日志如何都成立，因此什么也没有说明。";
    en "Always true", "The condition holds whatever the logs say, so it tells nothing.";
    wrong "signature: denied or not denied"; right "signature: denied";

    ALWAYS_FALSE = 501, "always-false";
    zh "条件恒为假", "这个条件永远不会成立。";
    en "Always false", "The condition can never hold.";
    wrong "signature: denied and not denied"; right "signature: denied and not rollback";

    NO_LITERAL = 502, "no-literal";
    zh "行模式没有可供检索的文字",
       "没有固定文字的模式要逐条试每个记录，会拖慢扫描。请写上日志行里至少三个字符的固定文字。";
    en "No literal to search for",
       "A pattern without fixed text is tried on every record and slows the scan down. Put in at least three \
        characters that the log line always has.";
    wrong "line: \"{a} {b}\""; right "line: \"Failed to open {a}\"";

    MISSING_TRANSLATION = 503, "missing-translation";
    zh "缺少一种语言的文字", "给人看的文字须有中文和英文，否则另一种语言的邮件会混用两种语言。";
    en "Missing translation",
       "What people read exists in Chinese and English, else a mail in the other language mixes the two.";
    wrong "title: {zh: 更新回滚}"; right "title: {zh: 更新回滚, en: Update rolled back}";

    NO_POSITIVE_TEST = 504, "no-positive-test";
    zh "规则没有正面测试", "至少要有一个测试，用日志证明规则会成立。";
    en "No positive test", "At least one test has to show, with a log, that the rule holds.";
    wrong "tests:\n  - {name: other, logs: {cbs: \"…\"}, expect: none}";
    right "tests:\n  - {name: denied, logs: {cbs: \"…\"}, expect: {status: confirmed}}";

    NO_NEGATIVE_TEST = 505, "no-negative-test";
    zh "规则没有反面测试", "至少要有一个 `expect: none` 的测试，用相近的日志证明规则不会误报。";
    en "No negative test",
       "At least one test with `expect: none` has to show, with a log that looks alike, that the rule does not cry \
        wolf.";
    wrong "tests:\n  - {name: denied, logs: {cbs: \"…\"}, expect: {status: confirmed}}";
    right "tests:\n  - {name: other, logs: {cbs: \"…\"}, expect: none}";

    TOO_MANY_PAIRS = 506, "too-many-pairs";
    zh "跨证据比较可能过多",
       "跨证据的大小比较要逐对尝试，超过一百万对即停止，结果为未定。请改用同名捕获（相等），或加上时间窗。";
    en "Many pairs to compare",
       "Comparisons across evidence other than equality try every pair and stop, undetermined, at a million. Join \
        by the same name, or add a window.";
    wrong "(a and b) where x < y"; right "(a within 10s of b) where x < y";

    UNUSED_REMEDY = 507, "unused-remedy";
    zh "补救措施没有被使用", "没有规则的原因提到这个补救措施，也没有 `mentioned` 让邮件中的它被认出。";
    en "Unused remedy",
       "No cause of any rule names this remedy, and without `mentioned` no mail is searched for it either.";
    wrong "remedy: restore-file-acl    # named nowhere"; right "remedies: [restore-file-acl]";

    UNUSED_COLLECTION = 508, "unused-collection";
    zh "收集方法没有用处", "没有规则用到这个收集方法能取得的日志。";
    en "Unused collection", "No rule looks at a log that this collection yields.";
    wrong "yields: []"; right "yields: [procmon]";

    UNCOLLECTED_LOG = 510, "uncollected-log";
    zh "没有收集方法能取得该日志",
       "规则需要这个日志，但没有 `collection:` 的 `yields:` 提到它，缺少时无法向客户索取。";
    en "No collection yields this log",
       "A rule needs the log, and no `collection:` has it in `yields:`; when it is missing, it cannot be asked \
        for.";
    wrong "log: procmon    # in no yields:"; right "yields: [procmon]";

    NO_POSITIVE_LEAF = 511, "no-positive-leaf";
    zh "特征只有否定", "特征里没有任何肯定的证据，因此没有日志行可以引用。";
    en "The signature only denies", "The signature has no positive evidence, so there is no log line to quote.";
    wrong "signature: not started"; right "signature: stopping and not started";

    UNUSED_CAPTURE = 512, "unused-capture";
    zh "捕获没有被使用", "这个捕获没有参与联结、比较，也不是补救措施所需。若只为展示可以保留。";
    en "Unused capture",
       "The capture joins nothing, is compared with nothing and no remedy needs it. Keep it if it is there to be \
        shown.";
    wrong "line: \"in {x:int} ms\""; right "line: \"in {:int} ms\"";

    COVERED_PATTERN = 513, "covered-pattern";
    zh "已被另一模式包含", "列表中的另一个模式已匹配它能匹配的一切。";
    en "Covered by another pattern", "Another pattern of the list already matches all that this one does.";
    wrong "line: [\"failed\", \"failed {}\"]"; right "line: \"failed\"";
}
