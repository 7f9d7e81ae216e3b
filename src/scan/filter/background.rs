//! Text as ordinary logs of servicing have it, to tell which part of a literal is rare.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::grams::gram;

/// Pieces of lines that stand in every log of the kind, with or without a failure.
const ORDINARY: &[&str] = &[
    "2024-10-16 08:43:18, Info                  CBS    Session: 31154935_18016505 initialized by client WindowsUpdateAgent",
    "2024-10-16 08:43:18, Error                 CSI    00000001 (F) HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND)",
    "Package_for_RollupFix~31bf3856ad364e35~amd64~~17763.6405.1.4, ApplicableState: Installed, CurrentState: Installed",
    "Microsoft-Windows-Client-Features-Package~31bf3856ad364e35~amd64~zh-CN~10.0.17763.1",
    "Appl: Evaluating package applicability for package, applicable state: Absent, Staged, Superseded, Resolved",
    "Failed to internally open package. [HRESULT = 0x800f0805 - CBS_E_INVALID_PACKAGE]",
    "Exec: Processing complete. Session: finalized. Reboot required: no [HRESULT = 0x00000000 - S_OK]",
    "Loaded Servicing Stack v10.0.17763.1 with Core: C:\\Windows\\WinSxS\\amd64_microsoft-windows-servicingstack_31bf3856ad364e35",
    "CSI Transaction initialized @0x1d9c2b flags {00000002} in directory \\SystemRoot\\WinSxS\\Temp\\InFlight",
    ">>>  [Device Install (DiInstallDevice) - PCI\\VEN_8086&DEV_0000]\n>>>  Section start 2024/10/16 08:43:18.236",
    "     dvi: {Build Driver List} 08:43:18.236\n     dvi:      Searching for hardware ID(s):\n     sto:      Driver Package = C:\\Windows\\System32\\DriverStore\\FileRepository",
    "     inf:      {Configure Driver: } exit 0x00000000\n<<<  Section end 2024/10/16 08:43:18.252\n<<<  [Exit status: SUCCESS]",
    "DISM   DISM Provider Store: PID=1234 TID=5678 Connecting to the provider located at C:\\Windows\\System32\\Dism\\ - CDISMProviderStore::Internal_GetProvider",
    "Warning: the parameter is incorrect, the system cannot find the file specified, access is denied, the operation completed successfully",
    "http://www.microsoft.com/windows/update registry key HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion",
];

/// How often each gram of four bytes stands there.
fn counts() -> &'static HashMap<u64, usize> {
    static COUNTS: OnceLock<HashMap<u64, usize>> = OnceLock::new();
    COUNTS.get_or_init(|| {
        let mut counts = HashMap::new();
        for gram in grams::<4>() {
            *counts.entry(gram).or_default() += 1;
        }
        counts
    })
}

/// All grams of ordinary text.
pub(super) fn grams<const G: usize>() -> impl Iterator<Item = u64> {
    ORDINARY.iter().flat_map(|line| line.as_bytes().windows(G).filter_map(gram::<G>))
}

/// How much of a text is ordinary.
pub(super) fn common(text: &[u8]) -> usize {
    let counts = counts();
    text.windows(4).filter_map(gram::<4>).filter_map(|gram| counts.get(&gram)).sum()
}
