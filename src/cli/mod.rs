//! The command line: one file a command; exit codes are written here once.
