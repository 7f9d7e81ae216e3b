//! What a diagnosis tells the ledger of the case, and what it asks for then.
//!
//! The ledger hears which logs are there and when the failure showed last; so a collection that came is asked for no
//! more as a reminder, and a remedy after which the failure shows again is known to have failed.

use crate::case::{Heard, Shown, Thread};
use crate::rule::{RuleSet, Severity};
use crate::scan::Scan;
use crate::value::Type;

use super::{Diagnosis, Finding, Status, request};

/// Tells `case` what the logs of `scan` say, then asks anew for what the open questions need.
pub fn hear(case: &mut Thread, scan: &Scan, rules: &RuleSet, diagnosis: &mut Diagnosis) {
    let own = scan.sources.iter().filter(|source| !source.excerpt);
    let is_failure = |finding: &&Finding| finding.status == Status::Confirmed && finding.severity == Severity::Failure;
    let failures = diagnosis.findings.iter().filter(is_failure);
    let heard = Heard {
        logs: own.filter_map(|source| Some((source.log?, source.last))).collect(),
        failures: failures.map(shown).collect(),
    };
    case.hear(&heard, rules);
    diagnosis.requests = request::requests(&diagnosis.findings, rules, Some(case));
}

/// A finding as the ledger hears of it.
fn shown(finding: &Finding) -> Shown {
    let codes = finding.captures.iter().filter(|(_, value)| value.ty == Type::Error);
    let codes = codes.filter_map(|(_, value)| value.field("code")).map(|code| code.text.into()).collect();
    Shown { first: finding.first, last: finding.last, codes }
}
