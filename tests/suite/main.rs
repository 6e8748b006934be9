//! The independent check of the numbers: random sites (`world`), a naive second implementation of
//! the figures (`twin`), and the properties that hold the built command against it.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report, and its line says where")]

mod bad_input;
mod bench;
mod command;
mod coverage;
mod figures;
mod identities;
mod layout;
mod promise;
mod rooms;
mod schema;
mod start;
mod twin;
mod world;
