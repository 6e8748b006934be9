//! Whoever asks for what is not theirs gets the answer that a missing page gets, byte for byte; who
//! is not signed in gets the way to the sign-in and nothing else.

use super::kinds;
use super::portal::{Portal, Reader};
use super::reader::{Answer, Count, assert_headers, encoded, get, request, send};
use super::server::{Kind, Server};
use super::sign_in::{SignIn, way_back};
use crate::bench::note;

/// A server in front of the small site, and its two readers.
struct Stage {
    server: Server,
    count: Count,
    soc: Reader,
    emea: Reader,
    missing: Answer,
    /// Lives as long as the server.
    _portal: Portal,
    sign_in: SignIn,
}

impl Stage {
    fn set(kind: Kind) -> Stage {
        let (portal, sign_in, count) = (Portal::small(), SignIn::start(), Count::default());
        let build = portal.root().join("emea");
        // What no build has, for the case that somebody puts it there.
        std::fs::create_dir(build.join(".git")).unwrap();
        std::fs::write(build.join(".git/config"), "secret").unwrap();
        if kind == Kind::Nginx {
            // Caddy cannot be told to leave links alone; builds have none.
            std::os::unix::fs::symlink("/etc/passwd", build.join("passwd.html")).unwrap();
            std::os::unix::fs::symlink("../soc", build.join("linked")).unwrap();
        }
        let server = Server::start(kind, &portal, &sign_in);
        let mut readers = portal.roles().into_iter();
        let (emea, soc) = (readers.next().unwrap(), readers.next().unwrap());
        assert_eq!((&*emea.role, &*soc.role), ("emea", "soc"));
        let missing = get(&server, &count, &emea, "/no-such-page/");
        let page = std::fs::read(build.join("404.html")).unwrap();
        assert_eq!((missing.status, missing.body == page), (Some(404), true));
        assert_eq!(missing.header("content-type"), Some("text/html; charset=utf-8"));
        for absent in ["etag", "last-modified", "content-disposition", "accept-ranges", "set-cookie"] {
            assert_eq!(missing.header(absent), None);
        }
        assert_headers(&missing, false, false);
        Stage { server, count, soc, emea, missing, _portal: portal, sign_in }
    }

    fn send(&self, bytes: &[u8]) -> Answer {
        send(&self.server, &self.count, bytes)
    }

    /// A `GET` of EMEA's reader.
    fn get(&self, target: &[u8]) -> Answer {
        self.send(&request("GET", target, &self.emea.host, Some(&self.emea.group), ""))
    }

    fn is_missing(&self, answer: &Answer, asked: &str) {
        let shown = |answer: &Answer| format!("{:?} {:#?}", answer.status, answer.headers);
        let (got, meant) = (shown(answer), shown(&self.missing));
        assert!(*answer == self.missing, "{asked}: {got}\nand not {meant}\n{}", self.server.said());
    }

    fn end(&self, what: &str) {
        note(&format!("hosting: {} requests to {}, {what}", self.count.get(), self.server.kind.name()));
    }
}

/// Well-formed addresses of what the other role has, and of what nobody has.
const NOT_THEIRS: [&str; 61] = [
    "/threats/secret/",
    "/threats/secret",
    "/threats/secret/index.html",
    "/threats/secret/data.json",
    "/threats/secret/analyst-report/",
    "/threats/secret/print/",
    "/threats/Local/",
    "/actors/hidden-otter/",
    "/groups/apac/",
    "/groups/apac/index.html",
    "/soc/",
    "/soc/index.html",
    "/emea/",
    "/emea/index.html",
    "//soc/index.html",
    "///soc///threats//secret/",
    "/%2fsoc/index.html",
    "/%252e%252e/soc/index.html",
    "/%252e%252e%252fsoc/index.html",
    "/%25%32%65%25%32%65/soc/",
    "/..;/soc/index.html",
    "/threats/..;/..;/soc/",
    "/;/soc/",
    "/index.html;/soc/",
    "/index.html;jsessionid=1",
    "/..\\soc\\index.html",
    "/\\..\\..\\soc\\",
    "/%5c..%5csoc%5cindex.html",
    "/threats\\local\\index.html",
    "/%c0%ae%c0%ae/soc/index.html",
    "/%c0%af%c0%aesoc/",
    "/%e0%80%ae%e0%80%ae/soc/",
    "/%ff%fe/",
    "/INDEX.HTML",
    "/Threats/local/",
    "/threats/LOCAL/",
    "/index.html.",
    "/index.html/",
    "/index.html/x",
    "/index.html%20",
    "/index.html%09",
    "/index.html%0a",
    "/index.html%0d%0aSet-Cookie:x",
    "/index.html~",
    "/index.html.bak",
    "/index",
    "/ind*x.html",
    "/%7bpath%7d",
    "/[i]ndex.html",
    "/.git/config",
    "/%2egit/config",
    "/.threatpress/",
    "/.threatpress/admitted",
    "/.threatpress/admitted?allowed_groups=g-emea",
    "/404.html",
    "/%34%30%34.html",
    "/threats/local/media/",
    "/passwd.html.x",
    "/oauth2/",
    "/oauth2/auth?allowed_groups=g-emea",
    "/etc/passwd",
];

/// Addresses that leave the site, or are none. A server may see that before it looks at the host,
/// and then there is no role whose page it could show.
const MALFORMED: [&[u8]; 25] = [
    b"/../soc/index.html",
    b"/../../../../etc/passwd",
    b"/threats/../../soc/index.html",
    b"/%2e%2e/soc/index.html",
    b"/%2e%2e%2fsoc%2findex.html",
    b"/..%2fsoc/index.html",
    b"/.%2e/soc/",
    b"/threats/%2e%2e/%2e%2e/soc/",
    b"/..",
    b"/index.html%00",
    b"/%00/soc/",
    b"/index.html%00.png",
    b"/index.html\0",
    b"/\0",
    b"/%",
    b"/%2",
    b"/%zz",
    b"/%u002e%u002e/soc/",
    b"/a b",
    b"*",
    b"index.html",
    b"",
    b"\\index.html",
    b"?x",
    b"emea.threats.example:443",
];

fn what_is_not_theirs(kind: Kind) {
    let stage = Stage::set(kind);
    for target in NOT_THEIRS {
        stage.is_missing(&stage.get(target.as_bytes()), target);
        stage.is_missing(&stage.get(format!("{target}?x=/../soc/").as_bytes()), target);
        // The other role's host: the session is not one of its groups, whatever is asked.
        let other = request("GET", target.as_bytes(), &stage.soc.host, Some(&stage.emea.group), "");
        stage.is_missing(&stage.send(&other), target);
    }
    for target in MALFORMED {
        let shown = String::from_utf8_lossy(target).into_owned();
        let mine = stage.get(target);
        let other = stage.send(&request("GET", target, &stage.soc.host, Some(&stage.emea.group), ""));
        let stranger = stage.send(&request("GET", target, &stage.emea.host, None, ""));
        refused(&stage, &mine, &shown);
        refused(&stage, &other, &shown);
        assert!(stranger.status == Some(302) || stranger == mine, "{shown}: {stranger:?}");
    }
    if kind == Kind::Nginx {
        for link in ["/passwd.html", "/linked/", "/linked/index.html", "/linked/threats/secret/index.html"] {
            stage.is_missing(&stage.get(link.as_bytes()), link);
        }
    }
    stage.end("addresses of others and of nobody");
}

/// As missing, or refused before any role was looked at: without a page, by syntax alone.
fn refused(stage: &Stage, answer: &Answer, asked: &str) {
    let closed = answer.status.is_none();
    let bad = stage.server.kind == Kind::Caddy && answer.status == Some(400) && answer.body.len() < 80;
    if !closed && !bad {
        stage.is_missing(answer, asked);
    }
}

#[test]
fn missing_and_forbidden_are_one_answer() {
    kinds().into_iter().for_each(what_is_not_theirs);
}

/// Hosts, methods and headers by which a client could claim to be somebody or somewhere else. EMEA's
/// reader asks the SOC's host, whose `/index.html` exists, and its own for a page that does not.
fn claims(kind: Kind) {
    let stage = Stage::set(kind);
    let (soc, emea) = (&*stage.soc.host, &*stage.emea.host);
    let session = Some(&*stage.emea.group);
    for more in [
        "Range: bytes=0-10\r\n",
        "Range: bytes=0-1,2-3,4-5\r\n",
        "If-None-Match: *\r\n",
        "If-Modified-Since: Thu, 26 Nov 2099 11:22:49 GMT\r\n",
        "If-Unmodified-Since: Thu, 26 Nov 1999 11:22:49 GMT\r\n",
        "If-Match: \"x\"\r\n",
        "Accept-Encoding: gzip, br\r\n",
        "Accept: application/json\r\n",
        "Authorization: Bearer g-soc\r\n",
        "X-Forwarded-Groups: g-soc\r\n",
        "X_Forwarded_Groups: g-soc\r\n",
        "X-Auth-Request-Groups: g-soc\r\n",
        "x_auth_request_groups: g-soc\r\n",
        "Remote-Groups: g-soc\r\n",
        "Remote_Groups: g-soc\r\n",
        "Remote-User: g-soc\r\n",
        "X-Forwarded-Uri: /public\r\n",
        "X-Forwarded-Url: /public\r\n",
        "X-Original-URI: /public\r\n",
        "X-Original-URL: /public\r\n",
        "X-Rewrite-URL: /public\r\n",
        "X-Auth-Request-Redirect: /public-uri\r\n",
        "X-Forwarded-Host: emea.threats.example\r\n",
        "Forwarded: for=127.0.0.1;host=emea.threats.example\r\n",
        "X-Forwarded-For: 127.0.0.1\r\n",
        "X-Real-IP: 127.0.0.1\r\n",
        "X-HTTP-Method-Override: GET\r\n",
        "X-Accel-Redirect: /index.html\r\n",
        "X-Sendfile: /index.html\r\n",
        "Content-Length: 0\r\n",
    ] {
        stage.is_missing(&stage.send(&request("GET", b"/index.html", soc, session, more)), more);
        stage.is_missing(&stage.send(&request("GET", b"/no-such-page", emea, session, more)), more);
    }
    for method in
        ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND", "MKCOL", "COPY", "TRACE", "PURGE", "get", "GETX"]
    {
        for (host, target) in [(soc, &b"/index.html"[..]), (emea, b"/index.html"), (emea, b"/no-such-page")] {
            for session in [session, None] {
                let answer = stage.send(&request(method, target, host, session, ""));
                let shown = format!("{method} {}", String::from_utf8_lossy(target));
                refused(&stage, &answer, &shown);
            }
        }
    }
    let head = stage.send(&request("HEAD", b"/no-such-page", emea, session, ""));
    let other = stage.send(&request("HEAD", b"/index.html", soc, session, ""));
    assert_eq!((head.status, &head.headers, head.body.len()), (Some(404), &stage.missing.headers, 0));
    assert_eq!(head, other);
    hosts(&stage);
    stage.end("claims to be somebody or somewhere else");
}

/// Other names for a host, two hosts, none, and absolute addresses.
fn hosts(stage: &Stage) {
    let session = Some(&*stage.emea.group);
    for host in [
        "soc.example",
        "threats.example.",
        "THREATS.EXAMPLE",
        "threats.example:1",
        "x.threats.example",
        "127.0.0.1",
        "",
        "_",
        "a b",
        "emea.threats.example@threats.example",
        "threats.example/x",
        "*.threats.example",
        "[::1]",
    ] {
        let answer = stage.send(&request("GET", b"/index.html", host, session, ""));
        refused(stage, &answer, host);
        let stranger = stage.send(&request("GET", b"/index.html", host, None, ""));
        assert_ne!(stranger.status, Some(200), "{host}");
    }
    for target in [
        "http://threats.example/index.html",
        "https://threats.example/index.html",
        "HTTP://THREATS.EXAMPLE/",
        "http://nobody.example/index.html",
    ] {
        let own = stage.send(&request("GET", target.as_bytes(), &stage.emea.host, session, ""));
        refused(stage, &own, target);
    }
    let twice = format!("Host: {}\r\n", stage.emea.host);
    refused(stage, &stage.send(&request("GET", b"/index.html", &stage.soc.host, session, &twice)), "two hosts");
    let cookie = format!("Cookie: session={}\r\n", encoded(&stage.emea.group));
    for (version, host) in [
        ("1.0", format!("Host: {}\r\n", stage.soc.host)),
        ("1.0", String::new()),
        ("1.1", String::new()),
        ("2.0", String::new()),
        ("9", String::new()),
    ] {
        let bytes = format!("GET /index.html HTTP/{version}\r\n{host}{cookie}Connection: close\r\n\r\n");
        let answer = stage.send(bytes.as_bytes());
        assert!(answer.status != Some(200) && answer.body.len() < 2000, "HTTP/{version}: {answer:?}");
    }
    let old = stage.send(b"GET /index.html\r\n\r\n");
    assert_ne!(old.status, Some(200), "HTTP/0.9");
}

#[test]
fn nobody_becomes_somebody_else_by_saying_so() {
    kinds().into_iter().for_each(claims);
}

/// Who has no session gets one answer for every address of every host.
fn without_a_session(kind: Kind) {
    let stage = Stage::set(kind);
    let ask = |host: &str, target: &str, more: &str| stage.send(&request("GET", target.as_bytes(), host, None, more));
    let existing =
        ["/", "/index.html", "/threats/secret/", "/data.json", "/static/theme.css", "/manifest.json", "/feed.xml"];
    let absent = NOT_THEIRS.into_iter().filter(|target| !target.starts_with("/oauth2/"));
    for target in existing.into_iter().chain(absent) {
        for host in [&stage.soc.host, &stage.emea.host] {
            let answer = ask(host, target, "");
            // Hidden names and the page for what is missing may be missing for everybody.
            if answer.status == Some(404) {
                stage.is_missing(&answer, target);
                assert!(["404", "/.", "%2e", "34%30"].iter().any(|part| target.contains(part)), "{target}");
                continue;
            }
            assert_eq!(answer.status, Some(302), "{target}: {answer:?}");
            let way = answer.header("location").unwrap();
            assert!(way.starts_with("/oauth2/start?rd=/"), "{way}");
            assert!(!way.contains(['\r', '\n', ' ']), "{way}");
            assert_eq!(answer.header("set-cookie"), None);
            let body = String::from_utf8_lossy(&answer.body);
            assert!(answer.body.len() < 200 && !body.contains("<title>T"), "{body}");
        }
    }
    for more in [
        "Cookie: sessio=g-soc\r\n",
        "Cookie: session\r\n",
        "Authorization: Bearer g-soc\r\n",
        "X-Forwarded-Groups: g-soc\r\n",
        "X_Auth_Request_Groups: g-soc\r\n",
        "X-Forwarded-Uri: /public\r\n",
        "Remote-User: g-soc\r\n",
        "If-None-Match: *\r\n",
    ] {
        assert_eq!(ask(&stage.soc.host, "/index.html", more).status, Some(302), "{more}");
    }
    the_way(&stage);
    stage.end("without a session");
}

/// Who signs in gets to the very address that was asked for.
fn leads_back(stage: &Stage) {
    for target in [
        "/threats/",
        "/threats/?severity=high&type=tool&sort=-impact",
        "/search/?q=a%26b%3Dc+d%2Be%25f",
        "/threats/?rd=/x&rd=%2Fy",
        "/?",
        "/threats/;x&y",
    ] {
        let ask = |target: &str| stage.send(&request("GET", target.as_bytes(), &stage.soc.host, None, ""));
        let way = ask(target);
        assert_eq!(ask(way.header("location").unwrap()).status, Some(302));
        let heard = stage.sign_in.heard();
        assert_eq!(way_back(heard.last().unwrap()).as_deref(), Some(target), "{:?}", heard.last());
    }
}

/// The three addresses of the sign-in service that are open.
fn the_way(stage: &Stage) {
    let ask = |target: &str| stage.send(&request("GET", target.as_bytes(), &stage.soc.host, None, ""));
    let start = ask("/oauth2/start?rd=/threats/");
    assert_eq!(start.header("location"), Some("https://idp.example/authorize"));
    assert_eq!(start.header("set-cookie"), Some("csrf=1; HttpOnly"));
    assert_eq!(start.header("x-powered-by"), None);
    assert_eq!(start.header("clear-site-data"), None);
    assert!(ask("/oauth2/callback?code=1&state=2").header("set-cookie").is_some());
    let out = ask("/oauth2/sign_out");
    assert_eq!(out.header("clear-site-data"), Some("\"cache\", \"storage\""));
    let heard = stage.sign_in.heard();
    for target in ["/oauth2/start", "/oauth2/callback?code=1&state=2"] {
        assert!(heard.iter().any(|head| head[0].starts_with(&format!("GET {target} "))), "{target}");
    }
    // As somebody may write it who leads there by hand.
    ask("/oauth2/start?rd=%2Fthreats%2F");
    assert_eq!(way_back(stage.sign_in.heard().last().unwrap()).unwrap(), "/threats/");
    leads_back(stage);
    let large = ask("/oauth2/callback?large");
    let cookies = large.headers.iter().filter(|(name, _)| name == "set-cookie");
    assert_eq!((large.status, cookies.map(|(_, value)| value.len()).sum::<usize>()), (Some(302), 2 * 4010));
    for closed in [
        "/oauth2/auth",
        "/oauth2/userinfo",
        "/oauth2/static/x.css",
        "/oauth2/start/",
        "/oauth2/start/../auth",
        "/oauth2%2fauth",
        "/ping",
        "/oauth2/sign_in",
    ] {
        let answer = ask(closed);
        assert!([Some(302), Some(404)].contains(&answer.status), "{closed}: {answer:?}");
        assert!(
            answer.status == Some(404) || answer.header("location").unwrap().starts_with("/oauth2/start?rd="),
            "{closed}"
        );
    }
}

#[test]
fn without_a_session_there_is_only_the_way_to_the_sign_in() {
    kinds().into_iter().for_each(without_a_session);
}

/// When the service is gone, nobody gets anything, and the answer does not tell what there is.
#[test]
fn without_the_service_nobody_gets_anything() {
    for kind in kinds() {
        let (portal, count) = (Portal::small(), Count::default());
        let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", gone.local_addr().unwrap());
        drop(gone);
        let server = Server::start_asking(kind, &portal, &address);
        for reader in portal.roles() {
            let mut answers = ["/", "/index.html", "/manifest.json", "/no-such-page"]
                .map(|target| get(&server, &count, &reader, target))
                .into_iter();
            let first = answers.next().unwrap();
            assert!([Some(500), Some(502)].contains(&first.status), "{first:?}");
            assert!(first.body.len() < 300);
            assert_headers(&first, reader.red, false);
            assert!(answers.all(|answer| answer == first));
        }
    }
}
