//! Indicators that somebody could follow by a click.

use std::collections::BTreeSet;

use super::Indicator;
use super::markdown::Destination;
use crate::terms::IndicatorType;

/// What no text should link to: indicators that name something on a network.
#[derive(Debug, Default)]
pub struct LiveIndicators {
    hosts: BTreeSet<String>,
    addresses: BTreeSet<String>,
    mail: BTreeSet<String>,
}

impl LiveIndicators {
    /// Those among `indicators`.
    #[must_use]
    pub fn of<'a>(indicators: impl Iterator<Item = &'a Indicator>) -> Self {
        let mut live = Self::default();
        for indicator in indicators {
            let value = indicator.value.to_lowercase();
            match indicator.kind {
                IndicatorType::Domain | IndicatorType::Ipv4 | IndicatorType::Ipv6 => live.hosts.insert(value),
                IndicatorType::Url => live.addresses.insert(without_scheme(&value).to_owned()),
                IndicatorType::Email => live.mail.insert(value),
                _ => false,
            };
        }
        live
    }

    /// The indicator that a link's destination leads to, in lower case: an address or a mailbox
    /// that is one, a host that is one or belongs to one.
    #[must_use]
    pub fn met(&self, destination: &str) -> Option<String> {
        match Destination::read(destination)? {
            Destination::External(url) => {
                let url = url.to_lowercase();
                let rest = without_scheme(&url);
                if let Some(address) = self.addresses.get(rest) {
                    return Some(address.clone());
                }
                self.host(host(rest))
            }
            Destination::Mail(url) => {
                let address = url.split_once(':')?.1.split('?').next()?.to_lowercase();
                self.mail.get(&address).cloned()
            }
            Destination::Anchor(_) | Destination::Relative(_) => None,
        }
    }

    /// The host itself, or a domain that it belongs to.
    fn host(&self, host: &str) -> Option<String> {
        let mut rest = host;
        loop {
            if let Some(found) = self.hosts.get(rest) {
                return Some(found.clone());
            }
            rest = rest.split_once('.')?.1;
        }
    }
}

/// An address without its scheme and the `/` at its end.
pub(super) fn without_scheme(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.strip_suffix('/').unwrap_or(rest)
}

/// The host of an address without its scheme: no user, no port.
pub(super) fn host(rest: &str) -> &str {
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    match host.strip_prefix('[') {
        Some(six) => six.split(']').next().unwrap_or(six),
        None => host.split(':').next().unwrap_or(host).trim_end_matches('.'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_found_whatever_stands_around_them() {
        for (address, expected) in [
            ("https://a.example/x", "a.example"),
            ("http://u:p@a.example:8080?x", "a.example"),
            ("https://a.example./", "a.example"),
            ("http://[2001:db8::1]:80/", "2001:db8::1"),
        ] {
            assert_eq!(host(without_scheme(address)), expected, "{address}");
        }
    }

    #[test]
    fn a_domain_covers_what_is_beneath_it_and_nothing_beside_it() {
        let hosts = BTreeSet::from(["evil.example".to_owned(), "192.0.2.1".to_owned()]);
        let live =
            LiveIndicators { hosts, addresses: BTreeSet::from(["git.example/x".to_owned()]), mail: BTreeSet::new() };
        for bad in
            ["https://evil.example", "http://a.b.EVIL.example:1/x", "https://192.0.2.1/", "https://git.example/x/"]
        {
            assert!(live.met(bad).is_some(), "{bad}");
        }
        for good in [
            "https://notevil.example",
            "https://evil.example.org",
            "https://git.example/y",
            "/evil.example",
            "#evil.example",
        ] {
            assert_eq!(live.met(good), None, "{good}");
        }
    }
}
