//! Text of mixed encodings, zeros of a crash, old newlines: every line is found, and where it lies is exact.

use encoding_rs::{BIG5, GBK, WINDOWS_1251};
use proptest::prelude::*;

use super::{open, utf16};
use crate::bundle::{Bundle, Doubt, Encoding, decode, decode_line};

/// The lines of a bundle's only file, with the place of each, and what is in doubt.
fn lines(bytes: &[u8]) -> (Vec<(u64, String)>, Encoding, Option<Doubt>) {
    let bundle = open(bytes);
    let artifact = &bundle.artifacts()[0];
    let mut reader = artifact.read_text().unwrap();
    let mut lines = Vec::new();
    while let Some(block) = reader.next_block().unwrap() {
        let mut at = 0;
        for line in block.bytes.split_inclusive(|byte| *byte == b'\n') {
            let text = decode_line(line, block.encoding).trim_end_matches(['\r', '\n']).to_owned();
            lines.push((block.source_offset(at), text));
            at += line.len();
        }
        assert!(block.source_offset(block.bytes.len()) <= artifact.bytes);
    }
    (lines, artifact.encoding, artifact.doubt.max(reader.doubt()))
}

fn texts(bytes: &[u8]) -> Vec<String> {
    lines(bytes).0.into_iter().map(|(_, text)| text).collect()
}

const FIRST: &str = "2024-10-16 08:43:18, Info                  CBS    开始 first";
const SECOND: &str = "2024-10-16 08:43:19, Info                  CBS    second 驱动更新失败";

#[test]
fn utf_16_is_told_without_a_mark_however_few_letters_are_ascii() {
    for text in ["驱动更新失败，请重新启动计算机后再试一次。\r\n已回滚。\r\n", SECOND, "组件存储已损坏\n"]
    {
        for (little, encoding) in [(true, Encoding::Utf16Le), (false, Encoding::Utf16Be)] {
            let (found, told, doubt) = lines(&utf16(text, little, false));
            assert_eq!((told, doubt), (encoding, None), "{text}");
            assert_eq!(found[0].1, text.lines().next().unwrap());
        }
    }
    // Chinese in other encodings is not taken for it.
    let text = "驱动更新失败，请重新启动计算机后再试一次。\r\n已回滚所做的更改，组件存储没有损坏。\r\n";
    assert_eq!(lines(text.as_bytes()).1, Encoding::Utf8);
    assert_eq!(lines(&GBK.encode(text).0).1, Encoding::Gbk);
    assert_eq!(lines(b"he said so, and they did that\r\nAABBCCDDEEFF\r\n").1, Encoding::Utf8);
}

#[test]
fn a_file_that_changes_its_encoding_is_read_region_by_region() {
    let wide = |little| utf16(&format!("{FIRST}\r\n"), little, false);
    let narrow = format!("{SECOND}\r\n").into_bytes();
    let ascii = b"2024-10-16 08:43:20, Info                  DISM   plain and long enough\r\n".to_vec();
    let marked = utf16(&format!("{FIRST}\r\n"), true, true);
    let other = utf16(&format!("{FIRST}\r\n"), false, true);
    let chinese = utf16("驱动更新失败 first\r\n", true, false);
    for (parts, expected) in [
        // A header of one writer, lines of another.
        (vec![marked.clone(), ascii.clone()], vec![FIRST, "plain"]),
        (vec![wide(false), ascii.clone()], vec![FIRST, "plain"]),
        // Lines appended by a tool that writes two bytes.
        (vec![ascii.clone(), wide(true), wide(true)], vec!["plain", FIRST, FIRST]),
        (vec![ascii.clone(), marked.clone(), ascii.clone()], vec!["plain", FIRST, "plain"]),
        (vec![ascii.clone(), other, ascii.clone()], vec!["plain", FIRST, "plain"]),
        (vec![narrow.clone(), chinese, narrow.clone()], vec![SECOND, "驱动更新失败 first", SECOND]),
        (vec![marked.clone(), b"done\r\n".to_vec()], vec![FIRST, "done"]),
    ] {
        let bytes = parts.concat();
        let (found, _, doubt) = lines(&bytes);
        assert_eq!(found.len(), expected.len(), "{found:?}");
        assert_eq!(doubt, Some(Doubt::Mixed), "{found:?}");
        let mut at = 0;
        for (((place, text), part), expected) in found.iter().zip(&parts).zip(&expected) {
            assert!(text.contains(expected), "{text} for {expected}");
            // A mark before a line is no part of it.
            let mark = if part.starts_with(b"\xff\xfe") || part.starts_with(b"\xfe\xff") { 2 } else { 0 };
            assert_eq!(*place, at + mark, "{text}");
            at += part.len() as u64;
        }
    }
}

#[test]
fn what_looks_like_another_encoding_for_a_few_letters_is_not() {
    for text in
        ["表格 ════════════════════ 结束\r\n", "目录 ………………………………………………… 12\r\n", "•••••••••••••••••••• 清单\r\n"]
    {
        let (found, encoding, doubt) = lines(&utf16(text, true, true));
        assert_eq!((found.len(), encoding, doubt), (1, Encoding::Utf16Le, None), "{found:?}");
        assert_eq!(found[0].1, text.trim_end());
    }
    let (found, _, doubt) = lines(b"a stray \0 zero in a long line of text, and a \xff\xfe pair\r\nnext\r\n");
    assert_eq!((found.len(), doubt), (2, Some(Doubt::Guessed)), "{found:?}");
    assert!(found[0].1.contains('\0'));
}

#[test]
fn zeros_of_a_crash_hide_no_line_and_make_no_binary() {
    let first = format!("{FIRST}\r\n");
    for zeros in [4, 5, 512, 70_000, 3 << 20] {
        let gap = vec![0; zeros];
        // Between lines, within one, at the beginning, at the end.
        let after_line = [first.as_bytes(), &gap, SECOND.as_bytes()].concat();
        let within = [&first.as_bytes()[..40], &gap, SECOND.as_bytes()].concat();
        for (bytes, begun) in [(&after_line, FIRST), (&within, &FIRST[..40])] {
            let (found, encoding, _) = lines(bytes);
            assert_eq!(encoding, Encoding::Utf8);
            assert_eq!(found.len(), 2, "{zeros}: {found:?}");
            assert_eq!((found[0].1.as_str(), found[1].1.as_str()), (begun, SECOND));
            assert_eq!(found[1].0, (bytes.len() - SECOND.len()) as u64);
        }
        assert_eq!(texts(&[&gap, first.as_bytes()].concat()), [FIRST], "{zeros}");
        assert_eq!(texts(&[first.as_bytes(), &gap].concat()), [FIRST], "{zeros}");
        for little in [true, false] {
            let (one, two) = (utf16(&first, little, true), utf16(SECOND, little, false));
            let (found, _, _) = lines(&[&one[..], &gap, &two].concat());
            assert_eq!(found.len(), 2, "{zeros}: {found:?}");
            assert_eq!(found[1].1, SECOND);
            assert_eq!(found[1].0, (one.len() + zeros) as u64, "{zeros}");
        }
    }
    assert!(texts(&vec![0; 100_000]).is_empty());
    assert_eq!(open(&vec![0; 100_000]).artifacts()[0].encoding, Encoding::Utf8);
}

/// The last zero of a gap and the letter after it would be one letter of the big order, and two letters side by side a Chinese
/// character: a short last line is told for what it is all the same.
#[test]
fn zeros_of_a_crash_hide_no_short_line_after_them() {
    for zeros in [4, 5, 6, 512] {
        let gap = vec![0; zeros];
        for text in ["\n.", "\nabcd", "\r\nA", "a", "ab", "abc", "abcd\n", "a\nb\nc"] {
            let own: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
            for before in ["", "A\n\n"] {
                let found = texts(&[before.as_bytes(), &gap, text.as_bytes()].concat());
                let found: Vec<&str> = found.iter().map(String::as_str).filter(|line| !line.is_empty()).collect();
                let before: Vec<&str> = before.lines().filter(|line| !line.is_empty()).collect();
                assert_eq!(found, [before, own.clone()].concat(), "{zeros} zeros before {text:?}");
            }
        }
        // What begins a byte earlier has all its letters.
        assert_eq!(
            texts(&[&b"\0\0\n\n"[..], &gap, b"\n\0H"].concat()).last().map(String::as_str),
            Some("H"),
            "{zeros}"
        );
        // Where the text before was of the big order, it goes on so.
        for text in ["a中\n", "ab\n", "中文\n"] {
            let [one, two] = ["first line\n", text].map(|text| utf16(text, false, text.starts_with("first")));
            let found = texts(&[&one[..], &vec![0; 2 * zeros], &two].concat());
            assert_eq!(found, ["first line", text.trim_end()], "{zeros} zeros before {text:?}");
        }
    }
}

#[test]
fn lines_of_another_encoding_in_a_text_of_utf_8() {
    let gbk = GBK.encode("错误 驱动更新失败\r\n").0.into_owned();
    let bytes = [FIRST.as_bytes(), b"\r\n", &gbk, b"Intel\xae d\x27acc\xe8s\r\n", SECOND.as_bytes(), b"\r\n"].concat();
    let (found, encoding, doubt) = lines(&bytes);
    let found: Vec<&str> = found.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(found, [FIRST, "错误 驱动更新失败", "Intel® d'accès", SECOND]);
    assert_eq!((encoding, doubt), (Encoding::Utf8, Some(Doubt::Mixed)));
    // A character cut in two costs itself, not its line.
    assert_eq!(decode_line(b"\xe6\x9b\xb4\xe6\x96\xb0\xe5\xa4 x", Encoding::Utf8), "更新\u{fffd} x");
}

#[test]
fn encodings_of_old_are_told_with_doubt() {
    let console = b"Nom de l'h\x93te: PC\r\nPropri\x82taire enregistr\x82: x\r\nM\x82moire: 8\xff191 Mo\r\n";
    let (found, encoding, doubt) = lines(console);
    assert_eq!((encoding, doubt), (Encoding::Cp850, Some(Doubt::Guessed)));
    assert_eq!(found[1].1, "Propriétaire enregistré: x");
    let (found, encoding, doubt) = lines(b"Propri\xe9taire enregistr\xe9\r\n");
    assert_eq!((encoding, doubt), (Encoding::Windows1252, Some(Doubt::Guessed)));
    assert_eq!(found[0].1, "Propriétaire enregistré");
    let russian = "Не удалось установить драйвер устройства, код ошибки неизвестен\r\n";
    let (found, encoding, _) = lines(&WINDOWS_1251.encode(russian).0);
    assert_eq!((encoding.key(), found[0].1.as_str()), ("windows-1251", russian.trim_end()));
    let chinese = "驅動程式更新失敗，無法載入檔案，請重新啟動電腦之後再試一次，裝置沒有回應\r\n";
    let (found, encoding, _) = lines(&BIG5.encode(chinese).0);
    assert_eq!((encoding.key(), found[0].1.as_str()), ("Big5", chinese.trim_end()));
    assert_eq!(decode(&GBK.encode("邮件主题：更新失败").0), "邮件主题：更新失败");
}

#[test]
fn every_newline_ends_a_line() {
    assert_eq!(texts(b"one\rtwo\nthree\r\nfour\r\r\nfive\rsix"), ["one", "two", "three", "four", "five", "six"]);
    assert_eq!(texts(&utf16("one\rtwo\nthree\r\nfour\rfive", true, true)), ["one", "two", "three", "four", "five"]);
    let bytes = b"a line of an old system\r".repeat(100_000);
    let (found, _, _) = lines(&bytes);
    assert_eq!(found.len(), 100_000);
    assert_eq!(found[99_999].0, 99_999 * 24);
}

#[test]
fn a_mark_in_mid_file_begins_a_line() {
    let bytes = format!("{FIRST}\r\n\u{feff}{SECOND}\r\n");
    assert_eq!(texts(bytes.as_bytes()), [FIRST, SECOND]);
    assert_eq!(texts(&utf16(&bytes, true, true)), [FIRST, SECOND]);
}

#[test]
fn a_file_cut_in_mid_line_or_mid_character() {
    for cut in 0..6 {
        let narrow = SECOND.as_bytes();
        let kept = &narrow[..narrow.len() - cut];
        assert!(
            texts(kept)[0].starts_with("2024-10-16 08:43:19, Info                  CBS    second 驱动更新"),
            "{cut}"
        );
        let wide = utf16(SECOND, true, true);
        let (found, encoding, _) = lines(&wide[..wide.len() - cut]);
        assert!(found[0].1.starts_with("2024-10-16 08:43:19, Info                  CBS    second 驱"), "{cut}");
        assert_eq!((found.len(), encoding), (1, Encoding::Utf16Le));
    }
}

#[test]
fn a_line_that_looks_like_either_encoding_is_read_to_its_end() {
    // Each pair of these letters is a Chinese character too, and a character of two bytes and letters with zeros follow.
    let row = b"a4b5c6d7e8f9a5b6c7d8e9f5".to_vec();
    for (before, little) in [(&b""[..], true), (b"first\n", true), (b"first\n", false)] {
        let bytes = [before, &row, &utf16("驱done and more\r\n", little, false), b"last\r\n"].concat();
        let (found, _, _) = lines(&bytes);
        assert!(found.iter().any(|(_, text)| text.contains("done and more")), "{found:?}");
        assert_eq!(found.last().unwrap(), &(bytes.len() as u64 - 6, "last".to_owned()), "{found:?}");
    }
}

/// The part of a file that a writer left.
fn part() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        "[ -~]{0,40}\n".prop_map(String::into_bytes),
        "[ -~驱动更新失败]{0,20}\r\n".prop_map(|text| utf16(&text, true, true)),
        "[ -~驱动更新失败]{0,20}\r\n".prop_map(|text| utf16(&text, false, false)),
        "[驱动更新失败]{0,20}\n".prop_map(|text| GBK.encode(&text).0.into_owned()),
        "[4-9a-z]{0,30}".prop_map(String::into_bytes),
        (0..40_usize).prop_map(|zeros| vec![0; zeros]),
        proptest::collection::vec(any::<u8>(), 0..40),
    ]
}

proptest! {
    #[test]
    fn any_parts_after_each_other_are_read_to_their_end(parts in proptest::collection::vec(part(), 0..12)) {
        let bytes = parts.concat();
        let bundle = Bundle::from_reader("x", bytes.as_slice(), &crate::bundle::Limits::default()).unwrap();
        // What looks like an archive is none of this test.
        if let [artifact] = bundle.artifacts() {
            let mut reader = artifact.read_text().unwrap();
            let mut at = 0;
            while let Ok(Some(block)) = reader.next_block() {
                prop_assert!(block.offset >= at && !block.bytes.is_empty());
                at = block.source_offset(block.bytes.len());
                prop_assert!(at <= bytes.len() as u64 + 1, "{} of {}", at, bytes.len());
            }
        }
    }
}
