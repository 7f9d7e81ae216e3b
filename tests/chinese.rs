//! Rules that look for Chinese, in whatever encoding the log is written.

use crate::environment::Environment;

const RULE: &str = "\
rule: team/no-source
title: {zh: 找不到源文件, en: No source files}
severity: failure
evidence:
  lost: {log: text, line: \"找不到源文件 {code:error}\"}
signature: lost
tests:
  - name: lost
    logs: {text: \"错误：找不到源文件 0x800f081f\"}
    expect: {status: confirmed}
  - name: found
    logs: {text: \"找到源文件\"}
    expect: none
";

/// What it says in GBK; these bytes stand in no line of UTF-8.
const GBK: &[u8] = b"\xb4\xed\xce\xf3\xa3\xba\xd5\xd2\xb2\xbb\xb5\xbd\xd4\xb4\xce\xc4\xbc\xfe 0x800f081f\r\n";

#[test]
fn chinese_is_found_in_every_encoding() {
    let text = "错误：找不到源文件 0x800f081f\r\n";
    let wide = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let filler = "The backup of example.com went on without a problem so far.\r\n".repeat(3);
    let mixed = [filler.as_bytes(), GBK, filler.as_bytes(), "进度 100%\r\n".as_bytes()].concat();
    let forms = [
        ("utf-8", text.as_bytes().to_vec()),
        ("gbk", GBK.to_vec()),
        ("mixed", mixed),
        ("utf-16le", [b"\xff\xfe".to_vec(), wide(u16::to_le_bytes)].concat()),
        ("utf-16be", [b"\xfe\xff".to_vec(), wide(u16::to_be_bytes)].concat()),
    ];
    for (name, bytes) in forms {
        let environment = Environment::new();
        environment.write("kb/rules/source.yaml", RULE);
        environment.write("notes.txt", bytes);
        let json = environment.run(&["scan", "notes.txt", "--kb", "kb", "--format", "json"]).json();
        let quote = &json["findings"][0]["evidence"][0];
        assert_eq!(json["findings"][0]["status"], "confirmed", "{name}");
        assert!(quote["text"].as_str().unwrap().contains("找不到源文件"), "{name}: {quote}");
    }
}
