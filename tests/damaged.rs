//! What a customer may send that is no log: a clear word in the result, and nothing half-written.

use std::fs;
use std::io::Write as _;

use crate::environment::{Environment, root};

#[test]
fn an_empty_folder_is_an_empty_bundle() {
    let environment = Environment::new();
    fs::create_dir(environment.path("logs")).unwrap();
    let ran = environment.run(&["scan", "logs", "--format", "json"]);
    assert_eq!(ran.status, 0, "{}", ran.shown());
    assert_eq!(ran.json()["sources"], serde_json::json!([]));
}

#[test]
fn a_bundle_that_does_not_exist_could_not_be_done() {
    let environment = Environment::new();
    let ran = environment.run(&["scan", "nothing.zip", "-o", "out.json"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("nothing.zip"), "{}", ran.shown());
    assert!(!environment.path("out.json").exists());
}

#[test]
fn a_truncated_zip_by_itself_could_not_be_done_and_among_others_is_a_problem() {
    let bytes = fs::read(root().join("examples/update-rollback/logs.zip")).unwrap();
    let environment = Environment::new();
    environment.write("logs/cut.zip", &bytes[..bytes.len() / 2]);
    environment.write("logs/note.txt", "hello\n");
    let alone = environment.run(&["scan", "logs/cut.zip", "-o", "out.json"]);
    assert_eq!(alone.status, 2, "{}", alone.shown());
    assert!(!environment.path("out.json").exists());
    let among = environment.run(&["scan", "logs", "--format", "json"]);
    assert_eq!(among.status, 0, "{}", among.shown());
    let problems = among.json()["problems"].to_string();
    assert!(problems.contains("cut.zip"), "{problems}");
}

#[test]
fn a_log_that_is_cut_off_within_its_packing_says_so_in_words() {
    let environment = Environment::new();
    let line = "2024-10-16 08:43:18, Info                  CBS    Session: 31154935 initialized by client\r\n";
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for number in 0..80_000 {
        packed.write_all(format!("{}{number}\r\n", line.trim_end()).as_bytes()).unwrap();
    }
    let packed = packed.finish().unwrap();
    environment.write("logs/CBS.log.gz", &packed[..packed.len() / 2]);
    for (lang, words) in
        [("zh", "文件不完整，数据到此中断，请重新获取"), ("en", "the file is cut off here; ask for it anew")]
    {
        let ran = environment.run(&["scan", "logs", "--format", "json", "--lang", lang]);
        assert!(ran.json()["problems"].to_string().contains(words), "{}", ran.shown());
    }
}

#[test]
fn an_encrypted_member_is_a_problem_and_the_reason_for_doubt() {
    let environment = Environment::new();
    let line = |message: &str| format!("2024-10-16 08:43:18, Info                  CBS    {message}\r\n");
    let denied = line("DriverUpdateUninstallUpdates failed [HRESULT = 0x80070005 - E_ACCESSDENIED]");
    let cbs = denied + &line("Startup: Rolling back KTM, because drivers failed.");
    environment.write("logs.zip", zip_with_last_member_encrypted(&[("CBS.log", &cbs), ("setupapi.dev.log", "secret")]));
    let ran = environment.run(&["scan", "logs.zip", "--format", "json"]);
    assert_eq!(ran.status, 0, "{}", ran.shown());
    let result = ran.json();
    assert_eq!(result["problems"][0]["source"], "logs.zip!/setupapi.dev.log", "{result}");
    let findings = result["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["rule"] == "driver/update-access-denied").unwrap();
    assert_eq!(finding["status"], "undetermined", "{result}");
    assert_eq!(finding["missing"][0]["log"], "setupapi.dev");
    assert_eq!(finding["missing"][0]["reason"], "encrypted");
}

/// A stored zip whose last member has the encrypted bit set in its local and its central header.
fn zip_with_last_member_encrypted(members: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, text) in members {
        zip.start_file(*name, stored).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    let mut bytes = zip.finish().unwrap().into_inner();
    for (header, flags) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let last = bytes.windows(4).rposition(|window| window == header).unwrap();
        bytes[last + flags] |= 1;
    }
    bytes
}

#[test]
fn a_binary_file_is_listed_and_not_read() {
    let environment = Environment::new();
    let bytes: Vec<u8> = (0..20_000u32).flat_map(|at| at.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    environment.write("logs/CBS.log", bytes);
    let ran = environment.run(&["scan", "logs", "--format", "json"]);
    assert_eq!(ran.status, 0, "{}", ran.shown());
    assert!(ran.json()["sources"][0]["log"].is_null(), "{}", ran.stdout);
    let told = "名称是“组件服务日志（CBS.log）”的，内容却无法识别";
    assert_eq!(ran.json()["sources"][0]["problems"][0], told);
    assert_eq!(ran.json()["problems"][0]["message"], told);
    let reply = environment.run(&["reply", "logs", "--placeholders"]);
    assert!(!reply.stdout.contains("CBS.log"), "a mail asks for it again:\n{}", reply.stdout);
}

#[test]
fn a_line_of_300_mb_is_cut_and_the_lines_around_it_count() {
    let line = |message: &str| format!("2024-10-16 08:43:18, Info                  CBS    {message}\r\n");
    let failed = line("Startup: Rolling back KTM, because drivers failed.");
    // One that belongs to the record before, one that is a record itself.
    for (begin, megabytes) in [("", 300), ("2024-10-16 08:43:18, Info                  CBS    ", 40)] {
        let environment = Environment::new();
        let path = environment.write("logs/CBS.log", "");
        let mut file = std::io::BufWriter::new(fs::File::create(path).unwrap());
        file.write_all(failed.as_bytes()).unwrap();
        file.write_all(begin.as_bytes()).unwrap();
        let chunk = vec![b'x'; 1 << 20];
        for _ in 0..megabytes {
            file.write_all(&chunk).unwrap();
        }
        file.write_all(b"\r\n").unwrap();
        file.write_all(failed.as_bytes()).unwrap();
        file.into_inner().unwrap().sync_all().unwrap();
        let ran = environment.run(&["scan", "logs", "--format", "json", "--stats"]);
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        let json = ran.json();
        assert_eq!(json["sources"][0]["log"], "cbs");
        assert_eq!(json["sources"][0]["lines"], 3);
        assert_eq!(json["problems"][0]["source"], "logs/CBS.log");
        assert!(json["problems"][0]["message"].as_str().unwrap().contains("第 2 行过长"), "{}", json["problems"]);
        let finding = &json["findings"][0];
        let found = (&finding["rule"], &finding["occurrences"]["count"]);
        assert_eq!(found, (&"servicing/startup-rollback".into(), &2.into()));
        assert!(ran.stdout.len() < 4 << 20, "the line itself is not in the result");
    }
}

#[test]
fn what_a_crash_and_another_writer_leave_hides_no_line() {
    let environment = Environment::new();
    let line =
        |second: u32, message: &str| format!("2024-10-16 08:43:{second}, Info                  CBS    {message}\r\n");
    let (first, second, third) = (line(10, "one"), line(11, "two"), line(12, "three"));
    let wide = line(13, "four 驱动").encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let parts: [&[u8]; 6] = [
        first.as_bytes(),
        &second.as_bytes()[..50],
        &[0; 5000],
        third.as_bytes(),
        &wide,
        b"2024-10-16 08:43:14, Info                  CBS    five\r\n",
    ];
    environment.write("CBS.log", parts.concat());
    let ran = environment.run(&["read", "CBS.log", "--format", "ndjson"]);
    let records: Vec<serde_json::Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let shown: Vec<(u64, &str)> = records
        .iter()
        .map(|record| (record["line"].as_u64().unwrap(), &record["time"].as_str().unwrap()[17..19]))
        .collect();
    // The line that the crash cut and the one behind the zeros are one line of the file.
    assert_eq!(shown, [(1, "10"), (2, "11"), (2, "12"), (3, "13"), (4, "14")], "{}", ran.shown());
    let json = environment.run(&["scan", "CBS.log", "--format", "json"]).json();
    assert_eq!((&json["sources"][0]["log"], &json["sources"][0]["encoding"]), (&"cbs".into(), &"utf-8".into()));
    assert_eq!(json["sources"][0]["encoding_doubt"], "mixed");
}

#[test]
fn what_stands_before_a_border_does_not_hide_what_kind_of_log_it_is() {
    let environment = Environment::new();
    let note = "collected by a script\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let lines = "2024-10-16 08:43:12, Info                  CBS    one\r\n".repeat(3);
    environment.write("a.txt", [b"\xff\xfe", note.as_slice(), lines.as_bytes()].concat());
    environment.write("b.txt", [b"x\r\n", [0; 64].as_slice(), lines.as_bytes()].concat());
    for name in ["a.txt", "b.txt"] {
        let json = environment.run(&["scan", name, "--format", "json"]).json();
        assert_eq!(json["sources"][0]["log"], "cbs", "{json}");
    }
}
