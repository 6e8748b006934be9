//! Sites to prove: the sample of this repository, and a small one in which every rule of a slice
//! has something to cut.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::bench::home;

/// A site in a directory of its own.
pub(super) struct Site {
    home: TempDir,
}

impl Site {
    /// The sample site of this repository.
    pub(super) fn sample() -> Site {
        let site = Site { home: home() };
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        for part in ["threatpress.yaml", "content", "themes"] {
            for entry in walkdir::WalkDir::new(root.join(part)) {
                let entry = entry.unwrap();
                let to = site.path().join(entry.path().strip_prefix(root).unwrap());
                match entry.file_type().is_dir() {
                    true => fs::create_dir_all(to).unwrap(),
                    false => fs::write(to, fs::read(entry.path()).unwrap()).unwrap(),
                }
            }
        }
        site
    }

    /// A site whose every word with `hidden` in it, in any case, is outside the slice of the role
    /// `it`, and inside that of the role `everybody-hidden`.
    pub(super) fn small() -> Site {
        let site = Site { home: home() };
        for (path, text) in FILES {
            site.write(path, text);
        }
        for image in ["shown.png", "hidden.png", "hidden-too.png"] {
            let bytes = crate::png::grey(1, 1, 7, &[]);
            fs::write(site.path().join("content/reports/storm").join(image), bytes).unwrap();
        }
        site
    }

    pub(super) fn path(&self) -> &Path {
        self.home.path()
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

const FILES: [(&str, &str); 24] = [
    (
        "threatpress.yaml",
        r#"# A comment about hidden things.
title: Portal
base_url: https://t.example/
default_tlp: green
trend_days: 3
group_ranks: [Alpha, "Hidden Group", ungrouped]
links: { device: "https://security.example/{id}" }
theme: plain
roles:
  it:
    groups: [Alpha, "  Beta ", Nowhere, no-device]
    clearance: amber
    sign_in_groups: [hidden-sign-in]
  everybody-hidden: { groups: all, clearance: red }
"#,
    ),
    ("themes/plain/theme.yaml", "name: Plain\n"),
    ("themes/plain/static/plain.css", "p { margin: 0 }\n"),
    ("themes/plain/.hidden", "hidden"),
    ("content/pages/how.md", "---\ntitle: How\ntlp: clear\naudience: [it, everybody-hidden]\n---\nRead. T1059.001\n"),
    ("content/pages/hidden.md", "---\ntitle: Hidden page\ntlp: red\n---\nT1003\n"),
    (
        "content/reports/storm/index.md",
        r#"---
title: "Storm: \"over\" — Öst"
type: activity
summary: |
  Two
  lines.
published: 2026-11-02
updated: 2026-11-10T06:00:00+01:00
audience: [it, everybody-hidden]
publish_at: 2026-11-01
draft: false
vulnerabilities: [cve-2025-0001]
configurations: [{id: SCID-1, name: ~}, scid-2]
alerts: { titles: [storm alert], ids: [al-1] }
indicators: list.csv
techniques: [T1190]
redirects: [old-storm]
# hidden comment
---
Seen by all, CVE-2025-0002 and T1059.001.

::: scope groups="Alpha; Beta"
Both groups. ![shown](shown.png)

::: scope groups="Hidden Group"
hidden inside ![hidden](hidden.png) CVE-2025-9999 T1003
:::
:::
::: scope groups="Nowhere"
hidden: nobody is in that group
:::
::: scope groups="no-device" tlp="red"
hidden: too red [x]: https://hidden.example/
:::
::: scope groups="no-device"
A pseudo-group.
:::

```text
::: scope groups="Alpha"
:::
```
"#,
    ),
    (
        "content/reports/storm/list.csv",
        "TYPE, value ,description,tlp\ndomain,a.example,\"one, two\",\ndomain,hidden.example,,red\nipv4,192.0.2.1,,amber\n",
    ),
    (
        "content/reports/inline.md",
        r#"---
title: Inline
slug: said-inside
type: tool
summary: s
published: 2026-11-03
severity: high
indicators:
  - { type: domain, value: b.example }
  - { type: domain, value: hidden.example, tlp: RED }
changes: [{ date: 2026-11-03, summary: first }]
---
Text.
"#,
    ),
    (
        "content/reports/hidden.md",
        "---\ntitle: Hidden report\ntype: actor\nsummary: s\npublished: 2026-11-03\naudience: [everybody-hidden]\nvulnerabilities: [CVE-2025-9999]\n---\nT1003\n",
    ),
    (
        "content/reports/later.md",
        "---\ntitle: Hidden until later\ntype: tool\nsummary: s\npublished: 2026-11-03\npublish_at: 2026-11-17\n---\n",
    ),
    (
        "content/reports/draft.md",
        "---\ntitle: Hidden draft\ntype: tool\nsummary: s\npublished: 2026-11-03\ndraft: true\n---\n",
    ),
    (
        "content/knowledge/attack.json",
        r#"{"attack_version":"18.1","notice":"n",
"tactics":[{"id":"TA0001","shortname":"initial-access","name":"Initial Access","order":7},
{"id":"TA0006","shortname":"hidden-tactic","name":"Hidden","order":1},
{"id":"TA0002","shortname":"execution","name":"Execution","order":9}],
"techniques":[{"id":"T1190","name":"Exploit","tactics":["initial-access"]},
{"id":"T1059","name":"Interpreter","tactics":["execution"]},
{"id":"T1059.001","name":"PowerShell","tactics":["execution"],"deprecated":true},
{"id":"T1003","name":"Hidden technique","tactics":["hidden-tactic"]}]}"#,
    ),
    ("content/snapshots/hidden-name/snapshot.yaml", "as_of: 2026-11-09T06:00:00Z\n"),
    // In the older snapshot `mover` is in Alpha, now it is hidden; `comer` the other way round.
    (
        "content/snapshots/hidden-name/devices.csv",
        "device_id,name,device_group,last_seen\nmover,MOVER,Alpha,2026-11-09\ncomer,HIDDEN-THEN,Hidden Group,2026-11-09\n",
    ),
    (
        "content/snapshots/hidden-name/vulnerabilities.csv",
        "device_id,cve_id,status\nmover,CVE-2025-0001,exposed\ncomer,CVE-2025-0001,exposed\ncomer,CVE-2025-7777,patched\n",
    ),
    ("content/snapshots/now/snapshot.yaml", "as_of: 2026-11-16T06:00:00Z\nsource: native\n"),
    (
        "content/snapshots/now/devices.csv",
        "device_id,name,device_group,last_seen,health\n\
         d1,ONE, Alpha ,2026-11-16,active\n\
         D2 ,\"TWO, too\",Beta,2026-11-16,\n\
         twice,TWICE,Alpha,2026-11-15,\n\
         Twice,HIDDEN-TWICE,Hidden Group,2026-11-16,\n\
         turned,TURNED-HIDDEN,Hidden Group,2026-11-16,\n\
         turned,BAD-HIDDEN,Alpha,last Tuesday,\n\
         comer,COMER,Alpha,2026-11-16,\n\
         mover,HIDDEN-NOW,Hidden Group,2026-11-16,\n\
         hidden-1,HIDDEN-1,None,2026-11-16,\n",
    ),
    (
        "content/snapshots/now/vulnerabilities.csv",
        "device_id,cve_id,severity,status,update_id,update_name,vendor\n\
         d1,cve-2025-0001,high,exposed,KB1,November,Contoso\n\
         d2,CVE-2025-0001,low,patched,,,\n\
         mover,CVE-2025-0001,critical,exposed,KB1,Hidden update,\n\
         twice,,,,,,Contoso\n\
         hidden-1,CVE-2025-8888,critical,exposed,KB2-hidden,,\n\
         unknown-hidden,CVE-2025-0001,critical,exposed,,,\n",
    ),
    (
        "content/snapshots/now/configurations.csv",
        "device_id,configuration_id,applicable,compliant,at\n\
         d1,scid-1,,no,2026-11-16\nd1,scid-1,,yes,hidden day\nD2,SCID-1,yes,yes,\nmover,scid-hidden,,no,\ncomer,scid-3,,no,\n",
    ),
    (
        "content/snapshots/now/configuration_catalog.csv",
        "configuration_id,name,impact\nSCID-1,One,7.5\nscid-3,Three,2\nscid-hidden,Hidden name,9\n",
    ),
    (
        "content/snapshots/now/alerts.csv",
        "alert_id,title,status,created,device_id,incident_id,severity,techniques\n\
         al-1,Shared by both,new,2026-11-15,d1,inc-1,high,T1059.001\n\
         al-1,Shared by both,New,2026-11-15,mover,inc-1,high,T1059.001\n\
         al-2,Storm alert,new,2026-11-15,hidden-1,inc-hidden,high,T1003\n\
         al-3,Storm alert,new,2026-11-15,,inc-3,low,\n\
         al-4,Storm alert,resolved,2026-11-14,HIDDEN-9,inc-4-hidden,low,\n\
         al-5,Storm alert,new,2026-11-15,hidden-1,inc-1,medium,\n\
         al-6,Storm alert,new,,d1,inc-6-hidden,medium,\n\
         al-6,Storm alert,new,2026-11-15,hidden-1,inc-6-hidden,medium,\n",
    ),
    ("content/snapshots/now/alert_devices.csv", "alert_id,device_id\nal-5,D2\nal-5,hidden-1\nal-9-hidden,d1\n,d1\n"),
    (
        "content/snapshots/now/incidents.csv",
        "incident_id,title,status,severity,redirect_to\n\
         inc-1,Hidden: on 3 endpoints,redirected,high,inc-2\n\
         inc-2,Hidden target,active,low,\n\
         inc-hidden,Hidden,active,low,\n",
    ),
];
