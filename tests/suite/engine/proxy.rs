//! The way to an engine, which can be cut.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Passes bytes on, and cuts connections once they have brought so many from the engine.
pub(super) struct Proxy {
    pub(super) port: u16,
    cuts: Arc<AtomicUsize>,
}

impl Proxy {
    /// To the engine on `port`; the first `cuts` connections that bring more than `after` bytes are cut.
    pub(super) fn start(port: u16, cuts: usize, after: usize) -> Self {
        Self::on(0, port, cuts, after)
    }

    /// The same on a port of its own that is known before.
    pub(super) fn on(own: u16, port: u16, cuts: usize, after: usize) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, own)).unwrap();
        let own = listener.local_addr().unwrap().port();
        let cuts = Arc::new(AtomicUsize::new(cuts));
        let left = Arc::clone(&cuts);
        thread::spawn(move || {
            for client in listener.incoming() {
                let (Ok(client), Ok(engine)) = (client, TcpStream::connect((Ipv4Addr::LOCALHOST, port))) else {
                    continue;
                };
                let (asking, asked) = (client.try_clone().unwrap(), engine.try_clone().unwrap());
                thread::spawn(move || pass(asking, asked, |_| false));
                let left = Arc::clone(&left);
                let is_cut = move |brought: usize| {
                    let take = |left: usize| left.checked_sub(1);
                    brought > after && left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take).is_ok()
                };
                thread::spawn(move || pass(engine, client, is_cut));
            }
        });
        Self { port: own, cuts }
    }

    /// How many connections are still to be cut.
    pub(super) fn cuts_left(&self) -> usize {
        self.cuts.load(Ordering::SeqCst)
    }
}

/// Passes on what comes, until it ends or is cut.
fn pass(mut from: TcpStream, mut to: TcpStream, is_cut: impl Fn(usize) -> bool) {
    let (mut bytes, mut passed) = ([0; 4096], 0);
    while let Ok(count) = from.read(&mut bytes) {
        passed += count;
        if count == 0 || is_cut(passed) || to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    for stream in [from, to] {
        let _ = stream.shutdown(Shutdown::Both);
    }
}
