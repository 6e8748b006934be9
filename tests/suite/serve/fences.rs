//! Who is answered, and who is not.

use std::collections::BTreeSet;

use super::running::Running;
use crate::hosting::reader::Answer;

/// The policy of the contract, to the letter.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// What every answer says, whatever it is, and that it says nothing else.
fn assert_headers(answer: &Answer) {
    for (name, value) in [
        ("cache-control", "no-store"),
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}: {answer:?}");
    }
    // Of a page, which revision it is of: the program's own number.
    let revision =
        answer.header("server-timing").map(|value| value.trim_start_matches("revision;desc=").trim_matches('"'));
    assert!(revision.is_none_or(|number| number.parse::<u64>().is_ok()), "{answer:?}");
    let own = ["content-type", "content-length", "connection", "location", "allow", "retry-after", "server-timing"];
    let further = answer.headers.iter().map(|(name, _)| name.as_str()).filter(|name| !own.contains(name));
    assert_eq!(further.count(), 6, "{answer:?}");
    let names: BTreeSet<_> = answer.headers.iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), answer.headers.len(), "a header stands twice: {answer:?}");
}

#[test]
fn every_answer_says_how_it_may_be_used() {
    let preview = Running::start();
    for (target, status) in [
        ("/", 307),
        ("/soc", 307),
        ("/soc/", 200),
        ("/soc/feed.xml", 200),
        ("/soc/data.json", 200),
        ("/soc/static/theme.css", 200),
        ("/.threatpress/preview.js", 200),
        ("/.threatpress/preview.css", 200),
        ("/.threatpress/page.css", 200),
        ("/.threatpress/state?path=/soc/", 200),
        ("/.threatpress/", 404),
        ("/.threatpress/none.js", 404),
        ("/none", 404),
        ("/soc/%00", 400),
    ] {
        for method in ["GET", "HEAD"] {
            let answer = preview.ask(method, target, "");
            assert_eq!(answer.status, Some(status), "{method} {target}");
            assert_headers(&answer);
            assert!(answer.header("content-type").is_some(), "{target}");
            assert_eq!(answer.body.is_empty(), method == "HEAD" || status == 307, "{method} {target}");
        }
    }
    let (get, head) = (preview.get("/soc/"), preview.ask("HEAD", "/soc/", ""));
    assert_eq!(get.headers, head.headers);
    assert_eq!(get.header("content-length"), Some(get.body.len().to_string().as_str()));
    for refused in [preview.ask("POST", "/soc/", ""), preview.ask("GET", "/soc/", "Origin: null\r\n")] {
        assert_headers(&refused);
        assert_eq!(refused.header("connection"), Some("close"));
    }
}

#[test]
fn only_three_names_of_this_machine_are_answered() {
    let preview = Running::start();
    let port = preview.port;
    let status = |head: &str| preview.send(format!("{head}Connection: close\r\n\r\n").as_bytes()).status;
    for good in [format!("localhost:{port}"), format!("127.0.0.1:{port}"), format!("[::1]:{port}")] {
        assert_eq!(status(&format!("GET /soc/ HTTP/1.1\r\nHost: {good}\r\n")), Some(200), "{good}");
    }
    for bad in [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        format!("127.0.0.1.evil.example:{port}"),
        format!("localhost.:{port}"),
        format!("localhost.evil.example:{port}"),
        format!("2130706433:{port}"),
        format!("127.1:{port}"),
        format!("0.0.0.0:{port}"),
        format!("[::ffff:127.0.0.1]:{port}"),
        "localhost".to_owned(),
        "127.0.0.1".to_owned(),
        "localhost:1".to_owned(),
        format!("x@localhost:{port}"),
        format!("localhost:{port}, localhost:{port}"),
        String::new(),
        "\u{fc}".to_owned(),
    ] {
        let answer = preview.send(format!("GET /soc/ HTTP/1.1\r\nHost: {bad}\r\n\r\n").as_bytes());
        assert_eq!(answer.status, Some(421), "{bad}");
        assert_headers(&answer);
        assert!(answer.body.len() < 200, "{bad}: nothing of the site is told");
    }
    let host = format!("Host: localhost:{port}\r\n");
    for (head, expected) in [
        ("GET /soc/ HTTP/1.1\r\n".to_owned(), 400),
        (format!("GET /soc/ HTTP/1.1\r\n{host}{host}"), 400),
        (format!("GET /soc/ HTTP/1.1\r\n{host}Host: evil.example\r\n"), 400),
        (format!("GET http://localhost:{port}/soc/ HTTP/1.1\r\n{host}"), 400),
        (format!("GET http://evil.example/soc/ HTTP/1.1\r\n{host}"), 400),
        (format!("GET https://localhost:{port} HTTP/1.1\r\n{host}"), 400),
        (format!("GET soc/ HTTP/1.1\r\n{host}"), 400),
        (format!("CONNECT localhost:{port} HTTP/1.1\r\n{host}"), 400),
        (format!("OPTIONS * HTTP/1.1\r\n{host}"), 400),
        ("GET /soc/ HTTP/1.0\r\n".to_owned(), 400),
        (format!("GET /soc/ HTTP/1.0\r\n{host}"), 200),
    ] {
        assert_eq!(status(&head), Some(expected), "{head}");
    }
}

#[test]
fn nothing_can_be_done_but_to_read() {
    let preview = Running::start();
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get"] {
        let preflight = "Access-Control-Request-Method: GET\r\nAccess-Control-Request-Private-Network: true\r\n";
        let answer = preview.ask(method, "/soc/", preflight);
        assert_eq!((answer.status, answer.header("allow")), (Some(405), Some("GET, HEAD")), "{method}");
        assert_headers(&answer);
    }
}

#[test]
fn pages_of_other_sites_get_nothing() {
    let preview = Running::start();
    let port = preview.port;
    let own = format!("Origin: http://127.0.0.1:{port}\r\n");
    let visit = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n";
    for good in [
        own.as_str(),
        "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n",
        "Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n",
        // A person follows a link.
        visit,
        &visit.replace("cross-site", "same-site"),
    ] {
        assert_eq!(preview.ask("GET", "/soc/", good).status, Some(200), "{good}");
    }
    for bad in [
        "Origin: null\r\n".to_owned(),
        "Origin: \r\n".to_owned(),
        "Origin: http://evil.example\r\n".to_owned(),
        format!("Origin: https://127.0.0.1:{port}\r\n"),
        format!("Origin: http://localhost:{port}\r\n"),
        format!("Origin: http://127.0.0.1:{port}.evil.example\r\n"),
        "Origin: http://127.0.0.1\r\n".to_owned(),
        "Sec-Fetch-Site: cross-site\r\n".to_owned(),
        "Sec-Fetch-Site: same-site\r\n".to_owned(),
        "Sec-Fetch-Site: something-new\r\n".to_owned(),
        "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: script\r\n".to_owned(),
        "Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n".to_owned(),
        visit.replace("document", "iframe"),
        visit.replace("navigate", "no-cors"),
        format!("{visit}Origin: http://evil.example\r\n"),
    ] {
        for target in ["/soc/", "/.threatpress/events", "/.threatpress/state?path=/soc/", "/.threatpress/preview.js"] {
            let answer = preview.ask("GET", target, &bad);
            assert_eq!(answer.status, Some(403), "{target} {bad}");
            assert_headers(&answer);
        }
    }
    for twice in [format!("{own}{own}"), "Sec-Fetch-Site: none\r\nSec-Fetch-Site: cross-site\r\n".to_owned()] {
        assert_eq!(preview.ask("GET", "/soc/", &twice).status, Some(400), "{twice}");
    }
}

#[test]
fn no_path_leads_out_of_the_builds() {
    let preview = Running::start();
    let outside = preview.site.join("threatpress.yaml");
    let outside = outside.to_str().unwrap();
    for path in [
        "/../threatpress.yaml",
        "/soc/../../threatpress.yaml",
        "/soc/../emea-it/index.html",
        "/soc/./index.html",
        "/%2e%2e/threatpress.yaml",
        "/%2e%2e%2fthreatpress.yaml",
        "/soc%2f..%2femea-it%2f",
        "/%252e%252e%252fthreatpress.yaml",
        "/..%5cthreatpress.yaml",
        "/..\\threatpress.yaml",
        "/soc/index.html%00.css",
        "/soc/%00",
        "/%c0%ae%c0%ae/threatpress.yaml",
        "/%e0%80%ae%e0%80%ae/threatpress.yaml",
        "/%uff0e%uff0e/threatpress.yaml",
        "/\u{ff0e}\u{ff0e}/threatpress.yaml",
        "//etc/passwd",
        "///etc/passwd",
        "/soc//index.html",
        "/C:/Windows/win.ini",
        "/soc/index.html;x",
        "/soc;/",
        "/soc/%",
        "/soc/%2",
        "/soc/%zz",
        "/soc/%+1",
        "/SOC/",
        "/soc/INDEX.HTML",
        "/soc/index.html/",
        "/soc/threatpress.yaml",
        "/.git/config",
        "/.threatpress/../soc/",
        "/.threatpress/page.css/",
        "/.threatpress/state?path=..%2f..",
        "/.threatpress/state?path=soc",
        "/.threatpress/state",
        outside,
        &format!("/{outside}"),
        &format!("file://{outside}"),
    ] {
        let answer = preview.get(path);
        assert!(matches!(answer.status, Some(400 | 404)), "{path}: {answer:?}");
        assert!(!String::from_utf8_lossy(&answer.body).contains("roles:"), "{path}");
    }
    for (length, expected) in [(8_000, 404), (9_000, 414), (64_000, 431), (200_000, 431)] {
        assert_eq!(preview.get(&format!("/{}", "a".repeat(length))).status, Some(expected), "{length}");
    }
    assert_eq!(preview.get("/soc/?x=../..#y").status, Some(200), "a query means nothing");
}

/// Files are not opened by what is asked for, so that what comes beside them is never shown.
#[test]
fn what_another_process_puts_there_is_not_shown() {
    let preview = Running::start();
    for directory in ["output/soc", ".threatpress/soc", "soc", "content/soc"] {
        let directory = preview.site.join(directory);
        std::fs::create_dir_all(&directory).unwrap();
        std::os::unix::fs::symlink(preview.site.join("threatpress.yaml"), directory.join("planted.html")).unwrap();
    }
    assert_eq!(preview.get("/soc/planted.html").status, Some(404));
}

#[test]
fn nothing_of_a_request_comes_back_in_a_header() {
    let preview = Running::start();
    for target in ["/soc/MARK", "/MARK?MARK=MARK", "/soc?MARK", "/?MARK", "/%0d%0aMARK:x", "/soc%0d%0aMARK:x/"] {
        let more = "Cookie: MARK=MARK\r\nX-MARK: MARK\r\nIf-None-Match: \"MARK\"\r\nAccept-Language: MARK\r\n\
                    Referer: http://MARK/\r\n";
        let answer = preview.ask("GET", target, more);
        assert!(answer.headers.iter().all(|(_, value)| !value.contains("MARK")), "{target}: {answer:?}");
        assert!(!String::from_utf8_lossy(&answer.body).contains("MARK"), "{target}");
    }
    for raw in
        ["GET /soc/\rMARK: x HTTP/1.1\r\n", "GET /soc/ HTTP/1.1\r\nX: a\rMARK: b\r\n", "GET /so\0c/ HTTP/1.1\r\n"]
    {
        assert_eq!(preview.send(format!("{raw}Host: {}\r\n\r\n", preview.host()).as_bytes()).status, Some(400));
    }
}

#[test]
fn what_a_browser_kept_is_never_asked_about() {
    let preview = Running::start();
    for condition in [
        "If-None-Match: *\r\n",
        "If-None-Match: \"x\"\r\n",
        "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT\r\n",
        "If-Match: \"x\"\r\n",
        "If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT\r\n",
        "Range: bytes=0-1\r\n",
    ] {
        let answer = preview.ask("GET", "/soc/", condition);
        assert_eq!(answer.status, Some(200), "{condition}");
        assert_eq!(answer.body, preview.get("/soc/").body, "{condition}");
    }
    let (soc, emea) = (preview.get("/soc/"), preview.get("/emea-it/"));
    assert_ne!(soc.body, emea.body);
    assert!(soc.header("etag").is_none() && soc.header("last-modified").is_none());
}
