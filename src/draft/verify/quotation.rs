//! The quotations of a text draft: blocks headed by their place in brackets, their lines indented by four blanks.

/// A quotation as a draft has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Quotation<'d> {
    /// Line of the head in the draft, from 1.
    pub(super) at: usize,
    /// The place without its brackets.
    pub(super) place: &'d str,
    /// The source.
    pub(super) source: &'d str,
    /// Which of its lines.
    pub(super) span: Span,
    /// The lines without their indentation, with their numbers in the draft; blank ones left out.
    pub(super) lines: Vec<(usize, &'d str)>,
}

/// What of a source is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Span {
    /// Lines, first to last.
    Lines(u64, u64),
    /// A record of a source without lines.
    Record(u64),
}

/// Blanks before a quoted line.
const INDENT: &str = "    ";

/// The quotations of a text, and its other lines with their numbers.
pub(super) fn read(text: &str) -> (Vec<Quotation<'_>>, Vec<(usize, &str)>) {
    let lines: Vec<(usize, &str)> = text.lines().enumerate().map(|(at, line)| (at + 1, line)).collect();
    let mut quotations = Vec::new();
    let mut others = Vec::new();
    let mut rest = lines.as_slice();
    while let [(at, line), after @ ..] = rest {
        let block = block(after);
        match head(line) {
            // A place with nothing under it quotes nothing.
            Some((place, source, span)) if block > 0 => {
                let indented = after[..block].iter().filter(|(_, line)| !line.trim().is_empty());
                let lines = indented.map(|(at, line)| (*at, line.strip_prefix(INDENT).unwrap_or(line))).collect();
                quotations.push(Quotation { at: *at, place, source, span, lines });
                rest = &after[block..];
            }
            _ => {
                others.push((*at, *line));
                rest = after;
            }
        }
    }
    (quotations, others)
}

/// How many lines a block has: indented ones, and blank ones between such.
fn block(lines: &[(usize, &str)]) -> usize {
    let inside = |line: &str| line.starts_with(INDENT) || line.trim().is_empty();
    let length = lines.iter().take_while(|(_, line)| inside(line)).count();
    let blank = lines[..length].iter().rev().take_while(|(_, line)| line.trim().is_empty()).count();
    length - blank
}

/// `[logs.zip!/CBS.log:123-125]`, `[events.evtx#17]`: the place, its source and what of it.
fn head(line: &str) -> Option<(&str, &str, Span)> {
    let place = line.trim_end().strip_prefix('[')?.strip_suffix(']')?;
    let of_lines = || {
        let (source, lines) = place.rsplit_once(':')?;
        let (first, last) = lines.split_once('-').unwrap_or((lines, lines));
        let (first, last) = (number(first)?, number(last)?);
        (!source.is_empty() && first > 0 && first <= last).then_some((place, source, Span::Lines(first, last)))
    };
    let of_record = || {
        let (source, record) = place.rsplit_once('#')?;
        (!source.is_empty()).then_some((place, source, Span::Record(number(record)?)))
    };
    of_lines().or_else(of_record)
}

fn number(text: &str) -> Option<u64> {
    text.chars().all(|char| char.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::{Span, head, read};

    #[test]
    fn places_are_read() {
        assert_eq!(head("[a.zip!/b.log:12-14]").unwrap(), ("a.zip!/b.log:12-14", "a.zip!/b.log", Span::Lines(12, 14)));
        assert_eq!(head("[t.txt#21:8]").unwrap().1, "t.txt#21");
        assert_eq!(head("[e.evtx#17]").unwrap().2, Span::Record(17));
        for none in
            ["[]", "[a]", "a.log:1", "[a.log:0]", "[a.log:3-2]", "[a.log:x]", "[:1]", "[a.log:99999999999999999999]"]
        {
            assert_eq!(head(none), None, "{none}");
        }
    }

    #[test]
    fn blocks_end_where_their_lines_are_no_more_indented() {
        let (found, others) =
            read("日志：\n[a.log:1-3]\n    one\n\n      three\n\n（1）步骤\n        cmd\n[a.log:9]\n- end\n");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].lines, [(3, "one"), (5, "  three")]);
        let others: Vec<&str> = others.into_iter().map(|(_, line)| line).filter(|line| !line.is_empty()).collect();
        assert_eq!(others, ["日志：", "（1）步骤", "        cmd", "[a.log:9]", "- end"]);
    }
}
