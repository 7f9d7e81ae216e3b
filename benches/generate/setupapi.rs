//! A device installation log: sections of driver packages that are staged, published and configured, nested blocks,
//! marks in the first columns, stamps in milliseconds at the borders of sections and blocks.

use super::dice::{Clock, Dice, Template};

/// Titles of sections.
const TITLES: [&str; 6] = [
    "Install Driver Updates",
    "Uninstall Driver Updates",
    r"Device Install (Hardware initiated) - USB\VID_0781&PID_5567\{hex:16}",
    r"Setup Import Driver Package - c:\drivers\{file}",
    r"Device Install (DiInstallDriver) - C:\Windows\INF\{file}",
    r"Delete Device - USB\VID_0781&PID_5567\{hex:16}",
];

/// What stands in one, each with its share.
const BODY: [(u64, &str); 14] = [
    (
        15,
        "     sto: {Publish Driver Package: C:\\WINDOWS\\System32\\DriverStore\\FileRepository\\{file}_amd64_{hex:16}\\{file}} {time}\r\n     sto:      Driver Package = {file}_amd64_{hex:16}\r\n     idb:      {Publish Driver Package: C:\\WINDOWS\\System32\\DriverStore\\FileRepository\\{file}_amd64_{hex:16}\\{file}} {time}\r\n     idb:           Driver package '{file}_amd64_{hex:16}' is already active.\r\n     idb:      {Publish Driver Package: exit(0x00000000)} {time}\r\n     sto: {Publish Driver Package: exit(0x00000000)} {time}",
    ),
    (
        12,
        "     inf:      {Configure Driver: USB Audio Device}\r\n     inf:           Section Name = USBAudio\r\n     inf:           Hardware Id  = USB\\CLASS_{number:99}\r\n     inf:           {Configure Driver Configuration: USBAudio}\r\n     inf:                Service Name  = usbaudio\r\n     inf:                Start Type    = 3\r\n     inf:                Config Flags  = 0x00000000\r\n     inf:           {Configure Driver Configuration: exit(0x00000000)}\r\n     inf:      {Configure Driver: exit(0x00000000)}",
    ),
    (
        8,
        "!    inf: Needed section [KS.Registration] found in included INF \"ks.inf\", indirectly referenced from [BthA2dpSnk] by \"{file}\". Code = 1314, Line = {number:400}",
    ),
    (5, "!    inf: DriverVer directive incomplete. Code = 1085, Line = {number:400}"),
    (
        5,
        "     flq:      Hardlinking 'C:\\Windows\\WinSxS\\{component}\\{file}' to 'C:\\Windows\\System32\\DriverStore\\FileRepository\\{file}_amd64_{hex:16}\\{file}'.",
    ),
    (4, "     dvi:                     Flushed all driver package files to disk. Time = {number:300} ms"),
    (
        6,
        "     sto: {Stage Driver Package: c:\\drivers\\{file}} {time}\r\n     sto:      {DRIVERSTORE IMPORT VALIDATE} {time}\r\n     sig:           Driver package signature is valid. Score = 0x0D000005\r\n     sto:      {DRIVERSTORE IMPORT VALIDATE: exit(0x00000000)} {time}\r\n     sto: {Stage Driver Package: exit(0x00000000)} {time}",
    ),
    (3, "     sto: Driver update '{file}' is already reflected."),
    (3, "     sto: Image State        = Specialized"),
    (3, "     sto: Transaction        = CbsDriversAndPrimitives"),
    (2, "     idb:           Indexed {number:9} driver files for '{file}_amd64_{hex:16}'."),
    (2, "     sto:                Driver Version Last     = 04/21/2009,{version}"),
    (2, "     inf:      Class GUID     = {guid}"),
    (1, "     dvi:      Selected Driver: Description = USB Mass Storage Device, InfFile = {file}"),
];

/// Entries of a section, about.
const SECTION: u64 = 30;

/// An ordinary device installation log, entry by entry, without end.
pub(crate) struct Sections {
    titles: Vec<Template>,
    body: Vec<usize>,
    bodies: Vec<Template>,
    dice: Dice,
    clock: Clock,
    millis: u64,
    left: u64,
}

impl Sections {
    pub(crate) fn new() -> Sections {
        let mut body = Vec::new();
        for (index, (share, _)) in BODY.iter().enumerate() {
            body.extend((0..*share).map(|_| index));
        }
        let bodies = BODY.iter().map(|(_, text)| Template::new(text)).collect();
        let (dice, clock) = (Dice::new(2), Clock::new());
        Sections { titles: Template::all(&TITLES), body, bodies, dice, clock, millis: 0, left: 0 }
    }

    /// How the file begins.
    pub(crate) fn head() -> &'static str {
        "[Device Install Log]\r\n     OS Version = 10.0.17763\r\n     Service Pack = 0.0\r\n     Suite = 0x0100\r\n     \
         ProductType = 1\r\n     Architecture = amd64\r\n\r\n[BeginLog]\r\n\r\n"
    }

    /// Writes the next entry of a section, with the section's end and the next one's beginning where they come.
    pub(crate) fn line(&mut self, out: &mut Vec<u8>) {
        if self.left == 0 {
            self.begin(out);
        }
        let template = &self.bodies[*self.dice.pick(&self.body)];
        let at = out.len();
        template.write(out, &mut self.dice, 0, self.clock.shown());
        // The templates' own braces are the log's; only the time within them is filled in here.
        let stamp = self.time();
        let text = String::from_utf8_lossy(&out[at..]).replace("{time}", &stamp);
        out.truncate(at);
        out.extend_from_slice(text.as_bytes());
        out.extend_from_slice(b"\r\n");
        self.millis = (self.millis + self.dice.below(40)).min(999);
        self.left -= 1;
        if self.left == 0 {
            self.end("SUCCESS", out);
        }
    }

    /// Writes a section of its own with these messages as errors.
    pub(crate) fn fail(&mut self, messages: &[String], out: &mut Vec<u8>) {
        if self.left > 0 {
            self.left = 0;
            self.end("SUCCESS", out);
        }
        self.begin(out);
        for message in messages {
            out.extend_from_slice(b"!!!  sto: ");
            out.extend_from_slice(message.as_bytes());
            out.extend_from_slice(b"\r\n");
        }
        self.left = 0;
        self.end("FAILURE(0x00000005)", out);
    }

    /// What the clock shows: `2019-01-01 00:00:00`.
    pub(crate) fn shown(&self) -> &str {
        self.clock.shown()
    }

    fn time(&self) -> String {
        format!("{}.{:03}", self.clock.shown().get(11..).unwrap_or_default(), self.millis)
    }

    fn stamp(&self) -> String {
        format!("{}.{:03}", self.clock.shown().replace('-', "/"), self.millis)
    }

    fn begin(&mut self, out: &mut Vec<u8>) {
        let idle = 2 + self.dice.below(600);
        self.clock.forward(idle);
        self.millis = self.dice.below(900);
        self.left = SECTION / 2 + self.dice.below(SECTION);
        out.extend_from_slice(b">>>  [");
        let title = self.dice.pick(&self.titles);
        title.write(out, &mut Dice::new(self.left), 0, "");
        out.extend_from_slice(format!("]\r\n>>>  Section start {}\r\n", self.stamp()).as_bytes());
    }

    fn end(&mut self, status: &str, out: &mut Vec<u8>) {
        self.clock.forward(1);
        out.extend_from_slice(format!("<<<  Section end {}\r\n", self.stamp()).as_bytes());
        out.extend_from_slice(format!("<<<  [Exit status: {status}]\r\n\r\n\r\n").as_bytes());
    }
}
