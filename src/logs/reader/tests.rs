//! What holds for every reader: no input makes one panic.
