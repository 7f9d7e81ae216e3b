//! The language server: diagnostics as one types, completion, hover, definition, references, formatting, quick fixes.
//!
//! Requests are answered in their order. An edit is answered by its file's own diagnostics at once; those of the whole
//! knowledge base follow when nothing has come for a moment.

mod help;
mod mention;
mod position;
mod rename;
mod template;
mod workspace;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lsp_server::{Connection, Message, Notification, Request, Response};
use serde_json::{Value, json};

use crate::authoring::format;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lang::{Lang, Localized};
use crate::source::{SourceMap, Span};

use position::{named, offset, path_of, range, uri_of};
use workspace::Workspace;

/// How long nothing must come until the whole is compiled.
const QUIET: Duration = Duration::from_millis(400);

/// The protocol's number for a request that cannot be done, which editors show with its words.
const REQUEST_FAILED: i32 = -32803;

/// Why a server ended otherwise than by request.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The other side does not keep to the protocol.
    #[error("{0}")]
    Protocol(#[from] lsp_server::ProtocolError),
    /// Standard input or output broke.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// Serves one editor over standard input and output, until it says that it is done.
///
/// # Errors
///
/// The other side breaks off or does not keep to the protocol.
pub fn serve(lang: Lang) -> Result<(), ServeError> {
    let (connection, threads) = Connection::stdio();
    let capabilities = json!({
        "textDocumentSync": {"openClose": true, "change": 1, "save": true},
        "completionProvider": {"triggerCharacters": [":", " ", ".", "{", "/", "|", "\""]},
        "hoverProvider": true,
        "definitionProvider": true,
        "referencesProvider": true,
        "renameProvider": {"prepareProvider": true},
        "documentFormattingProvider": true,
        "codeActionProvider": {"codeActionKinds": ["quickfix"]},
    });
    match connection.initialize(capabilities) {
        Ok(_) => {}
        // Nobody is there.
        Err(error) if error.channel_is_disconnected() => return Ok(()),
        Err(error) => return Err(error.into()),
    }
    let mut server = Server { lang, workspaces: BTreeMap::new(), shown: BTreeMap::new(), stale: None };
    server.run(&connection)?;
    drop(connection);
    threads.join()?;
    Ok(())
}

/// What is open.
struct Server {
    lang: Lang,
    workspaces: BTreeMap<PathBuf, Workspace>,
    /// What was last said of each file, by its URI, for quick fixes: fixes with the place they mend.
    shown: BTreeMap<String, Vec<Value>>,
    /// The knowledge base that was edited since it was last compiled whole.
    stale: Option<PathBuf>,
}

impl Server {
    fn run(&mut self, connection: &Connection) -> Result<(), ServeError> {
        loop {
            let message = if self.stale.is_some() {
                match connection.receiver.recv_timeout(QUIET) {
                    Ok(message) => message,
                    Err(error) if error.is_timeout() => {
                        self.compile_whole(connection);
                        continue;
                    }
                    Err(_) => return Ok(()),
                }
            } else {
                match connection.receiver.recv() {
                    Ok(message) => message,
                    Err(_) => return Ok(()),
                }
            };
            match message {
                Message::Request(request) => {
                    if connection.handle_shutdown(&request)? {
                        return Ok(());
                    }
                    let response = self.answer(request);
                    send(connection, Message::Response(response));
                }
                Message::Notification(notification) => self.notice(&notification, connection),
                Message::Response(_) => {}
            }
        }
    }

    fn notice(&mut self, notification: &Notification, connection: &Connection) {
        let params = &notification.params;
        let uri = params["textDocument"]["uri"].as_str().unwrap_or_default();
        let text = match notification.method.as_str() {
            "textDocument/didOpen" => params["textDocument"]["text"].as_str(),
            "textDocument/didChange" => params["contentChanges"]
                .as_array()
                .and_then(|changes| changes.last())
                .and_then(|it| it["text"].as_str()),
            _ => None,
        };
        let Some((text, path)) = text.zip(path_of(uri)) else { return };
        let Some((dir, below)) = self.home(&path) else { return };
        let lang = self.lang;
        let Some(workspace) = self.workspaces.get_mut(&dir) else { return };
        workspace.edit(&below, text);
        if let Some(found) = workspace.first(&below) {
            let shown = said(&found, &workspace.map, lang);
            self.publish(uri, shown, connection);
        } else {
            // It is told of with the whole, also that nothing is wrong.
            self.shown.entry(uri.to_owned()).or_default();
        }
        self.stale = Some(dir);
    }

    /// The knowledge base a file belongs to, opened if it was not, and the file's path in it.
    fn home(&mut self, path: &Path) -> Option<(PathBuf, String)> {
        let is_base = |dir: &&Path| dir.join("casebook.yaml").is_file() || dir.join("rules").is_dir();
        let dir = path.ancestors().skip(1).find(is_base)?.to_owned();
        let workspace = self.workspaces.entry(dir.clone()).or_insert_with_key(|dir| Workspace::open(dir));
        let below = workspace.below(path)?;
        Some((dir, below))
    }

    /// Compiles what was edited, and says of every file what is wrong with it.
    fn compile_whole(&mut self, connection: &Connection) {
        let Some(dir) = self.stale.take() else { return };
        let Some(workspace) = self.workspaces.get(&dir) else { return };
        let base = workspace.whole();
        let mut by_file: BTreeMap<String, Vec<Diagnostic>> = BTreeMap::new();
        for diagnostic in &base.diagnostics {
            let path = &base.map.file(diagnostic.span.file).path;
            by_file.entry(uri_of(&dir.join(path))).or_default().push(diagnostic.clone());
        }
        // What is mended now was said before.
        let inside = uri_of(&dir);
        for uri in self.shown.keys().filter(|uri| uri.starts_with(&inside)) {
            by_file.entry(uri.clone()).or_default();
        }
        let lang = self.lang;
        for (uri, found) in by_file {
            self.publish(&uri, said(&found, &base.map, lang), connection);
        }
    }

    fn publish(&mut self, uri: &str, diagnostics: Vec<Value>, connection: &Connection) {
        let params = json!({"uri": uri, "diagnostics": diagnostics});
        self.shown.insert(uri.to_owned(), diagnostics);
        let method = "textDocument/publishDiagnostics".to_owned();
        send(connection, Message::Notification(Notification { method, params }));
    }

    fn answer(&mut self, request: Request) -> Response {
        if matches!(request.method.as_str(), "textDocument/prepareRename" | "textDocument/rename") {
            return match self.rename(&request) {
                Ok(found) => Response::new_ok(request.id, found.unwrap_or(Value::Null)),
                Err(why) => Response::new_err(request.id, REQUEST_FAILED, why.get(self.lang).to_owned()),
            };
        }
        let uri = request.params["textDocument"]["uri"].as_str().unwrap_or_default().to_owned();
        let home = path_of(&uri).and_then(|path| self.home(&path));
        let found = home.and_then(|(dir, below)| {
            let workspace = self.workspaces.get(&dir)?;
            let text = workspace.files.text(&below)?;
            let at = offset(text, named(&request.params));
            match request.method.as_str() {
                "textDocument/completion" => Some(json!(match below.strip_prefix("templates/") {
                    Some(below) => template::complete(workspace, below, text, at),
                    None => help::complete(workspace, text, at, self.lang),
                })),
                "textDocument/hover" => {
                    let text = help::hover(workspace, &below, at, self.lang)?;
                    Some(json!({"contents": {"kind": "markdown", "value": text}}))
                }
                "textDocument/definition" => Some(json!(places(workspace, &below, at, true))),
                "textDocument/references" => Some(json!(places(workspace, &below, at, false))),
                // Templates are left as they are.
                "textDocument/formatting" if below.starts_with("templates/") => None,
                "textDocument/formatting" => {
                    let new = format::format(text)?;
                    Some(json!([{"range": range(text, 0, text.len()), "newText": new}]))
                }
                "textDocument/codeAction" => Some(self.fixes(&uri, &request.params["range"])),
                _ => None,
            }
        });
        Response::new_ok(request.id, found.unwrap_or(Value::Null))
    }

    /// The edits that rename what stands at a place, or what there is to rename.
    fn rename(&mut self, request: &Request) -> Result<Option<Value>, Localized> {
        let params = &request.params;
        let home = params["textDocument"]["uri"].as_str().and_then(path_of).and_then(|path| self.home(&path));
        let Some((dir, below)) = home else { return Ok(None) };
        let Some(workspace) = self.workspaces.get(&dir) else { return Ok(None) };
        let Some(text) = workspace.files.text(&below) else { return Ok(None) };
        let at = offset(text, named(params));
        match params["newName"].as_str() {
            Some(new) => rename::rename(workspace, &below, at, new.trim()),
            None => rename::prepare(workspace, &below, at),
        }
    }

    /// The fixes of what was said of a file on the lines of `wanted`.
    fn fixes(&self, uri: &str, wanted: &Value) -> Value {
        let line = |place: &Value, end: &str| place[end]["line"].as_u64().unwrap_or(0);
        let touches = |it: &&Value| {
            line(&it["range"], "start") <= line(wanted, "end") && line(wanted, "start") <= line(&it["range"], "end")
        };
        let shown = self.shown.get(uri).into_iter().flatten().filter(touches);
        let action = |it: &Value| {
            let edit = it["data"].as_object()?;
            Some(json!({
                "title": format!("{} {}", it["code"].as_str()?, edit["title"].as_str()?),
                "kind": "quickfix",
                "diagnostics": [it],
                "edit": {"changes": {uri: [{"range": edit["range"], "newText": edit["newText"]}]}},
            }))
        };
        shown.filter_map(action).collect()
    }
}

/// The editor may be gone; the next message tells.
fn send(connection: &Connection, message: Message) {
    let _ = connection.sender.send(message);
}

/// Diagnostics in the words of the protocol; the fix lies in `data`.
fn said(diagnostics: &[Diagnostic], map: &SourceMap, lang: Lang) -> Vec<Value> {
    let place = |span: Span| range(&map.file(span.file).text, span.start, span.end);
    let one = |diagnostic: &Diagnostic| {
        let help = diagnostic.help.as_ref().map(|help| format!("\n{}", help.get(lang))).unwrap_or_default();
        let mut value = json!({
            "range": place(diagnostic.span),
            "severity": if diagnostic.severity == Severity::Error { 1 } else { 2 },
            "code": diagnostic.code.to_string(),
            "source": "casebook",
            "message": format!("{}{help}", diagnostic.message(lang)),
        });
        if let Some(fix) = &diagnostic.fix {
            let title = match lang {
                Lang::Zh => format!("改为 `{}`", fix.text),
                Lang::En => format!("replace with `{}`", fix.text),
            };
            value["data"] = json!({"title": title, "range": place(fix.span), "newText": fix.text});
        }
        value
    };
    diagnostics.iter().map(one).collect()
}

/// Where the thing at a place is defined, or everywhere that it is named. The default's files are in the program and have no
/// place that an editor could go to.
fn places(workspace: &Workspace, path: &str, at: usize, definition: bool) -> Vec<Value> {
    let mut things: Vec<mention::Thing> =
        help::at(workspace, path, at).into_iter().map(|mention| mention.thing).collect();
    if !definition {
        things.extend(things.iter().flat_map(|thing| template::same(workspace, thing)).collect::<Vec<_>>());
    }
    let named = |it: &mention::Mention| things.contains(&it.thing) && !matches!(it.thing, mention::Thing::Word(_));
    let mut found = Vec::new();
    for path in workspace.paths() {
        let mut own = workspace.mentions(path);
        let Some(text) = own.first().map(|it| &workspace.map.file(it.span.file).text) else { continue };
        own.retain(|it| named(it) && (it.defines || !definition));
        own.sort_by_key(|it| it.span);
        let uri = uri_of(&workspace.dir.join(path));
        found.extend(own.iter().map(|it| json!({"uri": uri, "range": range(text, it.span.start, it.span.end)})));
    }
    found.dedup();
    found
}
