//! Rule tests: inline tests and bundle tests, run and snapshot.
