//! The longest prefix of a text that is of a type: for a hole at a pattern's end.
//!
//! Looks at no more of the text than a value of the type can take, whatever the text holds, but for `text` and `word`,
//! which take one look at the line.

use super::sentence::head;
use super::{Type, ident, path, servicing};

/// Bytes at the beginning of `text`, or nothing where no prefix is of the type.
pub(super) fn length(ty: Type, text: &str) -> Option<usize> {
    let length = match ty {
        Type::Text => text.find(['\r', '\n']).unwrap_or(text.len()),
        Type::Word => text.find(char::is_whitespace).unwrap_or(text.len()),
        Type::Quoted => ident::quoted_length(text)?,
        Type::Path => path::length(text)?,
        Type::Url => ident::url_length(text),
        Type::User => ident::user_length(text),
        Type::Service => ident::service_length(text),
        Type::Package => servicing::package_length(text)?,
        Type::Component => servicing::component_length(text)?,
        Type::Error => return error(text),
        _ => return within(ty, text),
    };
    ty.read(&text[..length]).map(|_| length)
}

/// The characters that values of a type are made of, and how many at the most.
fn class(ty: Type) -> (fn(u8) -> bool, usize) {
    match ty {
        Type::Int | Type::Hex => (|byte| byte.is_ascii_hexdigit() || b"xX+-".contains(&byte), 24),
        Type::Kb => (|byte| byte.is_ascii_digit() || b"kKbB ".contains(&byte), 16),
        Type::Version => (|byte| byte.is_ascii_digit() || byte == b'.', 128),
        Type::Guid => (|byte| byte.is_ascii_hexdigit() || b"-{}".contains(&byte), 38),
        Type::Sid => (|byte| byte.is_ascii_digit() || b"*sS-".contains(&byte), 190),
        Type::Ip => (|byte| byte.is_ascii_alphanumeric() || b".:%[]".contains(&byte), 64),
        Type::Time => (|byte| byte.is_ascii_digit() || b"-/:.,T ".contains(&byte), 32),
        Type::Duration => (|byte| byte.is_ascii_alphanumeric() || byte == b' ', 64),
        _ => (|byte| byte.is_ascii_hexdigit() || b"xX-".contains(&byte), 32),
    }
}

/// The longest prefix within the characters of the type. It ends at no blank and cuts no number in two.
fn within(ty: Type, text: &str) -> Option<usize> {
    let (class, most) = class(ty);
    let bytes = text.as_bytes();
    let run = bytes.iter().take(most).take_while(|byte| class(**byte)).count();
    let blank = |at: usize| bytes.get(at).is_none_or(u8::is_ascii_whitespace);
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    if blank(0) {
        return None;
    }
    let mut ends = (1..=run).rev().filter(|end| !(blank(end - 1) || digit(end - 1) && digit(*end)));
    ends.find(|end| ty.read(&text[..*end]).is_some())
}

/// A code in brackets, a name, or a number; neither a name nor a number is cut in two.
fn error(text: &str) -> Option<usize> {
    let start = text.chars().next()?;
    let inner = |char: char| char.is_ascii_alphanumeric() || char == '_';
    let bracketed = |from: usize| Some(from + head(&text[from..], 80).find([')', ']'])? + 1);
    let name = head(text, 128);
    let named = name.find(|char| !inner(char)).unwrap_or(name.len());
    let whole = if matches!(start, '(' | '[') {
        bracketed(0)
    } else if text[named..].starts_with('(') {
        bracketed(named).filter(|end| Type::Error.read(&text[..*end]).is_some()).or(Some(named))
    } else {
        Some(named).filter(|_| start.is_ascii_alphabetic())
    };
    match whole {
        Some(end) if start.is_ascii_digit() && Type::Error.read(&text[..end]).is_none() => within(Type::Error, text),
        Some(end) => Type::Error.read(&text[..end]).map(|_| end),
        None => within(Type::Error, text).filter(|end| !text[*end..].starts_with(inner)),
    }
}
