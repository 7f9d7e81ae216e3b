//! Log kinds: how a file is recognised and split, its fields, its clock.

use super::emit;
use super::fault;
use super::known::{Known, failed_since};
use super::layer::ByName;
use super::pattern::{self, Lowered, Place};
use super::reader::READERS;
use crate::diagnostic::{Code, Diagnostic};
use crate::logs::{self, AttemptMarks, Clock, Framing, LogKind, LogKindId, LogKinds, SectionMarks, Snapshot};
use crate::pattern::Pattern;
use crate::source::Span;
use crate::syntax::ast::{ClockDecl, HoleAccepts, LogDecl, PatternDecl, PatternPart, Text};
use crate::value::Zone;

/// The kind that takes what no other kind does; the only one without `record:` and `reader:`.
const PLAIN: &str = "text";

const SECOND: i64 = 1_000_000_000;

/// Lowers all kinds, by name.
pub(super) fn lower_all(logs: &ByName<LogDecl>, faults: &mut Vec<Diagnostic>) -> (LogKinds, Known<LogKindId>) {
    let mut kinds = Vec::new();
    let mut known = Known::new(&fault::LOG);
    for (name, log) in logs {
        let kind = lower(&log.decl, faults);
        known.insert(name.clone(), kind.is_some().then_some(LogKindId::at(kinds.len())));
        kinds.extend(kind);
    }
    (LogKinds::new(kinds), known)
}

/// Lowers one kind; `None` when something in it was reported.
fn lower(decl: &LogDecl, faults: &mut Vec<Diagnostic>) -> Option<LogKind> {
    let before = faults.len();
    let records = lower_list(&decl.record, faults);
    let stamps = lower_list(&decl.stamps, faults);
    let begin = lower_list(&decl.begin, faults);
    let details = lower_list(&decl.fields, faults);
    let framing = framing(decl, &records, faults);
    check_lines(decl, &details, faults);
    let stamped = check_stamps(decl, [&records, &details, &stamps], faults);
    if let Some(keeps) = decl.keeps.as_ref().filter(|_| decl.snapshot.is_some()) {
        let (zh, en) = ("快照没有保留期", "a snapshot is not kept for a time");
        faults.push(Diagnostic::error(Code::LOG_KEY_OUT_OF_PLACE, keeps.span, zh, en));
    }
    let fields = fields(records.iter().chain(&details), framing.as_ref());
    let kind = LogKind {
        name: decl.name.value.clone(),
        title: emit::title(&decl.title, &decl.name),
        files: logs::FileNames::new(decl.files.iter().map(|file| file.value.clone()).collect()),
        framing: framing.unwrap_or(Framing::Lines(Vec::new())),
        begin: patterns(begin),
        details: patterns(details),
        recognise: patterns(lower_list(&decl.recognise, faults)),
        clock: clock(decl, stamped, faults),
        stamps: patterns(stamps),
        sections: decl.section.as_ref().map(|(begin, end)| SectionMarks {
            begin: patterns(lower_list(begin, faults)),
            end: patterns(lower_list(end, faults)),
        }),
        attempt: attempt(decl, faults),
        snapshot: snapshot(decl, &fields, faults),
        fields,
    };
    (!decl.broken && !failed_since(faults, before)).then_some(kind)
}

fn lower_list(list: &[PatternDecl], faults: &mut Vec<Diagnostic>) -> Vec<Lowered> {
    list.iter().map(|decl| pattern::lower(decl, Place::LogKind, false, faults)).collect()
}

fn patterns(lowered: Vec<Lowered>) -> Vec<Pattern> {
    lowered.into_iter().filter_map(|lowered| lowered.pattern).collect()
}

/// `record:` or `reader:`, and only one of them.
fn framing(decl: &LogDecl, records: &[Lowered], faults: &mut Vec<Diagnostic>) -> Option<Framing> {
    match (&decl.reader, decl.record.is_empty()) {
        (Some(name), true) => named_reader(name, faults),
        (Some(name), false) => {
            faults.push(framing_fault(
                name.span,
                "不能同时有 `record:` 和 `reader:`",
                "has both `record:` and `reader:`",
            ));
            None
        }
        (None, false) => Some(Framing::Lines(records.iter().filter_map(|lowered| lowered.pattern.clone()).collect())),
        (None, true) if decl.name.value == PLAIN || !decl.begin.is_empty() => Some(Framing::Lines(Vec::new())),
        (None, true) if decl.broken => None,
        (None, true) => {
            faults.push(framing_fault(
                decl.name.span,
                "既没有 `record:` 也没有 `reader:`",
                "has neither `record:` nor `reader:`",
            ));
            None
        }
    }
}

fn framing_fault(span: Span, zh: &str, en: &str) -> Diagnostic {
    Diagnostic::error(Code::LOG_WITHOUT_FRAMING, span, format!("该日志种类{zh}"), format!("the log kind {en}"))
}

fn named_reader(name: &Text, faults: &mut Vec<Diagnostic>) -> Option<Framing> {
    let found = READERS.iter().find(|(word, _)| *word == name.value);
    if found.is_none() {
        faults.push(fault::unknown(&fault::READER, name, READERS.iter().map(|(word, _)| *word)));
    }
    found.map(|(_, reader)| Framing::Reader(*reader))
}

/// The names of the records' fields, without the message, each once.
fn fields<'l>(lines: impl Iterator<Item = &'l Lowered>, framing: Option<&Framing>) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    if let Some(Framing::Reader(reader)) = framing {
        fields.extend(logs::fields_of(*reader).iter().map(ToString::to_string));
    }
    for hole in lines.flat_map(|lowered| &lowered.holes) {
        let name = &hole.name.value;
        if !name.eq_ignore_ascii_case("message") && !fields.iter().any(|field| field.eq_ignore_ascii_case(name)) {
            fields.push(name.clone());
        }
    }
    fields
}

fn missing_time(span: Span) -> Diagnostic {
    Diagnostic::error(Code::CLOCK_WITHOUT_TIME, span, "没有 `{time:…}` 空位", "there is no `{time:…}` hole")
        .help("例如 `{time:%Y-%m-%d %H:%M:%S}`", "for example `{time:%Y-%m-%d %H:%M:%S}`")
}

/// `begin:` and `fields:` are about lines, and a pattern of `fields:` has a field.
fn check_lines(decl: &LogDecl, details: &[Lowered], faults: &mut Vec<Diagnostic>) {
    for (key, pattern) in [("begin", decl.begin.first()), ("fields", decl.fields.first())] {
        let Some((pattern, reader)) = pattern.zip(decl.reader.as_ref()) else { continue };
        let fault = Diagnostic::error(
            Code::LOG_KEY_OUT_OF_PLACE,
            pattern.text.span,
            format!("`{key}:` 说的是文本行，不能与 `reader:` 同用"),
            format!("`{key}:` is about lines, and the kind has a `reader:`"),
        );
        faults.push(fault.label(reader.span, "读取器自己划分记录", "the reader makes the records itself"));
    }
    for (pattern, lowered) in decl.fields.iter().zip(details) {
        let unnamed = lowered.holes.is_empty() && !lowered.stamped && lowered.pattern.is_some();
        if unnamed {
            let (zh, en) = ("该行没有给出字段", "this line gives no field");
            let fault = Diagnostic::error(Code::LINE_WITHOUT_FIELD, pattern.text.span, zh, en);
            faults.push(fault.help("给空位命名，例如 `{name}`", "name a hole, such as `{name}`"));
        }
    }
}

/// A clock asks for a stamp, and so does a pattern of `stamp:`. Says whether records have one: of the patterns of
/// records, of lines in them, and of lines before them.
fn check_stamps(decl: &LogDecl, lines: [&[Lowered]; 3], faults: &mut Vec<Diagnostic>) -> bool {
    for (pattern, lowered) in decl.stamps.iter().zip(lines[2]) {
        if !lowered.stamped {
            faults.push(missing_time(pattern.text.span));
        }
    }
    let stamped = lines.into_iter().flatten().any(|lowered| lowered.stamped);
    if decl.clock.is_some()
        && !stamped
        && decl.stamps.is_empty()
        && let Some(record) = decl.record.first().or(decl.begin.first())
    {
        let label = decl.clock.as_ref().and_then(clock_span);
        let fault = missing_time(record.text.span);
        faults.push(match label {
            Some(span) => fault.label(span, "时钟需要时间", "the clock needs a time"),
            None => fault,
        });
    }
    stamped
}

fn clock_span(clock: &ClockDecl) -> Option<Span> {
    let resolution = clock.resolution.as_ref().map(|resolution| resolution.span);
    clock.zone.as_ref().map(|zone| zone.span).or(resolution)
}

/// The clock: as written, else local and as fine as the stamps are written.
fn clock(decl: &LogDecl, stamped: bool, faults: &mut Vec<Diagnostic>) -> Option<Clock> {
    if decl.clock.is_none() && !stamped {
        return None;
    }
    let zone = decl.clock.as_ref().and_then(|clock| clock.zone.as_ref());
    let resolution = decl.clock.as_ref().and_then(|clock| clock.resolution.as_ref());
    Some(Clock {
        zone: zone.map_or(Zone::Local, |zone| named_zone(zone, faults)),
        resolution: resolution.map_or_else(|| finest(decl), |resolution| resolution.value),
        utc: decl.clock.as_ref().and_then(|clock| clock.utc.as_ref()).and_then(|utc| both_clocks(utc, faults)),
    })
}

/// Lines that show UTC must have a time hole.
fn both_clocks(utc: &PatternDecl, faults: &mut Vec<Diagnostic>) -> Option<Pattern> {
    let lowered = pattern::lower(utc, Place::LogKind, false, faults);
    if !lowered.stamped {
        faults.push(missing_time(utc.text.span));
    }
    lowered.pattern
}

fn named_zone(zone: &Text, faults: &mut Vec<Diagnostic>) -> Zone {
    match zone.value.as_str() {
        "local" => Zone::Local,
        "utc" => Zone::Utc,
        _ => {
            faults.push(fault::unknown(&fault::ZONE, zone, ["local", "utc"]));
            Zone::Local
        }
    }
}

/// A second, or a millisecond where a stamp is written with a fraction.
fn finest(decl: &LogDecl) -> i64 {
    let fraction = |pattern: &PatternDecl| {
        pattern.parts.iter().any(|part| match part {
            PatternPart::Hole(hole) => {
                matches!(&hole.accepts, HoleAccepts::Time(format) if format.value.contains(['f', 'N']))
            }
            PatternPart::Literal(_) => false,
        })
    };
    if decl.record.iter().chain(&decl.fields).chain(&decl.stamps).any(fraction) { SECOND / 1000 } else { SECOND }
}

fn attempt(decl: &LogDecl, faults: &mut Vec<Diagnostic>) -> Option<AttemptMarks> {
    let (begin, end) = decl.attempt.as_ref()?;
    let begin = pattern::lower(begin, Place::LogKind, false, faults).pattern;
    let end = end.as_ref().and_then(|end| pattern::lower(end, Place::LogKind, false, faults).pattern);
    begin.map(|begin| AttemptMarks { begin, end })
}

fn snapshot(decl: &LogDecl, fields: &[String], faults: &mut Vec<Diagnostic>) -> Option<Snapshot> {
    let (about, _) = decl.snapshot.as_ref()?;
    if let Some(about) = about
        && !decl.broken
        && !fields.is_empty()
        && !fields.iter().any(|field| field.eq_ignore_ascii_case(&about.value))
    {
        faults.push(fault::unknown_log_field(about, &decl.name.value, fields.iter().map(String::as_str)));
    }
    Some(Snapshot { about: about.as_ref().map(|about| about.value.clone()) })
}
