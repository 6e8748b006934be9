//! Caddy.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use super::headers::{DOWNLOADS, HEADERS, MediaType, SVG_POLICY, TYPES};
use super::template::{filled, lines};
use super::{File, Hosted, Settings};
use crate::render::POLICY;

const COMMON: &str = include_str!("caddy/common.caddy");
const ROLE: &str = include_str!("caddy/role.caddy");

pub(super) fn files(roles: &[Hosted], all: &[Hosted], settings: &Settings) -> Vec<File> {
    let shared = File { name: "common.caddy".to_owned(), text: common(all, settings) };
    let of_role = |role: &Hosted| File { name: format!("role-{}.caddy", role.role), text: site(role, settings) };
    std::iter::once(shared).chain(roles.iter().map(of_role)).collect()
}

pub(super) fn text(roles: &[Hosted], settings: &Settings) -> String {
    files(roles, roles, settings).into_iter().map(|file| file.text).collect::<Vec<_>>().join("\n")
}

fn common(roles: &[Hosted], settings: &Settings) -> String {
    let others = match settings.listen {
        Some(address) => format!("http://:{}", address.port()),
        None => {
            let ports: BTreeSet<u16> = roles.iter().map(|role| role.host.https_port()).collect();
            ports.iter().map(|port| format!("https://:{port}")).collect::<Vec<_>>().join(", ")
        }
    };
    let downloads: Vec<String> = DOWNLOADS.iter().map(|ending| format!("*.{ending}")).collect();
    let headers = HEADERS.iter().map(|(name, value)| format!("{name} \"{value}\""));
    let values = [
        ("policy", POLICY),
        ("svg_policy", SVG_POLICY),
        ("headers", &lines(headers, "\t\t")),
        ("types", &lines(TYPES.iter().flat_map(typed), "\t")),
        ("downloads", &downloads.join(" ")),
        ("others", &others),
        ("bind", &bind(settings.listen)),
    ];
    filled(COMMON, &values)
}

fn typed(kind: &MediaType) -> [String; 2] {
    let matcher = format!("@is_{}", kind.endings.join("_"));
    let paths: Vec<String> = kind.endings.iter().map(|ending| format!("*.{ending}")).collect();
    let charset = if kind.text { "; charset=utf-8" } else { "" };
    [format!("{matcher} path {}", paths.join(" ")), format!("header {matcher} Content-Type \"{}{charset}\"", kind.name)]
}

fn site(role: &Hosted, settings: &Settings) -> String {
    let address = match settings.listen {
        Some(address) => format!("http://{}:{}", role.host.name(), address.port()),
        None => format!("https://{}", role.host),
    };
    let tls = match settings.listen {
        Some(_) => String::new(),
        None => format!(
            "\n\t# Caddy gets a certificate by itself. For one of yours write `tls CERTIFICATE KEY` into this file.\n\timport tls-{}.inc*\n",
            role.role,
        ),
    };
    let values = [
        ("role", &*role.role),
        ("address", &address),
        ("bind", &bind(settings.listen)),
        ("tls", &tls),
        ("root", &role.root),
        ("cache", role.cache),
        ("host", &role.host.to_string()),
        ("sign_in", &settings.sign_in.to_string()),
        ("groups", &role.groups),
    ];
    filled(ROLE, &values)
}

fn bind(listen: Option<SocketAddr>) -> String {
    listen.map(|address| format!("\n\tbind {}", address.ip())).unwrap_or_default()
}
