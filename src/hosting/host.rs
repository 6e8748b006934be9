//! Hosts and their ports.

use std::fmt;
use std::net::Ipv4Addr;

/// A host's name in lower case, or its IPv4 address, and a port where one is given. It is made of
/// letters, digits, `-`, `.` and `:`, which mean nothing else to any server.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Host {
    name: String,
    port: Option<u16>,
}

impl Host {
    /// Reads `name` or `name:port` (RFC 1123). No user, no IPv6 address, no dot at the end.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (name, port) = match text.split_once(':') {
            Some((name, digits)) => (name, Some(port(digits)?)),
            None => (text, None),
        };
        let valid = name.len() <= 253 && name.split('.').all(is_label);
        valid.then(|| Self { name: name.to_ascii_lowercase(), port })
    }

    /// Reads the address of a service: `http://name:port`.
    #[must_use]
    pub fn service(text: &str) -> Option<Self> {
        let authority = text.strip_prefix("http://")?;
        Self::parse(authority.strip_suffix('/').unwrap_or(authority))
    }

    /// The name alone.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The port of HTTPS there.
    #[must_use]
    pub fn https_port(&self) -> u16 {
        self.port.unwrap_or(443)
    }

    /// Whether it is this machine, so that what is sent there crosses no network.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.name == "localhost" || self.name.parse().is_ok_and(|address: Ipv4Addr| address.is_loopback())
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => write!(f, "{}:{port}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

fn port(digits: &str) -> Option<u16> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    digits.parse().ok().filter(|_| plain)
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_ports_are_read_and_nothing_else() {
        for (text, shown) in [("A.Example", "a.example"), ("127.0.0.1:4180", "127.0.0.1:4180"), ("x", "x")] {
            assert_eq!(Host::parse(text).map(|host| host.to_string()).as_deref(), Some(shown));
        }
        for bad in [
            "",
            ".",
            "a.",
            "a..b",
            "-a",
            "a-",
            "a:",
            "a:0",
            "a:080",
            "a:+80",
            "a:65536",
            "a:1:2",
            "u@a",
            "[::1]",
            "a b",
            "a;b",
            "é.example",
            "*.a",
        ] {
            assert_eq!(Host::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_service_is_asked_in_plain_http() {
        assert!(Host::service("http://127.0.0.1:4180/").is_some_and(|host| host.is_loopback()));
        assert!(Host::service("http://sign-in.example:4180").is_some_and(|host| !host.is_loopback()));
        for bad in ["https://a.example", "a.example", "http://a/b", "http://", "http://a?b"] {
            assert_eq!(Host::service(bad), None, "{bad}");
        }
    }
}
