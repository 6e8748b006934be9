//! The form of an indicator's value, as far as its type has one.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use super::IndicatorType;

impl IndicatorType {
    /// What a value of the type is, for a message.
    #[must_use]
    pub fn form(self) -> &'static str {
        match self {
            Self::Ipv4 => "an IPv4 address, or a range of them, as 192.0.2.0/24",
            Self::Ipv6 => "an IPv6 address, or a range of them, as 2001:db8::/32",
            Self::Domain => "a domain name alone, without scheme, port and path",
            Self::Url => "an address without white space",
            Self::Email => "an e-mail address alone, as name@domain.example",
            Self::Md5 => "32 hexadecimal digits",
            Self::Sha1 => "40 hexadecimal digits",
            Self::Sha256 => "64 hexadecimal digits",
            _ => "a text",
        }
    }

    /// Whether a value, live, can be one of the type.
    #[must_use]
    pub fn fits(self, value: &str) -> bool {
        let unbroken = !value.contains(|c: char| c.is_whitespace() || c.is_control());
        let digits = |count: usize| value.len() == count && value.bytes().all(|digit| digit.is_ascii_hexdigit());
        match self {
            Self::Ipv4 => is_range::<Ipv4Addr>(value, 32),
            Self::Ipv6 => is_range::<Ipv6Addr>(value, 128),
            Self::Domain => unbroken && !value.contains(['/', ':', '@']),
            Self::Url => unbroken,
            Self::Email => {
                unbroken && matches!(value.split_once('@'), Some((name, host)) if !name.is_empty() && !host.is_empty())
            }
            Self::Md5 => digits(32),
            Self::Sha1 => digits(40),
            Self::Sha256 => digits(64),
            _ => true,
        }
    }
}

/// Whether a text is an address, or one with the length of a prefix, of `most` bits, behind it.
fn is_range<A: FromStr>(text: &str, most: u8) -> bool {
    let (address, length) = text.split_once('/').map_or((text, None), |(address, length)| (address, Some(length)));
    let fits = |length: &str| {
        length.bytes().all(|digit| digit.is_ascii_digit()) && length.parse().is_ok_and(|length: u8| length <= most)
    };
    address.parse::<A>().is_ok() && length.is_none_or(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_the_form_of_its_type() {
        use IndicatorType::{Certificate, Domain, Email, Ipv4, Ipv6, Md5, Other, Sha1, Sha256, Url};
        let hex = |count: usize| "aB3".chars().cycle().take(count).collect::<String>();
        for (kind, good, bad) in [
            (
                Ipv4,
                vec!["192.0.2.1", "192.0.2.0/24", "0.0.0.0/0"],
                vec!["banana", "192.0.2.1:80", "192.0.2.0/33", "192.0.2.0/+4", "2001:db8::1", ""],
            ),
            (Ipv6, vec!["2001:db8::1", "2001:db8::/32", "::"], vec!["192.0.2.1", "2001:db8::/129", "[2001:db8::1]"]),
            (
                Domain,
                vec!["a.example", "*.a.example", "é.example"],
                vec!["a b.example", "a.example\n", "https://a.example/", "a.example:80", "a@b.example"],
            ),
            (Url, vec!["https://a.example/x?y#z", "a.example/x"], vec!["https://a.example/x y", "https://a.example\t"]),
            (Email, vec!["a@b.example"], vec!["a", "@b.example", "a@", "A <a@b.example>"]),
            (Other, vec!["", "x\ny"], vec![]),
            (Certificate, vec!["0a:1b"], vec![]),
        ] {
            assert!(good.iter().all(|value| kind.fits(value)), "{kind:?} {good:?}");
            assert!(!bad.iter().any(|value| kind.fits(value)), "{kind:?} {bad:?}");
        }
        for (kind, length) in [(Md5, 32), (Sha1, 40), (Sha256, 64)] {
            assert!(
                kind.fits(&hex(length)) && !kind.fits(&hex(length - 1)) && !kind.fits(&"g".repeat(length)),
                "{kind:?}"
            );
        }
    }
}
