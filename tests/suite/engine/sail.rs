//! Sail, a distributed engine that speaks Flight SQL, on loopback.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::bench::note;

/// A server that runs.
pub(super) struct Sail {
    pub(super) port: u16,
    /// A shell that ends the server when its standard input does, which is when this process is gone, however.
    guard: Child,
}

/// The program: `tests/run` installs it.
fn program() -> Option<PathBuf> {
    std::env::var_os("THREATPRESS_SAIL").map(PathBuf::from).filter(|program| program.is_file())
}

impl Sail {
    /// Starts one with several workers on a free port, or on one that was free a moment ago.
    pub(super) fn start(port: Option<u16>) -> Option<Self> {
        let program = program()?;
        let port = port.unwrap_or_else(free_port);
        let script =
            "\"$0\" flight server --ip 127.0.0.1 --port \"$1\" & server=$!; cat >/dev/null; kill $server; wait";
        let mut guard = Command::new("sh");
        guard.arg("-c").arg(script).arg(program).arg(port.to_string());
        guard.env("SAIL_MODE", "local-cluster").env("SAIL_CLUSTER__WORKER_INITIAL_COUNT", "4");
        guard.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let sail = Self { port, guard: guard.spawn().unwrap() };
        let patience = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(Instant::now() < patience, "Sail does not answer");
            thread::sleep(Duration::from_millis(50));
        }
        Some(sail)
    }
}

impl Drop for Sail {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}

pub(super) fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// The port of the one server that all tests share; `None`, and a note, where there is no Sail.
pub(super) fn shared() -> Option<u16> {
    static SHARED: OnceLock<Option<Mutex<Sail>>> = OnceLock::new();
    let shared = SHARED.get_or_init(|| {
        let sail = Sail::start(None);
        if sail.is_none() {
            note("THREATPRESS_SAIL names no Sail: nothing was asked of a real engine");
        }
        sail.map(Mutex::new)
    });
    shared.as_ref().map(|sail| sail.lock().unwrap_or_else(PoisonError::into_inner).port)
}
