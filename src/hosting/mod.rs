//! The configuration of a web server that shows each role's build to the members of its sign-in
//! groups and to nobody else.
//!
//! ```text
//! Site ── plan ──> Hosted, one per role ── Server::files ──> nginx or Caddy ── Directory::write ──> disk
//! ```
//! Everything is refused unless a line allows it. A value of the site reaches a configuration only
//! in a form without any character that means something there: host names and ports are parsed,
//! group ids percent-encoded, paths held to a list of characters.

mod caddy;
mod directory;
mod headers;
mod host;
mod hosted;
mod nginx;
mod root;
mod template;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;

pub use directory::Directory;
pub use headers::content_type;
pub use host::Host;
pub use hosted::{Hosted, plan};
pub use root::Root;

/// Begins the first line of every file, by which it is known as ours when it is written again.
const MARK: &str = "# Written by `threatpress hosting";

/// A web server that can be configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    /// nginx, from version 1.19.4.
    Nginx,
    /// Caddy, from version 2.6.
    Caddy,
}

/// What holds for every role.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the builds stand on the server, one directory per role.
    pub root: Root,
    /// The sign-in service, which speaks as oauth2-proxy does.
    pub sign_in: Host,
    /// Where to listen in plain HTTP, behind something on the same machine that speaks TLS. Left
    /// out, the server speaks TLS itself, on the port of each role's address.
    pub listen: Option<SocketAddr>,
}

/// A file of a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name in the directory `threatpress` beside the server's own configuration.
    pub name: String,
    /// What it holds.
    pub text: String,
}

impl Server {
    /// The configuration in files: one per role of `roles`, and what `all` of the site's share, whose files may be
    /// there already.
    #[must_use]
    pub fn files(self, roles: &[Hosted], all: &[Hosted], settings: &Settings) -> Vec<File> {
        match self {
            Self::Nginx => nginx::files(roles, all, settings),
            Self::Caddy => caddy::files(roles, all, settings),
        }
    }

    /// The same configuration as one text.
    #[must_use]
    pub fn text(self, roles: &[Hosted], settings: &Settings) -> String {
        match self {
            Self::Nginx => nginx::text(roles, settings),
            Self::Caddy => caddy::text(roles, settings),
        }
    }
}
