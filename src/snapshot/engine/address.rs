//! Where an engine answers.

use std::fmt;
use std::net::IpAddr;

use tonic::transport::Uri;

/// A host and a port, and whether all that is said there is encrypted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Address {
    pub(super) is_secure: bool,
    host: String,
    port: u16,
}

impl Address {
    /// Reads `grpc://host:port` or `grpc+tls://host:port`.
    ///
    /// # Errors
    /// What is wrong with it, as the end of a sentence, and what to do.
    pub(super) fn parse(text: &str) -> Result<Self, (&'static str, &'static str)> {
        const FORM: &str = "write grpc://host:port, or grpc+tls://host:port where the engine speaks TLS";
        if holds_credentials(text) {
            return Err((
                "holds a user or a password",
                "remove it, and give THREATPRESS_FLIGHT_USER and THREATPRESS_FLIGHT_PASSWORD (or \
                 THREATPRESS_FLIGHT_TOKEN) in the environment; a password that stood in a file is to be changed",
            ));
        }
        let uri: Uri = text.parse().map_err(|_| ("is no address", FORM))?;
        let is_secure = match uri.scheme_str() {
            Some("grpc" | "grpc+tcp") => false,
            Some("grpc+tls") => true,
            _ => return Err(("does not begin with a scheme that engines are asked by", FORM)),
        };
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(("has something behind the port", FORM));
        }
        let host = uri.host().filter(|host| !host.is_empty()).ok_or(("names no host", FORM))?;
        let port = uri.port_u16().ok_or(("names no port", FORM))?;
        Ok(Self { is_secure, host: host.to_lowercase(), port })
    }

    /// As the library underneath wants it.
    pub(super) fn url(&self) -> String {
        format!("{}://{}:{}", if self.is_secure { "https" } else { "http" }, self.host, self.port)
    }

    /// The host's name, or its address without brackets.
    pub(super) fn host(&self) -> &str {
        self.host.trim_start_matches('[').trim_end_matches(']')
    }

    /// Whether what is sent there stays on this machine.
    fn is_loopback(&self) -> bool {
        self.host() == "localhost" || self.host().parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    /// Whether nobody on the way reads what is sent there.
    pub(super) fn keeps_secrets(&self) -> bool {
        self.is_secure || self.is_loopback()
    }
}

/// Whether it seems to tell who asks: before an `@`, or by a setting that is called so.
fn holds_credentials(text: &str) -> bool {
    let text = text.to_lowercase();
    text.contains('@') || ["user=", "password=", "pwd=", "token="].iter().any(|setting| text.contains(setting))
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "grpc{}://{}:{}", if self.is_secure { "+tls" } else { "" }, self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_scheme_a_host_and_a_port() {
        for (text, url, secret) in [
            ("grpc://engine.internal:32010", "http://engine.internal:32010", false),
            ("grpc+tcp://LOCALHOST:1/", "http://localhost:1", true),
            ("grpc://127.8.0.1:1", "http://127.8.0.1:1", true),
            ("grpc://[::1]:1", "http://[::1]:1", true),
            ("grpc://10.0.0.1:1", "http://10.0.0.1:1", false),
            ("grpc://localhost.example:1", "http://localhost.example:1", false),
            ("grpc+tls://engine.internal:443", "https://engine.internal:443", true),
        ] {
            let address = Address::parse(text).expect(text);
            assert_eq!((address.url().as_str(), address.keeps_secrets()), (url, secret), "{text}");
        }
    }

    #[test]
    fn anything_else_is_none() {
        for text in [
            "",
            "engine",
            "engine:32010",
            "http://engine:1",
            "grpc://engine",
            "grpc://:1",
            "grpc://engine:70000",
            "grpc://engine:1/x",
            "grpc://engine:1?x",
            "grpc://u:p@engine:1",
            "grpc://u@engine:1",
            "grpc://eng ine:1",
        ] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn who_asks_stands_in_no_address() {
        for text in
            ["grpc://u:p@e:1", "grpc://u:p/q@e:1", "u:p@e:1", "grpc://e:1?token=t", "jdbc:x://e:1?user=u&Password=p"]
        {
            assert!(Address::parse(text).is_err_and(|(what, _)| what.starts_with("holds a user")), "{text}");
        }
    }
}
