//! Clocks that a line alone does not tell: years, the order of day and month, the machine's offset.

use casebook::bundle::Bundle;
use casebook::knowledge_base::KnowledgeBase;
use casebook::logs::ClockDoubt;
use casebook::scan::{self, Options, Source};
use casebook::value::Stamp;

/// The bundle's sources and the stamps of their records, `name time`, as `casebook read` shows them.
fn read(files: &[(&str, &str)]) -> (Vec<Source>, Vec<String>) {
    let rules = KnowledgeBase::embedded().rules;
    let mut bundle = Bundle::default();
    for (name, text) in files {
        bundle.add_text(name, text);
    }
    let mut stamps = Vec::new();
    scan::records(&bundle, &rules, &Options::default(), &mut |source, record, _| {
        stamps.push(format!("{} {}", source.path, record.stamp.map(Stamp::iso).unwrap_or_default()));
    });
    (scan::scan(&bundle, &rules, &Options::default()).sources, stamps)
}

/// What is in doubt of the first source, and the stamps of its records.
fn stamps(files: &[(&str, &str)]) -> (Option<ClockDoubt>, Vec<String>) {
    let (sources, stamps) = read(files);
    let own = |stamp: &String| stamp.strip_prefix(&format!("{} ", sources[0].path)).map(str::to_owned);
    let stamps: Vec<String> = stamps.iter().filter_map(own).collect();
    let ends = [sources[0].first, sources[0].last].map(|stamp| stamp.map(Stamp::iso));
    assert_eq!(ends, [stamps.first().cloned(), stamps.last().cloned()], "the coverage is that of the records");
    (sources[0].clock_doubt, stamps)
}

fn syslog(stamps: &[&str]) -> String {
    stamps.iter().flat_map(|stamp| [stamp, " host01 example: text\n"]).collect()
}

fn cbs(stamp: &str) -> String {
    format!("{stamp}, Info                  CBS    Example\n")
}

#[test]
fn the_newest_date_of_the_other_logs_tells_the_year() {
    let log = syslog(&["Dec 31 23:59:59", "Jan  1 00:00:01", "Jan  5 10:00:00"]);
    let (doubt, found) = stamps(&[("messages", &log), ("CBS.log", &cbs("2006-01-05 09:00:00"))]);
    assert_eq!(doubt, None);
    assert_eq!(found, ["2005-12-31T23:59:59", "2006-01-01T00:00:01", "2006-01-05T10:00:00"]);
    let (_, found) = stamps(&[("messages", &log), ("CBS.log", &cbs("2005-12-30 09:00:00"))]);
    assert_eq!(found[2], "2005-01-05T10:00:00", "it does not end after the others");
}

#[test]
fn a_rotated_log_is_of_the_year_before() {
    let (sources, found) = read(&[
        ("messages", &syslog(&["Jan  2 00:00:00", "Jan  5 00:00:00"])),
        ("messages.1", &syslog(&["Dec 20 00:00:00", "Dec 30 00:00:00"])),
        ("CBS.log", &cbs("2024-01-06 09:00:00")),
    ]);
    assert_eq!(found[0], "messages 2024-01-02T00:00:00");
    assert_eq!(found[2], "messages.1 2023-12-20T00:00:00");
    assert!(sources[1].last < sources[0].first);
}

#[test]
fn a_late_line_of_the_old_year_stays_there() {
    let log = syslog(&["Dec 31 23:59:58", "Jan  1 00:00:00", "Dec 31 23:59:59", "Jan  1 00:00:01"]);
    let (_, found) = stamps(&[("messages", &log), ("CBS.log", &cbs("2024-02-01 09:00:00"))]);
    assert_eq!(found, ["2023-12-31T23:59:58", "2024-01-01T00:00:00", "2023-12-31T23:59:59", "2024-01-01T00:00:01"]);
}

#[test]
fn a_stamp_with_a_year_in_the_log_itself_tells_it() {
    let log = syslog(&["Dec 31 23:59:58", "Jan  1 00:00:00", "2020-01-02T00:00:00+08:00"]);
    let (doubt, found) = stamps(&[("messages", &log)]);
    assert_eq!(doubt, None);
    assert_eq!(found, ["2019-12-31T23:59:58", "2020-01-01T00:00:00", "2020-01-02T00:00:00"]);
}

#[test]
fn a_leap_day_tells_of_the_year() {
    let log = syslog(&["Feb 28 10:00:00", "Feb 29 10:00:00", "Mar  1 10:00:00"]);
    let (_, found) = stamps(&[("messages", &log), ("CBS.log", &cbs("2006-01-05 09:00:00"))]);
    assert_eq!(found, ["2004-02-28T10:00:00", "2004-02-29T10:00:00", "2004-03-01T10:00:00"]);
}

#[test]
fn a_year_that_nothing_tells_is_not_made_up() {
    let log = syslog(&["Dec 31 23:59:59", "Jan  1 00:00:01", "Feb 29 10:00:00"]);
    let (doubt, found) = stamps(&[("messages", &log)]);
    assert_eq!(doubt, Some(ClockDoubt::Year));
    assert_eq!(found, ["--12-31T23:59:59", "--01-01T00:00:01", "--02-29T10:00:00"]);
    let (sources, _) = read(&[("messages", &log)]);
    let length = sources[0].last.unwrap().0 - sources[0].first.unwrap().0;
    assert_eq!(length / 1_000_000_000, 59 * 86_400 + 10 * 3600 + 1, "it goes on over new year");
}

/// A decoded WindowsUpdate.log with these dates.
fn update_log(dates: &[&str]) -> String {
    dates.iter().flat_map(|date| [date, " 10:23:06.3460256 3696  8172  Agent           text\n"]).collect()
}

#[test]
fn a_number_above_twelve_tells_the_order_of_the_date() {
    let (doubt, found) = stamps(&[("x.log", &update_log(&["03/04/2024", "05/04/2024", "13/04/2024"]))]);
    assert_eq!(doubt, None);
    assert_eq!(found[0], "2024-04-03T10:23:06.3460256");
    let (doubt, found) = stamps(&[("x.log", &update_log(&["03/04/2024", "03/05/2024", "03/13/2024"]))]);
    assert_eq!(doubt, None);
    assert_eq!(found[0], "2024-03-04T10:23:06.3460256");
    assert_eq!(stamps(&[("x.log", &update_log(&["2024/03/04", "2024/03/05"]))]).0, None, "nothing is open");
    assert_eq!(stamps(&[("x.log", &update_log(&["03.04.2024"]))]).1[0], "2024-04-03T10:23:06.3460256");
}

#[test]
fn dates_that_go_forward_tell_their_order() {
    let (doubt, found) = stamps(&[("x.log", &update_log(&["11/01/2024", "12/01/2024", "01/02/2024"]))]);
    assert_eq!((doubt, found[2].as_str()), (None, "2024-02-01T10:23:06.3460256"));
    let (doubt, found) = stamps(&[("x.log", &update_log(&["01/11/2024", "01/12/2024", "02/01/2024"]))]);
    assert_eq!((doubt, found[2].as_str()), (None, "2024-02-01T10:23:06.3460256"));
}

#[test]
fn the_other_logs_tell_which_order_is_not_in_the_future() {
    let log = update_log(&["03/04/2024", "04/04/2024"]);
    let (doubt, found) = stamps(&[("x.log", &log), ("CBS.log", &cbs("2024-04-04 09:00:00"))]);
    assert_eq!((doubt, found[0].as_str()), (Some(ClockDoubt::DayOrder), "2024-03-04T10:23:06.3460256"));
    let log = update_log(&["03/04/2024", "03/05/2024"]);
    let (doubt, found) = stamps(&[("x.log", &log), ("CBS.log", &cbs("2024-03-06 09:00:00"))]);
    assert_eq!((doubt, found[0].as_str()), (None, "2024-03-04T10:23:06.3460256"));
}

#[test]
fn an_order_that_nothing_tells_is_in_doubt() {
    let (doubt, found) = stamps(&[("x.log", &update_log(&["03/04/2024", "03/05/2024"]))]);
    assert_eq!(doubt, Some(ClockDoubt::DayOrder));
    assert_eq!(found[0], "2024-03-04T10:23:06.3460256");
}

/// A line of the component store, which shows UTC too.
fn csi(local: &str, utc: &str) -> String {
    format!("{local}, Info                  CSI    00000008@{utc} CSI Transaction @0x1 initialized\n")
}

#[test]
fn a_log_that_shows_both_clocks_tells_when_summer_time_ended() {
    let mut log = csi("2024-10-27 01:30:00", "2024/10/26:23:30:00.123");
    log.push_str(&csi("2024-10-27 02:59:00", "2024/10/27:00:59:00.001"));
    // The hour is there again: no disorder, nothing is lost, and from here on the offset is another one.
    log.push_str(&csi("2024-10-27 02:01:00", "2024/10/27:01:01:00.900"));
    log.push_str(&csi("2024-10-27 03:00:00", "2024/10/27:02:00:00.000"));
    let (sources, stamps) = read(&[("CBS.log", &log)]);
    let offsets: Vec<(String, i32)> =
        sources[0].utc_offsets.iter().map(|(stamp, offset)| (stamp.iso(), *offset)).collect();
    assert_eq!(offsets, [("2024-10-27T01:30:00".to_owned(), 7200), ("2024-10-27T02:01:00".to_owned(), 3600)]);
    assert_eq!(stamps[2], "CBS.log 2024-10-27T02:01:00");
    assert!(sources[0].problems.is_empty());
}

#[test]
fn a_change_in_the_middle_of_a_long_log_is_seen() {
    let summer = csi("2024-06-01 08:00:00", "2024/6/1:06:00:00.000").repeat(3000);
    let winter = csi("2024-12-01 08:00:00", "2024/12/1:07:00:00.000").repeat(3000);
    let next = csi("2025-06-01 08:00:00", "2025/6/1:06:00:00.000").repeat(3000);
    let (sources, _) = read(&[("CBS.log", &[summer, winter, next].concat())]);
    let offsets: Vec<i32> = sources[0].utc_offsets.iter().map(|(_, offset)| *offset).collect();
    assert_eq!(offsets, [7200, 3600, 7200]);
}

#[test]
fn stamps_with_an_offset_tell_it() {
    let line = "{00000000-0000-0000-0000-000000000001}\t2019-03-19 05:59:52:781-0330\t1\t147 [EXAMPLE]\t101\t\
                {00000000-0000-0000-0000-000000000000}\t0\t0\tExample\tSuccess\tExample\tExample.\n";
    let (sources, _) = read(&[("ReportingEvents.log", line)]);
    assert_eq!(sources[0].utc_offsets.first().map(|(_, offset)| *offset), Some(-(3 * 3600 + 1800)));
}

#[test]
fn stamps_of_no_sense_are_read_as_far_as_they_go() {
    let log = syslog(&["Dec  1 10:00:00", "Jan  1 10:00:00"]).repeat(33_000);
    let (doubt, found) = stamps(&[("messages", &log)]);
    assert_eq!((doubt, found.len()), (Some(ClockDoubt::Year), 66_000));
    assert!(found.iter().all(|stamp| stamp.starts_with("--")), "no year is made up");
    let dates = ["9/22/1677", "4/11/2262", "1/1/0001", "99/99/9999", "0/0/0", "9/22/1677"];
    let (sources, found) = read(&[("x.log", &update_log(&dates).repeat(40))]);
    assert_eq!(found.len(), 240);
    assert!(sources[0].log.is_some());
}
