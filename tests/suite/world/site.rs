//! Writes a site to a directory: threatpress.yaml, the reports, the snapshots.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::png::grey;

use super::files::{Layout, write_table};
use super::{Config, Groups, Guide, Indicator, Report, ReportFile, Role, ScopeBlock, Selectors, Tracked, World};

/// Writes the whole site under `dir`, its tables as `layout` says.
pub(crate) fn write_site(world: &World, layout: &Layout, dir: &Path) {
    fs::create_dir_all(dir.join("content/reports")).unwrap();
    fs::create_dir_all(dir.join("content/snapshots")).unwrap();
    fs::write(dir.join("threatpress.yaml"), config_text(&world.config)).unwrap();
    for report in &world.reports {
        write_report(report, &dir.join("content/reports"));
    }
    fs::create_dir_all(dir.join("content/pages")).unwrap();
    for guide in &world.guides {
        fs::write(dir.join(format!("content/pages/{}.md", guide.name)), guide_text(guide)).unwrap();
    }
    world.knowledge.write(&dir.join("content/knowledge"));
    for (age, snapshot) in world.snapshots.iter().enumerate() {
        // A directory's name says nothing: only `as_of` orders the snapshots.
        let home = dir.join(format!("content/snapshots/{}-{age}", &snapshot.as_of[..10]));
        fs::create_dir_all(&home).unwrap();
        let yaml = format!("as_of: {}\nsource: native\n", snapshot.as_of);
        fs::write(home.join("snapshot.yaml"), yaml).unwrap();
        for (at, (name, table)) in snapshot.tables().into_iter().enumerate() {
            write_table(name, table, layout.of_table(age, at), &home);
        }
    }
}

/// A YAML scalar. JSON's strings are YAML's double-quoted ones.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

fn list(values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
    format!("[{}]", values.join(", "))
}

fn config_text(config: &Config) -> String {
    let mut yaml =
        String::from("title: Contoso threat portal\nbase_url: https://threats.contoso.example/\nlanguage: en\n");
    if let Some(tlp) = &config.default_tlp {
        writeln!(yaml, "default_tlp: {}", quoted(tlp)).unwrap();
    }
    if let Some(days) = config.freshness_days {
        writeln!(yaml, "freshness_days: {days}").unwrap();
    }
    if let Some(days) = config.trend_days {
        writeln!(yaml, "trend_days: {days}").unwrap();
    }
    if let Some(ids) = &config.antivirus_configurations {
        writeln!(yaml, "antivirus_configurations: {}", list(ids)).unwrap();
    }
    if !config.group_ranks.is_empty() {
        writeln!(yaml, "group_ranks: {}", list(&config.group_ranks)).unwrap();
    }
    yaml.push_str("roles:\n");
    for role in &config.roles {
        yaml.push_str(&role_text(role));
    }
    yaml
}

fn role_text(role: &Role) -> String {
    let mut yaml = format!("  {}:\n    title: {}\n", role.name, quoted(&role.name.to_uppercase()));
    writeln!(yaml, "    sign_in_groups: [{}]", sign_in_group(&role.name)).unwrap();
    match &role.groups {
        Groups::All => yaml.push_str("    groups: all\n"),
        Groups::Listed(names) => writeln!(yaml, "    groups: {}", list(names)).unwrap(),
        Groups::LeftOut => {}
    }
    if let Some(clearance) = &role.clearance {
        writeln!(yaml, "    clearance: {}", quoted(clearance)).unwrap();
    }
    yaml
}

/// The sign-in group of a role: a word that stands nowhere else.
pub(crate) fn sign_in_group(role: &str) -> String {
    format!("sign-in-7d1f-{role}")
}

fn write_report(report: &Report, home: &Path) {
    let path = match report.file {
        ReportFile::Flat => home.join(format!("{}.md", report.slug)),
        ReportFile::Folder => home.join(&report.slug).join("index.md"),
        ReportFile::SaidInside => home.join(format!("file-of-{}.md", report.slug)),
    };
    let beside = path.parent().unwrap();
    fs::create_dir_all(beside).unwrap();
    if matches!(report.file, ReportFile::Folder) {
        for image in &report.images {
            fs::write(beside.join(&image.name), grey(1, 1, image.grey, &[])).unwrap();
        }
    }
    fs::write(path, report_text(report)).unwrap();
}

fn guide_text(guide: &Guide) -> String {
    let mut front = format!("title: {}\n", quoted(&guide.title));
    let keys = [
        ("tlp", guide.tlp.as_deref().map(quoted)),
        ("audience", guide.audience.as_deref().map(list)),
        ("draft", guide.draft.map(|draft| draft.to_string())),
        ("publish_at", guide.publish_at.clone()),
    ];
    for (name, value) in keys {
        if let Some(value) = value {
            writeln!(front, "{name}: {value}").unwrap();
        }
    }
    let block = guide.hidden.as_ref().map_or(String::new(), block_text);
    format!("---\n{front}---\n\n{}\n\n{block}", guide.text)
}

fn report_text(report: &Report) -> String {
    let mut front = vec![
        format!("title: {}", quoted(&report.title)),
        format!("type: {}", report.kind),
        "summary: One paragraph a manager can act on.".to_owned(),
        format!("published: {}", report.published),
    ];
    let mut key = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            front.push(format!("{name}: {value}"));
        }
    };
    key("updated", report.updated.clone());
    key("severity", report.severity.clone());
    key("tlp", report.tlp.as_deref().map(quoted));
    key("audience", report.audience.as_deref().map(list));
    key("tags", report.tags.as_deref().map(list));
    key("vulnerabilities", report.vulnerabilities.as_deref().map(list));
    key("configurations", report.configurations.as_deref().map(tracked_text));
    key("alerts", report.alerts.as_ref().map(selectors_text));
    key("draft", report.draft.map(|draft| draft.to_string()));
    key("publish_at", report.publish_at.clone());
    for (name, values) in [
        ("aliases", &report.names.aliases),
        ("actors", &report.names.actors),
        ("malware", &report.names.malware),
        ("attack_surfaces", &report.names.attack_surfaces),
        ("techniques", &report.names.techniques),
    ] {
        key(name, (!values.is_empty()).then(|| list(values)));
    }
    key("changes", (!report.names.changes.is_empty()).then(|| changes_text(report)));
    key("indicators", (!report.indicators.is_empty()).then(|| indicators_text(&report.indicators)));
    if matches!(report.file, ReportFile::SaidInside) {
        key("slug", Some(quoted(&report.slug)));
    }
    if !report.redirects.is_empty() {
        key("redirects", Some(list(&report.redirects)));
    }
    let block = report.hidden.as_ref().map_or(String::new(), block_text);
    format!("---\n{}\n---\n\n{}\n\n{block}", front.join("\n"), report.text)
}

fn changes_text(report: &Report) -> String {
    let change = |summary: &String| format!("{{ date: {}, summary: {} }}", report.published, quoted(summary));
    format!("[{}]", report.names.changes.iter().map(change).collect::<Vec<_>>().join(", "))
}

fn indicators_text(all: &[Indicator]) -> String {
    let entry = |indicator: &Indicator| {
        let tlp = indicator.tlp.as_deref().map_or(String::new(), |tlp| format!(", tlp: {}", quoted(tlp)));
        format!("{{ type: domain, value: {}{tlp} }}", quoted(&indicator.value))
    };
    format!("[{}]", all.iter().map(entry).collect::<Vec<_>>().join(", "))
}

fn tracked_text(all: &[Tracked]) -> String {
    let entries: Vec<String> = all
        .iter()
        .map(|entry| match &entry.name {
            Some(name) => format!("{{ id: {}, name: {} }}", quoted(&entry.id), quoted(name)),
            None => quoted(&entry.id),
        })
        .collect();
    format!("[{}]", entries.join(", "))
}

/// Empty lists are left out, so that a report without any selector is spelt `alerts: {}`.
fn selectors_text(selectors: &Selectors) -> String {
    let keys = [
        ("ids", &selectors.ids),
        ("titles", &selectors.titles),
        ("detectors", &selectors.detectors),
        ("families", &selectors.families),
        ("actors", &selectors.actors),
    ];
    let said = keys.iter().filter(|(_, values)| !values.is_empty());
    let said: Vec<String> = said.map(|(name, values)| format!("{name}: {}", list(values))).collect();
    format!("{{ {} }}", said.join(", "))
}

fn block_text(block: &ScopeBlock) -> String {
    let mut marker = String::from("::: scope");
    if !block.groups.is_empty() {
        write!(marker, " groups=\"{}\"", block.groups.join("; ")).unwrap();
    }
    if let Some(tlp) = &block.tlp {
        write!(marker, " tlp=\"{tlp}\"").unwrap();
    }
    format!("{marker}\n{}\n:::\n", block.text)
}
