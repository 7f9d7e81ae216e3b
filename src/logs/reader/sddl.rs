//! Security descriptors as text (SDDL), split into their entries: who may or may not do what.
//!
//! Rights to a file are written as `icacls` writes them, so that one pattern fits both; names of well-known accounts are the
//! English ones, whatever the machine's language. What has no such name stays as it is written.

/// The fields of an entry.
pub(super) const FIELDS: [&str; 7] = ["who", "rights", "deny", "audit", "inherited", "kind", "mask"];

/// An entry of a descriptor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ace {
    /// `allow`, `deny`, `audit`, or the type as it is written.
    pub(super) kind: String,
    /// The account.
    pub(super) who: String,
    /// Flags and rights, `(OI)(CI)(F)`.
    pub(super) rights: String,
    /// The rights as a number, where they are one.
    pub(super) mask: Option<u32>,
    /// It comes from a folder above.
    pub(super) inherited: bool,
}

impl Ace {
    /// Whether it grants or denies something.
    pub(super) fn decides(&self) -> bool {
        self.kind == "allow" || self.kind == "deny"
    }

    /// What it says, as fields.
    pub(super) fn fields(self) -> Vec<(&'static str, String)> {
        let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
        // What is only audited is neither granted nor denied.
        let mut fields = if self.decides() {
            vec![("who", self.who), ("rights", self.rights), ("deny", yes(self.kind == "deny"))]
        } else {
            vec![("who", self.who), ("audit", self.rights)]
        };
        fields.push(("inherited", yes(self.inherited)));
        fields.push(("kind", self.kind));
        fields.extend(self.mask.map(|mask| ("mask", format!("0x{mask:x}"))));
        fields
    }
}

/// A descriptor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Descriptor {
    pub(super) owner: Option<String>,
    pub(super) group: Option<String>,
    /// Its entries in order, those that permit before those that audit.
    pub(super) aces: Vec<Ace>,
}

/// What a descriptor is of, which decides what its rights are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Object {
    File,
    Key,
    Service,
}

/// Whether a line is a descriptor.
pub(super) fn is_descriptor(text: &str) -> bool {
    let begins = ["O:", "G:", "D:", "S:"].iter().any(|part| text.starts_with(part));
    begins && ["(A;", "(D;", "(AU;"].iter().any(|entry| text.contains(entry))
}

/// Reads a descriptor as far as it is one.
pub(super) fn read(text: &str, of: Object) -> Descriptor {
    let mut descriptor = Descriptor::default();
    for (part, body) in parts(text) {
        match part {
            'O' => descriptor.owner = Some(account(body)),
            'G' => descriptor.group = Some(account(body)),
            _ => descriptor.aces.extend(entries(body).filter_map(|entry| ace(entry, of))),
        }
    }
    descriptor
}

/// The parts of a descriptor: a letter, and what follows its colon. No colon stands within a part but in conditions,
/// which are in parentheses.
fn parts(text: &str) -> Vec<(char, &str)> {
    let mut found: Vec<(char, usize)> = Vec::new();
    let mut depth = 0usize;
    let mut before = None;
    for (at, char) in text.char_indices() {
        match char {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => {
                found.extend(before.filter(|letter| "OGDS".contains(*letter)).map(|letter| (letter, at + 1)));
            }
            _ => {}
        }
        before = Some(char);
    }
    let ends = found.iter().skip(1).map(|(_, at)| at.saturating_sub(2)).chain([text.len()]).collect::<Vec<_>>();
    found.iter().zip(ends).filter_map(|((letter, at), end)| Some((*letter, text.get(*at..end)?))).collect()
}

/// What stands in the outer parentheses of a list.
fn entries(list: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0usize;
    let mut begin = 0;
    list.char_indices().filter_map(move |(at, char)| match char {
        '(' => {
            depth += 1;
            if depth == 1 {
                begin = at + 1;
            }
            None
        }
        ')' if depth == 1 => {
            depth = 0;
            list.get(begin..at)
        }
        ')' => {
            depth = depth.saturating_sub(1);
            None
        }
        _ => None,
    })
}

/// `type;flags;rights;object;inherited object;account`.
fn ace(text: &str, of: Object) -> Option<Ace> {
    let mut cells = text.split(';').map(str::trim);
    let (kind, flags, rights) = (cells.next()?, cells.next()?, cells.next()?);
    let who = cells.nth(2)?;
    let kind = match kind {
        "A" | "OA" | "XA" | "ZA" => "allow",
        "D" | "OD" | "XD" => "deny",
        "AU" | "OU" | "XU" => "audit",
        other => other,
    };
    let flags = pairs(flags);
    let mask = mask(rights);
    let shown = mask.and_then(|mask| letters(mask, of)).unwrap_or_else(|| rights.to_owned());
    let mut text: String = ["ID", "OI", "CI", "NP", "IO"]
        .iter()
        .filter(|flag| flags.contains(flag))
        .map(|flag| if *flag == "ID" { "(I)".to_owned() } else { format!("({flag})") })
        .collect();
    // All rights denied is what `icacls` calls none.
    let nothing = kind == "deny" && shown == "F" && of == Object::File;
    if kind == "deny" && !nothing {
        text.push_str("(DENY)");
    }
    text.extend(["(", if nothing { "N" } else { &shown }, ")"]);
    Some(Ace { kind: kind.to_owned(), who: account(who), rights: text, mask, inherited: flags.contains(&"ID") })
}

/// Words of two letters.
fn pairs(text: &str) -> Vec<&str> {
    (0..text.len() / 2).filter_map(|at| text.get(2 * at..2 * at + 2)).collect()
}

/// Rights by their words: file, key, generic, standard, directory service.
const RIGHTS: [(&str, u32); 25] = [
    ("FA", 0x1f_01ff),
    ("FR", 0x12_0089),
    ("FW", 0x12_0116),
    ("FX", 0x12_00a0),
    ("KA", 0xf_003f),
    ("KR", 0x2_0019),
    ("KW", 0x2_0006),
    ("KX", 0x2_0019),
    ("GA", 0x1000_0000),
    ("GR", 0x8000_0000),
    ("GW", 0x4000_0000),
    ("GX", 0x2000_0000),
    ("SD", 0x1_0000),
    ("RC", 0x2_0000),
    ("WD", 0x4_0000),
    ("WO", 0x8_0000),
    ("CC", 0x1),
    ("DC", 0x2),
    ("LC", 0x4),
    ("SW", 0x8),
    ("RP", 0x10),
    ("WP", 0x20),
    ("DT", 0x40),
    ("LO", 0x80),
    ("CR", 0x100),
];

/// Rights as a number: written as one, or as words of two letters.
fn mask(rights: &str) -> Option<u32> {
    if let Some(hex) = rights.strip_prefix("0x").or_else(|| rights.strip_prefix("0X")) {
        return u32::from_str_radix(hex, 16).ok();
    }
    if let Ok(number) = rights.parse() {
        return Some(number);
    }
    let known = |word: &str| RIGHTS.iter().find(|(name, _)| *name == word).map(|(_, bits)| *bits);
    if !rights.len().is_multiple_of(2) {
        return None;
    }
    pairs(rights).into_iter().map(known).try_fold(0, |mask, bits| Some(mask | bits?))
}

/// Rights to a file by the letters of `icacls`, wider ones first.
const FILE: [(u32, &str); 25] = [
    (0x1f_01ff, "F"),
    (0x13_01bf, "M"),
    (0x12_00a9, "RX"),
    (0x12_0089, "R"),
    (0x10_0116, "W"),
    (0x1000_0000, "GA"),
    (0x8000_0000, "GR"),
    (0x4000_0000, "GW"),
    (0x2000_0000, "GE"),
    (0x1_0000, "DE"),
    (0x2_0000, "RC"),
    (0x4_0000, "WDAC"),
    (0x8_0000, "WO"),
    (0x10_0000, "S"),
    (0x100_0000, "AS"),
    (0x200_0000, "MA"),
    (0x1, "RD"),
    (0x2, "WD"),
    (0x4, "AD"),
    (0x8, "REA"),
    (0x10, "WEA"),
    (0x20, "X"),
    (0x40, "DC"),
    (0x80, "RA"),
    (0x100, "WA"),
];

/// Rights to a key.
const KEY: [(u32, &str); 7] = [
    (0xf_003f, "F"),
    (0x2_0019, "R"),
    (0x2_0006, "W"),
    (0x1000_0000, "GA"),
    (0x8000_0000, "GR"),
    (0x4000_0000, "GW"),
    (0x2000_0000, "GE"),
];

/// The letters that make up a mask; `None` where some of it has none.
fn letters(mask: u32, of: Object) -> Option<String> {
    let names: &[(u32, &str)] = match of {
        Object::File => &FILE,
        Object::Key => &KEY,
        Object::Service => &[],
    };
    let mut rest = mask;
    let mut found = Vec::new();
    for (bits, name) in names {
        if rest != 0 && mask & bits == *bits && rest & bits != 0 {
            found.push(*name);
            rest &= !bits;
        }
    }
    (rest == 0 && !found.is_empty()).then(|| found.join(","))
}

/// Accounts by their two letters and their identity.
const ACCOUNTS: [(&str, &str, &str); 31] = [
    ("WD", "S-1-1-0", "Everyone"),
    ("CO", "S-1-3-0", "CREATOR OWNER"),
    ("CG", "S-1-3-1", "CREATOR GROUP"),
    ("OW", "S-1-3-4", "OWNER RIGHTS"),
    ("NU", "S-1-5-2", "NT AUTHORITY\\NETWORK"),
    ("IU", "S-1-5-4", "NT AUTHORITY\\INTERACTIVE"),
    ("SU", "S-1-5-6", "NT AUTHORITY\\SERVICE"),
    ("AN", "S-1-5-7", "NT AUTHORITY\\ANONYMOUS LOGON"),
    ("ED", "S-1-5-9", "NT AUTHORITY\\ENTERPRISE DOMAIN CONTROLLERS"),
    ("PS", "S-1-5-10", "NT AUTHORITY\\SELF"),
    ("AU", "S-1-5-11", "NT AUTHORITY\\Authenticated Users"),
    ("RC", "S-1-5-12", "NT AUTHORITY\\RESTRICTED"),
    ("SY", "S-1-5-18", "NT AUTHORITY\\SYSTEM"),
    ("LS", "S-1-5-19", "NT AUTHORITY\\LOCAL SERVICE"),
    ("NS", "S-1-5-20", "NT AUTHORITY\\NETWORK SERVICE"),
    ("WR", "S-1-5-33", "NT AUTHORITY\\WRITE RESTRICTED"),
    ("BA", "S-1-5-32-544", "BUILTIN\\Administrators"),
    ("BU", "S-1-5-32-545", "BUILTIN\\Users"),
    ("BG", "S-1-5-32-546", "BUILTIN\\Guests"),
    ("PU", "S-1-5-32-547", "BUILTIN\\Power Users"),
    ("AO", "S-1-5-32-548", "BUILTIN\\Account Operators"),
    ("SO", "S-1-5-32-549", "BUILTIN\\Server Operators"),
    ("PO", "S-1-5-32-550", "BUILTIN\\Print Operators"),
    ("BO", "S-1-5-32-551", "BUILTIN\\Backup Operators"),
    ("RE", "S-1-5-32-552", "BUILTIN\\Replicator"),
    ("RD", "S-1-5-32-555", "BUILTIN\\Remote Desktop Users"),
    ("NO", "S-1-5-32-556", "BUILTIN\\Network Configuration Operators"),
    ("AC", "S-1-15-2-1", "APPLICATION PACKAGE AUTHORITY\\ALL APPLICATION PACKAGES"),
    ("", "S-1-15-2-2", "APPLICATION PACKAGE AUTHORITY\\ALL RESTRICTED APPLICATION PACKAGES"),
    ("", "S-1-5-80-0", "NT SERVICE\\ALL SERVICES"),
    ("", "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464", "NT SERVICE\\TrustedInstaller"),
];

/// The name of an account, where it has the same one everywhere.
pub(super) fn account(text: &str) -> String {
    let text = text.trim();
    let bare = text.strip_prefix('*').unwrap_or(text);
    let known = ACCOUNTS
        .iter()
        .find(|(letters, sid, _)| (!letters.is_empty() && bare == *letters) || bare.eq_ignore_ascii_case(sid));
    known.map_or_else(|| bare.to_owned(), |(_, _, name)| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, of: Object) -> Vec<String> {
        let descriptor = read(text, of);
        descriptor.aces.iter().map(|ace| format!("{} {}:{}", ace.kind, ace.who, ace.rights)).collect()
    }

    #[test]
    fn a_descriptor_is_its_entries() {
        let text = "O:BAG:SYD:PAI(D;OICI;FA;;;WD)(A;ID;0x1200a9;;;BU)(A;OICIIO;GA;;;CO)\
                    (A;;FA;;;S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464)(A;;0x1301bf;;;S-1-5-21-1-2-3-500)\
                    S:AI(AU;FA;FA;;;WD)";
        assert_eq!(
            shown(text, Object::File),
            [
                "deny Everyone:(OI)(CI)(N)",
                "allow BUILTIN\\Users:(I)(RX)",
                "allow CREATOR OWNER:(OI)(CI)(IO)(GA)",
                "allow NT SERVICE\\TrustedInstaller:(F)",
                "allow S-1-5-21-1-2-3-500:(M)",
                "audit Everyone:(F)",
            ]
        );
        let descriptor = read(text, Object::File);
        assert_eq!(descriptor.owner.as_deref(), Some("BUILTIN\\Administrators"));
        assert_eq!(descriptor.group.as_deref(), Some("NT AUTHORITY\\SYSTEM"));
        assert!(descriptor.aces[1].inherited && !descriptor.aces[0].inherited);
    }

    #[test]
    fn rights_without_a_letter_of_their_own_are_put_together() {
        assert_eq!(shown("D:(D;;WDWO;;;BU)", Object::File), ["deny BUILTIN\\Users:(DENY)(WDAC,WO)"]);
        assert_eq!(shown("D:(A;;FRFW;;;BU)", Object::File), ["allow BUILTIN\\Users:(R,W)"]);
        assert_eq!(
            shown("D:(A;;KA;;;SY)(A;CI;KR;;;BU)", Object::Key),
            ["allow NT AUTHORITY\\SYSTEM:(F)", "allow BUILTIN\\Users:(CI)(R)"]
        );
        assert_eq!(shown("D:(A;;CCLCSWRPWP;;;IU)", Object::Service), ["allow NT AUTHORITY\\INTERACTIVE:(CCLCSWRPWP)"]);
    }

    #[test]
    fn conditions_and_broken_lists_are_no_end() {
        let text = "D:(XA;;FX;;;WD;(@User.Title==\"PM\" && (@User.Division==\"a:b\")))(A;;FA;;;SY)(A;;FA;;";
        assert_eq!(shown(text, Object::File).len(), 2);
        for text in ["", "D:", "D:(", "D:)", "(A;;FA;;;WD)", "D:(A)", "D:(;;;;;)", "中:(A;;FA;;;WD)", "D:(A;Ö;Ä;;;ß)"]
        {
            let _ = read(text, Object::File);
        }
    }
}
