//! Which names this server answers to, and the one that it is told by.
//!
//! A page of a stranger can make its own name lead to 127.0.0.1 (DNS rebinding), and is then of one
//! origin with whatever answers there. The browser still says the stranger's name in `Host`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The `Host` values that are answered.
#[derive(Clone, Debug)]
pub(super) struct Hosts {
    port: u16,
    /// The address as it is printed, and as a browser then says it.
    pub(super) printed: String,
    /// Whether a connection's own address is one too, since more than this machine may ask.
    network: bool,
}

impl Hosts {
    pub(super) fn new(bind: IpAddr, port: u16) -> Self {
        let printed = match bind {
            IpAddr::V4(address) if address.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(address) if address.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            address => address,
        };
        Self { port, printed: written(printed), network: !bind.is_loopback() }
    }

    /// Whether `host`, asked for on a connection to the address `local`, is one of ours: the name and the port, to
    /// the letter. Only a literal address is answered beyond loopback: names can be made to lead anywhere.
    pub(super) fn admit(&self, host: &str, local: IpAddr) -> bool {
        let own = self.network.then(|| written(local.to_canonical()));
        let names = ["localhost", "127.0.0.1", "[::1]", &self.printed].into_iter().chain(own.as_deref());
        let port = format!(":{}", self.port);
        // What browsers leave out.
        let is_left_out = self.port == 80;
        names.into_iter().any(|name| match host.strip_prefix(name) {
            Some("") => is_left_out,
            Some(rest) => rest == port,
            None => false,
        })
    }
}

/// An address as it stands in a URL.
fn written(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    const ANY: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

    #[test]
    fn three_names_of_this_machine_are_answered() {
        let hosts = Hosts::new(LOOPBACK, 4720);
        for good in ["localhost:4720", "127.0.0.1:4720", "[::1]:4720"] {
            assert!(hosts.admit(good, LOOPBACK), "{good}");
        }
        for bad in [
            "",
            ":4720",
            "localhost",
            "127.0.0.1",
            "localhost:4721",
            "localhost:04720",
            "localhost:4720 ",
            "localhost:47200",
            "localhost.:4720",
            "LOCALHOST:4720",
            "127.0.0.1.evil.example:4720",
            "localhost.evil.example:4720",
            "evil.example:4720",
            "user@localhost:4720",
            "2130706433:4720",
            "127.1:4720",
            "0x7f000001:4720",
            "0.0.0.0:4720",
            "::1:4720",
            "[::1%25lo]:4720",
            "[0:0:0:0:0:0:0:1]:4720",
            "[::ffff:127.0.0.1]:4720",
            "192.0.2.7:4720",
        ] {
            assert!(!hosts.admit(bad, LOOPBACK), "{bad}");
        }
    }

    #[test]
    fn beyond_loopback_the_address_asked_is_one_more() {
        let lan: IpAddr = Ipv4Addr::new(192, 0, 2, 7).into();
        let hosts = Hosts::new(ANY, 4720);
        assert!(hosts.admit("192.0.2.7:4720", lan) && hosts.admit("localhost:4720", lan));
        assert!(hosts.admit("192.0.2.7:4720", Ipv4Addr::new(192, 0, 2, 7).to_ipv6_mapped().into()));
        assert!(!hosts.admit("192.0.2.8:4720", lan) && !hosts.admit("workstation:4720", lan));
        assert!(!Hosts::new(LOOPBACK, 4720).admit("192.0.2.7:4720", lan));
    }

    #[test]
    fn the_address_that_is_printed_is_answered() {
        for (bind, printed) in [
            ("127.0.0.1", "127.0.0.1"),
            ("127.0.0.2", "127.0.0.2"),
            ("0.0.0.0", "127.0.0.1"),
            ("::", "[::1]"),
            ("192.0.2.7", "192.0.2.7"),
            ("2001:db8::7", "[2001:db8::7]"),
        ] {
            let bind: IpAddr = bind.parse().expect("an address");
            let hosts = Hosts::new(bind, 4720);
            assert_eq!(hosts.printed, printed, "{bind}");
            assert!(hosts.admit(&format!("{printed}:4720"), bind), "{bind}");
        }
        assert!(!Hosts::new(LOOPBACK, 4720).admit("127.0.0.2:4720", LOOPBACK));
    }

    #[test]
    fn browsers_leave_the_port_of_the_scheme_out() {
        assert!(Hosts::new(LOOPBACK, 80).admit("localhost", LOOPBACK));
    }

    proptest! {
        #[test]
        fn nothing_else_is_answered(host in "(localhost|127\\.0\\.0\\.1|\\[::1\\]|\\PC{0,9})(:4720|:[0-9]{0,5}|\\PC{0,5})") {
            let known = ["localhost:4720", "127.0.0.1:4720", "[::1]:4720"];
            prop_assert_eq!(Hosts::new(LOOPBACK, 4720).admit(&host, LOOPBACK), known.contains(&host.as_str()));
        }
    }
}
