//! Responses. Whatever they are, they say the same of how they may be used.

use hyper::body::{Body as _, Bytes};
use hyper::header::{
    ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue,
    LOCATION, REFERRER_POLICY, RETRY_AFTER, SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Response, StatusCode};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::body::Body;
use super::fences::Refusal;
use super::inject::inject;
use crate::hosting::content_type;
use crate::render::{POLICY, escape};

/// Headers of every response. `no-store` and no validators: what is shown is never older than the input, and one
/// role's pages are never answered from what was kept of another's.
const HEADERS: [(HeaderName, &str); 6] = [
    (CACHE_CONTROL, "no-store"),
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

const HTML: &str = "text/html; charset=utf-8";

/// What cannot stand in a path of a URL as it is.
const RESERVED: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>').add(b'?').add(b'%').add(b'\\');

const MISSING: &str = include_str!("pages/missing.html");
const NOT_YET: &str = include_str!("pages/not_yet.html");
/// With one place, for what is wrong.
const UNMADE: &str = include_str!("pages/unmade.html");

/// A response with the headers of all.
fn response(status: StatusCode, kind: &str, body: Body) -> Response<Body> {
    // Said here, so that the answer to `HEAD` says it too.
    let length = body.size_hint().exact();
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.extend(HEADERS.map(|(name, value)| (name, HeaderValue::from_static(value))));
    headers.extend(HeaderValue::try_from(kind).ok().map(|kind| (CONTENT_TYPE, kind)));
    headers.extend(length.map(|length| (CONTENT_LENGTH, HeaderValue::from(length))));
    response
}

/// A file of a build, or one of ours. `path` says by its ending what it is; a directory is its page.
pub(super) fn file(path: &str, bytes: Bytes) -> Response<Body> {
    let kind = if path.ends_with('/') { HTML.to_owned() } else { content_type(path) };
    let body = if kind == HTML { Body::of(inject(&bytes)) } else { Body::of(bytes) };
    response(StatusCode::OK, &kind, body)
}

/// The response, saying which revision it is of: the one header that a script can read of the page it stands in.
pub(super) fn of_revision(mut response: Response<Body>, revision: &str) -> Response<Body> {
    let is_plain = revision.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    let value = HeaderValue::try_from(format!("revision;desc=\"{revision}\"")).ok().filter(|_| is_plain);
    response.headers_mut().extend(value.map(|value| (SERVER_TIMING, value)));
    response
}

/// The state of a page.
pub(super) fn state(json: Vec<u8>) -> Response<Body> {
    response(StatusCode::OK, "application/json", Body::of(json))
}

/// A stream of events.
pub(super) fn events(body: Body) -> Response<Body> {
    response(StatusCode::OK, "text/event-stream", body)
}

/// What is asked for stands at another path of this server.
pub(super) fn moved(path: &str) -> Response<Body> {
    let path = utf8_percent_encode(path, RESERVED).to_string();
    let mut response = response(StatusCode::TEMPORARY_REDIRECT, "text/plain", Body::of(""));
    match HeaderValue::try_from(path) {
        // `//` would begin with another host.
        Ok(location) if !location.as_bytes().starts_with(b"//") => {
            response.headers_mut().insert(LOCATION, location);
            response
        }
        _ => missing(),
    }
}

/// A browser that came with the token gets the cookie, and an address without the token.
pub(super) fn welcome(cookie: Option<HeaderValue>) -> Response<Body> {
    let mut response = response(StatusCode::SEE_OTHER, "text/plain", Body::of(""));
    response.headers_mut().insert(LOCATION, HeaderValue::from_static("/"));
    response.headers_mut().extend(cookie.map(|cookie| (SET_COOKIE, cookie)));
    response
}

/// There is no such page. It listens for changes as every page does, so that it can come.
pub(super) fn missing() -> Response<Body> {
    response(StatusCode::NOT_FOUND, HTML, Body::of(inject(MISSING.as_bytes())))
}

/// Nothing can be shown yet.
pub(super) fn not_yet() -> Response<Body> {
    busy(HTML, Body::of(inject(NOT_YET.as_bytes())))
}

/// The page cannot be made; `why` is text.
pub(super) fn unmade(why: &str) -> Response<Body> {
    let page = UNMADE.replacen("{why}", &escape(why), 1);
    response(StatusCode::INTERNAL_SERVER_ERROR, HTML, Body::of(inject(page.as_bytes())))
}

/// There are as many streams of events as there may be.
pub(super) fn no_more_streams() -> Response<Body> {
    busy("text/plain; charset=utf-8", Body::of("too many pages listen for changes already: close some\n"))
}

fn busy(kind: &str, body: Body) -> Response<Body> {
    let mut response = response(StatusCode::SERVICE_UNAVAILABLE, kind, body);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("2"));
    response
}

/// The preview itself failed.
pub(super) fn failed() -> Response<Body> {
    let why = "a fault of threatpress: what it says in the terminal belongs into a report\n";
    response(StatusCode::INTERNAL_SERVER_ERROR, "text/plain; charset=utf-8", Body::of(why))
}

/// The request is not answered, and nothing further is read from its connection.
pub(super) fn refused(refusal: Refusal) -> Response<Body> {
    let why = format!("Refused: {}.\n", refusal.why);
    let mut response = response(refusal.status, "text/plain; charset=utf-8", Body::of(why));
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    if refusal.status == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    }
    response
}
