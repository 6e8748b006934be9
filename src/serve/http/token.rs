//! The secret that stands in for loopback where the network may ask.

use hyper::HeaderMap;
use hyper::header::{COOKIE, HeaderValue};

/// A random secret, which the printed address holds and a cookie keeps.
#[derive(Clone)]
pub(super) struct Token {
    secret: String,
    /// Cookies do not know ports: two previews on one machine must not take each other's.
    cookie: String,
}

impl Token {
    /// A secret of 256 bits from the system.
    pub(super) fn new(port: u16) -> Result<Self, getrandom::Error> {
        let mut random = [0; 32];
        getrandom::fill(&mut random)?;
        let secret = random.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { secret, cookie: format!("threatpress-{port}") })
    }

    /// The query of the address that admits a browser.
    pub(super) fn query(&self) -> String {
        format!("token={}", self.secret)
    }

    /// Whether a request's query is that of the address.
    pub(super) fn is_query(&self, query: &str) -> bool {
        query.strip_prefix("token=").is_some_and(|given| self.is(given))
    }

    /// Whether a request carries the cookie.
    pub(super) fn is_carried(&self, headers: &HeaderMap) -> bool {
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.any(|(name, value)| name == self.cookie && self.is(value))
    }

    /// The cookie, for this browser session, out of reach of scripts and of links from elsewhere.
    pub(super) fn cookie(&self) -> Option<HeaderValue> {
        let cookie = format!("{}={}; Path=/; HttpOnly; SameSite=Strict", self.cookie, self.secret);
        HeaderValue::try_from(cookie).ok()
    }

    /// Hashes are compared, in constant time, so that how long it takes says nothing of the secret.
    fn is(&self, given: &str) -> bool {
        blake3::hash(given.as_bytes()) == blake3::hash(self.secret.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookies(values: &[&str]) -> HeaderMap {
        let value = |text: &&str| (COOKIE, HeaderValue::from_str(text).expect("a header value"));
        values.iter().map(value).collect()
    }

    #[test]
    fn only_the_whole_secret_admits() {
        let (token, other) = (Token::new(4720).expect("random"), Token::new(4720).expect("random"));
        assert!(token.is_query(&token.query()) && token.query().len() > 60);
        for bad in ["", "token=", "token", &other.query(), &token.query()[1..], &format!("{}0", token.query())] {
            assert!(!token.is_query(bad), "{bad}");
        }
        let own = format!("threatpress-4720={}", token.secret);
        assert!(token.is_carried(&cookies(&[&own])));
        assert!(token.is_carried(&cookies(&["a=b", &format!("c=d; {own}; e")])));
        for bad in [
            "threatpress-4720=",
            &format!("threatpress-4721={}", token.secret),
            &format!("x{own}"),
            &format!("threatpress-4720={}", other.secret),
        ] {
            assert!(!token.is_carried(&cookies(&[bad])), "{bad}");
        }
    }
}
