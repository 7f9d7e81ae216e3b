//! A model of how `cmd.exe` reads a batch file, faithful where scripts of ours go: percent expansion line by line, quotes
//! that switch special characters off, carets, redirections, pipes and chains, `if`, `for … in ("…")`, `set "A=b"`, and
//! arguments as programs split them. Nothing is run: what would be run is listed.

use std::collections::BTreeMap;

/// What a script would run, in order, each command with its arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shell {
    variables: BTreeMap<String, String>,
    argument: String,
    /// Commands with their arguments.
    pub(super) ran: Vec<Vec<String>>,
}

/// Reads every line as if it were reached: a jump that is not taken hides nothing.
pub(super) fn read(script: &str, argument: &str) -> Shell {
    let variables = [("systemdrive", "C:")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    let mut shell = Shell { variables: variables.into(), argument: argument.to_owned(), ran: Vec::new() };
    for line in script.lines() {
        shell.line(line.strip_suffix('\r').unwrap_or(line));
    }
    shell
}

impl Shell {
    fn line(&mut self, line: &str) {
        let line = line.trim_start().trim_start_matches('@');
        // Comments and labels are expanded too, but nothing of them is run.
        if line.starts_with(':') || line.to_ascii_lowercase().starts_with("rem ") {
            return;
        }
        let expanded = self.expand(line);
        for command in commands(&expanded) {
            self.command(&command);
        }
    }

    /// `%NAME%`, `%~1`, `%%`: before anything else is looked at, quotes or not.
    fn expand(&self, line: &str) -> String {
        let mut out = String::new();
        let mut rest = line;
        while let Some(at) = rest.find('%') {
            out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('%') {
                out.push('%');
                rest = after;
            } else if let Some(after) = rest.strip_prefix("~1").or_else(|| rest.strip_prefix('1')) {
                out.push_str(&self.argument);
                rest = after;
            } else if let Some(end) = rest.find('%') {
                out.push_str(self.variables.get(&rest[..end].to_ascii_lowercase()).map_or("", String::as_str));
                rest = &rest[end + 1..];
            }
        }
        out.push_str(rest);
        out
    }

    fn command(&mut self, text: &str) {
        let text = text.trim_matches([' ', '(', ')']);
        let mut words = text.splitn(2, ' ');
        let name = words.next().unwrap_or_default().to_ascii_lowercase();
        let rest = words.next().unwrap_or_default();
        match name.as_str() {
            "" | "setlocal" | "endlocal" | "goto" | "exit" | "echo" => self.own(&name, rest),
            "set" => self.set(rest),
            "if" => self.condition(rest),
            "for" => self.each(rest),
            _ => self.ran.push(arguments(text)),
        }
    }

    /// Commands of the shell that run no program: what is echoed is listed, for dry runs.
    fn own(&mut self, name: &str, rest: &str) {
        if name == "echo" && rest != "off" {
            self.ran.push(vec!["echo".to_owned(), rest.to_owned()]);
        }
    }

    /// `set "NAME=value"`: the quotes around all of it are no part of the value.
    fn set(&mut self, rest: &str) {
        let inner = rest.trim().strip_prefix('"').and_then(|text| text.rsplit_once('"')).map_or(rest, |(text, _)| text);
        if let Some((name, value)) = inner.split_once('=') {
            self.variables.insert(name.to_ascii_lowercase(), value.to_owned());
        }
    }

    /// The command behind a condition, as if it held.
    fn condition(&mut self, rest: &str) {
        let rest = rest.trim_start_matches("/i ").trim_start_matches("not ");
        let rest = match rest.split_once(' ') {
            Some(("exist" | "defined" | "errorlevel", after)) => skip(after),
            _ => skip(rest),
        };
        // A variable is set by a condition only where that is what the test asks for.
        let dry = self.argument.eq_ignore_ascii_case("/dry-run");
        if dry || !rest.contains("RUN=") {
            self.command(rest);
        }
    }

    /// `for %%I in ("value") do set "NAME=%%~nxI"`.
    fn each(&mut self, rest: &str) {
        let Some((head, body)) = rest.split_once(") do ") else { return };
        let value = head.split_once("(\"").and_then(|(_, value)| value.rsplit_once('"')).map_or("", |(value, _)| value);
        let (folder, name) = value.rsplit_once('\\').unwrap_or(("", value));
        self.command(&body.replace("%~nxI", name).replace("%~dpI", &format!("{folder}\\")));
    }
}

/// The text behind one word, which may be quoted.
fn skip(text: &str) -> &str {
    let mut quoted = false;
    let end = text.find(|char| {
        quoted ^= char == '"';
        char == ' ' && !quoted
    });
    end.map_or("", |end| text[end..].trim_start())
}

/// A line taken apart at `&`, `|`, `<`, `>` outside quotes; what is redirected to is no command.
fn commands(line: &str) -> Vec<String> {
    let mut commands = vec![String::new()];
    let mut quoted = false;
    let mut target = false;
    let mut chars = line.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '"' => quoted = !quoted,
            '^' if !quoted => {
                let next = chars.next();
                commands.last_mut().unwrap().extend(next);
                continue;
            }
            '&' if !quoted && target => {
                // `2>&1`
                continue;
            }
            '&' | '|' if !quoted => {
                target = false;
                commands.push(String::new());
                continue;
            }
            '<' | '>' if !quoted => {
                let last = commands.last_mut().unwrap();
                if last.ends_with(['1', '2']) {
                    last.pop();
                }
                target = true;
                continue;
            }
            ' ' if !quoted => target = target && commands.last().unwrap().is_empty(),
            _ => {}
        }
        if !target {
            commands.last_mut().unwrap().push(char);
        }
    }
    commands
}

/// Arguments as a program written in C gets them.
pub(super) fn arguments(text: &str) -> Vec<String> {
    let mut arguments = Vec::new();
    let mut current: Option<String> = None;
    let mut quoted = false;
    let mut slashes = 0;
    for char in text.chars() {
        if char == '\\' {
            slashes += 1;
            continue;
        }
        let word = current.get_or_insert_default();
        let kept = if char == '"' { slashes / 2 } else { slashes };
        word.extend(std::iter::repeat_n('\\', kept));
        let literal = char == '"' && slashes % 2 == 1;
        slashes = 0;
        match char {
            '"' if !literal => quoted = !quoted,
            ' ' if !quoted => {
                if !word.is_empty() {
                    arguments.push(std::mem::take(word));
                }
                current = None;
            }
            other => word.push(other),
        }
    }
    let mut last = current.unwrap_or_default();
    last.extend(std::iter::repeat_n('\\', slashes));
    if !last.is_empty() {
        arguments.push(last);
    }
    arguments
}
