//! Hosts as browsers read them: one in disguise is still that host.

use std::net::{IpAddr, Ipv4Addr};

use idna::uts46::{AsciiDenyList, Hyphens, Uts46};
use percent_encoding::percent_decode_str;

use crate::diagnostics::is_unprintable;

/// The one spelling of a host, which is an address or a name: lower case, without `%`, brackets and
/// punycode, and whichever of the dots and letters of other scripts it was written with.
#[must_use]
pub fn canonical(host: &str) -> String {
    let decoded = percent_decode_str(host).decode_utf8_lossy();
    let printable: String = decoded.chars().filter(|c| !is_unprintable(*c)).collect();
    // Where it is no name that there can be, what is wrong with it is marked, in every spelling alike.
    let (name, _) = Uts46::new().to_unicode(printable.as_bytes(), AsciiDenyList::EMPTY, Hyphens::Allow);
    let bare = name.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.');
    let address = bare.parse().ok().map(|address: IpAddr| address.to_canonical());
    address.or_else(|| four(bare).map(IpAddr::V4)).map_or_else(|| bare.to_owned(), |address| address.to_string())
}

/// An IPv4 address in any form that the URL standard reads: up to four parts, each decimal, octal or
/// hexadecimal, of which the last fills what the others leave.
fn four(host: &str) -> Option<Ipv4Addr> {
    let parts: Vec<u64> = host.split('.').map(number).collect::<Option<_>>()?;
    let (last, leading) = parts.split_last()?;
    if leading.len() > 3 || leading.iter().any(|part| *part > 255) {
        return None;
    }
    let bits = 32 - 8 * leading.len();
    let leading = leading.iter().enumerate().map(|(place, part)| part << (24 - 8 * place)).sum::<u64>();
    (last >> bits == 0).then(|| u32::try_from(leading + last).ok().map(Ipv4Addr::from_bits)).flatten()
}

/// A part of an IPv4 address; `0x` alone is nought.
fn number(part: &str) -> Option<u64> {
    let (digits, radix) = match part.strip_prefix("0x") {
        Some("") => return Some(0),
        Some(digits) => (digits, 16),
        None if part.len() > 1 && part.starts_with('0') => (part, 8),
        None => (part, 10),
    };
    // A sign is none of the digits.
    digits.chars().all(|c| c.is_digit(radix)).then(|| u64::from_str_radix(digits, radix).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_known_in_every_disguise() {
        for (disguised, expected) in [
            ("EVIL%2Eexample", "evil.example"),
            ("evil\u{3002}example", "evil.example"),
            ("evil\u{ff0e}example.", "evil.example"),
            ("evil%EF%BD%A1example", "evil.example"),
            ("\u{ff45}vil.ex\u{ad}ample", "evil.example"),
            ("xn--bse-sna.Example", "b\u{f6}se.example"),
            ("BO\u{308}SE.example", "b\u{f6}se.example"),
            ("xn--strae-oqa.example", "stra\u{df}e.example"),
            ("www.XN--E1AFMKFD.example", "www.\u{43f}\u{440}\u{438}\u{43c}\u{435}\u{440}.example"),
            ("_dmarc.a--b.-example-", "_dmarc.a--b.-example-"),
            ("[2001:DB8:0:0::1]", "2001:db8::1"),
            ("2001:db8::1", "2001:db8::1"),
            ("[::ffff:c000:201]", "192.0.2.1"),
            ("3221225985", "192.0.2.1"),
            ("0xC0.0.2.1", "192.0.2.1"),
            ("0300.0.0x201", "192.0.2.1"),
            ("192.0.2.1.", "192.0.2.1"),
            ("192%2E0.2.%31", "192.0.2.1"),
            ("256.0.2.1", "256.0.2.1"),
            ("1.2.3.4.5", "1.2.3.4.5"),
            ("+1.2.3.4", "+1.2.3.4"),
            ("4294967296", "4294967296"),
            ("08", "08"),
            ("", ""),
            ("%FF", "\u{fffd}"),
        ] {
            assert_eq!(canonical(disguised), expected, "{disguised}");
        }
    }
}
