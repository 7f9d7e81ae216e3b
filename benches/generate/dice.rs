//! Numbers that look random and are the same in every run, and line templates filled with them.

use std::io::Write;

/// A generator of numbers (splitmix64): small, fast, the same on every machine.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[usize::try_from(self.below(from.len() as u64)).unwrap_or(0)]
    }
}

/// Names that stand in for packages, components and files; the words are those of Windows, the numbers are not.
const PACKAGES: [&str; 16] = [
    "Microsoft-Windows-Foundation-Package",
    "Microsoft-Windows-Client-Features-Package",
    "Microsoft-Windows-IIS-WebServer-Package",
    "Microsoft-Windows-NetFx4-WCF-US-OC-Package",
    "Microsoft-Windows-Holographic-Desktop-FOD-Package",
    "Microsoft-Windows-Hyper-V-ClientEdition-Package",
    "Microsoft-Windows-StepsRecorder-Package",
    "Microsoft-Windows-InternetExplorer-Optional-Package",
    "Microsoft-Windows-LanguageFeatures-Basic-en-us-Package",
    "Microsoft-Windows-Printing-PMCPPC-FoD-Package",
    "Microsoft-OneCore-ApplicationModel-Sync-Desktop-FOD-Package",
    "Microsoft-Windows-Notepad-System-FoD-Package",
    "Package_for_RollupFix",
    "Package_for_DotNetRollup",
    "OpenSSH-Client-Package",
    "HyperV-Feature-VirtualMachinePlatform-Client-Disabled-FOD-Package",
];

const FEATURES: [&str; 12] = [
    "IIS-WebServer",
    "IIS-CommonHttpFeatures",
    "IIS-IIS6ManagementCompatibility",
    "WCF-Services45",
    "NetFx4-AdvSrvs",
    "Microsoft-Hyper-V",
    "IIS-WebServerManagementTools",
    "Printing-PrintToPDFServices-Features",
    "SmbDirect",
    "MediaPlayback",
    "WorkFolders-Client",
    "SearchEngine-Client-Package",
];

const COMPONENTS: [&str; 12] = [
    "microsoft-windows-servicingstack",
    "microsoft-windows-branding-shell",
    "dual_usbstor.inf",
    "dual_netrtwlane.inf",
    "microsoft-windows-ie-htmlrendering",
    "wpf-presentationframework",
    "microsoft-windows-t..services-webaccess",
    "userexperience-fileexp",
    "netfx4-system.web",
    "dual_c_media.inf",
    "microsoft-windows-security-spp",
    "hyperv-vmbus",
];

const FILES: [&str; 12] = [
    "DisplaySettings.svg",
    "cbscore.dll",
    "windows.addmediaserver.svg",
    "usbstor.inf",
    "MpEvMsg.dll.mui",
    "Defender.psd1",
    "ntprint.inf",
    "PresentationCore.dll",
    "c_extension.inf",
    "shellbrd.dll",
    "System.Web.dll",
    "storport.sys",
];

const SYMBOLS: [(&str, &str); 6] = [
    ("0x80070005", "E_ACCESSDENIED"),
    ("0x80070002", "ERROR_FILE_NOT_FOUND"),
    ("0x80070020", "ERROR_SHARING_VIOLATION"),
    ("0x800f0831", "CBS_E_STORE_CORRUPTION"),
    ("0x80073712", "ERROR_SXS_COMPONENT_STORE_CORRUPT"),
    ("0x800705aa", "ERROR_NO_SYSTEM_RESOURCES"),
];

/// What a template's brace stands for.
#[derive(Clone, Copy)]
enum Hole {
    Package,
    Feature,
    Component,
    File,
    Kb,
    Version,
    Guid,
    Session,
    /// A counter that runs on, in eight hexadecimal digits.
    Running,
    /// So many hexadecimal digits.
    Hex(usize),
    /// A number below.
    Number(u64),
    /// An error code with its symbol.
    Error,
    /// The stamp as the component store writes it.
    Utc,
}

enum Piece {
    Text(String),
    Hole(Hole),
}

/// A line with holes: `{package}`, `{hex:8}`, `{number:100}` …
pub(crate) struct Template(Vec<Piece>);

impl Template {
    pub(crate) fn new(text: &str) -> Template {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let end = rest[open..].find('}').map_or(rest.len(), |end| open + end);
            if let Some(hole) = hole(rest.get(open + 1..end).unwrap_or_default()) {
                pieces.push(Piece::Text(rest[..open].to_owned()));
                pieces.push(Piece::Hole(hole));
                rest = rest.get(end + 1..).unwrap_or_default();
            } else {
                // A brace of the log's own.
                pieces.push(Piece::Text(rest[..=open].to_owned()));
                rest = &rest[open + 1..];
            }
        }
        pieces.push(Piece::Text(rest.to_owned()));
        Template(pieces)
    }

    pub(crate) fn all(texts: &[&str]) -> Vec<Template> {
        texts.iter().map(|text| Template::new(text)).collect()
    }

    /// Writes the line's message, filled in.
    pub(crate) fn write(&self, out: &mut Vec<u8>, dice: &mut Dice, running: u64, stamp: &str) {
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => out.extend_from_slice(text.as_bytes()),
                Piece::Hole(hole) => fill(*hole, out, dice, running, stamp),
            }
        }
    }
}

fn hole(name: &str) -> Option<Hole> {
    let (name, count) = name.split_once(':').unwrap_or((name, ""));
    Some(match name {
        "package" => Hole::Package,
        "feature" => Hole::Feature,
        "component" => Hole::Component,
        "file" => Hole::File,
        "kb" => Hole::Kb,
        "version" => Hole::Version,
        "guid" => Hole::Guid,
        "session" => Hole::Session,
        "running" => Hole::Running,
        "hex" => Hole::Hex(count.parse().ok()?),
        "number" => Hole::Number(count.parse().ok()?),
        "error" => Hole::Error,
        "utc" => Hole::Utc,
        _ => return None,
    })
}

fn fill(hole: Hole, out: &mut Vec<u8>, dice: &mut Dice, running: u64, stamp: &str) {
    // Writing into a vector cannot fail.
    let _ = match hole {
        Hole::Package => {
            let name = dice.pick(&PACKAGES);
            write!(out, "{name}~31bf3856ad364e35~amd64~~10.0.{}.{}", 17763 + dice.below(9) * 600, dice.below(7000))
        }
        Hole::Feature => write!(out, "{}", dice.pick(&FEATURES)),
        Hole::Component => {
            let name = dice.pick(&COMPONENTS);
            let build = 17763 + dice.below(9) * 600;
            write!(out, "amd64_{name}_31bf3856ad364e35_10.0.{build}.{}_none_{:016x}", dice.below(7000), dice.next())
        }
        Hole::File => write!(out, "{}", dice.pick(&FILES)),
        Hole::Kb => write!(out, "KB50{:05}", dice.below(100_000)),
        Hole::Version => write!(out, "10.0.{}.{}", 17763 + dice.below(9) * 600, dice.below(7000)),
        Hole::Guid => {
            let (a, b) = (dice.next(), dice.next());
            let (a1, a2, a3) = (a >> 32, a >> 16 & 0xffff, a & 0xffff);
            write!(out, "{{{a1:08X}-{a2:04X}-{a3:04X}-{:04X}-{:012X}}}", b >> 48, b & 0xffff_ffff_ffff)
        }
        Hole::Session => write!(out, "31{:06}_{}", dice.below(1_000_000), dice.below(4_000_000_000)),
        Hole::Running => write!(out, "{running:08x}"),
        Hole::Hex(digits) => hex(out, dice, digits),
        Hole::Number(below) => write!(out, "{}", dice.below(below)),
        Hole::Error => {
            let (code, symbol) = dice.pick(&SYMBOLS);
            write!(out, "{code} - {symbol}")
        }
        Hole::Utc => write!(out, "{}.{:03}", stamp.replace('-', "/").replace(' ', ":"), dice.below(1000)),
    };
}

fn hex(out: &mut Vec<u8>, dice: &mut Dice, digits: usize) -> std::io::Result<()> {
    let mut left = digits;
    while left > 0 {
        let now = left.min(16);
        write!(out, "{:0now$x}", dice.next() >> (64 - 4 * now))?;
        left -= now;
    }
    Ok(())
}

/// A clock that shows civil time and runs on.
pub(crate) struct Clock {
    seconds: u64,
    shown: String,
}

impl Clock {
    pub(crate) fn new() -> Clock {
        let mut clock = Clock { seconds: 0, shown: String::new() };
        clock.forward(0);
        clock
    }

    pub(crate) fn forward(&mut self, seconds: u64) {
        self.seconds += seconds;
        let (days, second) = (self.seconds / 86_400, self.seconds % 86_400);
        // Months of 28 days: every date there is, none too many.
        let (year, month, day) = (2019 + days / 336, days / 28 % 12 + 1, days % 28 + 1);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        self.shown = format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
    }

    /// `2019-01-01 00:00:00`.
    pub(crate) fn shown(&self) -> &str {
        &self.shown
    }
}
