//! The written configuration in front of real builds: a real nginx, and Caddy where there is one,
//! asked byte by byte what a hostile client would ask.

mod configuration;
mod portal;
pub(crate) mod reader;
mod refusals;
mod server;
mod sign_in;
mod strangers;
mod swap;

use crate::bench::note;
use server::Kind;

/// The servers that this machine has; one that it lacks is told.
fn kinds() -> Vec<Kind> {
    let (there, missing): (Vec<Kind>, Vec<Kind>) = Kind::ALL.into_iter().partition(|kind| kind.is_there());
    for kind in missing {
        note(&format!("{} is not installed: hosting with it was NOT tried", kind.name()));
    }
    there
}
