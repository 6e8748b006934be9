//! Requests, byte by byte: a client library would tidy up what is asked here.

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::kinds;
use super::portal::{Portal, Reader};
use super::server::{Kind, Server};
use super::sign_in::SignIn;
use crate::bench::note;

/// How many requests a test has sent.
#[derive(Default)]
pub(crate) struct Count(AtomicUsize);

impl Count {
    pub(crate) fn get(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// What came back. A connection that was closed without a byte is an answer without a status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: Option<u16>,
    /// All but `Date`, in lower case, in the order of their names.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn read(bytes: &[u8]) -> Answer {
        let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
            assert!(bytes.is_empty(), "half an answer: {:?}", String::from_utf8_lossy(bytes));
            return Answer { status: None, headers: Vec::new(), body: Vec::new() };
        };
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let header = |line: &str| {
            let (name, value) = line.split_once(':').unwrap();
            (name.to_lowercase(), value.trim().to_owned())
        };
        let mut headers: Vec<_> = lines.map(header).filter(|(name, _)| name != "date").collect();
        headers.sort();
        Answer { status: Some(status), headers, body: bytes[end + 4..].to_vec() }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The headers that stand there once or more, but for those that every answer has of its own.
    fn said(&self) -> BTreeMap<&str, &str> {
        let own = [
            "connection",
            "content-disposition",
            "content-length",
            "content-type",
            "etag",
            "last-modified",
            "location",
            "server",
        ];
        let said: Vec<_> = self.headers.iter().filter(|(name, _)| !own.contains(&name.as_str())).collect();
        let map: BTreeMap<&str, &str> = said.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(map.len(), said.len(), "a header stands twice: {said:?}");
        map
    }
}

/// Sends bytes and reads until the server closes.
pub(crate) fn send(server: &Server, count: &Count, bytes: &[u8]) -> Answer {
    count.0.fetch_add(1, Ordering::Relaxed);
    let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    // A server may refuse before it has read all.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
        outcome => _ = outcome.unwrap(),
    }
    Answer::read(&answer)
}

/// A request of HTTP/1.1 with these further header lines.
pub(crate) fn request(method: &str, target: &[u8], host: &str, session: Option<&str>, more: &str) -> Vec<u8> {
    let cookie = session.map(|group| format!("Cookie: a=b; session={}\r\n", encoded(group))).unwrap_or_default();
    let mut bytes = format!("{method} ").into_bytes();
    bytes.extend_from_slice(target);
    bytes.extend_from_slice(format!(" HTTP/1.1\r\nHost: {host}\r\n{cookie}{more}Connection: close\r\n\r\n").as_bytes());
    bytes
}

/// A `GET` of a reader.
pub(crate) fn get(server: &Server, count: &Count, reader: &Reader, target: &str) -> Answer {
    send(server, count, &request("GET", target.as_bytes(), &reader.host, Some(&reader.group), ""))
}

pub(crate) fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// The policy of the contract, to the letter.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// What every answer says, whatever it is.
pub(crate) fn assert_headers(answer: &Answer, red: bool, svg: bool) {
    let policy = if svg { "default-src 'none'; style-src 'self'; sandbox" } else { POLICY };
    let kept = [Some(200), Some(304), Some(308)].contains(&answer.status) && !red;
    let expected = BTreeMap::from([
        ("cache-control", if kept { "private, no-cache" } else { "no-store" }),
        ("content-security-policy", policy),
        ("cross-origin-embedder-policy", "require-corp"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=(), usb=(), payment=(), browsing-topics=()"),
        ("referrer-policy", "no-referrer"),
        ("strict-transport-security", "max-age=31536000; includeSubDomains"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("x-robots-tag", "noindex, nofollow, noarchive"),
    ]);
    assert_eq!(answer.said(), expected);
    assert!(answer.header("server").is_none_or(|server| server == "nginx"), "{answer:?}");
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "xml" => "application/atom+xml; charset=utf-8",
        "svg" => "image/svg+xml; charset=utf-8",
        "png" => "image/png",
        other => panic!("a file of an unexpected kind in a build: {other}"),
    }
}

fn files(build: &Path) -> Vec<String> {
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(build.join("manifest.json")).unwrap()).unwrap();
    let files = manifest["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap().to_owned());
    files.chain(["manifest.json".to_owned()]).collect()
}

/// Everything of one role's build, as its reader gets it.
fn reads_everything(server: &Server, count: &Count, portal: &Portal, reader: &Reader) -> usize {
    let build = portal.root().join(&reader.role);
    let files = files(&build);
    assert!(files.len() > 20, "{files:?}");
    for path in &files {
        let bytes = fs::read(build.join(path)).unwrap();
        let answer = get(server, count, reader, &format!("/{}", encoded(path)));
        // The page for what is missing is missing itself.
        let status = if path == "404.html" { 404 } else { 200 };
        assert_eq!(answer.status, Some(status), "{}{path}\n{}", reader.host, server.said());
        assert!(answer.body == bytes, "other bytes: {path}");
        assert_eq!(answer.header("content-type"), Some(media_type(path)), "{path}");
        let saved = path.ends_with(".csv") || path.ends_with(".json");
        assert_eq!(answer.header("content-disposition"), saved.then_some("attachment"), "{path}");
        assert_eq!(answer.header("accept-ranges"), None, "{path}");
        assert_headers(&answer, reader.red, path.ends_with(".svg"));
        if let Some(directory) = path.strip_suffix("index.html") {
            let page = get(server, count, reader, &format!("/{}", encoded(directory)));
            assert_eq!((page.status, page.body == bytes), (Some(200), true), "/{directory}");
            assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"), "/{directory}");
            assert_headers(&page, reader.red, false);
        }
    }
    let page = get(server, count, reader, "/threats");
    assert_eq!(page.header("location"), Some("/threats/"), "{page:?}");
    assert_headers(&page, reader.red, false);
    let head = send(server, count, &request("HEAD", b"/index.html", &reader.host, Some(&reader.group), ""));
    let whole = get(server, count, reader, "/index.html");
    assert_eq!((head.status, &head.headers, head.body.len()), (Some(200), &whole.headers, 0));
    files.len()
}

/// What a browser has is confirmed without its bytes, with all the headers.
fn confirms(server: &Server, count: &Count, reader: &Reader) {
    let page = get(server, count, reader, "/");
    let tag = page.header("etag").unwrap();
    for more in [
        format!("If-None-Match: {tag}\r\n"),
        format!("If-Modified-Since: {}\r\n", page.header("last-modified").unwrap()),
    ] {
        let again = send(server, count, &request("GET", b"/", &reader.host, Some(&reader.group), &more));
        assert_eq!((again.status, again.body.len()), (Some(304), 0), "{more}");
        assert_headers(&again, reader.red, false);
        let stranger = send(server, count, &request("GET", b"/", &reader.host, None, &more));
        assert_eq!(stranger.status, Some(302), "nobody is told what has not changed");
    }
}

/// A member of many groups has a long session.
fn reads_with_long_cookies(server: &Server, count: &Count, reader: &Reader) {
    let cookie = format!("Cookie: session={}; session_1={}\r\n", encoded(&reader.group), "x".repeat(20_000));
    let page = send(server, count, &request("GET", b"/index.html", &reader.host, None, &cookie));
    assert_eq!(page.status, Some(200), "{}", server.said());
}

/// Servers read endings in whatever case they are.
fn reads_other_endings(server: &Server, count: &Count, portal: &Portal, reader: &Reader) {
    for (name, kind) in [("drawing.SVG", "image/svg+xml; charset=utf-8"), ("table.Csv", "text/csv; charset=utf-8")] {
        let path = portal.root().join(&reader.role).join(name);
        fs::write(&path, "x").unwrap();
        let answer = get(server, count, reader, &format!("/{name}"));
        fs::remove_file(path).unwrap();
        assert_eq!((answer.status, answer.header("content-type")), (Some(200), Some(kind)));
        assert_eq!(answer.header("content-disposition"), (name == "table.Csv").then_some("attachment"));
        assert_headers(&answer, reader.red, name == "drawing.SVG");
    }
}

fn read_all(name: &str, portal: &Portal) {
    for kind in kinds() {
        let (sign_in, count) = (SignIn::start(), Count::default());
        let server = Server::start(kind, portal, &sign_in);
        let readers = portal.roles();
        let files: usize = readers.iter().map(|reader| reads_everything(&server, &count, portal, reader)).sum();
        readers.iter().for_each(|reader| confirms(&server, &count, reader));
        readers.iter().for_each(|reader| reads_with_long_cookies(&server, &count, reader));
        readers.iter().for_each(|reader| reads_other_endings(&server, &count, portal, reader));
        told_little(&sign_in, kind);
        note(&format!("hosting: {} requests to {}, every file of {name} ({files})", count.get(), kind.name()));
    }
}

/// The service hears of a reader what the configuration says and nothing more.
fn told_little(sign_in: &SignIn, kind: Kind) {
    let heard = sign_in.heard();
    assert!(heard.len() > 40);
    let known =
        ["cookie", "host", "connection", "x-real-ip", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"];
    let of_caddy = ["accept-encoding", "user-agent", "x-forwarded-method", "x-forwarded-uri"];
    for head in heard {
        for line in &head[1..] {
            let name = line.split(':').next().unwrap().to_lowercase();
            let fine = known.contains(&&*name) || kind == Kind::Caddy && of_caddy.contains(&&*name);
            assert!(fine, "{head:?}");
        }
    }
}

#[test]
fn readers_get_every_file_of_their_own_build() {
    read_all("the small site", &Portal::small());
}

#[test]
fn readers_get_every_file_of_the_sample_site() {
    read_all("the sample site", &Portal::sample());
}
