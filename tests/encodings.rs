//! A rule finds its lines in whatever encoding the log is written.

use encoding_rs::{BIG5, GBK};

use crate::environment::Environment;

#[test]
fn a_rule_in_chinese_finds_its_line_in_every_encoding_of_chinese() {
    let environment = Environment::new();
    environment.write("kb/casebook.yaml", "language: zh\n");
    environment.write(
        "kb/rules/x/denied.yaml",
        "rule: x/denied\ntitle: {zh: 拒绝, en: Denied}\nseverity: failure\nevidence:\n  denied:\n    log: cbs\n    \
         line: \"驱动更新失败 {code:error}\"\nsignature: denied\n",
    );
    let text = "2024-10-16 08:43:10, Info                  CBS    开始\r\n\
                2024-10-16 08:43:11, Info                  CBS    驱动更新失败 0x80070005\r\n";
    let wide = |big: bool| -> Vec<u8> {
        let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
        text.encode_utf16().flat_map(bytes).collect()
    };
    let traditional = text.replace("驱动更新失败", "驅動更新失敗").replace("开始", "開始");
    let big5 = BIG5.encode(&traditional).0.into_owned();
    environment.write("utf-8.log", text);
    environment.write("gbk.log", GBK.encode(text).0);
    environment.write("utf-16le.log", wide(false));
    environment.write("utf-16be.log", wide(true));
    for name in ["utf-8.log", "gbk.log", "utf-16le.log", "utf-16be.log"] {
        let json = environment.run(&["scan", name, "--kb", "kb", "--format", "json"]).json();
        assert_eq!(json["findings"][0]["rule"], "x/denied", "{name}: {json}");
        assert_eq!(json["findings"][0]["evidence"][0]["line"], 2, "{name}");
        assert_eq!(json["sources"][0]["encoding"], name.trim_end_matches(".log"));
    }
    let rule = std::fs::read_to_string(environment.path("kb/rules/x/denied.yaml")).unwrap();
    environment.write("kb/rules/x/denied.yaml", rule.replace("驱动更新失败", "驅動更新失敗"));
    environment.write("big5.log", big5);
    let json = environment.run(&["scan", "big5.log", "--kb", "kb", "--format", "json"]).json();
    assert_eq!(json["findings"][0]["evidence"][0]["line"], 2, "{json}");
}

#[test]
fn a_line_in_gbk_is_found_in_a_log_that_is_not() {
    let environment = Environment::new();
    environment.write(
        "kb/rules/x/lost.yaml",
        "rule: x/lost\ntitle: {zh: 找不到源文件, en: No source files}\nseverity: failure\nevidence:\n  lost: {log: text, \
         line: \"找不到源文件 {code:error}\"}\nsignature: lost\n",
    );
    let filler = "The backup of example.com went on without a problem so far.\r\n".repeat(3);
    let lost = GBK.encode("错误：找不到源文件 0x800f081f\r\n").0;
    environment.write("notes.txt", [filler.as_bytes(), &lost, filler.as_bytes(), "进度 100%\r\n".as_bytes()].concat());
    let json = environment.run(&["scan", "notes.txt", "--kb", "kb", "--format", "json"]).json();
    let quote = &json["findings"][0]["evidence"][0];
    assert_eq!(quote["line"], 4, "{json}");
    assert_eq!(quote["text"], "错误：找不到源文件 0x800f081f");
}
