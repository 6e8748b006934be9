//! A preview that runs, and the sockets of those who ask it.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::command::{said, threatpress};
use crate::hosting::reader::Answer;

/// Longer than anything here takes: a test that waits for it has failed.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// The site that `init` makes, which has the roles `soc` and `emea-it`.
pub(super) fn begun() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let site = directory.path().join("site");
    let output = threatpress([OsStr::new("init"), site.as_os_str()]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    (directory, site)
}

/// A preview; it is ended when it is dropped, and its site removed.
pub(crate) struct Running {
    pub(super) process: Child,
    home: TempDir,
    pub(crate) site: PathBuf,
    /// The first line that it wrote.
    pub(super) address: String,
    pub(super) port: u16,
    output: BufReader<ChildStdout>,
}

impl Running {
    /// The preview of a new site.
    pub(super) fn start() -> Running {
        Self::start_with(&[], |_| {})
    }

    /// The same with further arguments, and with something more said of the command or done to the site.
    pub(crate) fn start_with(further: &[&str], more: impl FnOnce(&mut Prepared)) -> Running {
        let (home, site) = begun();
        let mut command = Command::new(env!("CARGO_BIN_EXE_threatpress"));
        let log = File::create(home.path().join("said")).unwrap();
        command.arg("serve").arg("--site").arg(&site).args(further).stdin(Stdio::null()).stderr(log);
        if !further.contains(&"--port") {
            command.args(["--port", "0"]);
        }
        let mut prepared = Prepared { command, site };
        more(&mut prepared);
        let Prepared { mut command, site } = prepared;
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let address = line.trim_end().to_owned();
        let port =
            address.rsplit(':').next().and_then(|rest| rest.split('/').next()).and_then(|port| port.parse().ok());
        let port = port.unwrap_or_else(|| panic!("{line:?}: {}", read(home.path())));
        // The address is told when the first role's pages are there; what is tried here begins when all are.
        let began = Instant::now();
        while !read(home.path()).contains("ready") {
            assert!(began.elapsed() < PATIENCE, "never built: {}", read(home.path()));
            thread::sleep(Duration::from_millis(5));
        }
        Running { process, home, site, address, port, output }
    }

    /// The `Host` that a browser says.
    pub(super) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub(super) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect_timeout(&SocketAddr::from(([127, 0, 0, 1], self.port)), PATIENCE).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends bytes, and reads until the server closes.
    pub(super) fn send(&self, bytes: &[u8]) -> Answer {
        let mut stream = self.connect();
        // A server may refuse before it has read all.
        let _ = stream.write_all(bytes);
        Answer::read(&rest(&mut stream))
    }

    /// Asks for a target with these further header lines.
    pub(super) fn ask(&self, method: &str, target: &str, more: &str) -> Answer {
        let host = self.host();
        self.send(format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\n{more}Connection: close\r\n\r\n").as_bytes())
    }

    pub(crate) fn get(&self, target: &str) -> Answer {
        self.ask("GET", target, "")
    }

    /// Opens a stream of events; what has come when its head has.
    pub(super) fn events(&self) -> (TcpStream, String) {
        let mut stream = self.connect();
        let host = self.host();
        write!(stream, "GET /.threatpress/events HTTP/1.1\r\nHost: {host}\r\n\r\n").unwrap();
        let head = until(&mut stream, "\r\n\r\n");
        (stream, head)
    }

    /// What it wrote to standard error so far.
    pub(crate) fn said(&self) -> String {
        read(self.home.path())
    }

    /// Whether all it wrote to standard error is that the first build is ready, in so many milliseconds.
    pub(super) fn had_nothing_to_tell(&self) -> bool {
        let said = self.said();
        said.starts_with("ready after ") && said.lines().count() == 1
    }

    /// What it wrote to standard output after the address. It must have ended.
    pub(super) fn written(&mut self) -> String {
        let mut text = String::new();
        self.output.read_to_string(&mut text).unwrap();
        text
    }

    /// Waits until it has ended by itself.
    pub(super) fn ended(&mut self) -> Option<i32> {
        for _ in 0..PATIENCE.as_millis() / 20 {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status.code();
            }
            thread::sleep(Duration::from_millis(20));
        }
        panic!("it does not end: {}", self.said());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A preview before it starts.
pub(crate) struct Prepared {
    pub(crate) command: Command,
    pub(crate) site: PathBuf,
}

fn read(home: &Path) -> String {
    fs::read_to_string(home.join("said")).unwrap_or_default()
}

/// What comes until the other side closes.
pub(super) fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
        outcome => _ = outcome.unwrap(),
    }
    bytes
}

/// What comes until a text has come, or the other side closes.
pub(super) fn until(stream: &mut TcpStream, end: &str) -> String {
    let (mut bytes, mut byte) = (Vec::new(), [0]);
    while !bytes.ends_with(end.as_bytes()) {
        match stream.read(&mut byte) {
            Ok(1) => bytes.push(byte[0]),
            Ok(_) => break,
            Err(error) if error.kind() == ErrorKind::ConnectionReset => break,
            Err(error) => panic!("{error}: {}", String::from_utf8_lossy(&bytes)),
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// Whether the other side has neither closed nor said anything.
pub(super) fn is_open(stream: &TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    let outcome = stream.peek(&mut [0]);
    stream.set_nonblocking(false).unwrap();
    outcome.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
}
