//! YAML as a tree of nodes that know where they stand.
//!
//! `granit-parser` parses; the tree is lenient about kinds, so that one run can tell every
//! wrong value of a file and not only the first. Scalars stay as they were typed: `no`, `007`
//! and `2026-11-02` are text until a reader asks for something else.

mod keys;
mod map;
mod node;
mod parse;
mod tree;
mod write;

pub use keys::{Form, Key, Keys};
pub use map::Map;
pub(crate) use map::{entries, unknown, value};
pub use node::{Kind, Node};
pub use parse::parse;
pub use write::write;
