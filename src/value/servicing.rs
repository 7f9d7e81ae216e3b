//! Component-store directories and package identities.

use super::{Data, Type, Value};

/// `amd64_dual_usbstor.inf_31bf3856ad364e35_10.0.17763.2237_none_8e64ef457e7839af`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Component {
    arch: String,
    name: String,
    token: String,
    version: String,
    culture: String,
    hash: String,
}

/// `Package_for_RollupFix~31bf3856ad364e35~amd64~~17763.6414.1.4`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Package {
    name: String,
    token: String,
    arch: String,
    culture: String,
    version: String,
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.chars().all(|char| char.is_ascii_hexdigit())
}

impl Component {
    /// Six parts joined by `_`; the name in the middle may hold `_` itself.
    pub(super) fn read(text: &str) -> Option<Component> {
        let (arch, rest) = text.split_once('_')?;
        let mut tail = rest.rsplitn(5, '_');
        let (hash, culture, version, token, name) =
            (tail.next()?, tail.next()?, tail.next()?, tail.next()?, tail.next()?);
        let known = ["amd64", "x86", "wow64", "msil", "arm64", "arm", "ia64", "arm64.x86", "arm64.arm"];
        let right = known.iter().any(|known| known.eq_ignore_ascii_case(arch))
            && is_hex(hash, 16)
            && is_hex(token, 16)
            && super::number::version(version).is_some()
            && !name.is_empty()
            && !name.contains(['\\', '/', ' ']);
        let own = str::to_owned;
        right.then(|| Component {
            arch: own(arch),
            name: own(name),
            token: own(token),
            version: own(version),
            culture: own(culture),
            hash: own(hash),
        })
    }

    pub(super) fn key(&self) -> String {
        let Component { arch, name, token, version, culture, hash } = self;
        format!("{arch}_{name}_{token}_{version}_{culture}_{hash}").to_ascii_lowercase()
    }

    pub(super) fn field(&self, field: &str) -> Option<Value> {
        let text = match field {
            "arch" => &self.arch,
            "name" => &self.name,
            "token" => &self.token,
            "version" => return Type::Version.read(&self.version),
            "culture" => &self.culture,
            "hash" => &self.hash,
            _ => return None,
        };
        Some(Value::name(text))
    }
}

impl Package {
    /// Five parts joined by `~`; the culture may be empty.
    pub(super) fn read(text: &str) -> Option<Package> {
        let parts: Vec<&str> = text.split('~').collect();
        let [name, token, arch, culture, version] = parts[..] else {
            return None;
        };
        let right = !name.is_empty()
            && !name.contains(char::is_whitespace)
            && is_hex(token, 16)
            && !arch.is_empty()
            && super::number::version(version).is_some();
        let own = str::to_owned;
        right.then(|| Package {
            name: own(name),
            token: own(token),
            arch: own(arch),
            culture: own(culture),
            version: own(version),
        })
    }

    pub(super) fn key(&self) -> String {
        let Package { name, token, arch, culture, version } = self;
        format!("{name}~{token}~{arch}~{culture}~{version}").to_ascii_lowercase()
    }

    pub(super) fn field(&self, field: &str) -> Option<Value> {
        let text = match field {
            "name" => &self.name,
            "token" => &self.token,
            "arch" => &self.arch,
            "culture" => &self.culture,
            "version" => return Type::Version.read(&self.version),
            "kb" => return self.kb(),
            _ => return None,
        };
        Some(Value::name(text))
    }

    /// The article in the name, `Package_for_KB5032196`.
    fn kb(&self) -> Option<Value> {
        let at = self.name.to_ascii_uppercase().find("KB")?;
        let digits: String = self.name[at + 2..].chars().take_while(char::is_ascii_digit).collect();
        Type::Kb.read(&format!("KB{digits}"))
    }
}

impl From<Component> for Value {
    fn from(component: Component) -> Self {
        let text = component.key();
        Value { ty: Type::Component, text, data: Data::Component(component) }
    }
}
