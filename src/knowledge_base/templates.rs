//! The templates of a knowledge base over the default's, checked: faults become diagnostics at their place, and a template
//! with an error is left out, so that the default's of the same path stands in for it.

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::draft::{FaultClass, TemplateFault, Templates, check_templates};
use crate::source::{FileId, SourceMap, Span};

/// Templates by path, with their text.
type Files = Vec<(String, String)>;

/// Lays `own` over the default's templates; without `own` the default's are checked themselves.
pub(super) fn layer(
    default: &Files,
    own: Option<&Files>,
    map: &mut SourceMap,
    diagnostics: &mut Vec<Diagnostic>,
) -> Templates {
    let mut files = default.clone();
    let checked = own.unwrap_or(default);
    for (path, text) in checked {
        lay(&mut files, path, Some(text));
    }
    // What is replaced can still be extended, by another name.
    for (path, _) in own.into_iter().flatten() {
        if let Some((_, text)) = default.iter().find(|(known, _)| known == path) {
            lay(&mut files, &format!("default/{path}"), Some(text));
        }
    }
    let ids: Vec<(&str, FileId)> = checked
        .iter()
        .map(|(path, text)| (path.as_str(), map.add(format!("templates/{path}"), text.clone())))
        .collect();
    let templates = Templates { files };
    let mut left_out: Vec<String> = Vec::new();
    for fault in check_templates(&templates) {
        let Some((_, id)) = ids.iter().find(|(path, _)| *path == fault.template) else { continue };
        let diagnostic = diagnostic(&fault, *id);
        if diagnostic.severity == Severity::Error {
            left_out.push(fault.template);
        }
        diagnostics.push(diagnostic);
    }
    let mut files = templates.files;
    for path in &left_out {
        let stands_in = default.iter().find(|(known, _)| known == path).map(|(_, text)| text.as_str());
        lay(&mut files, path, stands_in);
    }
    Templates { files }
}

/// What is to be said of one template of a knowledge base, as it stands over the default's: without compiling its rules. The
/// place of each fault is in `file`, which holds the template.
pub(super) fn faults(default: &Files, own: &Files, path: &str, file: FileId) -> Vec<Diagnostic> {
    let mut files = default.clone();
    for (path, text) in own {
        lay(&mut files, path, Some(text));
    }
    let all = check_templates(&Templates { files });
    all.iter().filter(|fault| fault.template == path).map(|fault| diagnostic(fault, file)).collect()
}

/// Puts `text` at `path`, or takes the template there away.
fn lay(files: &mut Files, path: &str, text: Option<&str>) {
    files.retain(|(known, _)| known != path);
    if let Some(text) = text {
        let at = files.partition_point(|(known, _)| known.as_str() < path);
        files.insert(at, (path.to_owned(), text.to_owned()));
    }
}

fn diagnostic(fault: &TemplateFault, file: FileId) -> Diagnostic {
    let code = match fault.class {
        FaultClass::Syntax => Code::TEMPLATE_SYNTAX,
        FaultClass::UnknownName => Code::TEMPLATE_UNKNOWN_NAME,
        FaultClass::UnknownFilter => Code::TEMPLATE_UNKNOWN_FILTER,
        FaultClass::MissingTemplate => Code::TEMPLATE_MISSING,
        FaultClass::MissingTranslation => Code::MISSING_TRANSLATION,
        FaultClass::UnusedPartial => Code::UNUSED_PARTIAL,
        FaultClass::OutsideBlock => Code::OUTSIDE_BLOCK,
    };
    let span = Span::new(file, fault.range.0..fault.range.1);
    let warns =
        matches!(fault.class, FaultClass::MissingTranslation | FaultClass::UnusedPartial | FaultClass::OutsideBlock);
    let severity = if warns { Severity::Warning } else { Severity::Error };
    let found = Diagnostic { message: fault.message.clone(), severity, ..Diagnostic::error(code, span, "", "") };
    match &fault.meant {
        Some(meant) => {
            let found = found.help(format!("是否想写 `{meant}`？"), format!("did you mean `{meant}`?"));
            found.fix(span, meant.clone())
        }
        None => found,
    }
}
