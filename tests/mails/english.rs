//! A case in English from end to end: what was at hand when each mail of support was due, and what its draft has to be.

use casebook::lang::Lang;

use super::plans::{MAIL, Mail, Plan};

const DUE: Mail = Mail { to: "Mr. Sample", ..MAIL };

/// A damaged component store: repaired without success, repaired from media, and then the disk was full.
pub(super) const STORE: Plan = Plan {
    name: "damaged-store",
    lang: Lang::En,
    year: "2023",
    people: ["Mr. Sample", "-"],
    seed: None,
    mails: &[
        Mail {
            number: 1,
            set: &[
                ("customer.name", "Mr. Sample"),
                ("engineer.name", "Engineer P"),
                ("case.problem", "The update fails."),
            ],
            kind: "scope",
            says: &[
                "Dear Mr. Sample,",
                "Problem:",
                "Scope:",
                "Archive of the log collector",
                "https://upload.example.com",
            ],
            ..DUE
        },
        Mail {
            number: 3,
            kind: "received",
            says: &["The logs you uploaded have arrived"],
            never: &["please collect"],
            ..DUE
        },
        Mail {
            number: 4,
            logs: &["march-06"],
            kind: "analysis",
            says: &[
                "Update failed because the component store is damaged",
                "[march-06/CBS.log:3]",
                "dism /online /cleanup-image /restorehealth",
                "You should see: 100%",
                "sfc /scannow",
            ],
            ..DUE
        },
        // What failed is said and not proposed again; the source that the repair lacks is.
        Mail {
            number: 6,
            logs: &["march-06", "march-09"],
            kind: "analysis",
            says: &[
                "A repair of the system files has no source",
                "Check and repair the system files: did not solve the problem",
                "Repair from installation media of the same build",
                "/source:wim:",
            ],
            never: &["sfc /scannow"],
            ..DUE
        },
        // The customer asks about the steps: they are written down again.
        Mail {
            number: 8,
            logs: &["march-06", "march-09"],
            kind: "remedy",
            says: &["proposed in our mail of 10 March 2023", "the index of the image"],
            never: &["sfc /scannow"],
            ..DUE
        },
        Mail {
            number: 9,
            logs: &["march-06", "march-09"],
            kind: "follow-up",
            says: &["please tell us whether it was done and how it went", "- Repair from installation media"],
            ..DUE
        },
        Mail {
            number: 11,
            logs: &["march-14"],
            set: &[("engineer.name", "Engineer Q")],
            kind: "analysis",
            says: &[
                "Engineer P worked on this case so far",
                "Update failed because the disk is full",
                "[march-14/CBS.log:2]",
                "Free disk space",
            ],
            never: &["sfc /scannow", "install.wim"],
            ..DUE
        },
        Mail {
            number: 12,
            logs: &["march-14"],
            kind: "follow-up",
            says: &["- Free disk space"],
            never: &["component store"],
            ..DUE
        },
        Mail {
            number: 14,
            logs: &["march-14"],
            kind: "close",
            says: &["solved", "Case summary", "Free disk space", "Archiving a case does not affect the support"],
            never: &["Not solved yet"],
            ..DUE
        },
    ],
};
