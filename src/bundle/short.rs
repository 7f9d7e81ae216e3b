//! What ends too early: a copy that was broken off is the most frequent damage of all, and asking for it anew mends it.

use std::error::Error;
use std::io;

/// Why something could not be read, in Chinese and English. What unpacks it says that it ends too early in words of its own,
/// which tell nobody what to do.
#[must_use]
pub fn why(error: &io::Error) -> (String, String) {
    if stops_short(error) {
        return (
            "文件不完整，数据到此中断，请重新获取".to_owned(),
            "the file is cut off here; ask for it anew".to_owned(),
        );
    }
    (error.to_string(), error.to_string())
}

/// Whether an error, or one that it comes from, is that the bytes end too early.
pub(super) fn stops_short(error: &io::Error) -> bool {
    fn is_end(error: &io::Error) -> bool {
        error.kind() == io::ErrorKind::UnexpectedEof
    }
    let mut cause = error.get_ref().map(|inner| inner as &dyn Error);
    while let Some(own) = cause {
        if own.downcast_ref::<io::Error>().is_some_and(is_end) {
            return true;
        }
        cause = own.source();
    }
    is_end(error)
}

/// The error of bytes that end too early.
pub(super) fn cut_off() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "cut off")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_error_comes_from_tells() {
        assert!(stops_short(&cut_off()));
        assert!(stops_short(&io::Error::other(cut_off())), "by what it comes from");
        assert!(!stops_short(&io::Error::other("cut off")), "not by its words");
    }
}
