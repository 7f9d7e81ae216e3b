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

    BAD_SUPPRESSION = 514, "bad-suppression";
    zh "抑制写法有误",
       "注释 `# allow CB0519: 理由` 只对它写明的警告、只在所在之处有效：写在行末，指这一行；单独成行，指下一行连同其下缩进更\
        深的内容。代码须存在，且必须写明理由。错误不能被抑制。";
    en "Malformed suppression",
       "The comment `# allow CB0519: reason` keeps one warning quiet at one place: at a line's end for that line, on a \
        line of its own for the next one with all that is indented more deeply below it. The code has to exist and \
        the reason has to be there. Errors cannot be allowed.";
    wrong "# allow CB0519\nline: \"FOD:\""; right "# allow CB0519: this log has a hundred lines\nline: \"FOD:\"";

    UNUSED_SUPPRESSION = 515, "unused-suppression";
    zh "抑制没有用处", "这条注释所允许的警告在此处并没有出现，多半是问题已经改好。请删掉注释，以免它日后掩盖新的问题。";
    en "Unused suppression",
       "The warning that this comment allows does not arise here; most likely it was mended. Delete the comment, lest \
        it hide a new one some day.";
    wrong "# allow CB0502: every record counts\nline: \"access denied\""; right "line: \"access denied\"";

    WINDOW_BEYOND_LOG = 516, "window-beyond-log";
    zh "时间窗长于日志的保留期",
       "日志种类的 `keeps:` 说明文件通常能回溯多久。更长的时间窗多半伸出日志之外，结果会是未定。";
    en "Window longer than the log is kept",
       "`keeps:` of a log kind says how far back its files usually reach. A longer window mostly sticks out of the log, \
        and what it asks stays undetermined.";
    wrong "first then second within 400d    # cbs: keeps: 180d"; right "first then second within 30d";

    SHADOWED_RULE = 517, "shadowed-rule";
    zh "规则被另一规则遮蔽",
       "只要这条规则成立，另一条也必然成立：特征相同，或是另一条特征的全部再加条件。若另一条又 `explains` 这一条，它永远只\
        是症状；若互不 `explains`，一个故障会报两次。请改特征，或用 `explains:` 说明谁解释谁。";
    en "Rule shadowed by another",
       "Wherever this rule holds the other one does too: their signatures are the same, or this one is the other with \
        more asked. If the other `explains` this one, it is never more than a symptom; if neither explains the other, one \
        failure is reported twice. Change the signature, or say with `explains:` which one accounts for which.";
    wrong "rule: a\nsignature: denied\n---\nrule: b\nsignature: denied and rollback";
    right "rule: a\nsignature: denied\n---\nrule: b\nsignature: denied and rollback\nexplains: [a]";

    IDLE_TEST = 518, "idle-test";
    zh "测试什么也没有验证",
       "无论规则怎么写，这个测试都会通过：没有期望，或期望 `none` 而日志为空、与规则无关，或与前一个测试完全相同。反面测试要用\
        与故障相近、只差一处的日志。";
    en "Test that tests nothing",
       "The test passes whatever the rule says: it expects nothing, or expects `none` of logs that are empty or that \
        the rule does not look at, or it is the same as one before. A negative test takes a log that looks like the \
        failure but for one thing.";
    wrong "- {name: silent, logs: {}, expect: none}";
    right "- {name: another code, logs: {cbs: \"… failed [HRESULT = 0x80070020 …]\"}, expect: none}";

    COSTLY_REGEX = 519, "costly-regex";
    zh "正则表达式代价过高",
       "正则按线性时间匹配，但每个字节的代价随表达式的大小增长。有上限的重复（`{1,500}`）会把其内容展开那么多次，\
        `\\w`、`\\d` 含全部 Unicode 字符，比 `[0-9A-Za-z_]`、`[0-9]` 大得多。`/.*/` 就是普通空位 `{}`。";
    en "Costly regular expression",
       "Matching is linear in time, but what a byte costs grows with the expression. A bounded repetition (`{1,500}`) \
        unfolds what it repeats that often; `\\w` and `\\d` hold all of Unicode and are much larger than \
        `[0-9A-Za-z_]` and `[0-9]`. `/.*/` is the plain hole `{}`.";
    wrong "line: 'id {id:/\\w{1,200}/} gone'"; right "line: 'id {id:/[0-9a-f-]+/} gone'";

    SHORT_LITERAL = 520, "short-literal";
    zh "可供检索的文字过短",
       "扫描先找各模式中两个空位之间的文字，空格也算在内。15 字节以上时每八个字节只看一处；更短的，靠日志别处几乎没有的三个字符来找，\
        没有这样的字符，就靠其中最长的一个词：7 字节以上每四个字节看一处、5 字节以上每两个；4 字节或更短则每个字节都要看，\
        同一日志种类的所有规则都因此变慢。请写上日志行里更长的固定文字。";
    en "Short text to search for",
       "A scan first looks for the text between two holes of every pattern, its blanks counted. From 15 bytes on it looks \
        at one place in eight bytes; shorter text is found by three letters that the log hardly has elsewhere, or else by \
        its longest word: from 7 bytes on at one place in four, from 5 at one in two; for 4 bytes or fewer every byte has \
        to be looked at, and the whole log kind is slower for it. Put in more of the text that the log line always has.";
    wrong "line: \"FOD: {a}\""; right "line: \"FOD: no source found for {a}\"";

    IDLE_HOLE = 521, "idle-hole";
    zh "空位总是空的",
       "不限内容的空位取尽可能短的文字，因此在模式末尾总是空的。要取到消息末尾，请以 `$` 结尾；否则去掉名称，或给它类型。";
    en "Hole that is always empty",
       "A hole of any text is as short as the rest allows, so at the pattern's end it is always empty. End the pattern \
        with `$` to take the rest of the message; else leave the name out, or give the hole a type.";
    wrong "line: \"failed: {reason}\""; right "line: \"failed: {reason}$\"";

    REPEATED_PRODUCT = 522, "repeated-product";
    zh "产品写了两次",
       "`products:` 里同一名称出现了两次（大小写不计），多半是抄写有误，本想写另一个版本。";
    en "Product that stands twice",
       "`products:` has the same name twice (capitals do not matter), mostly where another release was meant.";
    wrong "products: [Windows 10, Windows 10]"; right "products: [Windows 10, Windows 11]";

    UNWRITTEN_TEXT = 523, "unwritten-text";
    zh "文字尚待填写",
       "`casebook new rule` 在需要人写的地方留下“待写”或“To be written”。这样的文字会原样进入回复，请写上客户读得懂的话；\
        `test --strict` 在写好之前不会通过。";
    en "Text still to be written",
       "`casebook new rule` leaves `To be written` (and the same in Chinese) where a person has to write. Such a text would go into a mail as \
        it is: write what a customer understands. `test --strict` does not pass before it is done.";
    wrong "title: {zh: \"待写：a/b\", en: \"To be written: a/b\"}";
    right "title: {zh: 磁盘已满，更新失败, en: Update failed because the disk is full}";
}
