//! Events of the network: who sent how much to whom.

use super::Details;
use super::event::Event;
use super::process::named;
use super::tables::Tables;

const OPERATIONS: [&str; 10] =
    ["Unknown", "Other", "Send", "Receive", "Accept", "Connect", "Disconnect", "Reconnect", "Retransmit", "TCPCopy"];

/// Reads the details of a network event.
pub(super) fn read(event: &mut Event, operation: u16, details: Details<'_>, tables: &Tables) -> Option<()> {
    event.class = "Network";
    event.operation = named(&OPERATIONS, operation);
    let mut bytes = details.own;
    let flags = bytes.u16()?;
    let tcp = flags & 4 != 0;
    event.protocol = Some(if tcp { "TCP" } else { "UDP" });
    bytes.skip(2)?;
    event.add("Length", bytes.u32()?);
    let (from, to): ([u8; 16], [u8; 16]) = (bytes.take(16)?.try_into().ok()?, bytes.take(16)?.try_into().ok()?);
    let (from_port, to_port) = (bytes.u16()?, bytes.u16()?);
    let from = tables.end(from, flags & 1 != 0, from_port, tcp);
    let to = tables.end(to, flags & 2 != 0, to_port, tcp);
    event.path = format!("{from} -> {to}");
    for pair in bytes.strings(usize::MAX).as_chunks::<2>().0 {
        let [name, value] = pair;
        event.add(name, value);
    }
    Some(())
}
