//! A value as a pack stores it: its type and its text. What it means is read anew.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Data, Type, Value};

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.ty, self.text.as_str()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        let (ty, text) = <(Type, String)>::deserialize(deserializer)?;
        if ty == Type::Quoted {
            // The quotes are not stored.
            return Ok(Value { ty, text: text.into(), data: Data::Text });
        }
        ty.read(&text).ok_or_else(|| D::Error::custom("not of its type"))
    }
}

#[cfg(test)]
mod tests {
    use crate::value::{Type, Value};

    #[test]
    fn a_value_is_the_same_when_it_comes_back() {
        let texts = [
            (Type::Text, " any text "),
            (Type::Word, "word"),
            (Type::Quoted, "'in \"quotes\"'"),
            (Type::Int, "-22"),
            (Type::Hex, "0x16"),
            (Type::Error, "E_ACCESSDENIED"),
            (Type::Error, "0xC1900101-0x4000D"),
            (Type::Path, r#""\\?\C:\Windows\INF\usbstor.inf""#),
            (Type::Component, "amd64_dual_usbstor.inf_31bf3856ad364e35_10.0.17763.2237_none_8e64ef457e7839af"),
            (Type::Package, "Package_for_RollupFix~31bf3856ad364e35~amd64~~17763.6414.1.4"),
            (Type::Kb, "kb 5032196"),
            (Type::Version, "10.0.17763"),
            (Type::Guid, "{D16D444C-56D8-11D5-882D-0080C847B195}"),
            (Type::Sid, "S-1-5-18"),
            (Type::Ip, "::1"),
            (Type::User, r"NT SERVICE\TrustedInstaller"),
            (Type::Service, "wuauserv"),
            (Type::Url, "https://example.com/a"),
            (Type::Time, "2024-10-16 08:43:18.236"),
            (Type::Duration, "1h 30m"),
        ];
        for (ty, text) in texts {
            let value = ty.read(text).unwrap();
            let bytes = postcard::to_allocvec(&value).unwrap();
            let again: Value = postcard::from_bytes(&bytes).unwrap();
            assert_eq!((again.ty, &again.text, &again.data), (value.ty, &value.text, &value.data), "{text}");
        }
        let none = postcard::to_allocvec(&(Type::Int, "many")).unwrap();
        assert!(postcard::from_bytes::<Value>(&none).is_err());
    }
}
