//! The page of `gpresult /h`: titles of sections, and tables whose first column is what is set.
//!
//! Titles and headings are in the machine's language; that the last column is the policy that won is told by `GPO` in its
//! heading, an object with permissions by its path.

use html5gum::emitters::default::{DefaultEmitter, StartTag, Token};
use html5gum::{HtmlString, Tokenizer};

use super::super::Sink;
use super::places::Places;
use super::{line, secured};

/// Elements whose text is not the report's.
const SILENT: [&str; 3] = ["script", "style", "title"];

/// Sections and tables within each other at the most.
const DEPTH: usize = 64;

/// Words for an entry that denies.
const DENY: [&str; 6] = ["Deny", "拒绝", "拒否", "Verweigern", "Refuser", "Denegar"];

/// Reads the page.
pub(super) fn read(sink: &mut Sink<'_>, text: &str, places: &Places) {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let mut page = Page { sink, places, depth: 0, silent: 0, title: None, sections: Vec::new(), tables: Vec::new() };
    for Ok(token) in Tokenizer::new_with_emitter(text, emitter) {
        match token {
            Token::StartTag(tag) => page.open(&tag),
            Token::EndTag(tag) => page.close(&string(&tag.name), tag.span.end),
            Token::String(text) => page.text(&string(&text.value)),
            _ => {}
        }
    }
    page.leave(0);
}

/// A section that is open.
struct Opened {
    title: String,
    /// How many `div` were open around it.
    depth: usize,
    /// Set for an object with permissions: its section and what it is, the policy that won, its rows.
    object: Option<Object>,
    begin: usize,
}

/// An object with permissions.
struct Object {
    section: &'static str,
    kind: &'static str,
    gpo: String,
    /// Entries: type, account, rights.
    entries: Vec<Vec<String>>,
    end: usize,
}

/// A table that is open.
#[derive(Default)]
struct Table {
    /// The last column is the policy that won.
    won: bool,
    heading: bool,
    cells: Vec<String>,
    /// A cell is open.
    within: bool,
    begin: usize,
}

/// What of the page is open.
struct Page<'r, 's> {
    sink: &'r mut Sink<'s>,
    places: &'r Places,
    depth: usize,
    silent: usize,
    /// A title that was read, or is being read, and where it began.
    title: Option<(String, bool, usize)>,
    sections: Vec<Opened>,
    tables: Vec<Table>,
}

impl Page<'_, '_> {
    fn open(&mut self, tag: &StartTag<usize>) {
        let name = string(&tag.name);
        let class =
            tag.attributes.iter().find(|(key, _)| string(key) == "class").map(|(_, value)| string(&value.value));
        let class = class.unwrap_or_default();
        match name.as_str() {
            "br" => self.text("; "),
            _ if tag.self_closing => {}
            name if SILENT.contains(&name) => self.silent += 1,
            "span" if class == "sectionTitle" => self.title = Some((String::new(), true, tag.span.start)),
            "div" => {
                self.depth += 1;
                if class == "container" && self.tables.is_empty() && self.sections.len() < DEPTH {
                    self.enter();
                }
            }
            "table" if self.tables.len() < DEPTH => self.tables.push(Table::default()),
            "tr" => self.row(tag.span.start),
            "td" | "th" => self.cell(&name),
            _ => {}
        }
    }

    fn close(&mut self, name: &str, end: usize) {
        match name {
            name if SILENT.contains(&name) => self.silent = self.silent.saturating_sub(1),
            "span" => {
                if let Some((_, reading, _)) = &mut self.title {
                    *reading = false;
                }
            }
            "div" => {
                self.depth = self.depth.saturating_sub(1);
                self.leave(self.depth);
            }
            "td" | "th" => {
                if let Some(table) = self.tables.last_mut() {
                    table.within = false;
                }
            }
            "tr" => self.row_done(end),
            "table" => drop(self.tables.pop()),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.silent > 0 {
            return;
        }
        if let Some((title, true, _)) = &mut self.title {
            title.push_str(text);
        } else if let Some(table) = self.tables.last_mut().filter(|table| table.within)
            && let Some(cell) = table.cells.last_mut()
        {
            cell.push_str(text);
        }
    }

    /// What follows a title is its section.
    fn enter(&mut self) {
        let Some((title, _, begin)) = self.title.take() else { return };
        let title = line(&title);
        let object = secured(&title).map(|(section, kind)| Object {
            section,
            kind,
            gpo: String::new(),
            entries: Vec::new(),
            end: begin + 1,
        });
        self.sections.push(Opened { title, depth: self.depth - 1, object, begin });
    }

    /// Ends the sections that began deeper than `depth`.
    fn leave(&mut self, depth: usize) {
        while self.sections.last().is_some_and(|section| section.depth >= depth) {
            let Some(section) = self.sections.pop() else { break };
            if let Some(object) = section.object {
                self.object(&section.title, section.begin, object);
            }
        }
    }

    fn row(&mut self, begin: usize) {
        if let Some(table) = self.tables.last_mut() {
            (table.cells, table.heading, table.within, table.begin) = (Vec::new(), false, false, begin);
        }
    }

    fn cell(&mut self, name: &str) {
        if let Some(table) = self.tables.last_mut() {
            table.heading |= name == "th";
            table.cells.push(String::new());
            table.within = true;
        }
    }

    fn row_done(&mut self, end: usize) {
        let Some(table) = self.tables.last_mut() else { return };
        let cells: Vec<String> = std::mem::take(&mut table.cells).iter().map(|cell| words(cell)).collect();
        if table.heading {
            table.won = cells.len() > 2 && cells.last().is_some_and(|heading| heading.contains("GPO"));
            return;
        }
        let (begin, won) = (table.begin, table.won);
        if cells.len() < 2 || cells.iter().all(String::is_empty) {
            return;
        }
        if let Some(object) = self.sections.iter_mut().rev().find_map(|section| section.object.as_mut()) {
            object.end = end;
            return object.row(cells);
        }
        self.setting(cells, won, (begin, end));
    }

    /// A row is a setting.
    fn setting(&mut self, mut cells: Vec<String>, won: bool, (begin, end): (usize, usize)) {
        let path: Vec<String> = self.sections.iter().map(|section| section.title.clone()).collect();
        let innermost = path.last().cloned().unwrap_or_default();
        let policy =
            innermost.strip_suffix(']').and_then(|title| title.rsplit_once(" [")).map(|(name, _)| name.to_owned());
        let gpo = if won { cells.pop() } else { policy };
        let name = cells.first().cloned().unwrap_or_default();
        let rest = cells.get(1..).unwrap_or_default();
        let value = rest.iter().filter(|cell| !cell.is_empty()).cloned().collect::<Vec<_>>().join("; ");
        let mut fields = vec![("section", innermost)];
        fields.extend((!name.is_empty()).then_some(("name", name)));
        fields.push(("value", value));
        fields.extend(gpo.map(|gpo| ("gpo", gpo)));
        self.take(path, &fields, (begin, end));
    }

    /// An object with permissions, at the end of its section: a record an entry, or one.
    fn object(&mut self, title: &str, begin: usize, object: Object) {
        let own = [("section", object.section.to_owned()), (object.kind, title.to_owned()), ("gpo", object.gpo)];
        let entry = |cells: Vec<String>| {
            let denies = DENY.contains(&cells.first().map_or("", String::as_str));
            let (kind, deny) = if denies { ("deny", "yes") } else { ("allow", "no") };
            let mut cells = cells.into_iter().skip(1);
            let (who, rights) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
            vec![("who", who), ("rights", rights), ("deny", deny.to_owned()), ("kind", kind.to_owned())]
        };
        let mut entries: Vec<_> = object.entries.into_iter().map(entry).collect();
        if entries.is_empty() {
            entries.push(Vec::new());
        }
        for entry in entries {
            let path = self.sections.iter().map(|section| section.title.clone());
            let path = path.chain([object.section.to_owned()]).collect();
            let fields: Vec<_> = own.iter().cloned().chain(entry).collect();
            self.take(path, &fields, (begin, object.end));
        }
    }

    fn take(&mut self, path: Vec<String>, fields: &[(&'static str, String)], (begin, end): (usize, usize)) {
        let text = super::rendering(fields);
        self.sink.record(self.places.of(begin, end), &text, fields, path);
    }
}

impl Object {
    /// A row of an object: the policy that won, or an entry of its permissions.
    fn row(&mut self, cells: Vec<String>) {
        match cells.as_slice() {
            [label, gpo] if label.contains("GPO") => gpo.clone_into(&mut self.gpo),
            [_, who, rights, ..] if !who.is_empty() && !rights.is_empty() => self.entries.push(cells),
            _ => {}
        }
    }
}

fn string(text: &HtmlString) -> String {
    String::from_utf8_lossy(text).into_owned()
}

/// A cell's text on one line, breaks of lines as semicolons.
fn words(cell: &str) -> String {
    let parts = cell.split("; ").map(line).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("; ")
}
