//! Where a value ends in a sentence: marks and brackets behind it that are none of its own.

/// Marks behind a value that end a sentence or a part of it.
pub(super) const MARKS: [char; 15] = ['.', ',', ';', ':', '!', '?', '\'', '"', '，', '。', '；', '：', '、', '”', '》'];

/// Pairs of brackets.
const BRACKETS: [(char, char); 4] = [('(', ')'), ('[', ']'), ('{', '}'), ('（', '）')];

/// The beginning of `text`, at most `limit` bytes.
pub(super) fn head(text: &str, limit: usize) -> &str {
    &text[..text.floor_char_boundary(limit)]
}

/// Without the `marks` at its end; a closing bracket stays where it closes one of the value's own, as in
/// `Program Files (x86)`.
pub(super) fn trimmed<'t>(text: &'t str, marks: &[char]) -> &'t str {
    let mut spare =
        BRACKETS.map(|(open, close)| text.matches(close).count().saturating_sub(text.matches(open).count()));
    let mut text = text;
    while let Some(last) = text.chars().next_back() {
        let goes = match BRACKETS.iter().position(|(_, close)| *close == last) {
            Some(at) if spare[at] > 0 => {
                spare[at] -= 1;
                true
            }
            _ => marks.contains(&last),
        };
        if !goes {
            break;
        }
        text = &text[..text.len() - last.len_utf8()];
    }
    text
}
