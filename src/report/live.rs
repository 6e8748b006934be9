//! Indicators that somebody could follow by a click.

use std::collections::BTreeSet;
use std::net::IpAddr;

use percent_encoding::percent_decode_str;

use super::Indicator;
use super::host::canonical;
use super::markdown::Destination;
use crate::terms::IndicatorType;

/// What no text should link to: indicators that name something on a network, each in the one spelling
/// in which links are compared with them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiveIndicators {
    hosts: BTreeSet<String>,
    ranges: BTreeSet<Range>,
    addresses: BTreeSet<String>,
    mail: BTreeSet<String>,
}

impl LiveIndicators {
    /// Those among `indicators`.
    #[must_use]
    pub fn of<'a>(indicators: impl Iterator<Item = &'a Indicator>) -> Self {
        let mut live = Self::default();
        for Indicator { kind, value, .. } in indicators {
            match kind {
                // `*.evil.example` says what a domain says without it.
                IndicatorType::Domain => live.hosts.insert(canonical(value.trim_start_matches("*."))),
                IndicatorType::Ipv4 | IndicatorType::Ipv6 => match Range::read(value) {
                    Some(range) => live.ranges.insert(range),
                    None => live.hosts.insert(canonical(value)),
                },
                IndicatorType::Url => live.addresses.insert(comparable(value)),
                IndicatorType::Email => live.mail.insert(mailbox(value)),
                _ => false,
            };
        }
        live
    }

    /// The indicator that a link's destination leads to, in the spelling for comparing: an address or a
    /// mailbox that is one, a host that is one or belongs to one.
    #[must_use]
    pub fn met(&self, destination: &str) -> Option<String> {
        match Destination::read(destination)? {
            Destination::External(url) => {
                let address = self.addresses.get(&comparable(&url)).cloned();
                address.or_else(|| self.host(&canonical(host(without_scheme(&url)))))
            }
            Destination::Mail(url) => recipients(&url).iter().find_map(|address| self.mailbox(address)),
            Destination::Anchor(_) | Destination::Relative(_) => None,
        }
    }

    /// The mailbox itself, or the host of it.
    fn mailbox(&self, mailbox: &str) -> Option<String> {
        let host = || self.host(mailbox.rsplit_once('@')?.1);
        self.mail.get(mailbox).cloned().or_else(host)
    }

    /// The host itself, or a range or a domain that it belongs to.
    fn host(&self, host: &str) -> Option<String> {
        if let Ok(address) = host.parse()
            && let Some(range) = self.ranges.iter().find(|range| range.has(address))
        {
            return Some(format!("{}/{}", range.first, range.length));
        }
        let mut rest = host;
        loop {
            if let Some(found) = self.hosts.get(rest) {
                return Some(found.clone());
            }
            rest = rest.split_once('.')?.1;
        }
    }
}

/// The addresses that begin with the same bits as one of them: `192.0.2.0/24`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Range {
    first: IpAddr,
    /// How many bits.
    length: u32,
}

impl Range {
    fn read(text: &str) -> Option<Self> {
        let (first, length) = text.split_once('/')?;
        Some(Self { first: first.parse().ok()?, length: length.parse().ok()? })
    }

    fn has(&self, address: IpAddr) -> bool {
        match (self.first, address) {
            (IpAddr::V4(first), IpAddr::V4(other)) => {
                (first.to_bits() ^ other.to_bits()).leading_zeros() >= self.length
            }
            (IpAddr::V6(first), IpAddr::V6(other)) => {
                (first.to_bits() ^ other.to_bits()).leading_zeros() >= self.length
            }
            _ => false,
        }
    }
}

/// An address for comparing, whatever the case: neither its scheme, its user and the port that the
/// scheme means, nor a `/` at its end, nor the fragment, which no server is told, makes it another.
fn comparable(address: &str) -> String {
    let address = address.trim().to_lowercase();
    let rest = address.split('#').next().unwrap_or_default();
    let rest = rest.split_once("://").map_or(rest, |(_, rest)| rest);
    let (authority, path) = rest.split_at(authority_end(rest));
    let port = authority.rsplit_once(':').map(|(_, port)| port).filter(|port| port.parse::<u16>().is_ok());
    // What is in brackets is no port.
    let port = port.filter(|port| !["80", "443"].contains(port)).map_or_else(String::new, |port| format!(":{port}"));
    let path = folded(path);
    let path = percent_decode_str(path.strip_suffix('/').unwrap_or(&path)).decode_utf8_lossy();
    format!("{}{port}{path}", canonical(host(authority)))
}

/// A path with what follows it, its dot segments followed as a browser follows them before it asks: they may
/// be written with `%2e`.
fn folded(path: &str) -> String {
    let (path, rest) = path.split_at(path.find('?').unwrap_or(path.len()));
    let Some(path) = path.strip_prefix('/') else { return rest.to_owned() };
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split('/').peekable();
    while let Some(segment) = segments.next() {
        match segment.replace("%2e", ".").as_str() {
            ".." => _ = kept.pop(),
            "." => {}
            _ => {
                kept.push(segment);
                continue;
            }
        }
        // What ends with one is a directory.
        kept.extend(segments.peek().is_none().then_some(""));
    }
    format!("/{}{rest}", kept.join("/"))
}

/// Whom a `mailto:` writes to, openly or not.
fn recipients(url: &str) -> Vec<String> {
    let (_, rest) = url.split_once(':').unwrap_or_default();
    let rest = rest.split('#').next().unwrap_or_default();
    let (to, fields) = rest.split_once('?').unwrap_or((rest, ""));
    let fields = fields.split('&').filter_map(|field| field.split_once('='));
    let named = fields.filter(|(name, _)| {
        let name = percent_decode_str(name).decode_utf8_lossy().to_lowercase();
        ["to", "cc", "bcc"].contains(&name.as_str())
    });
    let lists = std::iter::once(to).chain(named.map(|(_, list)| list));
    let decoded = lists.map(|list| percent_decode_str(list).decode_utf8_lossy().into_owned());
    decoded.flat_map(|list| list.split([',', ';']).map(mailbox).collect::<Vec<_>>()).collect()
}

/// A mailbox for comparing: `Name <A@B.example>` is `a@b.example`.
fn mailbox(address: &str) -> String {
    let bare = address.rsplit_once('<').map_or(address, |(_, bare)| bare).trim().trim_end_matches('>');
    match bare.rsplit_once('@') {
        Some((user, host)) => format!("{}@{}", user.to_lowercase(), canonical(host)),
        None => bare.to_lowercase(),
    }
}

/// An address without its scheme and the `/` at its end.
pub(super) fn without_scheme(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.strip_suffix('/').unwrap_or(rest)
}

/// The host of an address without its scheme: no user, no port.
pub(super) fn host(rest: &str) -> &str {
    let (authority, _) = rest.split_at(authority_end(rest));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    match host.strip_prefix('[') {
        Some(six) => six.split(']').next().unwrap_or(six),
        None => host.split(':').next().unwrap_or(host).trim_end_matches('.'),
    }
}

/// Where the path, the query or the fragment begins.
fn authority_end(rest: &str) -> usize {
    rest.find(['/', '?', '#']).unwrap_or(rest.len())
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

    fn live() -> LiveIndicators {
        use IndicatorType::{Domain, Email, Ipv4, Ipv6, Url};
        let indicators = [
            (Domain, "evil.example"),
            (Domain, "b\u{f6}se.example"),
            (Domain, "xn--e1afmkfd.example"),
            (Ipv4, "192.0.2.1"),
            (Ipv6, "2001:db8::1"),
            (Domain, "*.wild.example"),
            (Ipv4, "203.0.113.64/26"),
            (Ipv6, "2001:db8:1::/48"),
            (Url, "https://git.example/X"),
            (Url, "https://stra\u{df}e.example/x/"),
            (Email, "A@b.example"),
        ];
        let indicators = indicators.map(|(kind, value)| Indicator::new(kind, value));
        LiveIndicators::of(indicators.iter())
    }

    #[test]
    fn a_domain_covers_what_is_beneath_it_and_nothing_beside_it() {
        let live = live();
        for bad in [
            "https://evil.example",
            "http://a.b.EVIL.example:1/x",
            "https://192.0.2.1/",
            "https://a.wild.example",
            "https://wild.example",
            "http://203.0.113.64",
            "http://203.0.113.127:8080/x",
            "http://[2001:db8:1:2::3]/",
            "mailto:desk@[203.0.113.100]",
            "https://git.example/x/",
            "https://me@GIT.example:443/x#y",
            "https://git.example/./x",
            "https://git.example/a/%2E%2e/X/.",
            "https://git.example/../.%2E/a/b/.././../x",
            "https://git.example/x/y/..#z",
        ] {
            assert!(live.met(bad).is_some(), "{bad}");
        }
        for good in [
            "https://notevil.example",
            "https://mild.example",
            "http://203.0.113.63",
            "http://203.0.113.128",
            "http://[2001:db8:2::1]/",
            "https://evil.example.org",
            "https://git.example/y",
            "https://git.example:8443/x",
            "https://git.example/x/..",
            "https://git.example/./a/x",
            "https://git.example/...",
            "https://git.example/y?/../x",
            "https://evil.example@good.example/",
            "/evil.example",
            "#evil.example",
        ] {
            assert_eq!(live.met(good), None, "{good}");
        }
    }

    #[test]
    fn no_disguise_hides_a_host() {
        let live = live();
        for bad in [
            "https://evil%2Eexample/",
            "https://www.evil\u{3002}example/",
            "https://evil\u{ff0e}example",
            "https://evil\u{ff61}example",
            "http://[2001:DB8:0:0::1]/",
            "http://[2001:db8::1]:8080/",
            "http://3221225985/",
            "http://0xC0.0.2.1/",
            "http://good.example@192.0.513/",
            "https://git%2eexample/%78",
            "https://www.xn--bse-sna.example/",
            "https://XN--BSE-SNA.example",
            "https://B\u{d6}SE.example",
            "https://b%C3%B6se.example",
            "https://bo\u{308}se.example",
            "https://\u{43f}\u{440}\u{438}\u{43c}\u{435}\u{440}.example",
            "https://xn--strae-oqa.example/x",
        ] {
            assert!(live.met(bad).is_some(), "{bad}");
        }
        for good in [
            "http://3221225986/",
            "http://[2001:db8::2]/",
            "https://evil%2Fexample/",
            "https://bose.example",
            "https://xn--bse.example",
            "https://strasse.example/x",
        ] {
            assert_eq!(live.met(good), None, "{good}");
        }
    }

    #[test]
    fn every_recipient_counts() {
        let live = live();
        for bad in [
            "mailto:a@B.example",
            "mailto:x@ok.example,a@b.example",
            "mailto:?to=a@b.example",
            "mailto:x@ok.example?subject=s&CC=y@ok.example,a@b.example",
            "mailto:?bcc=a%40b.example",
            "mailto:a%40b.example",
            "mailto:A%20%3Ca@b.example%3E",
            "mailto:desk@EVIL.example",
            "mailto:x@ok.example?cc=desk@mail.evil.example",
            "mailto:desk@[192.0.2.1]",
        ] {
            assert!(live.met(bad).is_some(), "{bad}");
        }
        for good in ["mailto:aa@b.example", "mailto:x@ok.example?subject=a@b.example", "mailto:evil.example@ok.example"]
        {
            assert_eq!(live.met(good), None, "{good}");
        }
    }
}
