//! The rest of a bench site: synthetic reports and a `threatpress.yaml` with the one role `all`.

use crate::Fault;
use crate::bulk::{Plan, alert_title, configuration_id, configuration_pool, cve_id, cve_pool};
use crate::dice::Dice;
use crate::weeks::{DAY, date, day_text};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

const CONFIG: &str = "\
title: Bench threat portal
base_url: https://bench.contoso.example/
language: en
theme: default
snapshots: content/snapshots
default_tlp: amber
roles:
  all:
    title: Everything
    groups: all
    clearance: red
";

const TYPES: [&str; 7] = ["activity", "actor", "core-threat", "technique", "tool", "vulnerability", "osint"];

const SENTENCES: [&str; 8] = [
    "The intrusion began on a server that faced the internet and had missed two update cycles.",
    "Within the hour the operators had a scheduled task, a renamed tunnel and a service account.",
    "They moved with tools that were already there, which kept the first alerts at low severity.",
    "Nothing was encrypted where tamper protection was on and the rule for lsass was set to block.",
    "The same infrastructure was seen twice before, each time a few days ahead of an extortion note.",
    "Responders isolated the first host, rotated the keys and kept the second one under watch.",
    "Most of the noise comes from one management tool; the query below leaves it out.",
    "The advice is ordered by what it prevents, not by how easily it is done.",
];

/// Writes the configuration and the reports of a site.
pub(crate) fn write(dir: &Path, plan: &Plan) -> Result<(), Fault> {
    let reports = dir.join("content/reports");
    fs::create_dir_all(&reports)?;
    fs::write(dir.join("threatpress.yaml"), CONFIG)?;
    for number in 1..=plan.reports {
        let text = report(plan, number)?;
        fs::write(reports.join(format!("bench-threat-{number:04}.md")), text)?;
    }
    Ok(())
}

fn report(plan: &Plan, number: u64) -> Result<String, Fault> {
    let mut dice = Dice::of(plan.seed, "report", number, 0);
    let kind = TYPES[number as usize % TYPES.len()];
    let published = date(1, 5) + dice.between(0, 300) * DAY;
    let updated = (published + dice.between(0, 60) * DAY).min(date(11, 15));
    let cves: BTreeSet<String> = (0..3).map(|_| cve_id(dice.skewed(cve_pool(plan)))).collect();
    let settings: BTreeSet<String> = (0..3).map(|_| configuration_id(dice.skewed(configuration_pool(plan)))).collect();
    let listed = |ids: BTreeSet<String>| ids.into_iter().collect::<Vec<_>>().join(", ");
    let (cves, settings) = (listed(cves), listed(settings));
    let severity = dice.pick(&["critical", "high", "high", "medium", "low"]);
    let tlp = dice.pick(&["clear", "green", "amber", "amber+strict", "red"]);
    let (actor, tag) = (dice.below(60), dice.below(40));
    let technique = dice.pick(&["T1190", "T1059.001", "T1486", "T1566.001", "T1003.001", "T1021.002"]);
    let (from, to) = (day_text(published), day_text(updated));
    let title = alert_title(number);
    let mut text = format!(
        "---\ntitle: Bench threat {number:04}\ntype: {kind}\nsummary: {}\npublished: {from}\nupdated: {to}\n\
         severity: {severity}\ntlp: {tlp}\ntags: [bench, tag-{tag:02}]\nactors: [Bench actor {actor:02}]\n\
         techniques: [T1078, {technique}]\nvulnerabilities: [{cves}]\nconfigurations: [{settings}]\n\
         alerts:\n  titles: [{title}]\nmitigations:\n  - {{ action: Rotate the service accounts, owner: Identity team }}\n\
         references:\n  - {{ title: A public analysis, url: https://example.org/{number:04}, accessed: {to} }}\n---\n",
        dice.pick(&SENTENCES)
    );
    for heading in ["What happened", "How it works", "What to do"] {
        write!(text, "\n## {heading}\n")?;
        for _ in 0..3 {
            text.push('\n');
            for _ in 0..4 {
                writeln!(text, "{}", dice.pick(&SENTENCES))?;
            }
        }
    }
    text.push_str(
        "\n:figure[devices.exposed] devices are exposed today.\n\n\
         | Stage | Seen | Note |\n|---|---|---|\n| Initial access | yes | T1190 |\n| Impact | no | T1486 |\n\n\
         ```kql\nDeviceProcessEvents\n| where Timestamp > ago(7d)\n\
         | where InitiatingProcessFileName =~ \"w3wp.exe\"\n| summarize count() by DeviceName\n```\n",
    );
    Ok(text)
}
