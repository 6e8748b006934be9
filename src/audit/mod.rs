//! The audit: a look into a finished build for anything its role may not see.
//!
//! It is independent of what makes builds. It reads the same inputs and says by a filter of its
//! own what a role may see ([`sight`]); it shares nothing with `scope`, `exposure`, `pages` and
//! `render`, so that a fault there cannot blind it.
//!
//! ```text
//! inputs ── names ──> Lexicon (hashes of every name, once a run)
//! a file ── content ──> views of its text ── windows of words ──> look up ──> hits
//! hits ── names ──> findings (the name, letter by letter) ── witnesses ──> told
//! ```
//! A name is compared by its letters and digits: case, and which dash, dot or space stands
//! between them, do not count. Nothing is ever written into a build.

mod auditor;
mod content;
mod decode;
mod finding;
mod fold;
mod images;
mod json;
mod lexicon;
mod markup;
mod names;
mod place;
mod scan;
mod search;
mod shape;
mod sight;
mod table;
#[cfg(test)]
mod tests;
mod tree;
mod vocabulary;
mod witness;

pub use auditor::{Auditor, Inputs, Outcome, ThemeFile};
