//! A servicing log as a machine writes it on ordinary days: sessions of the installer, each with its beginning and end,
//! between them the lines that make up a real one in the shares they have there (counted over eight real logs of 50 000
//! lines: of each hundred lines 54 by CBS, 35 by CSI, 10 that continue the line before, fewer than one that is an error).

use super::dice::{Clock, Dice, Template};

/// How a session begins.
const BEGIN: [&str; 24] = [
    "CBS    TI: --- Initializing Trusted Installer ---",
    "CBS    TI: Last boot time: {utc}",
    "CBS    Starting TrustedInstaller initialization.",
    "CBS    Lock: New lock added: CCbsPublicSessionClassFactory, level: 30, total lock:4",
    "CBS    Lock: New lock added: WinlogonNotifyLock, level: 8, total lock:6",
    "CBS    Ending TrustedInstaller initialization.",
    "CBS    Starting the TrustedInstaller main loop.",
    "CBS    TrustedInstaller service starts successfully.",
    "CBS    No startup processing required, TrustedInstaller service was not set as autostart",
    "CBS    Startup processing thread terminated normally",
    "CBS    TI: Startup Processing completes, release startup processing lock.",
    "CBS    Starting TiWorker initialization.",
    "CBS    Lock: New lock added: TiWorkerClassFactory, level: 30, total lock:2",
    "CBS    Ending TiWorker initialization.",
    "CBS    Starting the TiWorker main loop.",
    "CBS    TiWorker starts successfully.",
    "CBS    Lock: New lock added: CCbsWorker, level: 5, total lock:3",
    "CBS    Universal Time is: {utc}",
    r"CBS    Loaded Servicing Stack v{version} with Core: C:\Windows\winsxs\{component}\cbscore.dll",
    "CBS    Build: 17763.1.amd64fre.rs5_release.180914-1434",
    "CSI    00000001@{utc} WcpInitialize: wcp.dll version {version} (WinBuild.160101.0800)",
    "CBS    Lock: New lock added: CCbsSessionManager, level: 11, total lock:9",
    "CBS    Lock: New lock added: CSIInventoryCriticalSection, level: 64, total lock:10",
    "CBS    NonStart: Set pending store consistency check.",
];

/// How it ends.
const END: [&str; 22] = [
    "CBS    Trusted Installer is shutting down because: SHUTDOWN_REASON_AUTOSTOP",
    "CBS    TiWorker signaled for shutdown, going to exit.",
    r"CBS    Deleting the contents of directory: \\?\C:\WINDOWS\CbsTemp",
    "CBS    Ending the TiWorker main loop.",
    "CBS    Starting TiWorker finalization.",
    "CBS    CBS Engine already deactivated",
    "CBS    CbsCoreFinalize: ExecutionEngineFinalize",
    "CBS    Execution Engine Finalize",
    "CBS    CbsCoreFinalize: ComponentAnalyzerFinalize",
    "CBS    CbsCoreFinalize: PackageTrackerFinalize",
    "CBS    CbsCoreFinalize: CoreResourcesUnload",
    "CBS    CbsCoreFinalize: SessionManagerFinalize",
    "CBS    CbsCoreFinalize: CapabilityManagerFinalize",
    "CBS    CbsCoreFinalize: WcpUnload",
    "CBS    CbsCoreFinalize: WdsUnload, logging from cbscore will end.",
    "CBS    Lock: Lock removed: CSIInventoryCriticalSection, level: 64, total lock:10",
    "CBS    Lock: Lock removed: CCbsSessionManager, level: 11, total lock:9",
    "CBS    Ending TiWorker finalization.",
    "CBS    Ending the TrustedInstaller main loop.",
    "CBS    Starting TrustedInstaller finalization.",
    "CBS    Lock: Lock removed: WinlogonNotifyLock, level: 8, total lock:6",
    "CBS    Ending TrustedInstaller finalization.",
];

/// What stands between, each with its share in a thousand. A line break begins a line without a stamp.
const BODY: [(u64, &str); 34] = [
    (230, "CSI    {running} Direct SIL provider: Number of files opened: {number:9}."),
    (165, "CBS    Appl: Evaluating package applicability for package {package}, applicable state: Installed"),
    (
        45,
        "CBS    Session: {session} initialized by client WindowsUpdateAgent, external staging directory: (null), external registry directory: (null)",
    ),
    (
        40,
        "CBS    Appl: detect Parent, Package: {package}, Parent: {package}, Disposition = Detect, VersionComp: EQ, BuildComp: GE, RevisionComp: GE, Exist: present",
    ),
    (
        32,
        "CSI    {running} Hashes for file member [l:{number:99}]'{file}' do not match.\r\n Expected: {l:32 ml:33 b:{hex:64}}.\r\n Actual: {l:32 b:{hex:64}}.",
    ),
    (26, "CBS    Failed to internally open package. [HRESULT = 0x800f0805 - CBS_E_INVALID_PACKAGE]"),
    (17, "CSI    {running} [SR] Beginning Verify and Repair transaction"),
    (17, "CSI    {running} [SR] Verify complete"),
    (15, "CSI    {running} [SR] Verifying 100 components"),
    (17, "CBS    Read out cached package applicability for package: {package}, ApplicableState: 112, CurrentState:112"),
    (
        16,
        "CSI    {running} [SR] Cannot repair member file [l:{number:99}]'{file}' of {component}, version {version}, arch amd64, nonSxS, pkt {l:8 b:31bf3856ad364e35} in the store, hash mismatch",
    ),
    (16, "CBS    Appl: detectParent: parent found: {package}, state: Installed"),
    (15, "CBS    Appl: DetectUpdate, Package: {package}, Remote Parent: {feature}, Intended State: Installed"),
    (12, "CSI    {running} CSIPERF - FilePI Queue {number:900}ms"),
    (12, "CBS    Appl: Package: {package}, Update: {feature}, Applicable: NeedsParent, Disposition: Staged"),
    (8, "CSI    {running} [SR] This component was referenced by [l:{number:120}]'{package}.{hex:32}'"),
    (
        8,
        r"CSI    {running} [SR] Could not reproject corrupted file \??\C:\WINDOWS\SystemApps\{component}\\{file}; source file in store is also corrupted",
    ),
    (8, "CBS    Appl: detectParent: package: {package}, no parent found, go absent"),
    (7, "CBS    Warning: Unrecognized packageExtended attribute."),
    (6, "CBS    EvaluateApplicability, package: {package}, Package applicability: Absent."),
    (6, "CBS    Expecting attribute name [HRESULT = 0x800f080d - CBS_E_MANIFEST_INVALID_ITEM]"),
    (6, "CBS    Failed to get next element [HRESULT = 0x800f080d - CBS_E_MANIFEST_INVALID_ITEM]"),
    (
        6,
        "CBS    Read out cached applicability from TiLight for package: {package}, ApplicableState: 112, CurrentState:0",
    ),
    (5, "CBS    WU creates the package, AppID:<<PROCESS>>: taskhostw.exe, UpdateID:{guid}, revision: {number:400}"),
    (5, "CBS    Appl: Higher version found for package: {package}, superseded. (Version on system:{package})"),
    (5, "CBS    Appl:Feature On Demand package without explicit comparator, using GE on build version"),
    (
        4,
        "CBS    External EvaluateApplicability, package: {package}, package applicable State: Installed, highest update applicable state: Installed, resulting applicable state:Installed",
    ),
    (4, "CBS    Package Format: PSFX"),
    (3, "CBS    InternalOpenPackage failed for {package} [HRESULT = 0x800f0805 - CBS_E_INVALID_PACKAGE]"),
    (3, "CBS    Failed to create open package. [HRESULT = 0x800f0805 - CBS_E_INVALID_PACKAGE]"),
    (3, "CBS    Failed to OpenPackage using worker session [HRESULT = 0x800f0805]"),
    (2, "CBS    Enumerating Foundation package: {package}, this could be slow"),
    (
        2,
        "CSI    {running}@{utc} CSI Transaction @0x{hex:11} initialized for deployment engine {guid} with flags 00000000 and client id 'TI5.{session}:1/'\r\n",
    ),
    (
        1,
        "CSI    {running} Performing 4 operations as follows:\r\n  (0)  LockComponentPath: flags: 0 comp: {l:16 b:{hex:32}} pathid: {l:16 b:{hex:32}} path: [l:{number:200}]'\\SystemRoot\\WinSxS\\{component}' pid: {hex:4} starttime: {number:1000000}\r\n  (1)  MoveFile: Source = [l:192]'\\SystemRoot\\WinSxS\\Temp\\PendingRenames\\{hex:32}', Destination = [l:104]'\\SystemRoot\\WinSxS\\FileMaps\\{hex:16}.cdf-ms'\r\n  (2)  SetFileInformation: File = [l:66]'\\??\\C:\\Windows\\System32\\{file}', Attributes = 00000084\r\n  (3)  HardLink: Source = [l:90]'{component}', Destination = [l:60]'{file}'",
    ),
];

/// Lines between the beginning and the end of a session, about.
const SESSION: u64 = 690;

/// An ordinary servicing log, line by line, without end.
pub(crate) struct Routine {
    begin: Vec<Template>,
    end: Vec<Template>,
    /// One template for each of a thousand throws.
    body: Vec<usize>,
    bodies: Vec<Template>,
    dice: Dice,
    clock: Clock,
    /// Lines of the session so far.
    at: u64,
    /// Lines of its body.
    length: u64,
    running: u64,
}

impl Routine {
    pub(crate) fn new() -> Routine {
        let mut body = Vec::new();
        for (index, (share, _)) in BODY.iter().enumerate() {
            body.extend((0..*share).map(|_| index));
        }
        Routine {
            begin: Template::all(&BEGIN),
            end: Template::all(&END),
            body,
            bodies: BODY.iter().map(|(_, text)| Template::new(text)).collect(),
            dice: Dice::new(1),
            clock: Clock::new(),
            at: 0,
            length: SESSION,
            running: 2,
        }
    }

    /// Writes the next line, with those that continue it.
    pub(crate) fn line(&mut self, out: &mut Vec<u8>) {
        let (begins, ends) = (self.begin.len() as u64, self.end.len() as u64);
        if self.at >= begins + self.length + ends {
            self.at = 0;
            self.running = 2;
            self.length = SESSION / 2 + self.dice.below(SESSION);
            let idle = 300 + self.dice.below(3600);
            self.clock.forward(idle);
        } else if self.dice.below(30) == 0 {
            self.clock.forward(1);
        }
        self.stamp(out);
        let index = |at: u64| usize::try_from(at).unwrap_or(0);
        let template = if self.at < begins {
            &self.begin[index(self.at)]
        } else if self.at < begins + self.length {
            self.running += 1;
            &self.bodies[*self.dice.pick(&self.body)]
        } else {
            &self.end[index(self.at - begins - self.length)]
        };
        template.write(out, &mut self.dice, self.running, self.clock.shown());
        out.extend_from_slice(b"\r\n");
        self.at += 1;
    }

    /// Writes a line of this message at the present time.
    pub(crate) fn say(&mut self, message: &str, out: &mut Vec<u8>) {
        self.stamp(out);
        out.extend_from_slice(b"CBS    ");
        out.extend_from_slice(message.as_bytes());
        out.extend_from_slice(b"\r\n");
    }

    /// What the clock shows: `2019-01-01 00:00:00`.
    pub(crate) fn shown(&self) -> &str {
        self.clock.shown()
    }

    /// Lets time pass.
    pub(crate) fn wait(&mut self, seconds: u64) {
        self.clock.forward(seconds);
    }

    fn stamp(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.clock.shown().as_bytes());
        out.extend_from_slice(b", Info                  ");
    }
}
