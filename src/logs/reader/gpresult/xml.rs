//! The document of `gpresult /x`: names of elements are the same in every language.

use std::collections::HashMap;

use crate::bundle::ProblemKind;

use super::super::Sink;
use super::super::sddl::{self, Object};
use super::super::xml::{self, Element};
use super::places::Places;
use super::{KEYS, line, secured};

/// What names a setting, the first that it has.
const NAMES: [&str; 4] = ["Name", "KeyName", "Path", "SubcategoryName"];

/// What a setting says about itself and not about what it sets.
const ASIDE: [&str; 8] =
    ["GPO", "Precedence", "Explain", "Supported", "SecurityDescriptor", "Type", "Category", "Blocked"];

/// Reads the document.
pub(super) fn read(sink: &mut Sink<'_>, text: &str, places: &Places) {
    let (root, broken) = xml::parse(text);
    if let Some(error) = broken {
        let zh = format!("XML 不完整，只读取了前面的部分：{error}");
        sink.problem(ProblemKind::Truncated, zh, format!("the XML breaks off; what came before was read: {error}"));
    }
    let Some(root) = root else { return };
    for results in root.children.iter().filter(|part| part.name.ends_with("Results")) {
        let mut scope =
            Scope { sink, places, side: results.name.trim_end_matches("Results"), policies: policies(results) };
        scope.read(results);
    }
}

/// The policies' names by their identifiers.
fn policies(results: &Element) -> HashMap<String, String> {
    let named = |gpo: &Element| {
        let id = gpo.child("Path").and_then(|path| path.child("Identifier")).or_else(|| gpo.child("Identifier"))?;
        Some((id.text.trim().to_lowercase(), gpo.child("Name")?.text.trim().to_owned()))
    };
    results.children.iter().filter(|part| part.name == "GPO").filter_map(named).collect()
}

/// What is set for the machine, or for a user.
struct Scope<'r, 's> {
    sink: &'r mut Sink<'s>,
    places: &'r Places,
    side: &'r str,
    policies: HashMap<String, String>,
}

impl Scope<'_, '_> {
    fn read(&mut self, results: &Element) {
        for part in &results.children {
            match part.name.as_str() {
                "GPO" => self.policy(part),
                "ExtensionData" => {
                    let name = part.child("Name").map_or("", |name| name.text.trim()).to_owned();
                    for setting in
                        part.children.iter().filter(|child| child.name == "Extension").flat_map(|all| &all.children)
                    {
                        self.setting(setting, &name);
                    }
                }
                _ if part.children.is_empty() => {
                    let fields = vec![("name", part.name.clone()), ("value", line(&part.text))];
                    self.take(part, &[], fields);
                }
                _ => {}
            }
        }
    }

    /// A policy and what became of it.
    fn policy(&mut self, part: &Element) {
        let name = part.child("Name").map(|name| line(&name.text)).unwrap_or_default();
        for child in part.children.iter().filter(|child| child.children.is_empty() && child.name != "Name") {
            let fields = vec![("name", child.name.clone()), ("value", line(&child.text)), ("gpo", name.clone())];
            self.take(child, &["Group Policy Objects"], fields);
        }
    }

    fn setting(&mut self, setting: &Element, extension: &str) {
        if setting.children.is_empty() {
            return;
        }
        let gpo = setting.child("GPO").and_then(|gpo| gpo.child("Identifier")).map(|id| id.text.trim().to_lowercase());
        let gpo = gpo.map(|id| self.policies.get(&id).cloned().unwrap_or(id));
        let gpo = gpo.map(|name| ("gpo", name));
        let path = setting.child("Path").map(|path| path.text.trim());
        if let Some((path, (section, kind))) = path.and_then(|path| Some((path, secured(path)?))) {
            let own = [(kind, path.to_owned())].into_iter().chain(gpo).collect();
            self.object(setting, section, own);
            return;
        }
        let name = NAMES.iter().find_map(|name| setting.child(name));
        let shown = name.map_or_else(|| setting.name.clone(), |name| line(&name.text));
        let named = name.map_or("", |name| name.name.as_str());
        let values: Vec<String> = setting
            .children
            .iter()
            .filter(|child| child.name != named && !ASIDE.contains(&child.name.as_str()))
            .map(words)
            .filter(|words| !words.is_empty())
            .collect();
        let fields = [("name", shown), ("value", values.join(", "))].into_iter().chain(gpo).collect();
        self.take(setting, &[extension, &setting.name], fields);
    }

    /// An object with permissions: a record an entry, or one where it has none.
    fn object(&mut self, setting: &Element, section: &'static str, own: Vec<(&'static str, String)>) {
        let of = if section == KEYS { Object::Key } else { Object::File };
        let text = setting.child("SecurityDescriptor").and_then(|security| security.child("SDDL"));
        let descriptor = text.map(|text| sddl::read(text.text.trim(), of)).unwrap_or_default();
        if descriptor.aces.is_empty() {
            self.take(setting, &[section], own);
            return;
        }
        for ace in descriptor.aces {
            let fields = own.iter().cloned().chain(ace.fields()).collect();
            self.take(setting, &[section], fields);
        }
    }

    fn take(&mut self, part: &Element, sections: &[&str], mut fields: Vec<(&'static str, String)>) {
        let innermost = sections.last().copied().unwrap_or(self.side);
        fields.insert(0, ("section", innermost.to_owned()));
        let text = super::rendering(&fields);
        let place = self.places.of(part.place.0, part.place.1);
        let path = [self.side].iter().chain(sections).map(|title| (*title).to_owned()).collect();
        self.sink.record(place, &text, &fields, path);
    }
}

/// All text in an element, in order.
fn words(element: &Element) -> String {
    let own = std::iter::once(line(&element.text));
    let all = own.chain(element.children.iter().map(words)).filter(|words| !words.is_empty());
    all.collect::<Vec<_>>().join(" ")
}
