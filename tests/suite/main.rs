//! The independent check of the numbers: random sites (`world`), a naive second implementation of
//! the figures (`twin`), and the properties that hold the built command against it.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report, and its line says where")]
#![allow(clippy::print_stdout, reason = "what a test measured, or passed over, is said")]

mod again;
mod arrow;
mod audit;
mod bad_input;
mod bad_tables;
mod bench;
mod checked;
mod command;
mod coverage;
mod engine;
mod exchange;
mod explain;
mod figures;
mod guide;
mod hostile;
mod hosting;
mod identities;
mod images;
mod index;
mod knowledge;
mod layout;
mod live;
mod odd_inputs;
mod page;
mod png;
mod portal;
mod profiles;
mod promise;
#[cfg(feature = "trial")]
mod properties;
mod prose;
mod prove;
mod publishing;
mod real;
mod rebuild;
#[cfg(feature = "trial")]
mod replay;
mod reprint;
mod review;
mod rooms;
#[cfg(feature = "trial")]
mod same_text;
mod schema;
mod serve;
mod start;
mod surroundings;
mod themes;
mod twin;
mod world;
mod yaml_suite;
