//! Text as ordinary logs have it, to tell which part of a phrase is rare. What is chosen costs time alone: the filter finds
//! the same whatever the text.

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

/// Places for the counts of grams; two grams may share one, which does little harm.
const PLACES: usize = 1 << 17;

/// Grams side by side in the longest part of a phrase.
const NEIGHBOURS: usize = 16;

/// How often the grams of ordinary text stand there.
#[derive(Debug)]
pub(in crate::scan) struct Background {
    text: Vec<u8>,
    long: Vec<u16>,
    short: Vec<u16>,
    snippets: Vec<u16>,
    bytes: [u32; 256],
}

impl Background {
    /// Text that every log of servicing has, and the beginning of the log at hand.
    pub(in crate::scan) fn new(sample: &[u8]) -> Background {
        let mut text = ORDINARY.join("\n").into_bytes();
        text.extend_from_slice(sample);
        let (long, short, snippets) = (counts::<8>(&text), counts::<4>(&text), counts::<3>(&text));
        let mut bytes = [0; 256];
        for byte in &text {
            bytes[usize::from(*byte)] += 1;
        }
        Background { text, long, short, snippets, bytes }
    }

    /// All its grams.
    pub(super) fn grams<const G: usize>(&self) -> impl Iterator<Item = u64> + Clone {
        self.text.windows(G).filter_map(gram::<G>)
    }

    /// Where the part of `text` of so many bytes begins whose grams of G bytes stand there least.
    pub(super) fn rarest<const G: usize>(&self, text: &[u8], bytes: usize) -> Option<usize> {
        self.parts::<G>(text, bytes).min_by_key(|(_, common)| *common).map(|(begin, _)| begin)
    }

    /// How often the grams of that part stand there, together.
    pub(super) fn common<const G: usize>(&self, text: &[u8], bytes: usize) -> usize {
        self.parts::<G>(text, bytes).map(|(_, common)| common).min().unwrap_or_default()
    }

    /// Where each part of so many bytes begins, and how often its grams stand there.
    fn parts<const G: usize>(&self, text: &[u8], bytes: usize) -> impl Iterator<Item = (usize, usize)> {
        let counts: &[u16] = if G == 8 { &self.long } else { &self.short };
        let neighbours = (bytes + 1).saturating_sub(G).max(1);
        debug_assert!(neighbours <= NEIGHBOURS, "what leaves the sum has to be known");
        let (mut sum, mut last) = (0, [0; NEIGHBOURS]);
        text.windows(G).enumerate().filter_map(move |(at, window)| {
            let own = gram::<G>(window).map_or(0, |gram| usize::from(counts[place(gram)]));
            let left = if at >= neighbours { last[(at - neighbours) % NEIGHBOURS] } else { 0 };
            sum = sum + own - left;
            last[at % NEIGHBOURS] = own;
            (at + 1).checked_sub(neighbours).map(|begin| (begin, sum))
        })
    }

    /// Bytes of it.
    pub(super) fn length(&self) -> usize {
        self.text.len()
    }

    /// How often each byte stands there.
    pub(super) fn bytes(&self) -> &[u32; 256] {
        &self.bytes
    }

    /// How often three letters stand there.
    pub(super) fn snippet(&self, snippet: &[u8]) -> usize {
        gram::<3>(snippet).map_or(0, |gram| usize::from(self.snippets[place(gram)]))
    }
}

fn counts<const G: usize>(text: &[u8]) -> Vec<u16> {
    let mut counts = vec![0u16; PLACES];
    for gram in text.windows(G).filter_map(gram::<G>) {
        let count = &mut counts[place(gram)];
        *count = count.saturating_add(1);
    }
    counts
}

fn place(gram: u64) -> usize {
    usize::try_from(gram.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40).unwrap_or(0) % PLACES
}
