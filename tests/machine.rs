//! Several bundles of one machine are one diagnosis, in the order of their newest records; nothing else about how they
//! are given matters.

use crate::environment::Environment;

/// A failure of one INF at a time of day, in the true format of both logs.
fn failure(day: u32, inf: &str) -> (String, String) {
    let path = format!(r"C:\Windows\WinSxS\amd64_{inf}_31bf3856ad364e35_10.0.17763.1_none_0123456789abcdef\{inf}");
    let cbs = format!(
        "2024-10-{day:02} 08:43:10, Info                  CBS    Starting TrustedInstaller initialization.\r\n\
         2024-10-{day:02} 08:43:18, Info                  CBS    DriverUpdateUninstallUpdates failed [HRESULT = 0x80070005 - E_ACCESSDENIED]\r\n\
         2024-10-{day:02} 08:43:18, Info                  CBS    Startup: Rolling back KTM, because drivers failed.\r\n\
         2024-10-{day:02} 08:43:40, Info                  CBS    Ending TrustedInstaller finalization.\r\n"
    );
    let setupapi = format!(
        ">>>  [Uninstall Driver Updates]\r\n\
         >>>  Section start 2024/10/{day:02} 08:43:17.100\r\n\
         !    inf: Unable to load INF: '{path}'(00000005)\r\n\
         <<<  Section end 2024/10/{day:02} 08:43:18.200\r\n\
         <<<  [Exit status: FAILURE(0x00000005)]\r\n"
    );
    (cbs, setupapi)
}

/// A first bundle with one failure, and a second one whose logs hold it too and another after it.
fn two_bundles() -> Environment {
    let environment = Environment::new();
    let first = failure(1, "usbstor.inf");
    let second = failure(9, "mshdc.inf");
    environment.write("monday/logs/CBS.log", &first.0);
    environment.write("monday/logs/setupapi.dev.log", &first.1);
    environment.write("friday/logs/CBS.log", first.0 + &second.0);
    environment.write("friday/logs/setupapi.dev.log", first.1 + &second.1);
    environment
}

#[test]
fn copies_of_a_log_count_once_and_the_order_of_the_arguments_is_nothing() {
    let environment = two_bundles();
    let one = environment.run(&["scan", "monday/logs", "friday/logs", "--format", "json"]);
    let other = environment.run(&["scan", "friday/logs", "monday/logs", "--format", "json"]);
    assert_eq!(one.stdout, other.stdout);
    let result = one.json();
    let finding =
        result["findings"].as_array().unwrap().iter().find(|one| one["rule"] == "driver/update-access-denied");
    let finding = finding.unwrap_or_else(|| panic!("{result}"));
    assert_eq!(finding["occurrences"]["count"], 2);
    assert_eq!(finding["captures"]["inf"]["name"], "mshdc.inf");
    let paths: Vec<&str> =
        result["sources"].as_array().unwrap().iter().filter_map(|source| source["path"].as_str()).collect();
    assert_eq!(
        paths,
        ["monday/logs/CBS.log", "monday/logs/setupapi.dev.log", "friday/logs/CBS.log", "friday/logs/setupapi.dev.log"]
    );
}

#[test]
fn each_bundle_can_be_a_diagnosis_of_its_own() {
    let environment = two_bundles();
    let ran = environment.run(&["scan", "monday/logs", "friday/logs", "--each", "--lang", "en"]);
    insta::assert_snapshot!(ran.shown());
}

#[test]
fn a_rule_says_that_the_failure_stayed_while_its_object_changed() {
    let environment = two_bundles();
    environment.write("kb/casebook.yaml", "extends: default\n");
    environment.write(
        "kb/rules/driver/moves-on.yaml",
        "rule: driver/moves-on\n\
         title: {zh: 同样的失败换了文件, en: The same failure with another file}\n\
         severity: failure\n\
         signature: |\n  \
           finding driver/update-access-denied as earlier\n    \
             then finding driver/update-access-denied as now\n  \
           where earlier.inf.name != now.inf.name\n",
    );
    let ran = environment.run(&["scan", "friday/logs", "--kb", "kb", "--rule", "driver/moves-on", "--lang", "en"]);
    insta::assert_snapshot!(ran.shown());
    let first =
        environment.run(&["scan", "monday/logs", "--kb", "kb", "--rule", "driver/moves-on", "--format", "json"]);
    assert_eq!(first.json()["findings"], serde_json::json!([]));
}

#[test]
fn threads_and_the_order_in_which_files_were_made_change_no_byte() {
    let names = ["CBS.log", "setupapi.dev.log", "other/CBS.log", "a/CbsPersist_1.log", "z.txt"];
    let text = |name: &str| {
        let day = u32::try_from(names.iter().position(|other| *other == name).unwrap()).unwrap() + 1;
        let (cbs, setupapi) = failure(day, "usbstor.inf");
        if name.starts_with("setupapi") { setupapi } else { cbs }
    };
    let (one, other) = (Environment::new(), Environment::new());
    for name in names {
        one.write(&format!("logs/{name}"), text(name));
    }
    for name in names.iter().rev() {
        other.write(&format!("logs/{name}"), text(name));
    }
    let scan = |environment: &Environment, threads| {
        environment.run(&["scan", "logs", "--format", "json", "--threads", threads]).stdout
    };
    let expected = scan(&one, "1");
    assert!(expected.contains("update-access-denied"), "{expected}");
    for threads in ["1", "2", "7"] {
        assert_eq!(scan(&one, threads), expected);
        assert_eq!(scan(&other, threads), expected);
    }
}

#[test]
fn the_offset_of_the_machine_is_read_where_a_log_shows_both_clocks() {
    let environment = Environment::new();
    let line = |time: &str, message: &str| format!("2024-10-16 {time}, Info                  {message}\r\n");
    let both = line("08:43:18", "CSI    00000032@2024/10/16:00:43:18.166 WcpInitialize called");
    environment.write("logs/CBS.log", line("08:43:17", "CBS    Starting TrustedInstaller initialization.") + &both);
    let ran = environment.run(&["scan", "logs", "--format", "json"]);
    assert_eq!(ran.json()["sources"][0]["utc_offset"], 28_800, "{}", ran.shown());
}
