//! Profiles that are wrong: each mistake is told, with its place.

use super::{failed, site_of};
use crate::bad_input::{build, messages, put};

const DEVICES: (&str, &str) = ("hosts.csv", "id,host,team\nd1,one,EMEA\n");
const PROFILE: &str = "devices:\n  from: hosts\n  columns: {device_id: id, name: host, device_group: team}\n";

fn told(profile: &str) -> Vec<(String, u64, String)> {
    let (_, said) = failed("p.yaml", &[DEVICES, ("p.yaml", profile)]);
    let told = |message: &serde_json::Value| {
        assert_eq!(message["file"], "content/snapshots/1/p.yaml", "{message}");
        let text = |key: &str| message[key].as_str().unwrap_or_default().to_owned();
        (text("code"), message["line"].as_u64().unwrap_or_default(), format!("{}|{}", text("message"), text("hint")))
    };
    said.iter().map(told).collect()
}

#[test]
fn every_mistake_of_a_profile_is_told_with_its_place() {
    for (text, code, line, message) in [
        ("device:\n  from: hosts\n", "TP0005", 1, "unknown key `device`|did you mean `devices`?"),
        (&PROFILE.replace("from:", "form:"), "TP0006", 2, "`from` is missing"),
        (&PROFILE.replace("name:", "nmae:"), "TP0005", 3, "`devices` has no column `nmae`|did you mean `name`?"),
        (&PROFILE.replace(", device_group: team", ""), "TP0006", 3, "nothing fills `device_group` of `devices`"),
        (&PROFILE.replace("name: host", "name: 'a[x]'"), "TP0008", 3, "`name` cannot be `a[x]`"),
        (&PROFILE.replace("name: host", "name: {map: {a: b}}"), "TP0008", 3, "`name` has to have `from` or `value`"),
        (&PROFILE.replace("name: host", "name: {from: host, find: '('}"), "TP0008", 3, "`find` cannot be `(`"),
        (
            &PROFILE.replace("name: host", "name: host, antivirus_mode: {from: mode, map: {p: pasive}}"),
            "TP0008",
            3,
            "`antivirus_mode` of `devices` cannot be `pasive`|did you mean `passive`?",
        ),
        (
            &PROFILE.replace("name: host", "name: host, excluded: {from: gone, else: perhaps}"),
            "TP0008",
            3,
            "`excluded` of `devices` cannot be `perhaps`|its words are true, false",
        ),
        (
            &format!(
                "{PROFILE}software:\n  from: s\n  newest: t\n  columns: {{device_id: a, vendor: b, product: c}}\n"
            ),
            "TP0006",
            6,
            "`newest` of `software` does not say by what",
        ),
        (
            &format!("{PROFILE}  newest: {{by: id, of: t}}\n"),
            "TP0008",
            4,
            "rows of `devices` are compared by `device_id`",
        ),
        ("alerts: [\n", "TP0004", 1, ""),
    ] {
        let told = told(text);
        assert!(
            told.iter().any(|told| told.0 == code && told.1 == line && told.2.starts_with(message)),
            "{text}: {told:?}"
        );
    }
    let twice = told(&PROFILE.replace("name:", "nmae:").replace("from:", "form:"));
    assert!(twice.len() >= 3, "all of it is told: {twice:?}");
}

#[test]
fn a_source_that_is_none_is_refused() {
    for (source, message) in [
        ("defender-exports", "there is no source `defender-exports`"),
        ("scanner.yaml", "there is no profile `scanner.yaml`"),
    ] {
        let (_, said) = failed(source, &[DEVICES]);
        assert_eq!(said.len(), 1, "{said:?}");
        assert_eq!((said[0]["code"].as_str(), said[0]["line"].as_u64()), (Some("TP0421"), Some(2)));
        assert_eq!(said[0]["message"], message);
    }
}

#[test]
fn a_profile_lies_beside_the_tables_or_in_the_content() {
    for (source, place, sound) in [
        ("p.yaml", "content/snapshots/1/p.yaml", true),
        ("content/scanners/p.yaml", "content/scanners/p.yaml", true),
        ("p.yaml", "p.yaml", false),
        ("../../../../p.yaml", "../p.yaml", false),
    ] {
        let outer = site_of(source, &[DEVICES]);
        let home = outer.path().join("site");
        std::fs::create_dir(&home).unwrap();
        for part in ["content", "threatpress.yaml"] {
            std::fs::rename(outer.path().join(part), home.join(part)).unwrap();
        }
        put(&home, place, PROFILE.as_bytes());
        let output = build(&home, &[]);
        assert_eq!(output.status.success(), sound, "{place}: {}", String::from_utf8_lossy(&output.stderr));
        if !sound {
            let said = messages(&output);
            assert_eq!(said.len(), 1, "{said:?}");
            assert!(said[0]["message"].as_str().unwrap().contains("lies outside"), "{said:?}");
        }
    }
}
