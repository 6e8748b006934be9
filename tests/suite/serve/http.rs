//! Connections: too much, too slow, too many.

use std::fs;
use std::io::Write as _;
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::Duration;

use super::running::{PATIENCE, Running, is_open, rest, until};
use crate::hosting::reader::Answer;

/// A line of `/proc/PID/status`, as a number.
fn status(preview: &Running, key: &str) -> u64 {
    let text = fs::read_to_string(format!("/proc/{}/status", preview.process.id())).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(key)).unwrap();
    line.trim_start_matches(':').split_whitespace().next().unwrap().parse().unwrap()
}

/// A page comes, whatever else is going on.
fn assert_answers(preview: &Running) {
    let page = preview.get("/soc/");
    assert_eq!(page.status, Some(200));
    assert!(page.body.ends_with(b"</html>\n") || page.body.ends_with(b"</html>"), "it is whole");
}

#[test]
fn bodies_are_refused_and_the_connection_closed() {
    let preview = Running::start();
    let host = preview.host();
    let next = format!("GET /emea-it/ HTTP/1.1\r\nHost: {host}\r\n\r\n");
    for head in [
        "Content-Length: 3\r\n\r\nabc",
        "Content-Length: 1000000\r\n\r\n",
        "Content-Length: 00\r\n\r\n",
        "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        "Content-Length: -1\r\n\r\n",
        "Content-Length: 99999999999999999999999\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n",
        "Content-Length: 0\r\nTransfer-Encoding: identity\r\n\r\n",
        "Transfer-Encoding: x\r\n\r\n",
        "Transfer-Encoding: chunked, identity\r\n\r\n",
        "Transfer-Encoding : chunked\r\n\r\n",
        "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n",
    ] {
        let answer = preview.send(format!("GET /soc/ HTTP/1.1\r\nHost: {host}\r\n{head}{next}").as_bytes());
        // `send` reads to the end of the connection: a second answer would stand in the body of the first.
        assert_eq!(answer.status, Some(400), "{head}");
        let body = String::from_utf8(answer.body).unwrap();
        assert!(!body.contains("HTTP/1.1"), "{head}: what came after the body was taken as a request");
    }
    assert_eq!(preview.ask("GET", "/soc/", "Content-Length: 0\r\n").status, Some(200));
    assert_answers(&preview);
}

#[test]
fn a_head_has_limits() {
    let preview = Running::start();
    let memory = status(&preview, "VmRSS");
    for (lines, expected) in [(90, 200), (110, 431), (100_000, 431)] {
        let more: String = (0..lines).map(|at| format!("X-{at}: x\r\n")).collect();
        assert_eq!(preview.ask("GET", "/soc/", &more).status, Some(expected), "{lines} lines");
    }
    for (size, expected) in [(15_000, 200), (17_000, 431)] {
        let more = format!("X: {}\r\n", "x".repeat(size));
        assert_eq!(preview.ask("GET", "/soc/", &more).status, Some(expected), "{size} bytes");
    }
    // A line that never ends is not read to its end.
    let mut stream = preview.connect();
    write!(stream, "GET /soc/ HTTP/1.1\r\nX: ").unwrap();
    let piece = [b'x'; 65_536];
    let taken = (0..1_600).take_while(|_| stream.write_all(&piece).is_ok()).count();
    assert!(taken < 1_600, "100 MB of a header were read");
    assert!(status(&preview, "VmRSS") < memory + 20_000, "the memory grew");
    assert_answers(&preview);
}

#[test]
fn half_requests_do_not_hold_pages_back() {
    let preview = Running::start();
    let memory = status(&preview, "VmRSS");
    let half = |at: usize| {
        let mut stream = preview.connect();
        write!(stream, "GET /soc/?{at} HTTP/1.1\r\nHost: ").unwrap();
        stream
    };
    let streams: Vec<TcpStream> = (0..400).map(half).collect();
    assert_answers(&preview);
    // The page did not wait until all of them had run out of time: the last ones still have some.
    assert!(streams.iter().rev().take(20).all(is_open));
    let open = streams.iter().filter(|stream| is_open(stream)).count();
    assert!(open <= 128, "{open} connections are open");
    // One byte now and then is no progress.
    let mut slow = half(0);
    for _ in 0..PATIENCE.as_secs() {
        if !is_open(&slow) {
            break;
        }
        let _ = slow.write_all(b"x");
        thread::sleep(Duration::from_secs(1));
    }
    assert!(!is_open(&slow), "a request that never ends was waited for");
    assert!(streams.iter().all(|stream| !is_open(stream)));
    assert!(status(&preview, "VmRSS") < memory + 20_000, "the memory grew");
    assert!(status(&preview, "Threads") < 40, "a connection takes a thread");
}

/// What a browser does: it keeps connections for later.
#[test]
fn idle_connections_stay_and_hold_nothing_back() {
    let preview = Running::start();
    let host = preview.host();
    let idle = |_| {
        let mut stream = preview.connect();
        write!(stream, "GET /soc HTTP/1.1\r\nHost: {host}\r\n\r\n").unwrap();
        assert!(until(&mut stream, "\r\n\r\n").starts_with("HTTP/1.1 307 "));
        stream
    };
    let mut streams: Vec<TcpStream> = (0..64).map(idle).collect();
    assert_answers(&preview);
    assert!(streams.iter().all(is_open), "all 64 may stay");
    let last = streams.last_mut().unwrap();
    write!(last, "GET /emea-it HTTP/1.1\r\nHost: {host}\r\n\r\n").unwrap();
    assert!(until(last, "\r\n\r\n").starts_with("HTTP/1.1 307 "), "and are used again");
    // Those that come take the places of those that have waited longest.
    streams.extend((0..100).map(idle));
    assert!(!is_open(&streams[0]) && streams[99..].iter().all(is_open));
}

#[test]
fn requests_may_come_before_their_answers() {
    const COUNT: usize = 10_000;
    let preview = Running::start();
    let host = preview.host();
    let mut stream = preview.connect();
    let mut sender = stream.try_clone().unwrap();
    let sending = thread::spawn(move || {
        for at in 0..COUNT {
            let role = if at % 2 == 0 { "soc" } else { "emea-it" };
            let close = if at + 1 == COUNT { "Connection: close\r\n" } else { "" };
            write!(sender, "GET /{role} HTTP/1.1\r\nHost: {host}\r\n{close}\r\n").unwrap();
        }
    });
    let answers = String::from_utf8(rest(&mut stream)).unwrap();
    sending.join().unwrap();
    let places: Vec<&str> = answers.lines().filter_map(|line| line.strip_prefix("location: ")).collect();
    assert_eq!(places.len(), COUNT);
    assert!(places.chunks(2).all(|pair| pair == ["/soc/", "/emea-it/"]), "answers stand in the order of requests");
}

/// Somebody who asks for much and takes nothing.
#[test]
fn answers_that_nobody_reads_hold_nothing_back() {
    let preview = Running::start();
    let host = preview.host();
    let greedy = |_| {
        let mut stream = preview.connect();
        let request = format!("GET /soc/ HTTP/1.1\r\nHost: {host}\r\n\r\n");
        let _ = stream.write_all(request.repeat(300).as_bytes());
        stream
    };
    let memory = status(&preview, "VmRSS");
    let _streams: Vec<TcpStream> = (0..200).map(greedy).collect();
    assert_answers(&preview);
    assert!(status(&preview, "VmRSS") < memory + 40_000, "the memory grew");
}

#[test]
fn streams_of_events_are_few_and_given_back() {
    let preview = Running::start();
    let (mut first, head) = preview.events();
    assert!(head.starts_with("HTTP/1.1 200 ") && head.contains("content-type: text/event-stream\r\n"), "{head}");
    assert!(until(&mut first, "\n\n").contains("event: current\ndata: "), "it begins with the present revision");
    let mut streams: Vec<TcpStream> = Vec::new();
    let mut refused = 0;
    for _ in 0..1_000 {
        let (mut stream, head) = preview.events();
        if head.starts_with("HTTP/1.1 200 ") {
            streams.push(stream);
            continue;
        }
        assert!(head.starts_with("HTTP/1.1 503 ") && head.contains("retry-after: "), "{head}");
        assert!(until(&mut stream, "\n").contains("too many"));
        refused += 1;
    }
    assert_eq!((streams.len(), refused), (31, 969), "32 in all, and the others are told");
    assert_answers(&preview);
    assert!(status(&preview, "Threads") < 40, "a stream takes a thread");
    assert!(streams.iter().all(|stream| stream.shutdown(Shutdown::Both).is_ok()));
    drop(streams);
    // The first is still read; the others are noticed to be gone.
    let again = (0..PATIENCE.as_secs()).any(|_| {
        let came = preview.events().1.starts_with("HTTP/1.1 200 ");
        if !came {
            thread::sleep(Duration::from_secs(1));
        }
        came
    });
    assert!(again, "streams that nobody reads are not given back");
    assert!(until(&mut first, ":\n\n").ends_with(":\n\n"), "a stream without events says that it is there");
    assert_eq!(preview.ask("HEAD", "/.threatpress/events", "").status, Some(200));
}

#[test]
fn what_is_no_http_is_answered_or_closed() {
    let preview = Running::start();
    for bytes in [
        &b"\r\n\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\0\0\0\0\0\0\0\0",
        b"GET / HTTP/1.1\r\n : x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n",
        b"GET / HTTP/1.1\r\nHo\xffst: x\r\n\r\n",
    ] {
        let mut stream = preview.connect();
        stream.write_all(bytes).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let answer = Answer::read(&rest(&mut stream));
        assert!(matches!(answer.status, None | Some(400)), "{bytes:?}: {answer:?}");
    }
    assert_answers(&preview);
}
