//! Framing, recognition and the readers, on lines of their own making.
