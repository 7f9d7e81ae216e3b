//! `casebook test --review`: every snapshot that is not as it was is shown, and one letter a line decides.

use std::io::{BufRead, Write};

use anyhow::{Context as _, Result};

use super::report;
use crate::diagnostic::render::View;
use crate::lang::Lang;
use crate::regression::Outcome;

/// What is done with a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Accept,
    Reject,
    Skip,
    /// This one and all that follow.
    AcceptAll,
    Quit,
}

impl Answer {
    fn read(line: &str) -> Option<Answer> {
        match line.trim() {
            "a" => Some(Answer::Accept),
            "r" => Some(Answer::Reject),
            "s" => Some(Answer::Skip),
            "A" => Some(Answer::AcceptAll),
            "q" => Some(Answer::Quit),
            _ => None,
        }
    }
}

/// Asks about every change; without an answer all that is left stays as it is.
pub(super) fn review(
    outcomes: &mut [Outcome],
    view: View,
    answers: &mut impl BufRead,
    screen: &mut impl Write,
) -> Result<()> {
    let all = outcomes.iter().filter(|one| one.change.is_some()).count();
    let mut accept_all = false;
    for (at, one) in outcomes.iter_mut().filter(|one| one.change.is_some()).enumerate() {
        if accept_all {
            one.accept()?;
            continue;
        }
        write!(screen, "\n[{}/{all}] {}", at + 1, report::outcome(one, view))?;
        match ask(view.lang, answers, screen)? {
            Answer::Accept => one.accept()?,
            Answer::AcceptAll => {
                accept_all = true;
                one.accept()?;
            }
            Answer::Reject => one.change.iter().try_for_each(crate::regression::Change::reject)?,
            Answer::Skip => {}
            Answer::Quit => break,
        }
    }
    Ok(())
}

fn ask(lang: Lang, answers: &mut impl BufRead, screen: &mut impl Write) -> Result<Answer> {
    loop {
        let question = match lang {
            Lang::Zh => "a 接受  r 拒绝  s 跳过  A 全部接受  q 退出 > ",
            Lang::En => "a accept  r reject  s skip  A accept all  q quit > ",
        };
        write!(screen, "{question}")?;
        screen.flush()?;
        let mut line = String::new();
        if answers.read_line(&mut line).context("standard input")? == 0 {
            writeln!(screen)?;
            return Ok(Answer::Quit);
        }
        if let Some(answer) = Answer::read(&line) {
            return Ok(answer);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::review;
    use crate::diagnostic::render::View;
    use crate::lang::Lang;
    use crate::regression::{Change, Difference, Outcome, Snapshot, Status};

    fn outcome(folder: &Path, name: &str, status: Status) -> Outcome {
        let path = folder.join(format!("{name}.snap"));
        let known = Snapshot { source: "s".to_owned(), expression: name.to_owned(), contents: "old".to_owned() };
        if status != Status::New {
            known.write(&path).unwrap();
        }
        let change = match status {
            Status::Orphan => Change::Remove(path),
            _ => Change::Write(path, Snapshot { contents: "new".to_owned(), ..known }),
        };
        let detail = Difference { what: name.to_owned(), expected: "old".to_owned(), actual: "new".to_owned() };
        Outcome {
            rule: "area".to_owned(),
            name: name.to_owned(),
            status,
            detail: vec![detail],
            change: Some(change),
            note: None,
        }
    }

    fn reviewed(folder: &Path, answers: &str) -> (Vec<Outcome>, String) {
        let mut outcomes = vec![
            outcome(folder, "first", Status::New),
            outcome(folder, "second", Status::Changed),
            outcome(folder, "third", Status::Orphan),
        ];
        let mut screen = Vec::new();
        let view = View { lang: Lang::En, coloured: false, width: 120 };
        review(&mut outcomes, view, &mut answers.as_bytes(), &mut screen).unwrap();
        (outcomes, String::from_utf8(screen).unwrap())
    }

    fn left(folder: &Path, name: &str) -> Option<String> {
        Snapshot::read(&folder.join(format!("{name}.snap"))).unwrap()
    }

    #[test]
    fn a_letter_a_line_decides() {
        let folder = tempfile::tempdir().unwrap();
        let (outcomes, screen) = reviewed(folder.path(), "what?\na\nr\na\n");
        let states: Vec<Status> = outcomes.iter().map(|one| one.status).collect();
        assert_eq!(states, [Status::Pass, Status::Changed, Status::Pass]);
        assert_eq!(left(folder.path(), "first").as_deref(), Some("new"));
        assert_eq!(left(folder.path(), "second").as_deref(), Some("old"));
        assert_eq!(left(folder.path(), "third"), None);
        insta::assert_snapshot!(screen);
    }

    #[test]
    fn without_an_answer_everything_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (outcomes, _) = reviewed(folder.path(), "s\n");
        assert!(outcomes.iter().all(|one| one.status != Status::Pass));
        assert_eq!(left(folder.path(), "first"), None);
        assert_eq!(left(folder.path(), "third").as_deref(), Some("old"));
    }

    #[test]
    fn all_that_follow_can_be_accepted_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let (outcomes, _) = reviewed(folder.path(), "s\nA\n");
        let states: Vec<Status> = outcomes.iter().map(|one| one.status).collect();
        assert_eq!(states, [Status::New, Status::Pass, Status::Pass]);
        assert_eq!(left(folder.path(), "second").as_deref(), Some("new"));
    }
}
