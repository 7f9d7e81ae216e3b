//! Worlds in which the engine and the reference once disagreed, each under the name of what was wrong.

use casebook::diagnose::{Status, diagnose};

use super::world::{File, Other, Plan, PlannedRecord};
use super::{Tally, compare};

/// `e0`, `e1`, `e2` in these logs.
fn world(logs: [&'static str; 3], signature: &str, second: &str) -> Plan {
    Plan {
        evidence: logs.map(|log| (log, false, false, None)).into(),
        signature: signature.to_owned(),
        cause: "e0".to_owned(),
        second: second.to_owned(),
        records: Vec::new(),
        files: [File::Damaged, File::Absent, File::Damaged],
        others: [Other::Absent; 2],
        offset: true,
    }
}

impl Plan {
    /// A record of log a, b or u (0, 1, 2) at a tick, in a section, that is a hit of evidence with values of `n`.
    fn record(mut self, kind: usize, tick: i64, section: usize, hits: &[(usize, u8)]) -> Plan {
        let hits = hits.iter().map(|(evidence, n)| (*evidence, false, false, *n)).collect();
        self.records.push(PlannedRecord { kind, tick, late: false, hits, section, attempt: 0 });
        self
    }

    /// The last record is a hit of evidence too, with `x` p or q.
    fn hit(mut self, evidence: usize, x: bool) -> Plan {
        self.records.last_mut().unwrap().hits.push((evidence, x, false, 0));
        self
    }

    /// What the engine says of the first rule.
    fn status(&self) -> &'static str {
        let world = self.build().unwrap();
        let diagnosis = diagnose(&world.scan, &world.rules, None, world.offset, 1);
        match diagnosis.findings.iter().find(|finding| finding.name == "t/one").map(|finding| finding.status) {
            Some(Status::Confirmed) => "confirmed",
            Some(Status::Undetermined) => "undetermined",
            None => "none",
        }
    }

    fn late(mut self) -> Plan {
        self.records.last_mut().unwrap().late = true;
        self
    }

    fn agree(&self) {
        let world = self.build().unwrap();
        compare(self, &world, &mut Tally::default()).unwrap();
    }
}

#[test]
fn what_a_list_was_made_with_is_not_bound_by_it() {
    let plan = world(["u", "u", "a"], "e2", "(last e2 before e0)");
    plan.record(2, 0, 0, &[(0, 1)]).record(0, 0, 0, &[(2, 0)]).record(2, 0, 0, &[(0, 0)]).agree();
}

#[test]
fn a_hit_chosen_before_forbids_only_where_it_lies() {
    let mut plan = world(["a", "a", "a"], "e2", "e0");
    plan.cause = "(e0 then not e2)".to_owned();
    plan.record(0, 0, 0, &[(0, 0), (2, 0)]).agree();
}

#[test]
fn a_finding_begins_with_what_came_first_on_one_clock() {
    let plan = world(["u", "a", "b"], "((e0 and e2) within 1s)", "((e1 then finding t/one) within 0s)");
    plan.record(2, 11, 0, &[(0, 0)]).record(1, 9, 0, &[(2, 0)]).record(0, 11, 0, &[(1, 0)]).agree();
}

#[test]
fn a_finding_beside_a_part_is_not_given() {
    let plan = world(["a", "u", "a"], "e0", "(((e0 and e1) in one section) within 500ms of finding t/one)");
    let plan = plan.record(2, 0, 1, &[(1, 0)]).record(2, 8, 1, &[(1, 0)]);
    plan.record(0, 8, 3, &[(0, 0)]).record(0, 0, 1, &[(0, 0)]).agree();
}

#[test]
fn what_is_left_of_a_window_is_told_from_its_beginning() {
    let plan = world(["a", "a", "u"], "((e2 then e2 then e0) within 2s)", "e0");
    plan.record(0, 10, 0, &[(0, 0)]).record(2, 6, 0, &[(2, 2)]).record(2, 6, 0, &[(2, 2)]).late().agree();
}

#[test]
fn every_hit_of_a_step_comes_after_the_step_before() {
    let plan = world(["a", "a", "b"], "(e0 then (at least 2 of (e2, e0, e0) within 0s) within 0s)", "e0");
    plan.record(0, 6, 0, &[(0, 0)]).record(1, 6, 0, &[(2, 0)]).agree();
}

#[test]
fn occurrences_of_two_logs_are_not_searched_as_if_they_stood_in_one_order() {
    let mut plan =
        world(["[a, b]", "[a, b]", "a"], "(last (e0 and e1) before (((e0 where n0 != 0) and e1) within 0s))", "e0");
    plan.files = [File::Damaged, File::Whole(-1, 6), File::Absent];
    plan.record(1, 8, 0, &[(0, 2)]).record(0, 0, 0, &[(0, 2)]).record(0, 8, 0, &[(0, 2), (1, 0)]).agree();
}

#[test]
fn clocks_that_cannot_be_compared_are_in_doubt_also_with_a_hit_chosen_before() {
    let mut plan = world(["a", "u", "a"], "e2", "e0");
    plan.cause = "((e1 and e2) within 0s)".to_owned();
    plan.offset = false;
    plan.record(0, 0, 0, &[(2, 0)]).record(2, 0, 0, &[(1, 0)]).agree();
}

#[test]
fn a_name_outside_of_a_window_is_reached_by_it_inside() {
    let signature = "((e0 and ((e0 then e1 then e0) within 5s)) in one section)";
    let mut plan = world(["[a, b]", "b", "a"], signature, "e0");
    plan.files = [File::Whole(0, 6), File::Whole(0, 10), File::Absent];
    plan.record(0, 0, 1, &[(0, 0)]).agree();
}

#[test]
fn the_last_of_several_hits_counts_for_the_next_step() {
    let plan = world(["a", "a", "a"], "e0", "((at least 2 of (finding t/one, e0, e0)) then e1)");
    plan.record(0, 0, 0, &[(0, 0)]).record(0, 0, 0, &[(0, 0)]).record(0, 0, 0, &[(0, 0), (1, 0)]).agree();
}

#[test]
fn a_record_under_one_name_is_quoted_once() {
    let plan =
        world(["a", "a", "a"], "(e1 where n1 = 1)", "(((e2 and finding t/one) in one section) and (e1 where n1 = 1))");
    plan.record(0, 0, 1, &[(2, 0), (1, 1)]).agree();
}

#[test]
fn what_reaches_back_from_the_end_of_a_window_is_told_from_there() {
    let plan =
        world(["a", "a", "b"], "(all of (e2, (e1 where n1 <= 1)))", "((finding t/one and (at least 2 e2)) within 1s)");
    let mut plan = plan.record(1, 0, 0, &[(2, 0)]).record(1, 0, 0, &[(2, 0)]).late().record(0, 2, 0, &[(1, 0)]);
    plan.files = [File::Damaged, File::Damaged, File::Absent];
    plan.agree();
}

#[test]
fn the_beginning_of_a_log_raises_no_finding_whatever_comes_before_the_anchor() {
    let mut plan = world(["a", "a", "a"], "e0", "((at least 2 of (e0, e0, e0)) then (e1 where n1 = 1) within 0s)");
    plan.files = [File::Whole(2, 6), File::Absent, File::Absent];
    plan.record(0, 0, 0, &[(0, 0)]).agree();
}

#[test]
fn a_step_in_doubt_is_unseen_also_where_another_was_before() {
    let second = "((e1 then not finding t/one) then finding t/one within 5s then ((e0 where n0 = 1) then e0 within 0s) within 5s)";
    let mut plan = world(["b", "[a, b]", "a"], "((first (e1 where n1 = 1) after e0) then not e1 within 0s)", second);
    plan.files = [File::Damaged, File::Whole(0, 20), File::Absent];
    plan.offset = false;
    plan.record(1, 0, 0, &[(0, 0)]).record(0, 10, 0, &[(1, 1)]).agree();
}

#[test]
fn which_ends_last_is_told_by_the_stamps_as_they_stand() {
    let mut plan = world(["a", "a", "u"], "(e0 then e2)", "(last finding t/one before e0)");
    plan = plan.record(0, 4, 0, &[(0, 0)]).record(0, 0, 0, &[(0, 0)]);
    plan.record(2, 5, 0, &[(2, 0)]).record(0, 4, 0, &[(0, 0)]).agree();
}

#[test]
fn every_hit_of_the_nearest_one_lies_where_it_is_asked_about() {
    let mut plan =
        world(["u", "[a, b]", "b"], "(e1 and e2)", "((e2 then not (first finding t/one after e0)) within 0s)");
    plan.evidence[1].1 = true;
    plan.evidence[2].1 = true;
    plan.files = [File::Damaged, File::Damaged, File::Damaged];
    plan.record(0, 6, 0, &[(1, 0)]).record(2, 6, 0, &[(0, 0)]).record(1, 6, 0, &[(2, 0)]).agree();
}

#[test]
fn a_count_near_a_hit_is_made_before_the_hit_is_chosen() {
    let mut plan =
        world(["a", "b", "a"], "(at least 2 (e1 where n1 = 1))", "((at least 2 e0 within 5s) within 0s of e1)");
    plan.evidence[0].1 = true;
    plan.evidence[1].1 = true;
    plan.files = [File::Whole(0, 6), File::Damaged, File::Absent];
    let mut plan = plan.record(0, 4, 0, &[(0, 0)]).record(1, 0, 0, &[]);
    plan.records[1].hits.push((1, true, false, 0));
    plan.agree();
}

#[test]
fn a_window_whose_clocks_cannot_be_compared_reaches_what_is_unseen_in_it() {
    let signature = "(((at least 2 of (e1, e0, e1)) then finding t/one then e0) within 0s)";
    let mut plan = world(["u", "a", "[a, b]"], "e2", signature);
    plan.evidence[1].3 = Some("> 0");
    plan.files = [File::Whole(0, 6), File::Absent, File::Damaged];
    plan.offset = false;
    plan.record(2, 0, 0, &[(0, 0)]).record(0, 0, 0, &[(2, 0)]).agree();
}

#[test]
fn hits_of_each_clock_have_a_window_of_their_own() {
    let signature = "((e0 then (e0 and e1) then ((e1 then not e0) within 0s)) within 0s)";
    let mut plan = world(["[a, b]", "u", "a"], signature, "e0");
    plan.files = [File::Whole(0, 6), File::Whole(0, 6), File::Whole(0, 6)];
    plan.offset = false;
    plan.record(2, 0, 0, &[(1, 0)]).record(0, 0, 0, &[(0, 0)]).agree();
}

#[test]
fn each_end_of_a_window_is_told_on_a_clock_of_its_own() {
    let second = "((e0 then ((e2 then (e2 where n2 != 0) then e1) within 1s) then finding t/one) within 1s)";
    let mut plan = world(["b", "[a, b]", "u"], "(e1 then ((e0 then e0 then e0) within 0s))", second);
    plan.files = [File::Damaged, File::Absent, File::Whole(0, 13)];
    plan.record(2, 11, 0, &[(2, 1)]).record(0, 10, 0, &[(1, 0)]).agree();
}

#[test]
fn a_hit_chosen_before_lies_in_the_window_too() {
    let mut plan = world(["[a, u]", "[a, b]", "a"], "((at least 2 of (e1, e1, e0)) within 0s of e1)", "e0");
    plan.cause = "((e2 then e1 then e0) within 0s)".to_owned();
    plan.files = [File::Whole(0, 6), File::Absent, File::Damaged];
    plan.offset = false;
    plan.record(2, 0, 0, &[(0, 0)]).record(0, 0, 0, &[(2, 0)]).record(0, 2, 0, &[(1, 0)]).agree();
}

#[test]
fn nobody_knows_whether_a_hit_chosen_before_lies_in_a_stretch_of_another_clock() {
    let mut plan = world(["a", "u", "a"], "((e0 and e1) in one section)", "e0");
    plan.cause = "((e1 then not (all of (e1, e0))) within 1s)".to_owned();
    plan.offset = false;
    let plan = plan.record(0, 0, 1, &[(0, 0)]).record(2, 2, 1, &[(1, 2)]).late();
    plan.record(2, 0, 1, &[(1, 2)]).late().agree();
}

/// `e0` in the log of seconds and `e1` in the state, which lists `p`, joined by `x`.
fn joined(signature: &str) -> Plan {
    let mut plan = world(["a", "s", "u"], signature, "e0");
    plan.evidence[0].1 = true;
    plan.evidence[1].1 = true;
    plan.files = [File::Whole(0, 20), File::Absent, File::Absent];
    plan.others[1] = Other::Whole;
    plan.record(4, 0, 0, &[]).hit(1, true).record(0, 4, 0, &[]).hit(0, false)
}

#[test]
fn a_state_that_does_not_list_the_subject_is_no_answer_in_whatever_order_it_is_asked() {
    for signature in ["(e0 and e1)", "(e1 and e0)", "(e1 and not e0)", "(e0 and not e1)", "(all of (e1, e0))"] {
        joined(signature).agree();
    }
    assert_eq!(joined("(e1 and e0)").status(), "undetermined");
    assert_eq!(joined("(e0 and e1)").status(), "undetermined");
    let listed = || joined("(e1 and e0)").record(0, 6, 0, &[]).hit(0, true);
    listed().agree();
    assert_eq!(listed().status(), "confirmed");
}

#[test]
fn a_state_that_lists_the_subject_answers() {
    let mut plan = joined("(e1 and e0)");
    plan.records.pop();
    let plan = plan.record(0, 4, 0, &[]).hit(0, true).record(4, 0, 0, &[]).hit(2, false);
    plan.agree();
    assert_eq!(plan.status(), "confirmed");
    let mut plan = joined("(e1 and e0)");
    plan.records[0].hits.insert(0, (2, false, false, 0));
    plan.records[0].hits.truncate(1);
    plan.agree();
    assert_eq!(plan.status(), "none", "q is listed, and nothing more is said of it");
}

#[test]
fn hits_of_two_clocks_are_tried_in_the_order_of_one() {
    let mut plan = world(["[a, u]", "a", "a"], "(e0 and e1)", "(e1 and e0)");
    plan.files = [File::Whole(0, 20), File::Absent, File::Whole(0, 20)];
    let plan = plan.record(2, 8, 0, &[(0, 0)]).record(0, 4, 0, &[(0, 1)]).record(0, 6, 0, &[(1, 0)]);
    plan.agree();
}

#[test]
fn nobody_knows_which_of_two_clocks_came_last() {
    for second in
        ["((e0 and e1) then e0)", "((e1 and e0) then e0)", "((e0 and e1) then not e0)", "(last e0 before (e1 and e0))"]
    {
        let mut plan = world(["a", "c", "a"], second, "e0");
        plan.files = [File::Whole(0, 20), File::Absent, File::Absent];
        plan.others[0] = Other::Whole;
        let plan = plan.record(0, 4, 0, &[(0, 0)]).record(3, 0, 0, &[(1, 0)]).record(0, 8, 0, &[(0, 0)]);
        plan.agree();
        // Nothing comes after the last e0, whatever the other clock.
        let expected = if second.contains("not") { "confirmed" } else { "undetermined" };
        assert_eq!(plan.status(), expected, "{second}");
    }
}

#[test]
fn a_count_in_a_window_is_in_doubt_where_its_log_does_not_reach() {
    for signature in ["(((at least 1 e0) and e1) within 2s)", "((e1 and (at least 1 e0)) within 2s)"] {
        let mut plan = world(["a", "b", "a"], signature, "e1");
        plan.files = [File::Whole(6, 20), File::Whole(0, 20), File::Absent];
        let plan = plan.record(1, 4, 0, &[(1, 0)]);
        plan.agree();
        assert_eq!(plan.status(), "undetermined", "{signature}");
    }
}
