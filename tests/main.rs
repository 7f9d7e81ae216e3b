//! The one test binary: a file a feature; a new case is a new file beside it.

mod cases;
mod corpus;
mod damaged;
mod denied;
mod diagnostics;
mod environment;
mod example;
mod house;
mod layers;
mod shipped;
