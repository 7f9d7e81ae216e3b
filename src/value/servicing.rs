//! Component-store directories and package identities.

use super::sentence::head;
use super::{Type, Value};

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

/// No identity is longer.
const LIMIT: usize = 512;

/// Digits of a component's hash.
const HASH: usize = 16;

/// What stands before a driver's INF in a component's name.
const DUAL: &str = "dual_";

fn is_arch(text: &str) -> bool {
    let known = ["amd64", "x86", "wow64", "msil", "arm64", "arm", "ia64", "arm64.x86", "arm64.arm"];
    known.iter().any(|known| known.eq_ignore_ascii_case(text))
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
        let right = is_arch(arch)
            && is_hex(hash, HASH)
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
            "inf" => return self.inf().map(Value::name),
            _ => return None,
        };
        Some(Value::name(text))
    }

    /// The INF that a driver's component carries: `usbstor.inf` of `dual_usbstor.inf`. A long name is shortened by `..`
    /// and is then no file's name.
    fn inf(&self) -> Option<&str> {
        let prefix = self.name.get(..DUAL.len()).filter(|prefix| prefix.eq_ignore_ascii_case(DUAL));
        let file = &self.name[prefix.map_or(0, str::len)..];
        let (stem, ext) = file.rsplit_once('.')?;
        (ext.eq_ignore_ascii_case("inf") && !stem.is_empty() && !stem.contains("..") && !stem.ends_with('.'))
            .then_some(file)
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
        // The neutral culture is written or left out.
        let culture = if culture.eq_ignore_ascii_case("neutral") { "" } else { culture };
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
        let upper = self.name.to_ascii_uppercase();
        upper.match_indices("KB").find_map(|(at, _)| {
            let digits = self.name[at + 2..].chars().take_while(char::is_ascii_digit).count();
            Type::Kb.read(&self.name[at..at + 2 + digits])
        })
    }
}

/// Bytes of a package identity at the beginning: up to the digits and dots behind its fourth `~`.
pub(super) fn package_length(text: &str) -> Option<usize> {
    let text = head(text, LIMIT);
    let run = &text[..text.find(char::is_whitespace).unwrap_or(text.len())];
    let (last, _) = run.match_indices('~').nth(3)?;
    let version = &run[last + 1..];
    let digits = version.find(|char: char| !(char.is_ascii_digit() || char == '.')).unwrap_or(version.len());
    Some(last + 1 + version[..digits].trim_end_matches('.').len())
}

/// Bytes of a component's name at the beginning: up to its hash.
pub(super) fn component_length(text: &str) -> Option<usize> {
    let (arch, _) = head(text, 16).split_once('_')?;
    is_arch(arch).then_some(())?;
    let run = head(text, LIMIT);
    let run = &run[..run.find(|char: char| char.is_whitespace() || matches!(char, '\\' | '/')).unwrap_or(run.len())];
    let mut hashes = run.match_indices('_').map(|(at, _)| at + 1).filter(|at| {
        let after = run.as_bytes().get(at + HASH);
        run.get(*at..at + HASH).is_some_and(|hash| is_hex(hash, HASH)) && !after.is_some_and(u8::is_ascii_alphanumeric)
    });
    hashes.find(|at| Component::read(&run[..at + HASH]).is_some()).map(|at| at + HASH)
}
