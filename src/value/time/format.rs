//! How a log writes its stamps: a strptime format, with `%x` for a date and `%X` for a time of day as the machine's
//! language writes them.
//!
//! A format is asked two things. [`TimeFormat::length`] says how much of a text has its shape: cheap, so that a line
//! which begins with anything else is turned away before it is parsed. [`TimeFormat::read`] parses, with what the file
//! as a whole has told: the order of day and month, and the year of stamps that have none.

use jiff::civil::DateTime;

use super::{Stamp, local};

/// A strptime format, ready to measure text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeFormat {
    source: String,
    items: Vec<Item>,
    /// It has no year, or shapes that are spelt out before they are parsed.
    spelt: bool,
    /// Its text at its widest, where that is digits, characters and single blanks.
    full: Option<Full>,
}

/// A text of digits and characters that are given, eight at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Full {
    length: usize,
    words: Vec<Eight>,
}

/// Eight bytes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Eight {
    /// Where they begin: the last ones end where the text ends, so that some of them may be asked twice.
    from: usize,
    /// The characters that are given.
    given: u64,
    /// All bits of the bytes that are digits.
    digits: u64,
}

impl Full {
    /// A text with a 0 for each digit; `None` for one of less than eight bytes.
    fn new(text: &[u8]) -> Option<Full> {
        let last = text.len().checked_sub(8)?;
        let froms = (0..last).step_by(8).chain([last]);
        let eight = |from: usize| {
            let bytes = text.get(from..)?.first_chunk::<8>()?;
            let digits = u64::from_le_bytes(bytes.map(|byte| if byte == b'0' { 0xff } else { 0 }));
            Some(Eight { from, given: u64::from_le_bytes(*bytes), digits })
        };
        Some(Full { length: text.len(), words: froms.map(eight).collect::<Option<_>>()? })
    }

    /// Whether a text begins so.
    fn begins(&self, text: &[u8]) -> bool {
        const HIGH: u64 = 0xf0f0_f0f0_f0f0_f0f0;
        const DIGITS: u64 = 0x3030_3030_3030_3030;
        const SIX: u64 = 0x0606_0606_0606_0606;
        let Some(text) = text.get(..self.length) else { return false };
        self.words.iter().all(|Eight { from, given, digits }| {
            let Some(bytes) = text.get(*from..).and_then(|text| text.first_chunk::<8>()) else { return false };
            let own = u64::from_le_bytes(*bytes);
            // 0x30 to 0x39: the upper half is 3, also of a number that is greater by six. What is carried over comes from a byte
            // that is none.
            let odd = ((own & HIGH) ^ DIGITS) | ((own.wrapping_add(SIX) & HIGH) ^ DIGITS);
            (own ^ given) & !digits | odd & digits == 0
        })
    }
}

/// One piece of a format.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Item {
    /// As it is written.
    source: String,
    shape: Shape,
}

/// What text a piece stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// Itself.
    Char(char),
    /// Blanks, at least one.
    Blanks,
    /// So many digits at the most, after blanks that pad them.
    Digits(usize),
    /// So many letters at the most.
    Letters(usize),
    /// The name of a day of the week.
    Weekday,
    /// A point and digits, or nothing.
    Fraction,
    /// `+0800`, `+08:00`.
    Offset,
    /// `%x`.
    LocalDate,
    /// `%X`.
    LocalTime,
}

/// Which comes first where a date leaves it open: `03/04/2024`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DayOrder {
    /// The month.
    #[default]
    MonthFirst,
    /// The day.
    DayFirst,
}

/// What a file as a whole tells about its stamps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Order of day and month where a date leaves it open.
    pub order: DayOrder,
    /// The year of stamps that have none; without it they stand in [`Stamp::YEARLESS`].
    pub year: Option<i16>,
}

/// Reads stamps one after the other. Neighbouring lines mostly have the same one, which is parsed once.
#[derive(Debug, Default)]
pub struct Stamps {
    /// The last one that stood in one piece, with its format and its text.
    last: Option<(TimeFormat, String, Reading, Stamp)>,
}

impl Stamps {
    /// Like [`TimeFormat::read`].
    pub fn read(&mut self, pieces: &[(&TimeFormat, &str)], reading: Reading) -> Option<Stamp> {
        let [(format, text)] = pieces else { return TimeFormat::read(pieces, reading) };
        if let Some((known, last, read, stamp)) = &mut self.last
            && known.source == format.source
            && *read == reading
        {
            if last != text {
                *stamp = TimeFormat::read(pieces, reading)?;
                (*text).clone_into(last);
            }
            return Some(*stamp);
        }
        let stamp = TimeFormat::read(pieces, reading)?;
        self.last = Some(((*format).clone(), (*text).to_owned(), reading, stamp));
        Some(stamp)
    }
}

impl TimeFormat {
    /// Takes `source` apart; whether it is a format is [`TimeFormat::check`]'s question.
    #[must_use]
    pub fn new(source: &str) -> Self {
        let mut items = Vec::new();
        let mut chars = source.chars().peekable();
        while let Some(char) = chars.next() {
            let mut item = String::from(char);
            if char != '%' {
                let shape = if blank(char) { Shape::Blanks } else { Shape::Char(char) };
                while shape == Shape::Blanks && chars.next_if(|next| blank(*next)).is_some() {}
                items.push(Item { source: item, shape });
                continue;
            }
            let mut point = false;
            while let Some(flag) = chars.next_if(|next| matches!(next, '-' | '_' | '0' | '.' | ':' | '1'..='9')) {
                point |= flag == '.';
                item.push(flag);
            }
            let letter = chars.next().unwrap_or('%');
            item.push(letter);
            match several(letter) {
                Some(directives) => items.extend(TimeFormat::new(directives).items),
                None => items.push(Item { source: item, shape: shape(letter, point) }),
            }
        }
        let full = items.iter().map(|item| match item.shape {
            Shape::Char(char) if char.is_ascii() && !char.is_ascii_digit() => Some(vec![char as u8]),
            Shape::Blanks => Some(vec![b' ']),
            Shape::Digits(most) => Some(vec![b'0'; most]),
            _ => None,
        });
        let full = full.collect::<Option<Vec<_>>>().map(|full| full.concat()).filter(|full| full.ends_with(b"0"));
        let full = full.and_then(|full| Full::new(&full));
        let mut format = Self { source: source.to_owned(), items, spelt: false, full };
        let own = [Shape::LocalDate, Shape::LocalTime, Shape::Weekday, Shape::Offset];
        format.spelt = TimeFormat::yearless(&[&format]) || format.items.iter().any(|item| own.contains(&item.shape));
        format
    }

    /// As it is written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether formats that stand for one stamp together are one.
    ///
    /// # Errors
    ///
    /// Why they are not, one line.
    pub fn check(formats: &[&TimeFormat]) -> Result<(), String> {
        let probe = jiff::civil::date(2012, 12, 28).at(22, 58, 59, 120_000_000);
        let sample = |format: &&TimeFormat| {
            let pieces = format.items.iter().map(|item| match item.shape {
                Shape::Offset => Ok("+0000".to_owned()),
                Shape::LocalDate => Ok("12/28/2012".to_owned()),
                Shape::LocalTime => Ok("22:58:59".to_owned()),
                _ => jiff::fmt::strtime::format(&item.source, probe).map_err(|error| one_line(&error)),
            });
            pieces.collect::<Result<String, String>>()
        };
        let texts = formats.iter().map(sample).collect::<Result<Vec<String>, String>>()?;
        let pieces: Vec<(&TimeFormat, &str)> = formats.iter().copied().zip(texts.iter().map(String::as_str)).collect();
        parse(&pieces, Reading::default()).map(|_| ())
    }

    /// Whether a stamp of these formats has no year of its own.
    #[must_use]
    pub fn yearless(formats: &[&TimeFormat]) -> bool {
        let has_year = |item: &Item| {
            let written = item.source.starts_with('%') && item.source.ends_with(['Y', 'y', 'C', 'G', 'g', 's', 'c']);
            written || item.shape == Shape::LocalDate
        };
        !formats.iter().flat_map(|format| &format.items).any(has_year)
    }

    /// Whether the order of day and month is not written in the format.
    #[must_use]
    pub fn local_date(&self) -> bool {
        self.items.iter().any(|item| item.shape == Shape::LocalDate)
    }

    /// Whether it may take more than the character behind a text of it to tell where that ends.
    #[must_use]
    pub fn looks_ahead(&self) -> bool {
        self.items.iter().any(|item| matches!(item.shape, Shape::LocalDate | Shape::LocalTime))
    }

    /// Whether its text carries an offset from UTC.
    #[must_use]
    pub fn shows_offset(&self) -> bool {
        self.items.iter().any(|item| item.shape == Shape::Offset)
    }

    /// Local time minus UTC in seconds, as `text` has it: `+0800`, `-03:30`.
    #[must_use]
    pub fn offset(&self, text: &str) -> Option<i32> {
        let mut at = 0;
        for item in &self.items {
            let rest = text.get(at..)?;
            let length = measure(item.shape, rest)?;
            at += length;
            if item.shape == Shape::Offset {
                let digits = rest.get(1..length)?.replace(':', "").parse::<i32>().ok()?;
                let seconds = (digits / 100 * 60 + digits % 100) * 60;
                return Some(if rest.starts_with('-') { -seconds } else { seconds });
            }
        }
        None
    }

    /// How many bytes at the beginning of `text` have its shape.
    #[must_use]
    pub fn length(&self, text: &str) -> Option<usize> {
        if let Some(full) = self.full.as_ref().filter(|full| full.begins(text.as_bytes())) {
            return Some(full.length);
        }
        self.items.iter().try_fold(0, |at, item| Some(at + measure(item.shape, text.get(at..)?)?))
    }

    /// The stamp that stands in one piece of text or in several, each with its format.
    #[must_use]
    pub fn read(pieces: &[(&TimeFormat, &str)], reading: Reading) -> Option<Stamp> {
        Stamp::of(parse(pieces, reading).ok()?)
    }
}

/// Parses pieces as one stamp; says why they are none.
fn parse(pieces: &[(&TimeFormat, &str)], reading: Reading) -> Result<DateTime, String> {
    if let [(format, text)] = pieces
        && !format.spelt
    {
        return DateTime::strptime(&format.source, text).map_err(|error| one_line(&error));
    }
    let formats: Vec<&TimeFormat> = pieces.iter().map(|(format, _)| *format).collect();
    let yearless = TimeFormat::yearless(&formats);
    let (mut explicit, mut texts) = (String::new(), String::new());
    let year = reading.year.unwrap_or(Stamp::YEARLESS);
    if yearless {
        explicit.push_str("%Y ");
        texts.extend([year.to_string().as_str(), " "]);
    }
    for (format, text) in pieces {
        format.spell_out(text, reading.order, &mut explicit, &mut texts).ok_or("not of the format")?;
        explicit.push(' ');
        texts.push(' ');
    }
    DateTime::strptime(&explicit, &texts).or_else(|error| {
        // A year that was told for the file and has no 29 February: the day after the 28th.
        let leap = yearless.then(|| texts.replacen(&format!("{year} "), "2000 ", 1));
        let leap = leap.and_then(|texts| DateTime::strptime(&explicit, texts).ok());
        let moved = leap.and_then(|at| at.with().day(28).year(year).build().ok()?.checked_add(DAY).ok());
        moved.ok_or_else(|| one_line(&error))
    })
}

const DAY: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

impl TimeFormat {
    /// Writes the format and the text with nothing left to a language: local dates and times as numbers, no names of
    /// days (the year that they would be compared with may be a guess), no offset (a stamp is what the clock on the
    /// wall showed).
    fn spell_out(&self, text: &str, order: DayOrder, format: &mut String, texts: &mut String) -> Option<()> {
        let mut at = 0;
        for item in &self.items {
            let rest = text.get(at..)?;
            let length = measure(item.shape, rest)?;
            let piece = rest.get(..length)?;
            at += length;
            match item.shape {
                Shape::LocalDate => {
                    format.push_str("%Y-%m-%d");
                    texts.push_str(&local::date(piece, order)?);
                }
                Shape::LocalTime => {
                    format.push_str("%H:%M:%S%.f");
                    texts.push_str(&local::time(piece)?);
                }
                Shape::Weekday | Shape::Offset => {}
                _ => {
                    format.push_str(&item.source);
                    texts.push_str(piece);
                }
            }
        }
        (at == text.len()).then_some(())
    }
}

fn blank(char: char) -> bool {
    char == ' ' || char == '\t'
}

/// Directives that stand for several others.
fn several(letter: char) -> Option<&'static str> {
    match letter {
        'F' => Some("%Y-%m-%d"),
        'D' => Some("%m/%d/%y"),
        'T' => Some("%H:%M:%S"),
        'R' => Some("%H:%M"),
        _ => None,
    }
}

/// The shape of a directive's text.
fn shape(letter: char, point: bool) -> Shape {
    match letter {
        'Y' | 'G' => Shape::Digits(4),
        'm' | 'd' | 'H' | 'M' | 'S' | 'I' | 'e' | 'k' | 'l' | 'y' | 'C' | 'g' | 'U' | 'W' | 'V' => Shape::Digits(2),
        'j' => Shape::Digits(3),
        'u' | 'w' => Shape::Digits(1),
        's' => Shape::Digits(19),
        'f' | 'N' if point => Shape::Fraction,
        'f' | 'N' => Shape::Digits(9),
        'p' | 'P' => Shape::Letters(2),
        'a' | 'A' => Shape::Weekday,
        'z' => Shape::Offset,
        'n' | 't' => Shape::Blanks,
        'x' => Shape::LocalDate,
        'X' => Shape::LocalTime,
        '%' => Shape::Char('%'),
        // The name of a month, and what is checked to be no directive.
        _ => Shape::Letters(9),
    }
}

/// How many bytes at the beginning are of a sort, of so many at the most.
#[inline]
fn run(bytes: &[u8], most: usize, is: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take(most).take_while(|byte| is(**byte)).count()
}

/// How many bytes at the beginning of `text` have a shape.
#[inline]
fn measure(shape: Shape, text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let some = |count: usize| (count > 0).then_some(count);
    match shape {
        Shape::Char(char) => text.starts_with(char).then_some(char.len_utf8()),
        Shape::Blanks => some(run(bytes, usize::MAX, |byte| blank(char::from(byte)))),
        Shape::Digits(most) => {
            let padded = usize::from(bytes.first() == Some(&b' '));
            Some(padded + some(run(&bytes[padded..], most, |byte| byte.is_ascii_digit()))?)
        }
        Shape::Letters(most) => some(run(bytes, most, |byte| byte.is_ascii_alphabetic())),
        Shape::Weekday => some(run(bytes, 9, |byte| byte.is_ascii_alphabetic())),
        Shape::Fraction if bytes.first() == Some(&b'.') => {
            Some(1 + some(run(&bytes[1..], 9, |byte| byte.is_ascii_digit()))?)
        }
        Shape::Fraction => Some(0),
        Shape::Offset => {
            let sign = matches!(bytes.first(), Some(b'+' | b'-'));
            let colon = usize::from(bytes.get(3) == Some(&b':'));
            let two = |from: usize| run(bytes.get(from..).unwrap_or_default(), 2, |byte| byte.is_ascii_digit());
            let digits = two(1) + two(3 + colon);
            (sign && digits == 4).then_some(5 + colon)
        }
        Shape::LocalDate => local::date_length(text),
        Shape::LocalTime => local::time_length(text),
    }
}

fn one_line(error: &impl ToString) -> String {
    let text = error.to_string();
    let last = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("");
    last.trim().trim_start_matches("error: ").to_owned()
}
