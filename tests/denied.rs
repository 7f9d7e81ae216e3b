//! The failure the product began with: a driver's INF is denied, the update rolls back. From the logs to the reply.

use crate::environment::Environment;

const INF: &str =
    r"C:\Windows\WinSxS\amd64_dual_usbstor.inf_31bf3856ad364e35_10.0.17763.2237_none_8e64ef457e7839af\usbstor.inf";

fn cbs() -> String {
    let line = |message: &str| format!("2024-10-16 08:43:18, Info                  CBS    {message}\r\n");
    [
        "Perf: Doqe: Uninstall started.",
        "Doqe: [Forward] Uninstalling driver updates, Count 22",
        "DriverUpdateUninstallUpdates failed [HRESULT = 0x80070005 - E_ACCESSDENIED]",
        "Doqe: Failed uninstalling driver updates [HRESULT = 0x80070005 - E_ACCESSDENIED]",
        "Perf: Doqe: Uninstall ended.",
        "Failed uninstalling driver updates [HRESULT = 0x80070005 - E_ACCESSDENIED]",
        "Startup: Rolling back KTM, because drivers failed.",
        "Setting original failure status: 0x80070005, last forward execute state: CbsExecuteStatePrimitives",
    ]
    .map(line)
    .concat()
}

fn setupapi() -> String {
    [
        ">>>  [Uninstall Driver Updates]",
        ">>>  Section start 2024/10/16 08:43:18.236",
        r"      cmd: C:\Windows\winsxs\amd64_microsoft-windows-servicingstack_31bf3856ad364e35_10.0.17763.6174_none_5708b51199042bd1\TiWorker.exe -Embedding",
        "     sto: Image State        = Specialized",
        "     sto: Transaction        = CbsDriversAndPrimitives",
        "     sto: Driver Updates     = 22",
        &format!("!    inf: Unable to load INF: '{INF}'(00000005)"),
        "!    inf: Error 5: Access is denied.",
        &format!("!!!  inf: Invalid INF '{INF}', parsing error on line 0. Code = 1002"),
        &format!("!!!  sto: Failed to find driver update '{INF}' in Driver Store. Error = 0x00000005"),
        "<<<  Section end 2024/10/16 08:43:18.252",
        "<<<  [Exit status: FAILURE(0x00000005)]",
        "",
    ]
    .join("\r\n")
}

fn security_policy() -> Vec<u8> {
    let text = "[Unicode]\r\nUnicode=yes\r\n[Version]\r\nsignature=\"$CHICAGO$\"\r\nRevision=1\r\n[File Security]\r\n\
                \"%SystemRoot%\\INF\\USBSTOR.INF\",0,\"D:PAR(D;OICI;FA;;;WD)\"\r\n\
                \"%SystemRoot%\\INF\\USBSTOR.PNF\",0,\"D:PAR(D;OICI;FA;;;WD)\"\r\n";
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

fn logs() -> Environment {
    let environment = Environment::new();
    environment.write("logs/CBS.log", cbs());
    environment.write("logs/setupapi.dev.log", setupapi());
    environment
}

/// The finding of the rule, and the names of all confirmed findings that nothing explains.
fn finding(json: &serde_json::Value) -> (serde_json::Value, Vec<String>) {
    let findings = json["findings"].as_array().unwrap();
    let own = findings.iter().find(|finding| finding["rule"] == "driver/update-access-denied").unwrap();
    let confirmed = findings
        .iter()
        .filter(|finding| finding["status"] == "confirmed" && finding["explained_by"].is_null())
        .map(|finding| finding["rule"].as_str().unwrap().to_owned())
        .collect();
    (own.clone(), confirmed)
}

fn names(list: &serde_json::Value, key: &str) -> Vec<String> {
    list.as_array().unwrap().iter().map(|one| one[key].as_str().unwrap().to_owned()).collect()
}

#[test]
fn two_logs_make_one_confirmed_finding() {
    let ran = logs().run(&["scan", "logs", "--format", "json"]);
    let json = ran.json();
    let (finding, confirmed) = finding(&json);
    assert_eq!(finding["status"], "confirmed", "{}", ran.shown());
    assert_eq!(confirmed, ["driver/update-access-denied"]);
    let sources: Vec<&str> =
        finding["evidence"].as_array().unwrap().iter().map(|quote| quote["source"].as_str().unwrap()).collect();
    assert!(sources.contains(&"logs/CBS.log") && sources.contains(&"logs/setupapi.dev.log"), "{sources:?}");
    assert_eq!(finding["captures"]["inf"]["text"], INF);
    assert_eq!(finding["captures"]["status"]["symbol"], "E_ACCESSDENIED");
    assert_eq!(finding["captures"]["count"]["text"], "22");
    let texts: Vec<&str> =
        finding["evidence"].as_array().unwrap().iter().map(|quote| quote["text"].as_str().unwrap()).collect();
    assert!(texts.iter().any(|text| text.contains("Count 22")) && texts.iter().any(|text| text.contains("= 22")));
    for cause in finding["causes"].as_array().unwrap() {
        assert_eq!(cause["status"], "open", "{cause}");
        assert!(!cause["missing"].as_array().unwrap().is_empty(), "{cause}");
    }
    let mut asked = names(&json["requests"], "collection");
    asked.sort();
    assert_eq!(asked, ["file-acl", "policy-report", "procmon-boot"]);
}

#[test]
fn without_the_second_log_the_finding_is_undetermined_and_asks_for_it() {
    let environment = Environment::new();
    environment.write("logs/CBS.log", cbs());
    let json = environment.run(&["scan", "logs", "--format", "json"]).json();
    let (finding, _) = finding(&json);
    assert_eq!(finding["status"], "undetermined");
    assert_eq!(names(&finding["missing"], "log"), ["setupapi.dev"]);
    let brought: Vec<String> = json["requests"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|request| request["logs"].as_array().unwrap().clone())
        .map(|log| log.as_str().unwrap().to_owned())
        .collect();
    assert!(brought.contains(&"setupapi.dev".to_owned()), "{brought:?}");
}

#[test]
fn a_policy_that_restricts_the_file_is_the_cause() {
    let environment = logs();
    environment.write("logs/secpol.inf", security_policy());
    let json = environment.run(&["scan", "logs", "--format", "json"]).json();
    let (finding, _) = finding(&json);
    let causes: Vec<(&str, &str)> = finding["causes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|cause| (cause["id"].as_str().unwrap(), cause["status"].as_str().unwrap()))
        .collect();
    assert!(causes.contains(&("file-policy", "confirmed")), "{causes:?}");
    let reply = environment.run(&[
        "reply",
        "logs",
        "--kind",
        "analysis",
        "--set",
        "customer.name=甲先生",
        "--set",
        "engineer.name=张工",
    ]);
    assert_eq!(reply.status, 0, "{}", reply.shown());
    assert!(reply.stdout.contains("策略") && reply.stdout.contains("USBSTOR.INF"), "{}", reply.stdout);
    assert!(!reply.stdout.contains("icacls \""), "the policy is the cause, not the file's own list:\n{}", reply.stdout);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let environment = logs();
    let run = |threads: &str| environment.run(&["scan", "logs", "--format", "json", "--threads", threads]).stdout;
    assert_eq!(run("1"), run("4"));
}
