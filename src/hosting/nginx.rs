//! nginx.

use std::collections::BTreeSet;

use super::headers::{DOWNLOADS, HEADERS, SVG_POLICY, TYPES};
use super::template::{filled, lines};
use super::{File, Hosted, Settings};
use crate::render::POLICY;

const COMMON: &str = include_str!("nginx/common.conf");
const INCLUDED: &str = include_str!("nginx/common.inc");
const ROLE: &str = include_str!("nginx/role.conf");

/// nginx looks for it beside nginx.conf.
const INCLUDE: &str = "include threatpress/common.inc;";

pub(super) fn files(roles: &[Hosted], all: &[Hosted], settings: &Settings) -> Vec<File> {
    let shared = [
        File { name: "common.conf".to_owned(), text: common(all, settings) },
        File { name: "common.inc".to_owned(), text: included() },
    ];
    let of_role =
        |role: &Hosted| File { name: format!("role-{}.conf", role.role), text: server(role, settings, INCLUDE) };
    shared.into_iter().chain(roles.iter().map(of_role)).collect()
}

pub(super) fn text(roles: &[Hosted], settings: &Settings) -> String {
    let included = included();
    let included = included.lines().map(str::to_owned).collect::<Vec<_>>();
    let included = lines(included, "    ").replace("\n    \n", "\n\n");
    let servers = roles.iter().map(|role| server(role, settings, &included));
    std::iter::once(common(roles, settings)).chain(servers).collect::<Vec<_>>().join("\n")
}

fn common(roles: &[Hosted], settings: &Settings) -> String {
    let listen = match settings.listen {
        Some(address) => format!("listen {address} default_server;"),
        None => {
            let ports: BTreeSet<u16> = roles.iter().map(|role| role.host.https_port()).collect();
            let listen = ports.into_iter().flat_map(|port| tls_listen(port, " default_server"));
            lines(listen.chain(["ssl_reject_handshake on;".to_owned()]), "    ")
        }
    };
    let values =
        [("policy", POLICY), ("svg_policy", SVG_POLICY), ("downloads", &DOWNLOADS.join("|")), ("listen", &listen)];
    filled(COMMON, &values)
}

fn included() -> String {
    let headers = HEADERS.iter().map(|(name, value)| format!("add_header {name} \"{value}\" always;"));
    let types = TYPES.iter().map(|kind| format!("{} {};", kind.name, kind.endings.join(" ")));
    // nginx counts text/html among them by itself.
    let texts = TYPES.iter().filter(|kind| kind.text && kind.name != "text/html").map(|kind| kind.name);
    let values = [
        ("headers", &*lines(headers, "")),
        ("types", &lines(types, "    ")),
        ("charset_types", &texts.collect::<Vec<_>>().join(" ")),
    ];
    filled(INCLUDED, &values)
}

fn server(role: &Hosted, settings: &Settings, common: &str) -> String {
    let listen = match settings.listen {
        Some(address) => format!("listen {address};"),
        None => lines(tls_listen(role.host.https_port(), ""), "    "),
    };
    let tls = match settings.listen {
        Some(_) => String::new(),
        None => format!(
            "\n    # Yours to write: ssl_certificate and ssl_certificate_key of this host.\n    include threatpress/tls-{}.inc;",
            role.role,
        ),
    };
    let values = [
        ("role", &*role.role),
        ("listen", &listen),
        ("name", role.host.name()),
        ("tls", &tls),
        ("root", &role.root),
        ("cache", role.cache),
        ("common", common),
        ("host", &role.host.to_string()),
        ("sign_in", &settings.sign_in.to_string()),
        ("groups", &role.groups),
    ];
    filled(ROLE, &values)
}

fn tls_listen(port: u16, default: &str) -> [String; 2] {
    [format!("listen {port} ssl{default};"), format!("listen [::]:{port} ssl{default};")]
}
