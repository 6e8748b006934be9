//! Indicators that somebody could follow by a click.

use std::collections::BTreeSet;

use crate::diagnostics::{Code, Diagnostic, visible};
use crate::report::markdown::Destination;
use crate::report::{Document, Library, Origin};
use crate::terms::IndicatorType;

/// What no text should link to: the indicators of all reports that name something on a network.
#[derive(Debug)]
pub(super) struct Live {
    hosts: BTreeSet<String>,
    addresses: BTreeSet<String>,
    mail: BTreeSet<String>,
}

impl Live {
    pub(super) fn of(library: &Library) -> Self {
        let mut live = Self { hosts: BTreeSet::new(), addresses: BTreeSet::new(), mail: BTreeSet::new() };
        for indicator in library.reports.iter().flat_map(|report| &report.facts.indicators) {
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

    /// The links of a text that lead to an indicator.
    pub(super) fn linked(&self, origin: &Origin, document: &Document) -> Vec<Diagnostic> {
        let links = document.links().iter().filter_map(|link| Some((self.met(&link.destination)?, link.span.clone())));
        links
            .map(|(indicator, span)| {
                let message = format!("a link that leads to the indicator `{}`", visible(&indicator));
                Diagnostic::warning(Code::LiveIndicator, message)
                    .at(&origin.source, span)
                    .hint("write it defanged and without a link, in backticks, as `hxxps://login[.]example[.]net`")
                    .strict()
            })
            .collect()
    }

    /// The indicator that a destination leads to.
    fn met(&self, destination: &str) -> Option<String> {
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
fn without_scheme(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.strip_suffix('/').unwrap_or(rest)
}

/// The host of an address without its scheme: no user, no port.
fn host(rest: &str) -> &str {
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
        let live = Live { hosts, addresses: BTreeSet::from(["git.example/x".to_owned()]), mail: BTreeSet::new() };
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
