//! Settings, the embedded default, layers: everything a run needs to know, with one verdict.
