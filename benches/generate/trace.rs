//! A trace of Process Monitor as it saves one: a row an event, in seven columns, every cell quoted.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::dice::{Clock, Dice, Template};

/// Who asks: the first three columns but the time, each with its share.
const PROCESSES: [(u64, &str); 6] = [
    (8, r#""svchost.exe","1234""#),
    (4, r#""TiWorker.exe","7712""#),
    (2, r#""TrustedInstaller.exe","4408""#),
    (3, r#""explorer.exe","5520""#),
    (2, r#""lsass.exe","812""#),
    (1, r#""drvinst.exe","9{number:999}""#),
];

/// What is asked: operation, path, result and detail, each with its share.
const EVENTS: [(u64, &str); 10] = [
    (9, r#""RegOpenKey","HKLM\System\CurrentControlSet\Services\{file}","SUCCESS","Desired Access: Read""#),
    (
        9,
        r#""RegQueryValue","HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\{package}\Version","SUCCESS","Type: REG_SZ, Length: 24, Data: {version}""#,
    ),
    (5, r#""RegQueryValue","HKCU\Software\Classes\CLSID\{guid}\InprocServer32","NAME NOT FOUND","Length: 144""#),
    (8, r#""RegCloseKey","HKLM\System\CurrentControlSet\Services\{file}","SUCCESS","""#),
    (
        7,
        r#""CreateFile","C:\Windows\WinSxS\{component}\{file}","SUCCESS","Desired Access: Generic Read, Disposition: Open, Options: Synchronous IO Non-Alert, Non-Directory File, Attributes: n/a, ShareMode: Read, Delete, AllocationSize: n/a, OpenResult: Opened""#,
    ),
    (
        3,
        r#""CreateFile","C:\Windows\System32\drivers\{file}","NAME NOT FOUND","Desired Access: Read Attributes, Disposition: Open, Options: Open Reparse Point, Attributes: n/a, ShareMode: Read, Write, Delete, AllocationSize: n/a""#,
    ),
    (
        8,
        r#""ReadFile","C:\Windows\WinSxS\{component}\{file}","SUCCESS","Offset: {number:9000000}, Length: 4,096, Priority: Normal""#,
    ),
    (7, r#""CloseFile","C:\Windows\WinSxS\{component}\{file}","SUCCESS","""#),
    (
        4,
        r#""QueryDirectory","C:\Windows\INF\*.inf","NO MORE FILES","FileInformationClass: FileBothDirectoryInformation""#,
    ),
    (2, r#""Load Image","C:\Windows\System32\{file}","SUCCESS","Image Base: 0x7ff{hex:9}, Image Size: 0x{hex:5}""#),
];

/// An event in so many rows that is refused.
const REFUSED: &str = r#""CreateFile","C:\Windows\INF\{file}","ACCESS DENIED","Desired Access: Generic Write, Disposition: OpenIf, Options: Synchronous IO Non-Alert, Non-Directory File, Attributes: N, ShareMode: None, AllocationSize: 0""#;
const ONE_IN: u64 = 20_000;

/// Writes a trace of about this size.
pub(crate) fn write(size: u64, to: &Path) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(to)?);
    let all = |shares: &[(u64, &str)]| -> (Vec<usize>, Vec<Template>) {
        let places = shares.iter().enumerate().flat_map(|(at, (share, _))| (0..*share).map(move |_| at));
        (places.collect(), shares.iter().map(|(_, text)| Template::new(text)).collect())
    };
    let ((who, processes), (what, events)) = (all(&PROCESSES), all(&EVENTS));
    let refused = Template::new(REFUSED);
    let (mut dice, mut clock, mut ticks) = (Dice::new(4), Clock::new(), 0);
    let mut row = "\u{feff}\"Time of Day\",\"Process Name\",\"PID\",\"Operation\",\"Path\",\"Result\",\"Detail\"\r\n"
        .to_owned()
        .into_bytes();
    let (mut written, mut rows) = (0, 0u64);
    while written < size {
        out.write_all(&row)?;
        written += row.len() as u64;
        row.clear();
        ticks += dice.below(9_000);
        clock.forward(ticks / 10_000_000);
        ticks %= 10_000_000;
        write!(row, "\"{}.{ticks:07}\",", clock.shown().get(11..).unwrap_or_default())?;
        processes[*dice.pick(&who)].write(&mut row, &mut dice, 0, "");
        row.push(b',');
        rows += 1;
        let event = if rows.is_multiple_of(ONE_IN) { &refused } else { &events[*dice.pick(&what)] };
        event.write(&mut row, &mut dice, 0, "");
        row.extend_from_slice(b"\r\n");
    }
    out.flush()
}
