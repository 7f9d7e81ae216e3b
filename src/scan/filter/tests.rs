//! The filter finds what a naive search finds, no less and no more.

use proptest::prelude::*;

use super::{Background, Chooser, Filter, Phrase, Way};

/// Whether a phrase stands at a place, word by word.
fn stands(phrase: &str, mut text: &[u8]) -> bool {
    for (at, word) in phrase.split_whitespace().enumerate() {
        let rest = text.trim_ascii_start();
        if at > 0 && rest.len() == text.len() {
            return false;
        }
        text = if at > 0 { rest } else { text };
        match text.split_at_checked(word.len()) {
            Some((here, rest)) if here.eq_ignore_ascii_case(word.as_bytes()) => text = rest,
            _ => return false,
        }
    }
    !phrase.trim().is_empty()
}

/// Every place of every phrase, by looking everywhere.
fn naive(phrases: &[String], text: &[u8]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for place in 0..text.len() {
        found.extend(
            phrases.iter().enumerate().filter(|(_, own)| stands(own, &text[place..])).map(|(at, _)| (place, at)),
        );
    }
    found
}

/// The words of a phrase with one blank between them.
fn words(phrase: &str) -> String {
    phrase.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn found(phrases: &[String], text: &[u8]) -> Vec<(usize, usize)> {
    // A phrase of nothing is none; the others keep their positions.
    let own = phrases.iter().enumerate().filter_map(|(at, text)| Some((at, Phrase::new(&words(text))?)));
    let (at, own): (Vec<usize>, Vec<Phrase>) = own.unzip();
    places(&filter(own), text).into_iter().map(|(place, phrase)| (place, at[phrase])).collect()
}

/// A filter that takes part of the text searched for ordinary, as a log does.
fn filter(phrases: impl IntoIterator<Item = Phrase>) -> Filter {
    let lines = "Info CBS Failed to internally open package ab a A\nInfo        CBS    Failed   to open\n".repeat(3);
    let background = Background::new(lines.as_bytes());
    Filter::new(phrases.into_iter().collect(), &background)
}

fn places(filter: &Filter, text: &[u8]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    filter.find(text, &mut |place, phrase| found.push((place, phrase)));
    found.sort_unstable();
    found.dedup();
    found
}

fn phrases(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn a_literal_of_any_length_is_found_at_any_place() {
    let text = "DriverUpdateInstallUpdates_failed";
    for length in 1..=text.len() {
        let filter = filter(Phrase::new(&text[..length]));
        for before in 0..80 {
            for after in [0, 1, 7, 8, 90] {
                let line = format!("{}{}{}", "#".repeat(before), &text[..length], "#".repeat(after));
                assert!(places(&filter, line.as_bytes()).contains(&(before, 0)), "{length} bytes after {before}");
            }
        }
    }
}

#[test]
fn phrases_are_found_all_over_a_long_text() {
    let text = "Startup: rolling   back KTM, because drivers failed. 0x80070005 #4";
    let own =
        phrases(&["Rolling back KTM, because drivers failed", "rolling back KTM,", "0x80070005", "back", "#4", "CBS"]);
    for before in (0..70_000).step_by(997) {
        for gap in [" ", "  "] {
            let text = format!("{}{text}{gap}cbs", format!("-{gap}").repeat(before / (1 + gap.len())));
            let text = text.as_bytes();
            let from = text.len().saturating_sub(120);
            let expected = naive(&own, &text[from..]).into_iter().map(|(place, phrase)| (from + place, phrase));
            assert_eq!(found(&own, text), expected.collect::<Vec<_>>(), "after {before}");
        }
    }
}

#[test]
fn case_does_not_matter_and_overlaps_are_found() {
    let own = phrases(&["Startup: Rolling back KTM", "rolling BACK", "back", "KTM", "o", "not there at all"]);
    let text = b"STARTUP: rolling back ktm, because drivers failed. Rolling Back";
    assert_eq!(found(&own, text), naive(&own, text));
    assert!(found(&own, text).contains(&(0, 0)));
}

#[test]
fn equal_literals_are_all_told() {
    let own = phrases(&["DriverUpdateInstallUpdates failed", "DriverUpdateInstallUpdates failed"]);
    assert_eq!(found(&own, b"CBS DriverUpdateInstallUpdates failed"), [(4, 0), (4, 1)]);
}

#[test]
fn blanks_are_as_many_as_there_are_and_one_at_the_least() {
    let own = phrases(&["Failed to install driver updates"]);
    for (text, places) in [
        ("Failed to install driver updates", 1),
        ("Error: failed   to \t install driver  updates.", 1),
        ("Failedto install driver updates", 0),
        ("Failed to install driverupdates", 0),
        ("Failed to install driver", 0),
        ("to install driver updates", 0),
        ("Failed\tto install driver updates", 1),
        ("Failed to install\tdriver updates", 1),
        ("Failed to install \t driver updates", 1),
        ("Failed to install driver \tupdates", 1),
        ("Failed  to  install  driver  updates", 1),
    ] {
        assert_eq!(found(&own, text.as_bytes()).len(), places, "{text}");
    }
}

#[test]
fn chinese_is_found_by_its_bytes() {
    let own = phrases(&["找不到源文件", "错误", "源"]);
    let text = "DISM 错误: 0x800f081f 找不到源文件".as_bytes();
    assert_eq!(found(&own, text), naive(&own, text));
    assert_eq!(found(&own, text).len(), 3);
}

#[test]
fn the_cheapest_of_several_is_chosen() {
    let background = Background::new(b"Info CBS");
    let mut chooser = Chooser::new(&background);
    let all =
        ["a b", "", "KTM", "Superseded", "Unbootable", "DriverUpdateUninstallUpdates", "Rolling back KTM, because"];
    for from in 0..all.len() {
        for to in from..=all.len() {
            let some = || all[from..to].iter().copied();
            let made = some().filter_map(Phrase::new).min_by_key(|phrase| phrase.cost(&background));
            let chosen = chooser.cheapest(some());
            assert_eq!(chosen.map(|own| own.text().to_vec()), made.map(|own| own.text().to_vec()), "{from}..{to}");
        }
    }
}

#[test]
fn longer_phrases_go_a_cheaper_way() {
    let background = Background::new(b"");
    let cost = |text: &str| Phrase::new(text).map(|phrase| phrase.cost(&background));
    let way = |text: &str| cost(text).map(|(way, ..)| way);
    let ways: Vec<Option<Way>> = (1..=24).map(|length| way(&"a".repeat(length))).collect();
    assert!(ways.is_sorted_by(|a, b| a >= b), "{ways:?}");
    for (text, expected) in [
        ("DriverUpdateUninstallUpdates", Way::Longer),
        ("Failed to reproject pending manifest", Way::Longer),
        ("Unit PBBB#6 gave up", Way::Long),
        ("CBS_E_NOT_INSTALLABLE".get(..13).unwrap_or_default(), Way::Eighth),
        ("0x80070005", Way::Fourth),
        ("gave up at", Way::Fourth),
        ("a b", Way::Tiny),
    ] {
        assert_eq!(way(text), Some(expected), "{text}");
    }
    assert!(cost("Rolling") < cost("KTM"));
    assert!(cost("DriverUpdateUninstallUpdates failed") < cost("DriverUpdateUninstallUpdates"));
    assert!(cost("Unbootable") < cost("Superseded"), "the rarer one");
}

#[test]
fn codes_are_found_by_what_is_rare_in_them() {
    let own: Vec<String> =
        (0..400).map(|number| format!("0x8007{number:04x}")).chain(phrases(&["CBS_E_1", "#4"])).collect();
    let text = "hresult = 0X80070005, 0x80070105 0x800701ff cbs_e_1#4 _E_#0x80070007";
    assert_eq!(found(&own, text.as_bytes()), naive(&own, text.as_bytes()));
    assert_eq!(found(&own, text.as_bytes()).len(), 5);
}

#[test]
fn blanks_at_the_edges_belong_to_a_phrase() {
    let own = [Phrase::new("\t 0x80070005 "), Phrase::new("0x80070005  ")];
    let filter = filter(own.into_iter().flatten());
    for (text, expected) in
        [("is 0x80070005 here", vec![0, 1]), ("is\t0x80070005\t", vec![0, 1]), ("0x80070005 ", vec![1])]
    {
        let found: Vec<usize> = places(&filter, text.as_bytes()).into_iter().map(|(_, phrase)| phrase).collect();
        assert_eq!(found, expected, "{text}");
    }
}

proptest! {
    #[test]
    fn blanks_of_any_kind_hide_no_phrase(
        // Some stand in front of the columns of the log.
        words in prop::collection::vec("[a-zA-Z]{1,12}|Info|cbs|BS|[a-c]", 1..7),
        blanks in prop::collection::vec("[ ]|[ \t]{1,3}", 7),
        before in "[a-z ]{0,40}",
    ) {
        let mut text = before;
        for (word, blanks) in words.iter().zip(&blanks) {
            text.push_str(word);
            text.push_str(blanks);
        }
        let own = [words.join(" ")];
        prop_assert_eq!(found(&own, text.as_bytes()), naive(&own, text.as_bytes()));
    }

    #[test]
    fn nothing_is_missed_and_nothing_made_up(
        own in prop::collection::vec("[abA ]{0,20}", 0..12),
        text in "[abAB ]{0,300}",
    ) {
        prop_assert_eq!(found(&own, text.as_bytes()), naive(&own, text.as_bytes()));
    }

    #[test]
    fn any_bytes_may_be_searched_for_what_stands_in_them(
        words in prop::collection::vec("[a-zA-Z0-9:\\\\{}源文件é]{1,24}", 1..12),
        noise in prop::collection::vec(any::<u8>(), 0..100),
        blanks in 1..4usize,
    ) {
        let mut text = noise.clone();
        text.extend(words.join(&" ".repeat(blanks)).into_bytes());
        text.extend(noise);
        let mut own = words.clone();
        own.extend(words.windows(2).map(|two| two.join(" ")));
        prop_assert_eq!(found(&own, &text), naive(&own, &text));
    }
}
