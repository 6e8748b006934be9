//! A site with a stranger's string in every field.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::knowledge;
use super::marks::Marked;

/// How many fields a string goes through: 22 of front matter and configuration, 28 of knowledge, 27 of
/// tables, 20 places of Markdown.
pub(super) const FIELDS: usize = 97;

/// Writes a site with a device, an alert and an incident for each string, and a report and a page for
/// each four.
pub(super) fn write(root: &Path, marked: &Marked) {
    fs::create_dir_all(root.join("content/snapshots/1")).unwrap();
    fs::create_dir_all(root.join("content/reports")).unwrap();
    fs::create_dir_all(root.join("content/pages")).unwrap();
    put(root, "threatpress.yaml", &configuration(marked));
    for number in 0..marked.len().div_ceil(4) {
        for (place, text) in [("reports/r", report(marked, number)), ("pages/p", page(marked, number))] {
            put(root, &format!("content/{place}{number}/index.md"), &text);
            put(root, &format!("content/{place}{number}/a.svg"), SVG);
            put(root, &format!("content/{place}{number}/i.csv"), &indicators(marked, number));
        }
    }
    knowledge::write(root, marked);
    put(root, "content/snapshots/1/snapshot.yaml", "as_of: 2026-11-16T06:00:00Z\n");
    for (table, header, row) in TABLES {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(header).unwrap();
        for number in 0..marked.len() {
            writer.write_record(row(marked, number)).unwrap();
        }
        fs::write(root.join(format!("content/snapshots/1/{table}.csv")), writer.into_inner().unwrap()).unwrap();
    }
}

const SVG: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" width="8" height="4"/>"#;

pub(super) fn put(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// JSON is YAML, but for the DEL and C1 characters, which YAML wants escaped.
fn yaml(value: &Value) -> String {
    let text = value.to_string();
    text.chars().fold(String::new(), |mut out, c| {
        if matches!(c, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') {
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            out.push(c);
        }
        out
    })
}

fn configuration(marked: &Marked) -> String {
    yaml(&json!({
        "title": marked.names::<4>(0), "base_url": "https://t.example/", "device_rows": 100_000, "download_rows": 100_000,
        "links": {"device": "https://security.example/{id}", "incident": "https://security.example/i/{id}"},
        "roles": {"soc": {"title": marked.names::<4>(1), "groups": "all", "clearance": "red"}},
    }))
}

fn report(marked: &Marked, number: usize) -> String {
    let mut field = number;
    let mut next = || {
        field += 1;
        field
    };
    // One report, the first, is the one that all rows of the snapshot are about.
    let tracked = number == 0;
    let configurations: Vec<Value> =
        if tracked { (0..marked.len()).map(|n| json!(format!("scid-{n}"))).collect() } else { Vec::new() };
    let front = json!({
        "title": marked.names::<4>(number), "type": "activity", "summary": marked.four(next()),
        "published": "2026-11-02", "tlp": "clear",
        "authors": [marked.names::<4>(next())], "tags": pairs(marked, "t", next()),
        "aliases": [marked.names::<4>(next())], "actors": pairs(marked, "a", next()),
        "malware": pairs(marked, "m", next()), "sectors": [marked.names::<4>(next())],
        "attack_surfaces": pairs(marked, "s", next()), "regions": [marked.names::<4>(next())],
        "techniques": [format!("T{}", 1000 + number)],
        "vulnerabilities": [format!("CVE-2026-{}", 1000 + number)],
        "configurations": configurations,
        "alerts": {"detectors": if tracked { json!(["d"]) } else { json!([]) }},
        "detections": [{"name": marked.four(next()), "product": marked.four(next())}],
        "mitigations": [{"action": marked.four(next()), "owner": marked.four(next())}],
        "references": [{"title": marked.four(next()), "url": "https://a.example/"}],
        "changes": [{"date": "2026-11-15", "summary": marked.four(next())}],
        "indicators": "i.csv",
    });
    format!("---\n{}\n---\n{}", yaml(&front), body(marked, next))
}

/// Names of which each has a page of its own; the letter keeps what is a formula elsewhere a name.
pub(super) fn pairs(marked: &Marked, letter: &str, number: usize) -> [String; 2] {
    [0, 1].map(|step| format!("{letter}{}", marked.names::<2>(2 * number + step)))
}

fn indicators(marked: &Marked, number: usize) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["type", "value", "description"]).unwrap();
    writer.write_record(["certificate", &plain(&marked.four(number + 31)), &marked.four(number + 32)]).unwrap();
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// What is defanged would not be found again.
fn plain(value: &str) -> String {
    if value.contains("://") { "x".to_owned() } else { value.to_owned() }
}

fn page(marked: &Marked, number: usize) -> String {
    let mut field = number + 40;
    let front = json!({"title": marked.names::<4>(number + 33), "tlp": "clear"});
    let next = || {
        field += 1;
        field
    };
    format!("---\n{}\n---\n{}", yaml(&front), body(marked, next))
}

/// A string in every place of Markdown that shows text.
fn body(marked: &Marked, mut next: impl FnMut() -> usize) -> String {
    let mut text = || quoted(&marked.four(next()));
    let headings = format!("## {}\n\n### {}\n\n", text(), text());
    let inline = format!("{}\n\n*{}* **x{}** ~~x{}~~\n\n", text(), text(), text(), text());
    let link = format!("[x{}](https://a.example/ \"{}\")\n\n", text(), text());
    let lists = format!("* {}\n* [ ] {}\n\n> {}\n\n> [!NOTE]\n> {}\n\n", text(), text(), text(), text());
    let table = format!("| {} | b |\n|---|---|\n| {} | c |\n\n", text(), text());
    let image = format!("![{}](a.svg \"{}\")\n\nx ![{}](a.svg)\n\n", text(), text(), text());
    let note = format!("x[^1]\n\n[^1]: {}\n\n", text());
    let code = without(marked, next(), &['\r']);
    let inline_code = without(marked, next(), &['\r', '\n', '`', '|']);
    format!(
        "{headings}{inline}{link}{lists}{table}{image}{note}`` x {inline_code} ``\n\n~~~~~~~~kql\n{code}\n~~~~~~~~\n"
    )
}

/// Four values, but for those with one of these signs: in code nothing can be quoted.
fn without(marked: &Marked, number: usize, signs: &[char]) -> String {
    let values = (0..4).map(|step| marked.value(4 * number + step));
    values.filter(|value| !value.contains(signs)).collect::<Vec<_>>().join(" ")
}

/// A string so that Markdown reads it as text, on one line.
fn quoted(value: &str) -> String {
    let mut out = String::new();
    for c in value.trim_start().chars() {
        match c {
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\t' => out.push_str("&#9;"),
            c if c.is_ascii_punctuation() => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

type Row = fn(&Marked, usize) -> Vec<String>;

/// Every table of a snapshot, with a string in each of its columns of text.
const TABLES: [(&str, &[&str], Row); 9] = [
    (
        "devices",
        &["device_id", "name", "device_group", "os", "os_version", "onboarding", "health", "last_seen", "criticality"],
        |marked, n| {
            let group = format!("g{}", marked.names::<2>(n / 2 + 1));
            vec![
                marked.value(n),
                marked.value(n + 2),
                group,
                marked.value(n + 3),
                marked.value(n + 4),
                "onboarded".to_owned(),
                "active".to_owned(),
                "2026-11-16".to_owned(),
                marked.value(n + 5),
            ]
        },
    ),
    (
        "vulnerabilities",
        &["device_id", "cve_id", "severity", "vendor", "product", "version", "update_id", "update_name", "status"],
        |marked, n| {
            let product = marked.value(n + 7);
            vec![
                marked.value(n),
                "CVE-2026-1000".to_owned(),
                "high".to_owned(),
                marked.value(n + 6),
                product,
                marked.value(n + 8),
                marked.value(n + 9),
                marked.value(n + 10),
                "exposed".to_owned(),
            ]
        },
    ),
    ("configurations", &["device_id", "configuration_id", "applicable", "compliant"], |marked, n| {
        vec![marked.value(n), format!("scid-{n}"), "true".to_owned(), "false".to_owned()]
    }),
    (
        "configuration_catalog",
        &["configuration_id", "name", "category", "subcategory", "impact", "remediation"],
        |marked, n| {
            let mut row = vec![format!("scid-{n}")];
            row.extend([11, 12, 13].map(|field| marked.value(n + field)));
            row.extend(["5".to_owned(), marked.value(n + 14)]);
            row
        },
    ),
    ("software", &["device_id", "vendor", "product", "version"], |marked, n| {
        [n, n + 6, n + 7, n + 8].map(|number| marked.value(number)).to_vec()
    }),
    ("affected_software", &["cve_id", "vendor", "product"], |marked, n| {
        vec!["CVE-2026-1000".to_owned(), marked.value(n + 6), marked.value(n + 7)]
    }),
    (
        "alerts",
        &[
            "alert_id",
            "title",
            "status",
            "created",
            "device_id",
            "incident_id",
            "severity",
            "detector_id",
            "actor",
            "threat_family",
        ],
        |marked, n| {
            let mut row = vec![marked.value(n + 15), marked.value(n + 16)];
            row.extend(["new", "2026-11-15T00:00:00Z"].map(str::to_owned));
            row.extend([marked.value(n), marked.value(n + 17)]);
            row.extend(["high", "d"].map(str::to_owned));
            row.extend([marked.value(n + 18), marked.value(n + 19)]);
            row
        },
    ),
    ("alert_devices", &["alert_id", "device_id"], |marked, n| vec![marked.value(n + 15), marked.value(n)]),
    ("incidents", &["incident_id", "title", "status", "severity"], |marked, n| {
        vec![marked.value(n + 17), marked.value(n + 20), "active".to_owned(), "high".to_owned()]
    }),
];
