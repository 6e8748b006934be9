//! A sign-in service that answers as oauth2-proxy does, and believes more than it should: whatever
//! a client could smuggle past the web server would let that client in.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread;

/// The answer to who is in many groups.
static LARGE: LazyLock<String> = LazyLock::new(|| {
    format!("Location: /\r\nSet-Cookie: session_0={0}\r\nSet-Cookie: session_1={0}\r\n", "x".repeat(4000))
});

/// The service, for as long as the test runs.
pub(crate) struct SignIn {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<Vec<String>>>>,
}

impl SignIn {
    pub(crate) fn start() -> SignIn {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let service = SignIn { address: listener.local_addr().unwrap(), heard: Arc::default() };
        let heard = Arc::clone(&service.heard);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let heard = Arc::clone(&heard);
                thread::spawn(move || serve(stream, &heard));
            }
        });
        service
    }

    pub(crate) fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The head of every request so far, line by line.
    pub(crate) fn heard(&self) -> Vec<Vec<String>> {
        self.heard.lock().unwrap().clone()
    }
}

/// One connection, with as many requests as it brings.
fn serve(stream: TcpStream, heard: &Mutex<Vec<Vec<String>>>) {
    let Ok(mut out) = stream.try_clone() else { return };
    let mut lines = BufReader::new(stream).lines();
    loop {
        let head: Vec<String> = lines.by_ref().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
        if head.is_empty() {
            return;
        }
        let (status, more) = answer(&head);
        heard.lock().unwrap().push(head);
        // In one piece: the system holds a second small one back until the first is acknowledged.
        let said = format!("HTTP/1.1 {status} x\r\nContent-Length: 0\r\nX-Powered-By: test\r\n{more}\r\n");
        if out.write_all(said.as_bytes()).is_err() {
            return;
        }
    }
}

/// Where the service leads who signs in, from what it heard at `/oauth2/start`: what `rd` says in the query, read as a
/// form, and if it says nothing, the header.
pub(crate) fn way_back(head: &[String]) -> Option<String> {
    let target = head[0].split(' ').nth(1)?;
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let header = head.iter().find(|line| line.to_lowercase().starts_with("x-auth-request-redirect: "));
    let said = query.split('&').find_map(|pair| pair.strip_prefix("rd=")).map(decoded);
    said.or_else(|| Some(header?.split_once(": ")?.1.to_owned()))
}

fn answer(head: &[String]) -> (u16, &'static str) {
    let target = head[0].split(' ').nth(1).unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    match path {
        "/oauth2/auth" => (admitted(head, query), ""),
        "/oauth2/start" => (302, "Location: https://idp.example/authorize\r\nSet-Cookie: csrf=1; HttpOnly\r\n"),
        "/oauth2/callback" if query == "large" => (302, LARGE.as_str()),
        "/oauth2/callback" => (302, "Location: /\r\nSet-Cookie: session=x; HttpOnly\r\n"),
        "/oauth2/sign_out" => (302, "Location: /\r\nSet-Cookie: session=; Max-Age=0\r\n"),
        // As with `--upstream=static://202`, which many run behind a web server.
        _ => (202, ""),
    }
}

/// 401 without a session; 202 when one of its groups is allowed, or when none is named; else 403.
fn admitted(head: &[String], query: &str) -> u16 {
    let allowed = query.split('&').filter_map(|pair| pair.strip_prefix("allowed_groups="));
    let allowed: Vec<String> =
        allowed.flat_map(|list| decoded(list).split(',').map(str::to_owned).collect::<Vec<_>>()).collect();
    let mut groups = Vec::new();
    let mut session = false;
    for line in &head[1..] {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let name = name.to_lowercase().replace('_', "-");
        let value = value.trim();
        if name == "cookie" {
            let sessions = value.split("; ").filter_map(|cookie| cookie.strip_prefix("session="));
            groups.extend(sessions.map(decoded));
            session |= value.contains("session=");
        } else if name.ends_with("groups") || name == "authorization" || name == "remote-user" {
            groups.push(value.to_owned());
            session = true;
        } else if name.contains("uri") || name.contains("url") {
            // Pages that need no sign-in.
            if value.contains("public") {
                return 202;
            }
        }
    }
    match session {
        false => 401,
        true if allowed.is_empty() || groups.iter().any(|group| allowed.contains(group)) => 202,
        true => 403,
    }
}

/// As Go's `url.Values` reads a query.
fn decoded(text: &str) -> String {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'%' => {
                let digits: Vec<u8> = bytes.by_ref().take(2).collect();
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            b'+' => b' ',
            byte => byte,
        });
    }
    String::from_utf8(out).unwrap()
}
