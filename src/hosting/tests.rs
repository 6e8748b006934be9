//! No value of a site can mean anything to a server but itself.

use proptest::prelude::*;
use serde_json::json;

use super::{Host, Root, Server, Settings, content_type, plan};
use crate::config::{self, Site};
use crate::diagnostics::Diagnostics;

fn settings(root: &str) -> Settings {
    Settings {
        root: Root::parse(root).expect("a root"),
        sign_in: Host::service("http://127.0.0.1:4180").expect("an address"),
        listen: None,
    }
}

/// A site of one role, as hostile as it may be.
fn site(title: &str, base_url: &str, group: &str) -> Option<Site> {
    let directory = tempfile::tempdir().expect("a directory");
    // JSON is YAML, with every character of a text in quotes.
    let role = json!({"title": title, "base_url": base_url, "groups": [title], "sign_in_groups": [group]});
    let text = json!({"title": title, "base_url": "https://a.example/", "roles": {"r": role}});
    std::fs::write(directory.path().join("threatpress.yaml"), text.to_string()).expect("written");
    config::load(directory.path(), &mut Diagnostics::new())
}

#[test]
fn endings_are_read_in_any_case() {
    for (path, kind) in [
        ("threats/a/drawing.SVG", "image/svg+xml; charset=utf-8"),
        ("Dot.Png", "image/png"),
        ("a.exe", "application/octet-stream"),
        ("svg", "application/octet-stream"),
    ] {
        assert_eq!(content_type(path), kind);
    }
}

/// The words of a configuration, as the server reads them: nginx ends a directive with `;`, Caddy
/// with the line.
fn words(server: Server, text: &str) -> Vec<String> {
    let (signs, quotes) = match server {
        Server::Nginx => (";{}", "\"'"),
        Server::Caddy => ("\n", "\"`"),
    };
    let mut words = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if signs.contains(c) {
            words.push(c.to_string());
        } else if c.is_whitespace() {
            continue;
        } else if c == '#' {
            while chars.next_if(|c| *c != '\n').is_some() {}
        } else if quotes.contains(c) {
            let mut word = String::new();
            while let Some(inner) = chars.next() {
                match inner {
                    '\\' if c != '`' => word.extend(chars.next()),
                    inner if inner == c => break,
                    inner => word.push(inner),
                }
            }
            words.push(word);
        } else {
            let mut word = c.to_string();
            while let Some(next) = chars.next_if(|c| !c.is_whitespace() && !signs.contains(*c)) {
                word.push(next);
            }
            words.push(word);
        }
    }
    words
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits: Vec<u8> = rest.by_ref().take(2).collect();
            let digits = std::str::from_utf8(&digits).expect("ASCII");
            bytes.push(u8::from_str_radix(digits, 16).expect("two digits"));
        } else {
            assert!(byte.is_ascii_alphanumeric() || b"-._~".contains(&byte), "{text}");
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// The plain configuration, with these values in the places of its own.
fn holds(server: Server, base_url: &str, group: &str, root: &str, site: &Site) {
    let plain = self::site("T", "https://h.example/", "g").expect("a site");
    let text = |site: &Site, root: &str| {
        let roles: Vec<_> = site.roles.iter().collect();
        let hosted = plan(site, &roles, &settings(root), &mut Diagnostics::new());
        (hosted.len() == 1).then(|| words(server, &server.text(&hosted, &settings(root))))
    };
    let Some(found) = text(site, root) else { return };
    let plain = text(&plain, "/srv/x").expect("planned");
    assert_eq!(found.len(), plain.len(), "another number of words:\n{found:#?}");
    let host = base_url.trim_start_matches("https://").trim_end_matches('/').to_lowercase();
    for (found, plain) in found.iter().zip(&plain) {
        match found.split_once("?allowed_groups=") {
            Some((_, groups)) => assert_eq!(decoded(groups), group.trim()),
            None if plain.contains("h.example") => {
                assert!(host.starts_with(found.trim_start_matches("https://")), "{found}");
            }
            None if plain.contains("443") => {
                assert!(found.contains(host.split(':').nth(1).unwrap_or("443")), "{found}")
            }
            None => assert_eq!(*found, plain.replace("/srv/x", root.trim_end_matches('/'))),
        }
    }
}

/// Texts that end a word, a directive or a block somewhere, and texts that do not.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-zA-Z0-9 ._:/@+=~&()äß-]{1,20}",
        1 => "[;{}\"'`$#%\\\\\n\r\t ,?<>*a-c]{1,12}",
        1 => "\\PC{1,12}",
        1 => prop::sample::select(vec![
            "a; } server { listen 80",
            "a\"; return 200",
            "{env.HOME}",
            "{$HOME}",
            "$document_root",
            "a\n}\nrespond x",
            "`x`",
            "g,",
            ",",
            "%2c",
            "<groups>",
            "a&allowed_groups=b",
        ])
        .prop_map(str::to_owned),
    ]
}

fn addresses() -> impl Strategy<Value = String> {
    let plain = "[a-zA-Z0-9-]{1,8}(\\.[a-z0-9-]{1,8}){0,2}(:[0-9]{1,5})?";
    prop_oneof![plain.prop_map(|host| format!("https://{host}/")), texts().prop_map(|host| format!("https://{host}/"))]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_value_breaks_out_of_its_place(title in texts(), base_url in addresses(), group in texts(), root in texts()) {
        let root = format!("/{root}");
        let root = Root::parse(&root).map_or("/srv/y".to_owned(), |root| root.to_string());
        if let Some(site) = site(&title, &base_url, &group) {
            for server in [Server::Nginx, Server::Caddy] {
                holds(server, &base_url, &group, &root, &site);
            }
        }
    }
}

#[test]
fn the_plain_values_are_not_all_refused() {
    let site = site("T", "https://Emea.Example:8443", "Zürich R&D (a) +1/b=c@d:~").expect("a site");
    for server in [Server::Nginx, Server::Caddy] {
        let settings = settings("/srv/Mün chen");
        let hosted = plan(&site, &[&site.roles[0]], &settings, &mut Diagnostics::new());
        let text = server.text(&hosted, &settings);
        assert!(text.contains("?allowed_groups=Z%C3%BCrich%20R%26D%20%28a%29%20%2B1%2Fb%3Dc%40d%3A~"), "{text}");
        assert!(text.contains("emea.example:8443") && text.contains("\"/srv/Mün chen/r\""), "{text}");
        assert!(!text.contains('<'), "a place was left open");
    }
}
