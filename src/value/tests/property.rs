//! What holds for any text: no panic, prefixes are values, equality is an equivalence, order agrees with it.

use std::cmp::Ordering;

use proptest::prelude::*;

use super::super::{Type, Value, codes};

/// Text of the characters that values are made of, and real values with something around them.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "(\\PC|[\\\\/:.0-9a-fxX~_{}()'\"% \n-]){0,40}",
        "[0-9xKkBb. -]{0,12}",
        ("(\\\\\\\\|C:|%windir%|\\\\\\\\\\?\\\\|\\\\SystemRoot|\\\\Device\\\\)", "[\\\\/.a-zA-Zé'() :]{0,30}")
            .prop_map(|(a, b)| a + &b),
        ("[(\\[]?", "(0x|-)?[0-9A-Fa-f]{1,10}", "(-0x[0-9]{1,6}| - E_FAIL)?", "[)\\]]?")
            .prop_map(|(a, b, c, d)| a + &b + &c + &d),
        "(Package_for_KB[0-9]{6}|x)~31bf3856ad364e35~(amd64|x86)~(zh-CN|neutral)?~[0-9]{1,3}(\\.[0-9]{1,2}){0,4}",
        "(amd64|X86)_[a-z_.]{0,12}_31bf3856ad364e35_[0-9.]{1,9}_none_0123456789abcde[0-9a-z]{0,2}",
        "(nt authority|NT SERVICE|CORP)\\\\(network service|[a-zé ]{0,9})",
    ]
}

/// Spellings of few values, so that equal ones meet.
fn value() -> impl Strategy<Value = Value> {
    let spellings = prop_oneof![
        "(0x)?[0-3]{1,2}(\\.0)?",
        "(C:|%windir%|c:/windows)\\\\[aA]{1,2}[.]?",
        "0x8007000[0-5]|\\([0-9]\\)|[0-5]|E_ACCESSDENIED|0xC000002[0-5]",
        "[1-2](\\.[0-1]){0,3}",
        "[aAéÉ]{1,2}",
        "[0-9]{1,4}(ms|s)",
    ];
    let types: Vec<Type> = Type::all().collect();
    (spellings, proptest::sample::select(types)).prop_filter_map("a value", |(text, ty)| ty.read(&text))
}

proptest! {
    #[test]
    fn reading_never_panics(text in text()) {
        for ty in Type::all() {
            prop_assert_eq!(ty.accepts(&text), ty.read(&text).is_some(), "{} {:?}", ty, &text);
            if let Some(value) = ty.read(&text) {
                prop_assert!(!value.key().is_empty() || value.text.trim().is_empty());
                for name in ty.fields() {
                    if let Some(field) = value.field(name) {
                        prop_assert_eq!(Some(field.ty), ty.field(name), "{}.{}", ty, name);
                    }
                }
                prop_assert!(value.field("nothing").is_none());
            }
        }
        let _ = codes::lookup(&text);
    }

    #[test]
    fn the_longest_prefix_is_a_value(text in text()) {
        for ty in Type::all() {
            if let Some(end) = ty.longest(&text) {
                prop_assert!(text.is_char_boundary(end));
                prop_assert!(ty.read(&text[..end]).is_some(), "{} {:?}", ty, &text[..end]);
            }
        }
    }

    #[test]
    fn a_value_read_from_its_own_text_is_the_same(text in text()) {
        for ty in Type::all().filter(|ty| *ty != Type::Quoted) {
            if let Some(value) = ty.read(&text) {
                let again = ty.read(&value.text);
                prop_assert_eq!(again.map(|again| again.key()), Some(value.key()), "{} {:?}", ty, text);
            }
        }
    }

    #[test]
    fn equality_is_an_equivalence(a in value(), b in value(), c in value()) {
        prop_assert_eq!(&a, &a.clone());
        prop_assert_eq!(a == b, b == a);
        prop_assert!(!(a == b && b == c) || a == c);
    }

    #[test]
    fn order_agrees_with_equality(a in value(), b in value()) {
        if a.ty.comparable(b.ty) {
            if let Some(order) = a.compare(&b) {
                prop_assert_eq!(order == Ordering::Equal, a == b, "{:?} {:?}", a, b);
                prop_assert_eq!(Some(order.reverse()), b.compare(&a));
            }
            prop_assert_eq!(a.compare(&b).is_some(), a.ty.ordered());
        }
    }

    #[test]
    fn a_win32_code_is_one_value_in_every_spelling(number in 1u32..=0xFFFF) {
        let hresult = 0x8007_0000 | number;
        let key = format!("{hresult:08x}");
        for spelling in [
            format!("{number}"), format!("0x{number:X}"), format!("({number:08x})"), format!("0x{hresult:08X}"),
            format!("{hresult:08x}"), format!("{hresult}"), format!("{}", hresult.cast_signed()),
            format!("HRESULT_FROM_WIN32({number})"), format!("Error {number}"),
        ] {
            let read = Type::Error.read(&spelling).map(|value| value.key());
            // A code that the table gives another meaning's place goes there in all its spellings.
            prop_assert_eq!(read, Some(key.clone()), "{}", spelling);
        }
    }
}
