//! Sites to be served: a small one of two roles, and the repository's sample.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::bench::home;
use crate::png::grey;

/// Its groups exercise every way in which an id has to be encoded.
const CONFIGURATION: &str = r#"
title: T
base_url: https://threats.example/
roles:
  soc: {title: SOC, groups: all, clearance: red, sign_in_groups: [g-soc]}
  emea:
    title: EMEA
    groups: [Zürich]
    clearance: amber
    base_url: https://emea.threats.example/
    sign_in_groups: ["Zürich R&D (EMEA) +1/a=b@c:~", g-emea]
"#;

/// A site with its builds. Both are gone when it is dropped.
pub(crate) struct Portal {
    home: TempDir,
    site: PathBuf,
}

impl Portal {
    /// Two roles: the second has neither the red report nor the group `APAC`, and alone has one
    /// report that is meant for it.
    pub(crate) fn small() -> Portal {
        let home = home();
        let site = home.path().join("site");
        let portal = Portal { home, site };
        portal.put("threatpress.yaml", CONFIGURATION);
        portal.put("content/reports/open/index.md", &report("Open", "tlp: amber", "![dot](dot.png)"));
        fs::write(portal.site.join("content/reports/open/dot.png"), grey(1, 1, 0, &[])).unwrap();
        portal.put("content/reports/secret.md", &report("Secret", "tlp: red\nactors: [Hidden Otter]", "For the SOC."));
        portal.put("content/reports/local.md", &report("Local", "tlp: amber\naudience: [emea]", "For EMEA."));
        portal.put("content/snapshots/1/snapshot.yaml", "as_of: 2026-11-16T06:00:00Z\n");
        portal.devices(12);
        portal.build();
        portal
    }

    /// The sample site of the repository.
    pub(crate) fn sample() -> Portal {
        let portal = Portal { home: home(), site: PathBuf::from(env!("CARGO_MANIFEST_DIR")) };
        portal.build();
        portal
    }

    /// So many devices in the group of the second role; with two digits, pages keep their size.
    pub(crate) fn devices(&self, count: usize) {
        let rows: String = (0..count).map(|at| format!("d{at},device {at},Zürich\n")).collect();
        self.put("content/snapshots/1/devices.csv", &format!("device_id,name,device_group\n{rows}s1,other,APAC\n"));
    }

    pub(crate) fn put(&self, path: &str, text: &str) {
        let path = self.site.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn build(&self) {
        let done = self.run(&["build", "--out", self.root().to_str().unwrap()]);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    /// Runs the command on this site.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_threatpress"));
        command.args(arguments).arg("--site").arg(&self.site).output().unwrap()
    }

    /// Where the builds stand.
    pub(crate) fn root(&self) -> PathBuf {
        self.home.path().join("builds")
    }

    /// The roles, as the configuration has them.
    pub(crate) fn roles(&self) -> Vec<Reader> {
        let text = fs::read_to_string(self.site.join("threatpress.yaml")).unwrap();
        let done = self.run(&["list", "roles", "--format", "json"]);
        let listed = String::from_utf8(done.stdout).unwrap();
        let names = listed.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        names.map(|role| Reader::of(&text, role["name"].as_str().unwrap(), role["clearance"] == "red")).collect()
    }
}

/// Somebody with a role: where they read, and the group that lets them in.
#[derive(Clone, Debug)]
pub(crate) struct Reader {
    pub(crate) role: String,
    pub(crate) host: String,
    pub(crate) group: String,
    pub(crate) red: bool,
}

impl Reader {
    /// Taken from the file as text: what the program reads of it is not asked.
    fn of(configuration: &str, role: &str, red: bool) -> Reader {
        let start = configuration.find(&format!("\n  {role}:")).unwrap();
        let rest = &configuration[start + 1..];
        let end = rest.match_indices("\n  ").find(|(at, _)| !rest[at + 3..].starts_with([' ', '#'])).map(|(at, _)| at);
        let entry = &rest[..end.unwrap_or(rest.len())];
        let host = |text: &str| Some(text.split_once("base_url: https://")?.1.split('/').next()?.to_owned());
        let host = host(entry).or_else(|| host(configuration)).unwrap();
        let groups = entry.split_once("sign_in_groups:").unwrap().1;
        let words = groups.split(|c: char| "[]},\n\"".contains(c)).map(|word| word.trim().trim_start_matches("- "));
        let group = words.into_iter().find(|word| !word.is_empty() && !word.starts_with('#'));
        Reader { role: role.to_owned(), host, group: group.unwrap().to_owned(), red }
    }
}

fn report(title: &str, keys: &str, text: &str) -> String {
    format!(
        "---\ntitle: {title}\ntype: activity\nsummary: S\npublished: 2026-11-02\n{keys}\n---\n## Executive summary\n\n:figure[devices.total] devices. {text}\n",
    )
}
