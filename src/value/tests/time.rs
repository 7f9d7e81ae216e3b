//! Stamps as logs write them: padding, pieces, no year, dates and times in the order of a language.

use crate::value::{DayOrder, Reading, Stamp, Stamps, TimeFormat};

/// The stamp of `text` by one format, as it is shown.
fn read_in(format: &str, text: &str, reading: Reading) -> String {
    let format = TimeFormat::new(format);
    TimeFormat::check(&[&format]).unwrap();
    if format.length(text) != Some(text.len()) {
        return "shape".to_owned();
    }
    TimeFormat::read(&[(&format, text)], reading).map_or_else(|| "-".to_owned(), Stamp::iso)
}

fn read(format: &str, text: &str) -> String {
    read_in(format, text, Reading::default())
}

fn day_first(format: &str, text: &str) -> String {
    read_in(format, text, Reading { order: DayOrder::DayFirst, year: None })
}

#[test]
fn blanks_and_padding_are_as_wide_as_they_are() {
    assert_eq!(read("%Y-%m-%d %H:%M:%S:%f", "2021-08-28\t03:07:48:216"), "2021-08-28T03:07:48.216");
    assert_eq!(read("%Y-%m-%d %H:%M:%S:%f%z", "2019-03-19 05:59:52:781-0700"), "2019-03-19T05:59:52.781");
    assert_eq!(read("%d/%b/%Y:%H:%M:%S %z", "16/Oct/2024:08:43:18 +08:00"), "2024-10-16T08:43:18");
    assert_eq!(read("%a %b %d %H:%M:%S %Y", "Sun Dec 04 04:47:44 2005"), "2005-12-04T04:47:44");
    assert_eq!(read("%b %e %H:%M:%S %Y", "Jun  4 15:16:01 2005"), "2005-06-04T15:16:01");
    assert_eq!(read("%y%m%d %H%M%S", "081109 203615"), "2008-11-09T20:36:15");
    assert_eq!(read("%F %T%.f", "2024-10-16 08:43:18"), "2024-10-16T08:43:18");
    assert_eq!(read("%F %T%.f", "2024-10-16 08:43:18.1234567"), "2024-10-16T08:43:18.1234567");
    assert_eq!(read("%m/%d/%Y %I:%M:%S %p", "10/16/2024 12:43:18 am"), "2024-10-16T00:43:18");
    for wrong in ["2024-10-16", "2024-10-16 08:43", "x2024-10-16 08:43:18", "2024-10-16 08:43:18.", ""] {
        assert_eq!(read("%F %T%.f", wrong), "shape", "{wrong}");
    }
    assert_eq!(read("%F %T", "2024-13-16 08:43:18"), "-");
}

/// Digits in their places are measured at a glance; a fraction is not, and says the same where there is none.
#[test]
fn the_most_frequent_form_is_measured_as_any_other() {
    let parts = ["0000", "1601", "2019", "2024", "9999"]
        .into_iter()
        .flat_map(|year| ["00-00", "01-01", "02-29", "04-31", "12-31", "13-01"].map(|day| format!("{year}-{day}")));
    for day in parts {
        for time in ["00:00:00", "08:43:18", "23:59:59", "23:59:60", "24:00:00", "08:61:00"] {
            let text = format!("{day} {time}");
            let parsed = read("%Y-%m-%d %H:%M:%S%.f", &text);
            assert_eq!(read("%Y-%m-%d %H:%M:%S", &text), parsed, "{text}");
            assert_eq!(read("%F %T", &text), parsed, "{text}");
            assert_eq!(read("%H:%M:%S, %Y%m%d", &format!("{time}, {}", day.replace('-', ""))), parsed, "{text}");
        }
    }
    for (text, stamp) in
        [("2024-10-16 8:43:18", "2024-10-16T08:43:18"), ("2024-10-16  08:43:18", "2024-10-16T08:43:18")]
    {
        assert_eq!(read("%Y-%m-%d %H:%M:%S", text), stamp);
    }
}

/// What neighbours of digits and of the characters between them would be taken for.
#[test]
fn what_is_not_quite_the_most_frequent_form_has_another_length() {
    let format = TimeFormat::new("%Y-%m-%d %H:%M:%S");
    let text = "2024-10-16 08:43:18";
    assert_eq!(format.length(&format!("{text}, Info")), Some(text.len()));
    for at in 0..text.len() {
        for odd in ['/', ':', ';', '0', '9', ' ', '-', '.', 'a', '\u{7f}', '\u{f6}', '\u{fa}', '时'] {
            let mut other: String = text.chars().take(at).collect();
            other.push(odd);
            other.extend(text.chars().skip(at + 1));
            let own = text.as_bytes()[at];
            let right = if own.is_ascii_digit() { odd.is_ascii_digit() } else { odd == char::from(own) };
            let found = format.length(&other) == Some(text.len());
            // A digit may be a blank that pads, and a part may be shorter than it may be at most.
            assert!(found == right || (found && odd == ' '), "{other:?}");
        }
    }
}

#[test]
fn a_stamp_that_repeats_is_read_as_each_by_itself() {
    let (iso, other) = (TimeFormat::new("%Y-%m-%d"), TimeFormat::new("%Y-%d-%m"));
    let yearless = TimeFormat::new("%b %e");
    let readings = [None, Some(2005), Some(2006)].map(|year| Reading { year, ..Reading::default() });
    let mut stamps = Stamps::default();
    for format in [&iso, &iso, &other, &iso, &yearless, &yearless] {
        for text in ["2024-10-11", "2024-10-11", "2024-11-10", "2024-13-10", "2024-10-11", "Oct 11", "Oct 11"] {
            for reading in readings.into_iter().chain(readings) {
                let pieces = [(format, text)];
                assert_eq!(stamps.read(&pieces, reading), TimeFormat::read(&pieces, reading), "{format:?} {text}");
            }
        }
    }
}

#[test]
fn a_stamp_may_stand_in_pieces() {
    let (time, date) = (TimeFormat::new("%H:%M:%S%.f"), TimeFormat::new("%m-%d-%Y"));
    TimeFormat::check(&[&time, &date]).unwrap();
    assert!(TimeFormat::check(&[&time]).is_err(), "a time alone has no day");
    let stamp = TimeFormat::read(&[(&time, "08:53:25.263"), (&date, "7-14-2021")], Reading::default()).unwrap();
    assert_eq!(stamp.iso(), "2021-07-14T08:53:25.263");
}

#[test]
fn a_stamp_without_a_year_has_the_one_that_its_file_tells() {
    let in_year = |year, text| read_in("%b %e %H:%M:%S", text, Reading { year, ..Reading::default() });
    assert_eq!(in_year(Some(2005), "Jun 14 15:16:01"), "2005-06-14T15:16:01");
    assert_eq!(in_year(None, "Jun 14 15:16:01"), "--06-14T15:16:01");
    assert_eq!(in_year(Some(2005), "Jun 31 15:16:01"), "-");
    // No 29 February in that year: nothing is lost.
    assert_eq!(in_year(Some(2004), "Feb 29 15:16:01"), "2004-02-29T15:16:01");
    assert_eq!(in_year(Some(2005), "Feb 29 15:16:01"), "2005-03-01T15:16:01");
    assert_eq!(in_year(None, "Feb 29 15:16:01"), "--02-29T15:16:01");
    // The name of a day is not compared with a year that may be a guess.
    assert_eq!(read("%a %b %e %H:%M:%S", "Tue Jun 14 15:16:01"), "--06-14T15:16:01");
    assert_eq!(Stamp::parse("%Y-%m-%d %H:%M:%S", "2005-06-14 15:16:01").unwrap().year(), Some(2005));
    assert_eq!(Stamp::parse("%Y-%m-%d %H:%M:%S", "1972-06-14 15:16:01").unwrap().year(), None);
}

#[test]
fn dates_in_the_order_of_a_language() {
    assert_eq!(read("%x %X", "3/4/2024 8:47:41"), "2024-03-04T08:47:41");
    assert_eq!(day_first("%x %X", "3/4/2024 8:47:41"), "2024-04-03T08:47:41");
    assert_eq!(read("%x %X", "13/4/2024 8:47:41"), "-");
    assert_eq!(day_first("%x %X", "13/4/2024 8:47:41"), "2024-04-13T08:47:41");
    assert_eq!(day_first("%x %X", "4/13/2024 8:47:41"), "-");
    // A year in front, points between: nothing is open.
    for order in [DayOrder::MonthFirst, DayOrder::DayFirst] {
        let reading = Reading { order, year: None };
        assert_eq!(read_in("%x %X", "2024/3/4 8:47:41", reading), "2024-03-04T08:47:41");
        assert_eq!(read_in("%x %X", "2024-03-04 8:47:41", reading), "2024-03-04T08:47:41");
        assert_eq!(read_in("%x %X", "04.03.2024 08:47:41", reading), "2024-03-04T08:47:41");
        assert_eq!(read_in("%x", "4.3.24", reading), "2024-03-04T00:00:00");
    }
    assert_eq!(day_first("%x %X", "4-3-2024 08:47:41"), "2024-03-04T08:47:41");
    for wrong in ["3/4-2024", "3/4", "2024/3/4567", "123/4/2024", "a/3/2024", "3/4/"] {
        assert_eq!(TimeFormat::new("%x").length(wrong).filter(|length| *length == wrong.len()), None, "{wrong}");
    }
}

#[test]
fn times_with_a_word_for_the_half_of_the_day() {
    let time = |text: &str| read("%x %X", &format!("2024/3/4 {text}"));
    assert_eq!(time("8:47:41 PM"), "2024-03-04T20:47:41");
    assert_eq!(time("8:47:41\u{202f}pm"), "2024-03-04T20:47:41");
    assert_eq!(time("12:00:00 AM"), "2024-03-04T00:00:00");
    assert_eq!(time("12:00:00 PM"), "2024-03-04T12:00:00");
    assert_eq!(time("7:37:18.2093997 AM"), "2024-03-04T07:37:18.2093997");
    assert_eq!(time("16:53:03,6001516"), "2024-03-04T16:53:03.6001516");
    assert_eq!(time("16.53.03"), "2024-03-04T16:53:03");
    assert_eq!(time("下午 8:47:41"), "2024-03-04T20:47:41");
    assert_eq!(time("上午12:07:41"), "2024-03-04T00:07:41");
    assert_eq!(time("8:47"), "2024-03-04T08:47:00");
    assert_eq!(time("20:47:41 PM"), "2024-03-04T20:47:41");
    assert_eq!(time("8:7:41"), "shape");
    assert_eq!(time("25:07:41"), "-");
}

#[test]
fn what_is_no_format_is_said() {
    for wrong in ["%Q", "%H:%M", "%", "%Y", "%x"] {
        let format = TimeFormat::new(wrong);
        assert_eq!(TimeFormat::check(&[&format]).is_err(), wrong != "%x", "{wrong}");
    }
}
