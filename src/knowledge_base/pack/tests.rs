//! A pack is read back as it was written, or is refused with the reason.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::{FORM, HEAD, MAGIC, OLDEST, PackFault, Release, fault_of_rules, read, sealed, write};
use crate::bundle::{Bundle, Limits};
use crate::diagnose::diagnose;
use crate::knowledge_base::KnowledgeBase;
use crate::lang::Lang;
use crate::scan;

static PACK: LazyLock<Vec<u8>> = LazyLock::new(|| write(&KnowledgeBase::embedded()).unwrap());

/// A small one: its checksum is soon made.
static SMALL: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut base = KnowledgeBase::embedded();
    base.rules.rules.all_mut().truncate(2);
    base.rules.logs =
        crate::logs::LogKinds::new(base.rules.logs.iter().take(8).map(|(_, kind)| kind.clone()).collect());
    base.rules.collections.clear();
    base.rules.phrases.clear();
    base.templates.files.clear();
    write(&base).unwrap()
});

fn fault(bytes: &[u8]) -> PackFault {
    read(bytes).map(|base| base.name).unwrap_err()
}

/// The pack with one bit turned.
fn turned(at: usize, bit: u8) -> Vec<u8> {
    let mut bytes = SMALL.clone();
    bytes[at] ^= 1 << bit;
    bytes
}

#[test]
fn what_is_read_is_what_was_written() {
    let base = KnowledgeBase::embedded();
    let again = read(&PACK).unwrap();
    assert_eq!((&again.name, &again.hash, &again.own_rules), (&base.name, &base.hash, &base.own_rules));
    assert_eq!(again.settings, base.settings);
    assert_eq!(again.templates.files, base.templates.files);
    // Tests are not in it.
    let rules = format!("{:?}", base.rules.rules.iter().map(|rule| &rule.signature).collect::<Vec<_>>());
    let read_rules = format!("{:?}", again.rules.rules.iter().map(|rule| &rule.signature).collect::<Vec<_>>());
    assert_eq!(rules, read_rules);
    assert!(again.rules.rules.iter().all(|rule| rule.tests.is_empty()));
}

#[test]
fn the_same_files_give_the_same_bytes() {
    assert_eq!(*PACK, write(&KnowledgeBase::embedded()).unwrap());
    assert_eq!(*PACK, write(&read(&PACK).unwrap()).unwrap(), "also those of a pack");
}

#[test]
fn a_turned_bit_is_refused_wherever_it_is() {
    let whole = (0..HEAD).flat_map(|at| (0..8).map(move |bit| (at, bit)));
    let sample = (HEAD..SMALL.len()).step_by(197).map(|at| (at, u8::try_from(at % 8).unwrap()));
    for (at, bit) in whole.chain(sample) {
        let found = fault(&turned(at, bit));
        let expected = match at {
            0..8 => matches!(found, PackFault::NoPack),
            // A length is too long or not that of the rest.
            8..16 => matches!(found, PackFault::Short { .. } | PackFault::Damaged),
            _ => found == PackFault::Damaged,
        };
        assert!(expected, "byte {at}, bit {bit}: {found:?}");
    }
}

#[test]
fn a_pack_cut_short_says_so() {
    for length in (1..HEAD).chain((HEAD..PACK.len()).step_by(4999)).chain([PACK.len() - 1]) {
        let found = fault(&PACK[..length]);
        let PackFault::Short { found, expected } = found else { panic!("{length}: {found:?}") };
        assert_eq!(found, length as u64);
        assert!(expected > found);
    }
    assert_eq!(fault(b""), PackFault::NoPack);
    let longer = [PACK.as_slice(), b"\n"].concat();
    assert_eq!(fault(&longer), PackFault::Damaged);
}

#[test]
fn a_pack_for_another_program_says_which() {
    let body = &PACK[HEAD..];
    assert!(read(&sealed(body, FORM, OLDEST)).is_ok());
    assert_eq!(fault(&sealed(body, FORM + 1, OLDEST)), PackFault::Form { found: FORM + 1, own: FORM });
    let own = Release::own();
    assert!(read(&sealed(body, FORM, own)).is_ok());
    for newer in [Release([0, 0, 1]), Release([0, 1, 0]), Release([1, 0, 0])] {
        let oldest = Release([0, 1, 2].map(|at| own.0[at] + newer.0[at]));
        let found = fault(&sealed(body, FORM, oldest));
        assert_eq!(found, PackFault::Newer { oldest: oldest.to_string(), own: own.to_string() });
    }
}

#[test]
fn every_fault_is_said_in_both_languages() {
    let faults = [
        PackFault::Io { why: "Permission denied".to_owned() },
        PackFault::NoPack,
        PackFault::Short { expected: 58, found: 12 },
        PackFault::Damaged,
        PackFault::Form { found: 2, own: 1 },
        PackFault::Newer { oldest: "9.0.0".to_owned(), own: "0.1.0".to_owned() },
        PackFault::Content { why: "not of its type".to_owned() },
    ];
    let said = faults.iter().flat_map(|fault| Lang::ALL.map(|lang| fault.message(lang) + "\n"));
    insta::assert_snapshot!(said.collect::<String>(), @r"
    无法读取：Permission denied
    cannot be read: Permission denied
    既不是知识库文件夹，也不是 `casebook compile` 生成的知识包
    neither a knowledge base's folder nor a pack that `casebook compile` made
    知识包不完整：应有 58 字节，只有 12 字节；请重新复制
    the pack ends too early: 12 of 58 bytes; copy it again
    知识包已损坏（校验和不符）；请重新复制或重新编译
    the pack is damaged (its checksum is another); copy it again or compile it anew
    知识包的格式是第 2 版，本程序读取第 1 版；请用本程序重新编译
    the pack is of form 2, this program reads form 1; compile it anew with this program
    知识包需要 casebook 9.0.0 或更新版本，本程序是 0.1.0；请更新程序
    the pack needs casebook 9.0.0 or later, this is 0.1.0; take a newer program
    知识包的内容不是知识库（not of its type）；请重新编译
    what the pack holds is no knowledge base (not of its type); compile it anew
    ");
}

#[test]
fn a_rule_that_cannot_be_read_is_told_once_it_is_asked_for() {
    let mut body = PACK[HEAD..].to_vec();
    // A title stands nowhere but in its rule, which is not read before it is asked for.
    let title = KnowledgeBase::embedded().rules.rules[0].title.get(Lang::En).as_bytes().to_vec();
    let at = body.windows(title.len()).position(|here| here == title).unwrap();
    body[at] = 0xff;
    let base = read(&sealed(&body, FORM, OLDEST)).unwrap();
    assert_eq!(fault_of_rules(&base), None);
    assert_eq!(base.rules.rules.iter().count(), base.rules.rules.len());
    assert!(matches!(fault_of_rules(&base), Some(PackFault::Content { .. })));
}

/// A log that the default's rules have something to say about.
const LOG: &str = "2024-10-16 08:43:18, Info                  CBS    Doqe: [Forward] Uninstalling driver updates, Count 22\r\n\
    2024-10-16 08:43:18, Info                  CBS    DriverUpdateUninstallUpdates failed [HRESULT = 0x80070005 - E_ACCESSDENIED]\r\n\
    2024-10-16 08:43:18, Info                  CBS    Startup: Rolling back KTM, because drivers failed.\r\n";

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever stands under a right checksum, nothing breaks: it is refused, or is a knowledge base that works.
    #[test]
    fn a_forged_pack_is_refused_or_works(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        let mut body = PACK[HEAD..].to_vec();
        for (at, byte) in changes {
            let at = at.index(body.len());
            body[at] = byte;
        }
        if let Ok(base) = read(&sealed(&body, FORM, OLDEST)) {
            let bundle = Bundle::from_reader("CBS.log", LOG.as_bytes(), &Limits::default()).unwrap();
            let options = scan::Options { threads: Some(1), ..scan::Options::default() };
            let seen = scan::scan(&bundle, &base.rules, &options);
            let _ = diagnose(&seen, &base.rules, None, None, 1);
        }
    }

    #[test]
    fn bytes_that_are_no_pack_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(read(&bytes).is_err());
        prop_assert!(read(&[&MAGIC[..], &bytes].concat()).is_err());
        prop_assert!(read(&sealed(&bytes, FORM, OLDEST)).is_err());
    }
}
