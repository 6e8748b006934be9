//! Threatpress turns analysts' Markdown and a snapshot of a device fleet into one browsable
//! static site per role, each holding only what its role may see.
//!
//! The data goes one way, room by room; `docs/architecture.md` draws the map.

pub mod audit;
pub mod cli;
pub mod config;
pub mod desk;
pub mod diagnostics;
pub mod exchange;
pub mod exposure;
pub mod extract;
pub mod fleet;
pub mod highlight;
pub mod hosting;
pub mod image;
pub mod index;
pub mod knowledge;
#[cfg(feature = "trial")]
pub mod leaks;
pub mod pages;
#[cfg(feature = "trial")]
pub mod planted;
pub mod publish;
pub mod render;
pub mod report;
pub mod review;
pub mod schema;
pub mod scope;
pub mod serve;
pub mod snapshot;
pub mod start;
pub mod terms;
pub mod trace;
pub mod yaml;
