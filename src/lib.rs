//! casebook: a knowledge-base rule compiler for technical support.
//!
//! Two chains meet at [`rule`], the contract. The **log wing** carries bytes up: [`bundle`] (bytes, then text) →
//! [`logs`] (records with an origin) → [`scan`] (hits) → [`diagnose`] (findings and causes) → [`draft`] (a mail that
//! cites file and line). The **rule wing** carries text up: [`source`] → [`syntax`] → [`compiler`] → [`rule`].
//! [`knowledge_base`] gives both their rules, [`case`] reads the mail thread, [`cli`] is the command line.
//!
//! No arrow runs upward: `tests/layers.rs` holds the table of who may import whom.

mod crew;
pub mod lang;
pub mod source;

pub mod pattern;
pub mod value;

pub mod diagnostic;
pub mod syntax;

pub mod bundle;
pub mod logs;

pub mod rule;

pub mod compiler;

pub mod case;
pub mod scan;

pub mod diagnose;

pub mod draft;

pub mod knowledge_base;

pub mod regression;

pub mod authoring;

pub mod cli;
