//! 7z: block by block, each unpacked in one go however many members it holds.

mod directory;

use std::io::{self, BufReader};

use sevenz_rust2::{Archive, ArchiveEntry, BlockDecoder, EncoderMethod, Error, Password};

use super::{Body, Entry, Fault, Open, Taken, Taker, WINDOW};

pub(super) fn members(open: &Open<'_>, take: &mut Taker<'_>) -> Result<(), Fault> {
    let mut source = BufReader::with_capacity(64 << 10, open()?);
    let password = Password::empty();
    directory::check(&mut source)?;
    let archive = Archive::read(&mut source, &password).map_err(|error| match error {
        Error::PasswordRequired => Fault::Encrypted,
        error => Fault::Damaged(said(&error)),
    })?;
    for (index, block) in archive.blocks.iter().enumerate() {
        let mut left = BlockDecoder::new(1, index, &archive, &password, &mut source).entries().to_vec();
        left.reverse();
        let mut taken = Taken::Yes;
        let ended = if block.coders.iter().any(|coder| window(coder.encoder_method_id(), coder.properties()) > WINDOW) {
            Err(Error::Other("needs too much memory".into()))
        } else {
            BlockDecoder::new(1, index, &archive, &password, &mut source).for_each_entries(&mut |entry, bytes| {
                left.pop();
                taken = offer(entry, Body::Bytes(bytes), take);
                Ok(taken == Taken::Yes)
            })
        };
        // Within a block nothing can be left out; the next block begins anew.
        if taken == Taken::Enough || (taken == Taken::Past && !left.is_empty()) {
            return Err(Fault::Limit);
        }
        if let Err(error) = ended {
            unread(&left, &error, take)?;
        }
    }
    for (entry, block) in archive.files.iter().zip(&archive.stream_map.file_block_index) {
        if block.is_none() && offer(entry, Body::Bytes(&mut io::empty()), take) == Taken::Enough {
            return Err(Fault::Limit);
        }
    }
    Ok(())
}

fn offer(entry: &ArchiveEntry, body: Body<'_>, take: &mut Taker<'_>) -> Taken {
    if entry.is_directory() || entry.is_anti_item() {
        return Taken::Yes;
    }
    let seen = Entry { name: super::name(entry.name().as_bytes()), bytes: Some(entry.size()), packed: None };
    take(&seen, body)
}

/// What a block that failed left unread.
fn unread(left: &[ArchiveEntry], error: &Error, take: &mut Taker<'_>) -> Result<(), Fault> {
    for entry in left.iter().rev() {
        let encrypted = matches!(error, Error::PasswordRequired);
        let body = if encrypted { Body::Encrypted } else { Body::Unreadable(said(error)) };
        if offer(entry, body, take) == Taken::Enough {
            return Err(Fault::Limit);
        }
    }
    Ok(())
}

/// The error in words.
fn said(error: &Error) -> io::Error {
    let words = match error {
        Error::ChecksumVerificationFailed | Error::NextHeaderCrcMismatch => "a checksum is wrong".to_owned(),
        Error::UnsupportedCompressionMethod(method) => format!("packed by {method}, which is not read"),
        Error::Io(error, _) | Error::MaybeBadPassword(error) => error.to_string(),
        Error::Other(words) | Error::Unsupported(words) => words.to_string(),
        other => other.to_string(),
    };
    io::Error::new(io::ErrorKind::InvalidData, words)
}

/// The memory that a method asks for by its properties.
fn window(method: &[u8], properties: &[u8]) -> u64 {
    let number = || {
        let bytes = properties.get(1..5).and_then(|bytes| <[u8; 4]>::try_from(bytes).ok());
        bytes.map_or(0, u32::from_le_bytes).into()
    };
    match method {
        EncoderMethod::ID_LZMA | EncoderMethod::ID_PPMD => number(),
        EncoderMethod::ID_LZMA2 => {
            let bits = properties.first().map_or(0, |bits| u64::from(*bits & 0x3f));
            (2 | (bits & 1)) << (bits / 2 + 11)
        }
        _ => 0,
    }
}
