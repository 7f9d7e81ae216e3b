//! The same signatures as a knowledge base, as regular expressions one a line, as literals, and as YARA rules.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use super::dice::Dice;
use super::signature::{Pattern, Signature};

/// How rules are written.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Form {
    /// A folder with a file for each rule.
    Casebook,
    /// Regular expressions, one a line.
    Regex,
    /// The longest literal of each pattern, one a line.
    Literal,
    /// YARA.
    Yara,
}

/// Which log the rules are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Kind {
    /// CBS.log
    Cbs,
    /// setupapi.dev.log
    Setupapi,
}

/// Writes `count` rules.
pub(crate) fn write(count: usize, form: Form, kind: Kind, to: &Path) -> io::Result<()> {
    let signatures = (0..count).map(Signature::new);
    match form {
        Form::Casebook => {
            for signature in signatures {
                let folder = to.join(format!("rules/area{:02}", signature.number / 100 % 100));
                fs::create_dir_all(&folder)?;
                fs::write(folder.join(format!("r{:05}.yaml", signature.number)), casebook(&signature, kind))?;
            }
            fs::write(to.join("casebook.yaml"), "language: en\n")
        }
        Form::Regex => fs::write(to, lines(signatures, Pattern::regex)),
        Form::Literal => fs::write(to, lines(signatures, |pattern| pattern.literal().to_owned())),
        Form::Yara => fs::write(to, signatures.map(|signature| yara(&signature)).collect::<String>()),
    }
}

fn lines(signatures: impl Iterator<Item = Signature>, of: impl Fn(&Pattern) -> String) -> String {
    signatures.flat_map(|signature| signature.patterns).map(|pattern| of(&pattern) + "\n").collect()
}

/// The rule in YAML, with a test.
fn casebook(signature: &Signature, kind: Kind) -> String {
    let number = signature.number;
    let names = ["alpha", "beta", "gamma"];
    let log = if kind == Kind::Cbs { "cbs" } else { "setupapi.dev" };
    let mut text = format!(
        "rule: generated/r{number:05}\ntitle: {{zh: 生成的规则 {number}, en: Generated rule {number}}}\nseverity: failure\n\nevidence:\n"
    );
    for ((at, pattern), name) in signature.patterns.iter().enumerate().zip(names) {
        let _ = writeln!(text, "  {name}:\n    log: {log}\n    line: {}", quoted(&pattern.casebook(at)));
    }
    let condition = match (signature.patterns.len(), kind) {
        (1, _) => "alpha",
        (2, Kind::Cbs) => "alpha then beta within 10s",
        (_, Kind::Cbs) => "alpha and beta and gamma",
        (2, Kind::Setupapi) => "(alpha and beta) in one section",
        (_, Kind::Setupapi) => "(alpha and beta and gamma) in one section",
    };
    let _ = write!(text, "\nsignature: {condition}\n\ntests:\n  - name: seen\n    logs:\n      {log}: |\n");
    let mut dice = Dice::new(number as u64);
    for line in test(signature, kind, &mut dice) {
        let _ = writeln!(text, "        {line}");
    }
    text.push_str("    expect: {status: confirmed}\n");
    text
}

fn test(signature: &Signature, kind: Kind, dice: &mut Dice) -> Vec<String> {
    let messages = signature.patterns.iter().map(|pattern| pattern.message(dice));
    if kind == Kind::Cbs {
        return messages.map(|it| format!("2024-10-16 08:43:18, Info                  CBS    {it}")).collect();
    }
    let begin = [">>>  [Install Driver Updates]", ">>>  Section start 2024/10/16 08:43:18.100"];
    let end = ["<<<  Section end 2024/10/16 08:43:19.200", "<<<  [Exit status: FAILURE(0x00000005)]"];
    let messages = messages.map(|it| format!("!!!  sto: {it}"));
    let begin = begin.into_iter().map(str::to_owned);
    begin.chain(messages).chain(end.into_iter().map(str::to_owned)).collect()
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn yara(signature: &Signature) -> String {
    let mut text = format!("rule r{:05} {{\n  strings:\n", signature.number);
    for (at, pattern) in signature.patterns.iter().enumerate() {
        let _ = writeln!(text, "    $p{at} = /{}/", pattern.regex());
    }
    text.push_str("  condition:\n    all of them\n}\n");
    text
}
