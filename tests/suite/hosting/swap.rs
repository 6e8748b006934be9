//! A build swapped in while readers read: each answer is of one build, and none is out of date.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::kinds;
use super::portal::{Portal, Reader};
use super::reader::{Count, encoded, get};
use super::server::Server;
use super::sign_in::SignIn;
use crate::bench::note;

/// What is polled: pages whose bytes differ between builds while their size does not, and one that
/// never changes.
const POLLED: [&str; 4] = ["threats/open/index.html", "index.html", "data.json", "static/theme.css"];

/// A reader on one connection, which keeps what it has and asks whether that is still so.
struct Browser {
    port: u16,
    stream: BufReader<TcpStream>,
    kept: BTreeMap<&'static str, (String, Vec<u8>)>,
    asked: usize,
    confirmed: usize,
}

impl Browser {
    fn open(port: u16) -> Browser {
        Browser { port, stream: connect(port), kept: BTreeMap::new(), asked: 0, confirmed: 0 }
    }

    /// What a browser would show for a path.
    fn show(&mut self, reader: &Reader, path: &'static str) -> &[u8] {
        let condition = self.kept.get(path).map(|(tag, _)| format!("If-None-Match: {tag}\r\n")).unwrap_or_default();
        let (host, session) = (&reader.host, encoded(&reader.group));
        let request = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\nCookie: session={session}\r\n{condition}\r\n");
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
        let (status, tag, length, last) = self.head();
        self.asked += 1;
        match status {
            304 => self.confirmed += 1,
            200 => {
                let mut body = vec![0; length];
                self.stream.read_exact(&mut body).unwrap();
                self.kept.insert(path, (tag, body));
            }
            _ => panic!("{status} for /{path} while a build was swapped in"),
        }
        if last {
            // Servers end a connection after so many requests; a browser opens the next.
            self.stream = connect(self.port);
        }
        &self.kept[path].1
    }

    /// Status, tag, length, and whether the server ends the connection.
    fn head(&mut self) -> (u16, String, usize, bool) {
        let (mut status, mut tag, mut length, mut last) = (0, String::new(), 0, false);
        for number in 0.. {
            let mut line = String::new();
            self.stream.read_line(&mut line).unwrap();
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').unwrap_or((line, ""));
            match name.to_lowercase().as_str() {
                _ if number == 0 => status = line.split(' ').nth(1).unwrap().parse().unwrap(),
                "etag" => tag = value.trim().to_owned(),
                "connection" => last = value.trim() == "close",
                "content-length" => length = value.trim().parse().unwrap(),
                _ => {}
            }
        }
        (status, tag, length, last)
    }
}

fn connect(port: u16) -> BufReader<TcpStream> {
    let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    BufReader::new(stream)
}

/// The polled files of every build so far, the newest last.
type Builds = Mutex<Vec<BTreeMap<&'static str, Vec<u8>>>>;

fn polled(portal: &Portal, reader: &Reader) -> BTreeMap<&'static str, Vec<u8>> {
    let build = portal.root().join(&reader.role);
    POLLED.into_iter().map(|path| (path, fs::read(build.join(path)).unwrap())).collect()
}

/// Reads until told to stop. Of each path it may see the newest build or the one being replaced,
/// and never an older one after a newer.
fn read(port: u16, reader: &Reader, builds: &Builds, stop: &AtomicBool) -> (usize, usize) {
    let mut browser = Browser::open(port);
    let mut seen: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
    let mut strange = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        for path in POLLED {
            let shown = browser.show(reader, path).to_vec();
            if seen.get(path) != Some(&shown) {
                strange.push((path, shown.clone()));
                seen.insert(path, shown);
            }
        }
    }
    // What was seen of a path, in its order, is a walk through the builds in theirs.
    let builds = builds.lock().unwrap();
    for path in POLLED {
        let mut at = 0;
        for (_, shown) in strange.iter().filter(|(of, _)| *of == path) {
            let found = builds[at..].iter().position(|build| build[path] == *shown);
            at += found.unwrap_or_else(|| panic!("/{path}: bytes of no build, or of an older one"));
        }
    }
    (browser.asked, browser.confirmed)
}

#[test]
fn a_swap_is_never_a_mixture_and_never_out_of_date() {
    const BUILDS: usize = 12;
    for kind in kinds() {
        let (portal, sign_in, count) = (Portal::small(), SignIn::start(), Count::default());
        let server = Server::start(kind, &portal, &sign_in);
        let reader = portal.roles().into_iter().find(|reader| reader.role == "emea").unwrap();
        let builds = Mutex::new(vec![polled(&portal, &reader)]);
        let stop = AtomicBool::new(false);
        let readers: Vec<(usize, usize)> = thread::scope(|scope| {
            let threads: Vec<_> = (0..2).map(|_| scope.spawn(|| read(server.port, &reader, &builds, &stop))).collect();
            let mut fresh = Browser::open(server.port);
            for number in 0..BUILDS {
                portal.devices(13 + number);
                portal.build();
                let now = polled(&portal, &reader);
                let before = builds.lock().unwrap().last().unwrap().clone();
                let page = POLLED[0];
                assert_eq!(now[page].len(), before[page].len(), "the trap needs pages of one size");
                assert_ne!(now[page], before[page]);
                builds.lock().unwrap().push(now.clone());
                // Once the command has ended, nobody sees the old build, whatever they have kept.
                for path in POLLED {
                    assert!(fresh.show(&reader, path) == now[path], "/{path} is out of date after build {number}");
                    assert!(get(&server, &count, &reader, &format!("/{path}")).body == now[path]);
                }
            }
            stop.store(true, Ordering::Relaxed);
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let (asked, confirmed): (Vec<usize>, Vec<usize>) = readers.into_iter().unzip();
        assert!(confirmed.iter().all(|confirmed| *confirmed > 0), "nothing was ever kept");
        let asked: usize = asked.iter().sum::<usize>() + count.get();
        note(&format!("hosting: {asked} requests to {} while {BUILDS} builds were swapped in", kind.name()));
    }
}
