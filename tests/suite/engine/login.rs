//! Who may ask an engine, and who may hear it.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::failures::one_error;
use super::lake::Manner;
use super::site::{SNAPSHOT, at, build, everything, lake, of_engine, snapshot};
use crate::bad_input::put;
use crate::bench::{home, note};
use crate::command::said;

const USER: (&str, &str) = ("THREATPRESS_FLIGHT_USER", "ada-of-accounts");
const PASSWORD: (&str, &str) = ("THREATPRESS_FLIGHT_PASSWORD", "correct:horse battery");
const TOKEN: (&str, &str) = ("THREATPRESS_FLIGHT_TOKEN", "t0ken-handed-out");

fn guarded() -> Manner {
    Manner { login: Some((USER.1, PASSWORD.1, TOKEN.1)), parts: 2, ..Manner::default() }
}

/// Fails where a credential stands in what was said, or in any file of a site.
fn are_nowhere(said: &str, site: &Path) {
    let encoded = {
        use base64::Engine as _;
        base64::prelude::BASE64_STANDARD.encode(format!("{}:{}", USER.1, PASSWORD.1))
    };
    let all = everything(site);
    for secret in [PASSWORD.1, TOKEN.1, &encoded] {
        assert!(!said.contains(secret), "{said}");
        assert!(!all.contains(secret), "a file of the site holds a credential");
    }
}

#[test]
fn whoever_shows_the_right_credentials_may_ask() {
    for (manner, environment) in [
        (guarded(), &[USER, PASSWORD][..]),
        (guarded(), &[TOKEN][..]),
        (Manner { knows_no_handshake: true, ..guarded() }, &[USER, PASSWORD][..]),
    ] {
        let lake = lake(manner);
        let site = of_engine(&at(lake.port));
        let output = build(site.path(), environment);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        are_nowhere(&said(&output), site.path());
    }
}

#[test]
fn a_refused_login_is_told_without_the_credentials() {
    let wrong = ("THREATPRESS_FLIGHT_PASSWORD", "t0ken-handed-out");
    let wrong_token = ("THREATPRESS_FLIGHT_TOKEN", "correct:horse battery");
    for (manner, environment) in [
        (guarded(), &[USER, wrong][..]),
        (guarded(), &[wrong_token][..]),
        (guarded(), &[][..]),
        (Manner { knows_no_handshake: true, ..guarded() }, &[USER, wrong][..]),
    ] {
        let lake = lake(manner);
        let site = of_engine(&at(lake.port));
        let error = one_error(site.path(), environment, 4);
        assert_eq!(error["code"], "TP0433", "{error}");
        assert!(error["message"].as_str().unwrap().contains("refuses the login"), "{error}");
        are_nowhere(&error.to_string(), site.path());
    }
}

#[test]
fn an_engine_that_repeats_credentials_is_not_quoted_with_them() {
    let why = format!("cannot plan for {} with {}\u{1b}[2J", USER.1, PASSWORD.1);
    let lake = lake(Manner { refuses: Some(why), ..guarded() });
    let site = of_engine(&at(lake.port));
    let error = one_error(site.path(), &[USER, PASSWORD], 1);
    assert_eq!(error["code"], "TP0434", "{error}");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("cannot plan for *** with ***") && !message.contains('\u{1b}'), "{message}");
    are_nowhere(&error.to_string(), site.path());
}

/// Nobody told it to us but the engine.
#[test]
fn a_token_that_was_handed_out_is_not_quoted() {
    let lake = lake(Manner { refuses: Some(format!("the session {} has expired", TOKEN.1)), ..guarded() });
    let site = of_engine(&at(lake.port));
    let error = one_error(site.path(), &[USER, PASSWORD], 1);
    assert!(error["message"].as_str().unwrap().contains("the session *** has expired"), "{error}");
    are_nowhere(&error.to_string(), site.path());
}

#[test]
fn credentials_that_do_not_go_together_are_told() {
    for environment in [&[USER][..], &[PASSWORD], &[TOKEN, USER, PASSWORD], &[TOKEN, USER]] {
        let site = of_engine(&at(1));
        let error = one_error(site.path(), environment, 1);
        assert_eq!(error["code"], "TP0431", "{error}");
        are_nowhere(&error.to_string(), site.path());
    }
}

/// The host is none that could be reached: it is not even asked.
#[test]
fn credentials_are_never_sent_in_plain_text() {
    for environment in [&[USER, PASSWORD][..], &[TOKEN]] {
        let error = one_error(of_engine("flight_sql: \"grpc://engine.invalid:1\"").path(), environment, 1);
        assert_eq!(error["code"], "TP0431", "{error}");
        assert!(error["message"].as_str().unwrap().contains("plain text"), "{error}");
    }
    // Nor to where an engine on loopback says that parts of its answer are.
    let lake = lake(Manner { places: vec!["grpc://engine.invalid:1".to_owned()], ..guarded() });
    let error = one_error(of_engine(&at(lake.port)).path(), &[TOKEN], 1);
    assert_eq!(error["code"], "TP0431", "{error}");
}

#[test]
fn a_password_in_an_address_is_refused_and_not_shown() {
    let address = format!("grpc://{}:hunter2%21@127.0.0.1:1", USER.1);
    let site = of_engine(&format!("flight_sql: \"{address}\", flight_sqll: x"));
    let output = build(site.path(), &[]);
    assert_eq!(output.status.code(), Some(1));
    let told = said(&output);
    assert!(told.contains("TP0430") && told.contains("holds a user or a password"), "{told}");
    let mut command = Command::new(env!("CARGO_BIN_EXE_threatpress"));
    let text = said(&command.arg("check").arg("--site").arg(site.path()).output().unwrap());
    assert!(text.contains("TP0430") && text.contains("TP0005") && text.contains("***@127.0.0.1"), "{text}");
    for said in [told, text] {
        assert!(!said.contains("hunter2") && !said.contains(USER.1), "{said}");
    }
}

#[test]
fn a_secret_beside_an_engine_is_not_shown() {
    for keys in [
        "flight_sql: \"grpc://ada:hun/ter2@e:1\"",
        "flight_sql: \"jdbc:arrow-flight-sql://e:1?user=ada&password=hun ter2\"",
        "flight_sql: \"grpc://e:1\", password: hun-ter2",
        "flight_sql: \"grpc://e:1\", headers: { authorization: Bearer hun-ter2 }",
        "flight_sql: \"grpc://e:1\", \"hun-ter2 ada\"",
    ] {
        let site = of_engine(keys);
        let mut command = Command::new(env!("CARGO_BIN_EXE_threatpress"));
        let text = said(&command.arg("check").arg("--site").arg(site.path()).output().unwrap());
        let error = one_error(site.path(), &[], 1).to_string();
        assert!(text.contains("TP0430") || text.contains("TP0005"), "{text}");
        assert!(![text, error].iter().any(|said| said.contains("ter2")), "{keys}");
    }
}

/// An engine knows its tables by whatever it likes.
#[test]
fn what_looks_like_a_password_in_a_query_is_asked_for_as_it_is() {
    const QUERY: &str = "SELECT * FROM devices WHERE owner <> '//lab@example.com'";
    let lake = lake(Manner { refuses: Some("no".to_owned()), ..Manner::default() });
    let site = of_engine("");
    let text = snapshot(&at(lake.port), |table| match table {
        "devices" => QUERY.to_owned(),
        table => table.to_owned(),
    });
    put(site.path(), SNAPSHOT, text.as_bytes());
    one_error(site.path(), &[], 1);
    assert!(lake.asked().iter().any(|asked| asked.contains(QUERY)), "{:?}", lake.asked());
}

/// An authority of our own, and the certificate and key of `127.0.0.1` that it signed.
struct Authority {
    certificate: String,
    identity: (String, String),
}

impl Authority {
    fn make() -> Option<Self> {
        let home = home();
        let openssl = |args: &str| {
            let args: Vec<&str> = args.split(' ').collect();
            Command::new("openssl").args(args).current_dir(home.path()).output().is_ok_and(|done| done.status.success())
        };
        fs::write(home.path().join("san"), "subjectAltName=IP:127.0.0.1,DNS:localhost\n").unwrap();
        let curve = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
        let made = openssl(&format!("req -x509 {curve} -keyout ca.key -out ca.pem -days 2 -subj /CN=Lake"))
            && openssl(&format!("req {curve} -keyout own.key -out own.csr -subj /CN=lake"))
            && openssl(
                "x509 -req -in own.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out own.pem -days 2 -extfile san",
            );
        let read = |name: &str| fs::read_to_string(home.path().join(name)).unwrap();
        made.then(|| Self { certificate: read("ca.pem"), identity: (read("own.pem"), read("own.key")) })
    }
}

#[test]
fn tls_is_trusted_for_its_authority_alone() {
    let Some(authority) = Authority::make() else {
        note("openssl is not installed: no engine was asked over TLS");
        return;
    };
    let other = Authority::make().unwrap();
    let lake = lake(Manner { identity: Some(authority.identity), ..guarded() });
    let keys = format!("flight_sql: \"grpc+tls://127.0.0.1:{}\"", lake.port);
    let site = of_engine(&format!("{keys}, ca: authority.pem"));
    let place = "content/snapshots/1/authority.pem";
    put(site.path(), place, other.certificate.as_bytes());
    let error = one_error(site.path(), &[USER, PASSWORD], 4);
    assert!(error["code"] == "TP0432" && error["message"].as_str().unwrap().contains("TLS"), "{error}");
    put(site.path(), place, authority.certificate.as_bytes());
    let output = build(site.path(), &[USER, PASSWORD]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    are_nowhere(&said(&output), site.path());
    // An authority that nobody named is none.
    let error = one_error(of_engine(&keys).path(), &[USER, PASSWORD], 4);
    assert_eq!(error["code"], "TP0432", "{error}");
    // Each of the two ways to speak is refused by the other.
    let error = one_error(of_engine(&at(lake.port)).path(), &[], 4);
    assert!(["TP0432", "TP0435"].contains(&error["code"].as_str().unwrap()), "{error}");
    let plain = super::site::lake(Manner::default());
    let error = one_error(of_engine(&format!("flight_sql: \"grpc+tls://127.0.0.1:{}\"", plain.port)).path(), &[], 4);
    assert_eq!(error["code"], "TP0432", "{error}");
}
