//! The server around a preview made for tests: what no finished site can provoke.

use std::io::{BufReader, ErrorKind, Read, Write as _};
use std::net::{IpAddr, Ipv4Addr, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::{Events, Server};
use crate::serve::{Answer, Preview};

const PATIENCE: Duration = Duration::from_secs(60);

/// More than the system buffers for a connection.
const LARGE: usize = 24 << 20;

/// A preview with one answer per path.
struct Sample;

impl Preview for Sample {
    fn answer(&self, path: &str) -> Answer {
        match path {
            "/large" => Answer::File(Arc::from(vec![b'x'; LARGE])),
            "/page/" => Answer::File(Arc::from(&b"<head></head>"[..])),
            "/a b\u{e4}?#%/" => Answer::File(Arc::from(&b"odd"[..])),
            "/moved" => Answer::Moved("/a b\u{e4}?#%/".to_owned()),
            "/away" => Answer::Moved("//evil.example/".to_owned()),
            "/split" => Answer::Moved("/a\r\nX: y".to_owned()),
            "/panic" => panic!("as the test wants it"),
            "/early" => Answer::NotYet,
            "/unmade/" => Answer::Unmade("</pre><script>1</script> & {why}".to_owned()),
            _ => Answer::Missing,
        }
    }

    fn state(&self, path: &str) -> Vec<u8> {
        format!("{{\"path\":\"{path}\"}}").into_bytes()
    }
}

/// A server that runs until the tests end.
fn start() -> (u16, Events) {
    let server = Server::open(IpAddr::V4(Ipv4Addr::LOCALHOST), 0).expect("a port");
    let (port, events) = (server.port, server.events());
    thread::spawn(move || server.run(Arc::new(Sample)));
    (port, events)
}

fn connect(port: u16, path: &str, more: &str) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time limit");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{more}\r\n").expect("a request");
    stream
}

/// Everything that comes.
fn get(port: u16, path: &str) -> String {
    let mut text = String::new();
    connect(port, path, "Connection: close\r\n").read_to_string(&mut text).expect("an answer");
    text
}

/// What comes until `end` has come.
fn until(stream: &mut impl Read, end: &str) -> String {
    let (mut bytes, mut byte) = (Vec::new(), [0]);
    while !bytes.ends_with(end.as_bytes()) {
        stream.read_exact(&mut byte).expect("more");
        bytes.extend(byte);
    }
    String::from_utf8(bytes).expect("text")
}

#[test]
fn a_move_stays_on_this_server() {
    let (port, _) = start();
    let moved = get(port, "/moved");
    assert!(
        moved.starts_with("HTTP/1.1 307 ") && moved.contains("\r\nlocation: /a%20b%C3%A4%3F%23%25/\r\n"),
        "{moved}"
    );
    assert!(get(port, "/a%20b%C3%A4%3F%23%25/").contains("odd"), "it leads to where it says");
    assert!(get(port, "/away").starts_with("HTTP/1.1 404 "));
    let split = get(port, "/split");
    assert!(split.contains("\r\nlocation: /a%0D%0AX:%20y\r\n"), "{split}");
}

#[test]
fn a_fault_of_the_preview_is_one_answers_alone() {
    let (port, _) = start();
    assert!(get(port, "/panic").starts_with("HTTP/1.1 500 "));
    assert!(get(port, "/page/").starts_with("HTTP/1.1 200 "));
}

/// Who reads slowly, over the time that a request may take, still gets the whole of it.
#[test]
fn a_large_file_comes_whole_to_a_slow_reader() {
    let (port, _) = start();
    let mut stream = connect(port, "/large", "Connection: close\r\n");
    let head = until(&mut stream, "\r\n\r\n");
    assert!(head.contains(&format!("\r\ncontent-length: {LARGE}\r\n")), "{head}");
    let (mut piece, mut count) = (vec![0; 1 << 20], 0);
    loop {
        match stream.read(&mut piece).expect("more of it") {
            0 => break,
            read => count += read,
        }
        if count < 12 << 20 {
            thread::sleep(Duration::from_millis(500));
        }
    }
    assert_eq!(count, LARGE);
}

/// The server's own pages are whole, say what is the matter, and listen for changes as all pages do.
#[test]
fn own_pages_are_whole() {
    let (port, _) = start();
    for (path, status) in [("/none", "404"), ("/early", "503"), ("/unmade/", "500")] {
        let page = get(port, path);
        assert!(page.starts_with(&format!("HTTP/1.1 {status} ")), "{page}");
        for part in [
            "<!doctype html>\n<html lang=\"en\">",
            "<meta charset=\"utf-8\">",
            "name=\"viewport\"",
            "<title>",
            "/.threatpress/page.css",
            "/.threatpress/preview.js\"></script></head>",
            "<main>\n<h1>",
            "</html>",
        ] {
            assert!(page.contains(part), "{path} has no {part}");
        }
        assert!(!page.contains("style=") && !page.contains("<style"), "the policy forbids it");
    }
    let told = "&lt;/pre&gt;&lt;script&gt;1&lt;/script&gt; &amp; {why}</pre>";
    assert!(get(port, "/unmade/").contains(told), "{}", get(port, "/unmade/"));
    assert!(get(port, "/early").contains("\r\nretry-after: 2\r\n"));
}

#[test]
fn the_state_is_asked_for_with_a_decoded_path() {
    let (port, _) = start();
    assert!(get(port, "/.threatpress/state?path=%2Fa%20b%2F").ends_with("\r\n\r\n{\"path\":\"/a b/\"}"));
    for bad in ["", "?", "?path=", "?path=a", "?path=/../a", "?x=/a", "?path=/a&path=/b%00"] {
        assert!(get(port, &format!("/.threatpress/state{bad}")).starts_with("HTTP/1.1 400 "), "{bad}");
    }
}

#[test]
fn events_reach_every_stream() {
    let (port, events) = start();
    events.revision("one");
    let mut streams: Vec<TcpStream> = (0..5).map(|_| connect(port, "/.threatpress/events", "")).collect();
    for stream in &mut streams {
        assert!(until(stream, "event: current\ndata: one\n\n").starts_with("HTTP/1.1 200 "));
    }
    events.problem("p\ndata: x\r\nevent: y");
    events.revision("two");
    for stream in &mut streams {
        let all = until(stream, "event: revision\ndata: two\n\n");
        assert!(all.contains("event: problem\ndata: p\ndata: data: x\ndata: \ndata: event: y\n\n"), "{all}");
    }
    assert!(until(&mut connect(port, "/.threatpress/events", ""), "\n\n\r\n").contains("data: two"), "the newest");
}

/// A reader that takes nothing costs a bounded queue, and then its connection; the others go on.
#[test]
fn a_slow_reader_is_dropped() {
    let (port, events) = start();
    let mut slow = connect(port, "/.threatpress/events", "");
    until(&mut slow, "event: current\ndata: \n\n");
    let mut quick = BufReader::new(connect(port, "/.threatpress/events", ""));
    until(&mut quick, "event: current\ndata: \n\n");
    // Far more than the system buffers for a connection.
    let long = "x".repeat(64 * 1024);
    for at in 0..600 {
        events.revision(&format!("{long}{at}"));
        until(&mut quick, &format!("{at}\n\n"));
    }
    let mut rest = Vec::new();
    match slow.read_to_end(&mut rest) {
        Ok(_) => {}
        Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset, "the connection was left open"),
    }
    assert!(rest.len() < 600 * long.len(), "everything was kept for it");
}
