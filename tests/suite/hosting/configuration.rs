//! What is written: the same each time, and valid to the server it is for in every form.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::kinds;
use super::portal::Portal;
use super::server::Kind;
use crate::bench::note;

fn text(portal: &Portal, kind: Kind, further: &[&str]) -> String {
    let done = portal.run(&[&["hosting", kind.name()], further].concat());
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    // Where it is written is said, and nothing else.
    let said = String::from_utf8(done.stderr).unwrap();
    let is_file = further.contains(&"--out");
    assert!(
        said.lines().count() == usize::from(is_file) && said.starts_with("the configuration is in ") == is_file,
        "{said}"
    );
    String::from_utf8(done.stdout).unwrap()
}

/// Certificates for the hosts, where the configuration looks for them.
fn certificates(home: &Path, portal: &Portal) -> bool {
    for reader in portal.roles() {
        let (key, certificate) = (home.join("key.pem"), home.join("certificate.pem"));
        let done = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=x", "-keyout"])
            .arg(&key)
            .arg("-out")
            .arg(&certificate)
            .output();
        if !done.is_ok_and(|done| done.status.success()) {
            return false;
        }
        let text = format!("ssl_certificate {};\nssl_certificate_key {};\n", certificate.display(), key.display());
        fs::write(home.join(format!("threatpress/tls-{}.inc", reader.role)), text).unwrap();
    }
    true
}

#[test]
fn every_form_is_valid_and_the_same_each_time() {
    let portal = Portal::small();
    for kind in kinds() {
        let ending = if kind == Kind::Nginx { "conf" } else { "caddy" };
        for listen in [&[][..], &["--listen", "127.0.0.1:8080"], &["--listen", "[::1]:8080"]] {
            let one = text(&portal, kind, listen);
            assert_eq!(one, text(&portal, kind, listen));
            for secret in ["Hidden Otter", "SOC", "EMEA", "APAC"] {
                assert!(!one.contains(secret) || secret == "EMEA" && one.contains("%28EMEA%29"), "{secret} is in it");
            }
            let home = TempDir::new().unwrap();
            let directory = home.path().join("threatpress");
            fs::create_dir(&directory).unwrap();
            if kind == Kind::Nginx && listen.is_empty() && !certificates(home.path(), &portal) {
                note("openssl is not installed: nginx was NOT asked about TLS");
                continue;
            }
            fs::write(directory.join(format!("all.{ending}")), one).unwrap();
            kind.validate(home.path()).unwrap();
            fs::remove_file(directory.join(format!("all.{ending}"))).unwrap();
            text(&portal, kind, &[listen, &["--out", directory.to_str().unwrap()]].concat());
            kind.validate(home.path()).unwrap();
        }
    }
}
