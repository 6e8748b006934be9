//! A role that shrinks keeps nothing of its wider build.

use std::path::Path;

use super::{build, home, put, succeed};
use crate::bench::{first_difference, tree};

const REPORTS: [(&str, &str, &str); 4] = [
    ("open", "tlp: clear", ""),
    ("secret", "tlp: red", ""),
    ("ours", "tlp: clear\naudience: [team]", ""),
    ("blocks", "tlp: clear", "::: scope groups=\"APAC\"\nOnly there.\n:::\n"),
];

fn write(site: &Path, team: &str, audience: &str) {
    let roles = format!("roles:\n  team: {team}\n  other: {{groups: all, clearance: red}}\n");
    put(site, "threatpress.yaml", &format!("title: T\nbase_url: https://t.example/\n{roles}"));
    for (slug, tlp, text) in REPORTS {
        let tlp = tlp.replace("[team]", audience);
        let head = format!("title: {slug}\ntype: activity\nsummary: S\npublished: 2026-11-02\n{tlp}");
        let tracked = "vulnerabilities: [CVE-2025-53770]\ntags: [x]\nactors: [Storm]";
        put(site, &format!("content/reports/{slug}.md"), &format!("---\n{head}\n{tracked}\n---\n{text}Text.\n"));
    }
    put(site, "content/snapshots/1/snapshot.yaml", "as_of: 2026-11-16T06:00:00Z\n");
    put(site, "content/snapshots/1/devices.csv", "device_id,name,device_group\nd1,one,EMEA\nd2,two,APAC\n");
    put(site, "content/snapshots/1/vulnerabilities.csv", "device_id,cve_id\nd1,CVE-2025-53770\nd2,CVE-2025-53770\n");
}

const WIDE: &str = "{groups: all, clearance: red}";

#[test]
fn nothing_is_left_of_a_wider_build() {
    let narrowed = [
        ("{groups: [EMEA], clearance: red}", "[team]"),
        ("{groups: [], clearance: red}", "[team]"),
        ("{groups: all, clearance: clear}", "[team]"),
        (WIDE, "[other]"),
        ("{groups: [EMEA], clearance: clear}", "[other]"),
    ];
    for (team, audience) in narrowed {
        let home = home();
        let (site, out, clean) = (home.path().join("site"), home.path().join("out"), home.path().join("clean"));
        write(&site, WIDE, "[team]");
        succeed(&mut build(&site, &out));
        let wide = tree(&out.join("team"));
        write(&site, team, audience);
        succeed(&mut build(&site, &out));
        succeed(&mut build(&site, &clean));
        let (narrow, clean) = (tree(&out.join("team")), tree(&clean.join("team")));
        assert_ne!(wide, narrow, "{team} {audience} narrows nothing");
        assert_eq!(first_difference(&narrow, &clean), None, "{team} {audience}");
    }
}
