//! `threatpress list`

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Exit;
use super::args::{BuildFormat, ListArgs, Listed};
use super::console::{Console, counted, exit, exit_of, output};
use super::loaded;
use super::timings::Timings;
use crate::config::Role;
use crate::desk::Loaded;
use crate::diagnostics::{Diagnostics, quiet_json, visible};
use crate::report::Report;
use crate::scope::{Refusal, admits};
use crate::terms::GroupSelection;

pub(super) fn run(args: &ListArgs) -> Exit {
    let console = Console::new(args.format.into());
    let mut diagnostics = Diagnostics::new();
    let mut written = Exit::Done;
    let loaded = loaded::read(args.input.order(), &console, &mut Timings::start(), &mut diagnostics);
    if let Some(loaded) = loaded {
        let named: Vec<String> = args.role.iter().cloned().collect();
        let roles = loaded.roles(&named, &mut diagnostics);
        let lines = match args.what {
            Listed::Reports => reports(&loaded, &roles),
            Listed::Roles => self::roles(&loaded, &roles),
            Listed::Groups => groups(&loaded, &roles),
            Listed::Snapshots => snapshots(&loaded),
        };
        if exit(&diagnostics) != Exit::Usage {
            written = output(&text(&lines, args.format));
        }
    }
    if args.input.strict {
        diagnostics.escalate();
    }
    console.tell(&diagnostics);
    exit_of(written, &diagnostics)
}

/// A line of a list, in both forms.
struct Line {
    text: String,
    json: Value,
}

fn text(lines: &[Line], format: BuildFormat) -> String {
    let mut out = String::new();
    for line in lines {
        let _ = match format {
            BuildFormat::Text => writeln!(out, "{}", line.text),
            BuildFormat::Json => writeln!(out, "{}", quiet_json(&line.json.to_string())),
        };
    }
    out
}

fn admission(loaded: &Loaded, role: &Role, report: &Report) -> Result<(), Refusal> {
    admits(role, report.facts.tlp, &report.admission, loaded.as_of, loaded.drafts)
}

/// Each report, and for each role whether it is admitted, and why not.
fn reports(loaded: &Loaded, roles: &[&Role]) -> Vec<Line> {
    loaded
        .library
        .reports
        .iter()
        .map(|report| {
            let verdicts: Vec<(&Role, Result<(), Refusal>)> =
                roles.iter().map(|role| (*role, admission(loaded, role, report))).collect();
            let mut text = format!("{} ({}) {}", report.facts.slug, report.facts.tlp, visible(&report.facts.title));
            for (role, verdict) in &verdicts {
                let _ = match verdict {
                    Ok(()) => write!(text, "\n  {}: admitted", role.name),
                    Err(refusal) => write!(text, "\n  {}: refused, {refusal}", role.name),
                };
            }
            let roles: serde_json::Map<String, Value> = verdicts
                .iter()
                .map(|(role, verdict)| {
                    let refusal = verdict.err().map(|refusal| refusal.to_string());
                    (role.name.clone(), json!({"admitted": verdict.is_ok(), "refused": refusal}))
                })
                .collect();
            let json = json!({
                "slug": report.facts.slug, "title": report.facts.title, "tlp": report.facts.tlp.word(), "roles": roles,
            });
            Line { text, json }
        })
        .collect()
}

fn roles(loaded: &Loaded, roles: &[&Role]) -> Vec<Line> {
    roles
        .iter()
        .map(|role| {
            let groups = match &role.groups {
                GroupSelection::All => vec!["all".to_owned()],
                GroupSelection::Listed(names) => names.iter().cloned().collect(),
            };
            let admitted =
                loaded.library.reports.iter().filter(|report| admission(loaded, role, report).is_ok()).count();
            let shown = if groups.is_empty() {
                "no device group".to_owned()
            } else {
                groups.iter().map(|group| visible(group)).collect::<Vec<_>>().join(", ")
            };
            let text = format!("{} ({}): {}; {shown}", role.name, role.clearance, counted(admitted, "report"));
            let json = json!({
                "name": role.name, "title": role.title, "clearance": role.clearance.word(),
                "groups": groups, "reports": admitted,
            });
            Line { text, json }
        })
        .collect()
}

/// The device groups of the current snapshot, and who sees them.
fn groups(loaded: &Loaded, roles: &[&Role]) -> Vec<Line> {
    let current = loaded.fleets.last();
    current
        .iter()
        .flat_map(|fleet| &fleet.groups)
        .map(|group| {
            let seen: Vec<&str> =
                roles.iter().filter(|role| role.groups.has(&group.name)).map(|role| role.name.as_str()).collect();
            let devices = group.range.end - group.range.start;
            let shown = match seen.is_empty() {
                false => format!("seen by {}", seen.join(", ")),
                true if roles.len() < loaded.site.roles.len() => format!("not seen by {}", names(roles)),
                true => "seen by no role".to_owned(),
            };
            let text = format!("{}: {}; {shown}", visible(&group.name), counted(devices, "device"));
            Line { text, json: json!({"name": group.name, "devices": devices, "roles": seen}) }
        })
        .collect()
}

fn names(roles: &[&Role]) -> String {
    roles.iter().map(|role| role.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn snapshots(loaded: &Loaded) -> Vec<Line> {
    let last = loaded.fleets.len().saturating_sub(1);
    loaded
        .fleets
        .iter()
        .zip(&loaded.snapshots)
        .enumerate()
        .map(|(at, (fleet, snapshot))| {
            let (devices, alerts) = (fleet.devices.len(), fleet.alerts.len());
            let current = if at == last { " (current)" } else { "" };
            let taken = format!("{}, {}", counted(devices, "device"), counted(alerts, "alert"));
            let text = format!("{}{current}: {}, {taken}", snapshot.as_of, visible(&snapshot.shown));
            let json = json!({
                "directory": snapshot.shown, "as_of": snapshot.as_of.to_string(), "current": at == last,
                "devices": devices, "alerts": alerts,
            });
            Line { text, json }
        })
        .collect()
}
