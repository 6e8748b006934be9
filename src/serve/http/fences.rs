//! Who may ask, and how: decided from the head of a request, before anything is looked up.

use std::net::IpAddr;

use hyper::header::{CONTENT_LENGTH, HOST, HeaderName, ORIGIN, TRANSFER_ENCODING};
use hyper::http::request::Parts;
use hyper::{HeaderMap, Method, StatusCode};

use super::hosts::Hosts;
use super::token::Token;

/// The longest target that is answered, in bytes; the longest path of a build is far shorter.
const LONGEST_TARGET: usize = 8 * 1024;

const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const DESTINATION: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// The fences of a server.
#[derive(Clone)]
pub(super) struct Fences {
    pub(super) hosts: Hosts,
    /// Wanted of every request where more than this machine may ask.
    pub(super) token: Option<Token>,
}

/// Why a request is not answered: a status, and a sentence for whoever reads it. It never quotes the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) why: &'static str,
}

const fn refusal(status: StatusCode, why: &'static str) -> Refusal {
    Refusal { status, why }
}

const TWICE: Refusal = refusal(StatusCode::BAD_REQUEST, "a header that stands once stands there twice");
const NO_HOST: Refusal = refusal(StatusCode::BAD_REQUEST, "a request names one host");
const TARGET: Refusal = refusal(StatusCode::BAD_REQUEST, "a request names a path, and nothing before it");
const LONG: Refusal = refusal(StatusCode::URI_TOO_LONG, "no address here is that long");
const OTHER_HOST: Refusal =
    refusal(StatusCode::MISDIRECTED_REQUEST, "open the address that `threatpress serve` printed, to the letter");
const METHOD: Refusal = refusal(StatusCode::METHOD_NOT_ALLOWED, "there is nothing to do here but to read");
const BODY: Refusal = refusal(StatusCode::BAD_REQUEST, "a request to read has no body");
const FOREIGN: Refusal = refusal(StatusCode::FORBIDDEN, "pages of other sites get nothing from here");
const NO_TOKEN: Refusal =
    refusal(StatusCode::FORBIDDEN, "open the whole address that `threatpress serve` printed, with its token");

/// What the fences say of a request that they let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admitted {
    /// It is answered.
    Reader,
    /// It came with the token in its address, and gets the cookie.
    Newcomer,
}

impl Fences {
    /// Whether a request that came to the address `local` is answered.
    pub(super) fn admit(&self, request: &Parts, local: IpAddr) -> Result<Admitted, Refusal> {
        let headers = &request.headers;
        target(request)?;
        let host = one(headers, &HOST)?.ok_or(NO_HOST)?;
        if !self.hosts.admit(host, local) {
            return Err(OTHER_HOST);
        }
        if request.method != Method::GET && request.method != Method::HEAD {
            return Err(METHOD);
        }
        let has_length = headers.get_all(CONTENT_LENGTH).iter().any(|length| length != "0");
        if has_length || headers.contains_key(TRANSFER_ENCODING) {
            return Err(BODY);
        }
        if one(headers, &ORIGIN)?.is_some_and(|origin| origin.strip_prefix("http://") != Some(host)) {
            return Err(FOREIGN);
        }
        of_this_site(headers)?;
        self.known(request)
    }

    /// Whether the request has the token, where one is wanted.
    fn known(&self, request: &Parts) -> Result<Admitted, Refusal> {
        let Some(token) = &self.token else { return Ok(Admitted::Reader) };
        if request.uri.path() == "/" && request.uri.query().is_some_and(|query| token.is_query(query)) {
            return Ok(Admitted::Newcomer);
        }
        if token.is_carried(&request.headers) { Ok(Admitted::Reader) } else { Err(NO_TOKEN) }
    }
}

/// A target is a path and a query. One with a host of its own would be a second opinion on `Host`.
fn target(request: &Parts) -> Result<(), Refusal> {
    let uri = &request.uri;
    let length = uri.path_and_query().map_or(0, |target| target.as_str().len());
    if length > LONGEST_TARGET {
        return Err(LONG);
    }
    let is_plain = uri.scheme().is_none() && uri.authority().is_none() && uri.path().starts_with('/');
    if is_plain { Ok(()) } else { Err(TARGET) }
}

/// A browser says where a request comes from. From elsewhere, and another port of this machine is
/// elsewhere, a person may follow a link here; nothing may be embedded, fetched or framed.
fn of_this_site(headers: &HeaderMap) -> Result<(), Refusal> {
    let is = |name: &HeaderName, value: &str| one(headers, name).map(|found| found == Some(value));
    let from = one(headers, &SITE)?;
    let is_visit = is(&MODE, "navigate")? && is(&DESTINATION, "document")?;
    if is_visit || matches!(from, None | Some("same-origin" | "none")) { Ok(()) } else { Err(FOREIGN) }
}

/// The value of a header that may stand there once.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Refusal> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(TWICE);
    }
    // What is not even text is no value that is known here.
    Ok(Some(value.to_str().unwrap_or("\u{fffd}")))
}
