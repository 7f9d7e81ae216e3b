
mod diagnostics;
