//! Codes 600 to 799: templates, settings, and the knowledge base as a folder.

codes! {
    TEMPLATE_SYNTAX = 600, "template-syntax";
    zh "模板语法错误", "模板在此处不是合法的 minijinja，例如 `{%` 或 `{{` 没有闭合，或 `if`、`for` 没有结束。";
    en "Template syntax error",
       "The template is not minijinja at this place: a `{%` or `{{` is not closed, for example, or an `if` or \
        `for` does not end.";
    wrong "{% if finding %}…"; right "{% if finding %}…{% endif %}";

    TEMPLATE_UNKNOWN_NAME = 601, "template-unknown-name";
    zh "模板用了不存在的名称", "模板能用的名称列在文档中。此处的名称没有值，渲染时会出错。";
    en "The template uses an unknown name",
       "The names that a template may use are listed in the documentation. This one never has a value, and \
        rendering would fail.";
    wrong "{{ custumer.name }}"; right "{{ customer.name }}";

    TEMPLATE_UNKNOWN_FILTER = 602, "template-unknown-filter";
    zh "未知的过滤器或函数", "没有这个名称的过滤器、测试或函数。";
    en "Unknown filter or function", "There is no filter, test or function of this name.";
    wrong "{{ inf | filname }}"; right "{{ inf | filename }}";

    TEMPLATE_MISSING = 603, "template-missing";
    zh "引用的模板不存在", "`include`、`extends` 或 `import` 指向一个不存在的模板。";
    en "Included template not found", "`include`, `extends` or `import` names a template that does not exist.";
    wrong "{% include \"zh/foot.txt\" %}"; right "{% include \"zh/footer.txt\" %}";

    UNDECLARED_NEED = 604, "undeclared-need";
    zh "步骤用了没有声明的值", "步骤、命令或脚本里的 `{{ 名称 }}` 须列在 `needs:` 中。";
    en "The step uses an undeclared value", "Every `{{ name }}` of a step, command or script stands in `needs:`.";
    wrong "steps: [{zh: …, en: …, command: 'icacls \"{{ inf }}\"'}]";
    right "needs: {inf: path}\nsteps: [{zh: …, en: …, command: 'icacls \"{{ inf }}\"'}]";

    UNUSED_PARTIAL = 605, "unused-partial";
    zh "没有被使用的部分模板", "没有模板 `include` 这个部分模板（`_名称.txt`），它的内容不会出现在任何邮件里。";
    en "Unused partial",
       "No template includes this partial (`_name.txt`), so nothing of it is in any mail. Include it or delete it.";
    wrong "templates/zh/_footer.txt    # included nowhere"; right "{% include \"zh/_footer.txt\" %}";

    SCRIPT_VALUE = 606, "script-value";
    zh "脚本中的值写法有误",
       "脚本只能用 `{{ 名称 }}` 取值，并且须写在一对引号之内：值来自日志，在引号之外会被命令行当作命令的一部分。";
    en "A value of a script is not within quotes",
       "A script takes values as `{{ name }}` between two quotes of one line and in no other way: a value comes from a         log, and outside quotes the shell would read it as part of a command.";
    wrong "icacls {{ inf }} /reset"; right "set \"FILE={{ inf }}\"\nicacls \"%FILE%\" /reset";

    OUTSIDE_BLOCK = 607, "outside-block";
    zh "块之外的内容",
       "扩展另一个模板的模板只能重写它的块（`{% block 名称 %}`），块之外的内容不会出现在任何邮件里。";
    en "Text outside the blocks",
       "A template that extends another words its blocks anew (`{% block name %}`); what stands outside them is in no mail.";
    wrong "{% extends \"default/zh/close.txt\" %}此致";
    right "{% extends \"default/zh/close.txt\" %}{% block closing %}此致{% endblock %}";

    UNKNOWN_SETTING = 700, "unknown-setting";
    zh "未知的设置", "`casebook.yaml` 里没有这个设置。";
    en "Unknown setting", "`casebook.yaml` has no such setting.";
    wrong "costumer: {name: 甲先生}"; right "customer: {name: 甲先生}";

    BAD_SETTING = 701, "bad-setting";
    zh "设置的值有误", "这个设置要另一种值，见提示。";
    en "Setting with a wrong value", "The setting takes another kind of value, as the message says.";
    wrong "utc-offset: Beijing"; right "utc-offset: \"+08:00\"";

    BAD_EXTENDS = 702, "bad-extends";
    zh "`extends` 的值有误", "`extends:` 只能是 `default`，表示连同默认知识库的规则一起使用。";
    en "Unknown value of `extends`",
       "`extends:` can only be `default`: the rules of the default knowledge base are used too.";
    wrong "extends: base"; right "extends: default";

    NOT_UTF8 = 703, "not-utf8";
    zh "文件不是 UTF-8", "知识库的文件须以 UTF-8 保存（可带 BOM）。请用编辑器另存为 UTF-8。";
    en "File is not UTF-8", "The files of a knowledge base are UTF-8, with or without a BOM. Save it as UTF-8.";
    wrong "rules/x.yaml    # saved as GBK"; right "rules/x.yaml    # saved as UTF-8";

    EMPTY_KNOWLEDGE_BASE = 704, "empty-knowledge-base";
    zh "知识库里没有规则", "`rules/` 下没有一个可用的规则。";
    en "The knowledge base has no rules", "There is not one usable rule under `rules/`.";
    wrong "rules/    # empty"; right "rules/servicing/rollback.yaml";

    FILE_UNREADABLE = 705, "file-unreadable";
    zh "文件无法读取", "系统不允许读取这个文件，或文件过大。";
    en "File cannot be read", "The system does not let the file be read, or it is too large.";
    wrong "rules/x.yaml    # no permission"; right "rules/x.yaml    # readable";
}
