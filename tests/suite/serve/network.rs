//! Who else may ask: nobody, but for those who were given the token.

use std::io::Write as _;
use std::net::{IpAddr, SocketAddr, TcpStream, UdpSocket};

use super::running::{PATIENCE, Running, rest};
use crate::bench::note;
use crate::hosting::reader::Answer;

/// An address of this machine that is not loopback. Nothing is sent to find it.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback() && !address.is_unspecified()).then_some(address)
}

fn connect(address: IpAddr, port: u16) -> Option<TcpStream> {
    let stream = TcpStream::connect_timeout(&SocketAddr::new(address, port), PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    Some(stream)
}

/// Asks at an address, for a host.
fn ask(address: IpAddr, port: u16, host: &str, target: &str, more: &str) -> Answer {
    let mut stream = connect(address, port).unwrap();
    write!(stream, "GET {target} HTTP/1.1\r\nHost: {host}\r\n{more}Connection: close\r\n\r\n").unwrap();
    Answer::read(&rest(&mut stream))
}

#[test]
fn nobody_but_this_machine_can_ask() {
    let preview = Running::start();
    assert!(connect([127, 0, 0, 1].into(), preview.port).is_some());
    assert!(connect([127, 0, 0, 2].into(), preview.port).is_none(), "it listens at one address only");
    match own_address() {
        Some(address) => assert!(connect(address, preview.port).is_none(), "{address} is answered"),
        None => note("this machine has no address but loopback: asking from the network was NOT tried"),
    }
    assert!(!preview.address.contains("token"), "and needs no token");
    let six = Running::start_with(&["--bind", "::1"], |_| {});
    assert_eq!(six.address, format!("http://[::1]:{}/", six.port));
    let host = format!("[::1]:{}", six.port);
    assert_eq!(ask("::1".parse().unwrap(), six.port, &host, "/soc/", "").status, Some(200));
}

/// Any address of loopback will do, however it is spelt; the one that is printed is answered.
#[test]
fn the_address_that_is_printed_is_answered() {
    for (bind, printed) in [("127.0.0.2", "127.0.0.2"), ("::ffff:127.0.0.1", "127.0.0.1")] {
        let preview = Running::start_with(&["--bind", bind], |_| {});
        let host = format!("{printed}:{}", preview.port);
        assert_eq!(preview.address, format!("http://{host}/"));
        assert_eq!(ask(printed.parse().unwrap(), preview.port, &host, "/soc/", "").status, Some(200), "{bind}");
        assert!(preview.had_nothing_to_tell(), "{}", preview.said());
    }
}

#[test]
fn beyond_loopback_a_token_is_needed() {
    let preview = Running::start_with(&["--bind", "0.0.0.0"], |_| {});
    assert!(preview.said().contains("TP0911"), "{}", preview.said());
    let (start, token) = preview.address.split_once("?token=").unwrap();
    assert_eq!(start, format!("http://127.0.0.1:{}/", preview.port));
    assert!(token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit()), "{token}");
    let short = &token[1..];
    for target in ["/", "/soc/", "/.threatpress/events", "/.threatpress/preview.js", "/.threatpress/state?path=/soc/"] {
        assert_eq!(preview.get(target).status, Some(403), "{target}");
        assert_eq!(preview.get(&format!("{target}?token={short}")).status, Some(403), "{target}");
    }
    assert_eq!(preview.get(&format!("/soc/?token={token}")).status, Some(403), "only the printed address admits");
    let welcome = preview.get(&format!("/?token={token}"));
    assert_eq!((welcome.status, welcome.header("location")), (Some(303), Some("/")));
    let cookie = format!("threatpress-{}={token}", preview.port);
    let said = welcome.header("set-cookie").unwrap();
    assert_eq!(said, format!("{cookie}; Path=/; HttpOnly; SameSite=Strict"));
    let with = |cookie: &str| preview.ask("GET", "/soc/", &format!("Cookie: a=b; {cookie}\r\n"));
    assert_eq!(with(&cookie).status, Some(200));
    assert!(with(&cookie).header("set-cookie").is_none());
    for bad in [&cookie[..cookie.len() - 1], &format!("x{cookie}"), &cookie.replace("threatpress", "other"), "a"] {
        assert_eq!(with(bad).status, Some(403), "{bad}");
    }
    // The other fences stand.
    let foreign = preview.ask("GET", "/soc/", &format!("Cookie: {cookie}\r\nOrigin: http://evil.example\r\n"));
    assert_eq!(foreign.status, Some(403));
    if let Some(address) = own_address() {
        let cookie = format!("Cookie: {cookie}\r\n");
        let ask = |host: &str, more: &str| ask(address, preview.port, host, "/soc/", more).status;
        let own = format!("{address}:{}", preview.port);
        assert_eq!((ask(&own, &cookie), ask(&own, "")), (Some(200), Some(403)));
        assert_eq!(ask("evil.example", &cookie), Some(421));
        assert_eq!(ask(&format!("192.0.2.9:{}", preview.port), &cookie), Some(421));
    }
    let other = Running::start_with(&["--bind", "0.0.0.0"], |_| {});
    assert!(!other.address.ends_with(token), "every preview has its own");
}
