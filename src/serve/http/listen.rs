//! The address and port to listen at.

use std::io::{Error, ErrorKind};
use std::net::{IpAddr, SocketAddr, TcpListener};

use crate::diagnostics::{Code, Diagnostic};

/// How many ports are tried after the one that was asked for.
const FURTHER: u16 = 20;

/// Listens at `port`, or at the first free one of those after it; at any free one for port 0.
pub(super) fn listen(address: IpAddr, port: u16) -> Result<TcpListener, Diagnostic> {
    let last = if port == 0 { 0 } else { port.saturating_add(FURTHER) };
    for port in port..=last {
        match TcpListener::bind(SocketAddr::new(address, port)) {
            Err(error) if error.kind() == ErrorKind::AddrInUse => {}
            Err(error) => return Err(refused(address, port, &error)),
            Ok(listener) => return Ok(listener),
        }
    }
    let message = format!("no port from {port} to {last} of {address} is free");
    let hint = "end another preview, or let the system choose a port with `--port 0`";
    Err(Diagnostic::error(Code::CannotListen, message).hint(hint))
}

fn refused(address: IpAddr, port: u16, error: &Error) -> Diagnostic {
    let hint = match error.kind() {
        ErrorKind::PermissionDenied => {
            "choose another port with `--port`, from 1024 on, or let the system choose with `--port 0`"
        }
        ErrorKind::AddrNotAvailable => {
            "give `--bind` an address of this machine: 127.0.0.1, or ::1 where there is only IPv6"
        }
        _ => "let the system choose a port with `--port 0`",
    };
    Diagnostic::error(Code::CannotListen, format!("cannot listen at {}: {error}", SocketAddr::new(address, port)))
        .hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[test]
    fn a_taken_port_leads_to_the_next() {
        let first = listen(LOOPBACK, 0).expect("a port");
        let port = first.local_addr().expect("an address").port();
        // Whatever else listens on this machine, the next one is another.
        match listen(LOOPBACK, port) {
            Ok(second) => assert!(second.local_addr().expect("an address").port() > port),
            Err(problem) => assert_eq!(problem.code, Code::CannotListen),
        }
    }

    #[test]
    fn what_the_system_refuses_is_said_with_a_way_out() {
        for (kind, way) in [
            (ErrorKind::PermissionDenied, "from 1024 on"),
            (ErrorKind::AddrNotAvailable, "address of this machine"),
            (ErrorKind::Other, "--port 0"),
        ] {
            let problem = refused(LOOPBACK, 80, &Error::from(kind));
            assert!(problem.message.starts_with("cannot listen at 127.0.0.1:80: "), "{}", problem.message);
            assert!(problem.hint.is_some_and(|hint| hint.contains(way)), "{kind}");
        }
    }

    #[test]
    fn the_last_port_is_the_last() {
        // Where it cannot be had, somebody else has it.
        let _held = TcpListener::bind((LOOPBACK, u16::MAX));
        let problem = listen(LOOPBACK, u16::MAX).expect_err("it is taken");
        assert_eq!(problem.code, Code::CannotListen);
        assert!(problem.hint.is_some_and(|hint| hint.contains("--port 0")));
    }
}
