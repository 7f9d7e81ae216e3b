//! Events of processes: begun and ended, threads, images; and the profile of what they use.

use super::Details;
use super::bytes::Bytes;
use super::event::Event;
use super::words::{grouped, seconds};

const OPERATIONS: [&str; 10] = [
    "Process Defined",
    "Process Create",
    "Process Exit",
    "Thread Create",
    "Thread Exit",
    "Load Image",
    "Thread Profile",
    "Process Start",
    "Process Statistics",
    "System Statistics",
];

const PROFILES: [&str; 3] = ["Thread Profiling", "Process Profiling", "Debug Output Profiling"];

/// What stands before each variable of an environment.
const VARIABLE: &str = "\n;\t";

/// Reads the details of a process event.
pub(super) fn read(event: &mut Event, operation: u16, details: Details<'_>) -> Option<()> {
    event.class = "Process";
    event.operation = named(&OPERATIONS, operation);
    let own = details.own;
    match operation {
        0 | 1 => created(event, own),
        2 | 8 => exited(event, own),
        3 => thread_created(event, own),
        4 => thread_exited(event, own),
        5 => image(event, own),
        7 => started(event, own),
        _ => Some(()),
    }
}

/// Reads the details of a profile.
pub(super) fn profile(event: &mut Event, operation: u16, details: Details<'_>) -> Option<()> {
    event.class = "Profiling";
    event.operation = named(&PROFILES, operation);
    let mut bytes = details.own;
    match operation {
        0 => {
            event.path = format!("Thread {}", event.thread);
            let (user, kernel) = (bytes.u32()?, bytes.u32()?);
            event.add("User Time", seconds(user.into()));
            event.add("Kernel Time", seconds(kernel.into()));
            event.add("Context Switches", bytes.u32()?);
        }
        1 => {
            let (user, kernel) = (bytes.u64()?, bytes.u64()?);
            event.add("User Time", format!("{} seconds", seconds(user)));
            event.add("Kernel Time", format!("{} seconds", seconds(kernel)));
            let (working, private) = (bytes.u64()?, bytes.u64()?);
            event.add("Private Bytes", grouped(private));
            event.add("Working Set", grouped(working));
        }
        _ => {}
    }
    Some(())
}

/// The name of an operation; of one that is not known, its number.
pub(super) fn named(names: &[&str], operation: u16) -> String {
    names.get(usize::from(operation)).map_or_else(|| format!("<Unknown: {operation}>"), |name| (*name).to_owned())
}

fn created(event: &mut Event, mut bytes: Bytes<'_>) -> Option<()> {
    bytes.skip(4)?;
    event.add("PID", bytes.u32()?);
    bytes.skip(0x24)?;
    // Two identities of known length stand before the texts.
    let between = usize::from(bytes.u8()?) + usize::from(bytes.u8()?);
    let (path, command) = (bytes.text()?, bytes.text()?);
    bytes.skip(2 + between)?;
    event.path = bytes.string(path)?;
    event.add("Command line", bytes.string(command)?);
    Some(())
}

fn started(event: &mut Event, mut bytes: Bytes<'_>) -> Option<()> {
    event.add("Parent PID", bytes.u32()?);
    let (command, folder) = (bytes.text()?, bytes.text()?);
    let environment = (bytes.u32()? as usize).saturating_mul(2);
    event.add("Command line", bytes.string(command)?);
    event.add("Current directory", bytes.string(folder)?);
    let environment = bytes.strings(environment);
    event.add("Environment", format!("{VARIABLE}{}", environment.join(VARIABLE)));
    Some(())
}

fn exited(event: &mut Event, mut bytes: Bytes<'_>) -> Option<()> {
    event.add("Exit Status", bytes.u32()?.cast_signed());
    let (kernel, user) = (bytes.u64()?, bytes.u64()?);
    let (working, peak_working, private, peak_private) = (bytes.u64()?, bytes.u64()?, bytes.u64()?, bytes.u64()?);
    event.add("User Time", format!("{} seconds", seconds(user)));
    event.add("Kernel Time", format!("{} seconds", seconds(kernel)));
    event.add("Private Bytes", grouped(private));
    event.add("Peak Private Bytes", grouped(peak_private));
    event.add("Working Set", grouped(working));
    event.add("Peak Working Set", grouped(peak_working));
    Some(())
}

fn thread_created(event: &mut Event, mut bytes: Bytes<'_>) -> Option<()> {
    event.add("Thread ID", bytes.u32()?);
    Some(())
}

fn thread_exited(event: &mut Event, mut bytes: Bytes<'_>) -> Option<()> {
    event.add("Thread ID", event.thread);
    bytes.skip(4)?;
    let (kernel, user) = (bytes.u64()?, bytes.u64()?);
    event.add("User Time", seconds(user));
    event.add("Kernel Time", seconds(kernel));
    Some(())
}

fn image(event: &mut Event, mut bytes: Bytes<'_>) -> Option<()> {
    let (base, size) = (bytes.address()?, bytes.u32()?);
    event.add("Image Base", format!("0x{base:x}"));
    event.add("Image Size", format!("0x{size:x}"));
    let path = bytes.text()?;
    bytes.skip(2)?;
    event.path = bytes.string(path)?;
    Some(())
}
