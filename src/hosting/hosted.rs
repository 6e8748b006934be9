//! A role as a web server knows it.

use super::{Host, Settings};
use crate::config::{Role, Site};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, visible};
use crate::terms::{Tlp, percent_encoded};

/// A role with a host of its own. All of it may stand in a configuration as it is, but for the
/// root, which wants quotes.
#[derive(Clone, Debug)]
pub struct Hosted {
    /// The role's name.
    pub(super) role: String,
    /// Where its readers find it.
    pub(super) host: Host,
    /// Its groups in the sign-in service, percent-encoded, with `,` between them.
    pub(super) groups: String,
    /// Where its build stands.
    pub(super) root: String,
    /// What browsers may keep.
    pub(super) cache: &'static str,
}

/// The roles as a server shows them; those that cannot be shown safely are told and left out.
pub fn plan(site: &Site, roles: &[&Role], settings: &Settings, diagnostics: &mut Diagnostics) -> Vec<Hosted> {
    roles.iter().filter_map(|role| hosted(site, role, settings, diagnostics)).collect()
}

fn hosted(site: &Site, role: &Role, settings: &Settings, diagnostics: &mut Diagnostics) -> Option<Hosted> {
    let mut complain = |code, message, hint: &str| {
        diagnostics.push(Diagnostic::error(code, message).at(&site.source, role.span.clone()).hint(hint));
    };
    if role.sign_in_groups.is_empty() {
        complain(
            Code::NoSignInGroups,
            format!("role `{}` has no `sign_in_groups`: nobody could be let in, or everybody", role.name),
            "list the ids of the groups whose members read this role, as the sign-in service gives them",
        );
    }
    let host = match host(&role.base_url) {
        Ok(host) => Some(host),
        Err(why) => {
            let message = format!("role `{}` cannot be served at `{}`: {why}", role.name, visible(&role.base_url));
            complain(Code::UnservableAddress, message, "give the role a `base_url` like https://name.example/");
            None
        }
    }?;
    // Ports do not keep cookies apart, so names are compared without them.
    let shares = |other: &&Role| {
        other.name != role.name && self::host(&other.base_url).is_ok_and(|other| other.name() == host.name())
    };
    if let Some(other) = site.roles.iter().find(shares) {
        complain(
            Code::SharedHost,
            format!("roles `{}` and `{}` have one host, {}", role.name, other.name, host.name()),
            "give each role a `base_url` with a host of its own: pages, caches and cookies of one host are shared",
        );
        return None;
    }
    let cache = if role.clearance == Tlp::Red { "no-store" } else { "private, no-cache" };
    (!role.sign_in_groups.is_empty()).then(|| Hosted {
        role: role.name.clone(),
        host,
        groups: role.sign_in_groups.iter().map(|group| percent_encoded(group, b"")).collect::<Vec<_>>().join(","),
        root: format!("{}/{}", settings.root, role.name),
        cache,
    })
}

/// The host that an address is the root of.
fn host(base_url: &str) -> Result<Host, &'static str> {
    let rest = base_url.strip_prefix("https://").ok_or("pages and sign-in would cross the network in plain text")?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    if !path.is_empty() {
        return Err("whatever else is on that host could read its pages, so it has to be the root of the host");
    }
    Host::parse(authority).ok_or("this is no plain host name")
}
