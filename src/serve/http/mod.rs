//! A server of HTTP/1.1 for one person, behind fences.
//!
//! ```text
//! Server::open ── run ──> Connections ── hyper ──> Fences ── Site ──> Response
//!      └── Events ─────────────────────────────────────────> event streams
//! ```
//! hyper reads and writes the protocol, within limits. [`fences`] decides who may ask at all, from the
//! request alone; only then is the [`Preview`](super::Preview) asked. Nothing of a request ever stands in a
//! header of a response, and no file is opened: a path is a key and nothing else.

mod body;
mod connections;
mod events;
mod fences;
mod hosts;
mod inject;
mod interrupt;
mod listen;
mod path;
mod response;
mod server;
mod site;
#[cfg(test)]
mod tests;
mod token;

pub use events::Events;
pub use server::Server;
