//! About this build: what it covers, what it was made from, and what every number means.

use serde::Serialize;

use super::cell::{Cell, Part};
use super::number::counted;
use super::page::{Fact, Page};
use super::portal::Portal;
use super::route::Route;
use super::table::{Kind, Table, columns};
use super::{guide, sources};
use crate::scope::FleetSlice;
use crate::terms::Moment;

#[derive(Serialize)]
struct View {
    facts: Vec<Fact>,
    definitions: Vec<Section>,
    guides: Vec<Part>,
    notices: Vec<String>,
}

#[derive(Serialize)]
struct Section {
    id: &'static str,
    title: &'static str,
    terms: Vec<Term>,
}

#[derive(Serialize)]
struct Term {
    term: &'static str,
    meaning: String,
}

/// `/about/`.
pub(super) fn page(portal: &Portal) -> Page<'static> {
    let view = View {
        facts: facts(portal),
        definitions: definitions(portal),
        guides: guide::links(portal),
        notices: sources::notices(portal),
    };
    Page::new(Route::About, "about.html", "About this build", "about", &view)
        .tlp(portal.strictest())
        .under("Dashboard", &Route::Dashboard)
        .tables([snapshots(portal)])
        .tables(sources::table(portal))
}

fn facts(portal: &Portal) -> Vec<Fact> {
    let (ground, role) = (portal.ground, portal.ground.role());
    let groups = if role.sees_all {
        vec![Part::text("All device groups")]
    } else {
        role.groups.iter().map(|group| Part::linked(group, portal.group_link(group))).collect()
    };
    let attack =
        ground.knowledge().attack_version.as_ref().map(|version| Part::text(format!("MITRE ATT&CK {version}")));
    [
        Fact::new("Role", vec![Part::text(&role.title)]),
        Fact::new(
            "Device groups",
            if groups.is_empty() { vec![Part::text("None: the role sees no device")] } else { groups },
        ),
        Fact::new("Reads up to", vec![Part::tlp(role.clearance)]),
        Fact::new("Data as of", vec![Part::text(super::shown(Moment::Instant(ground.as_of())))]),
        Fact::new("A device is silent after", vec![Part::text(silence(portal))]),
        Fact::new("Techniques after", attack.into_iter().collect()),
        Fact::new("Made with", vec![Part::text(concat!("Threatpress ", env!("CARGO_PKG_VERSION")))]),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn snapshots(portal: &Portal) -> Table<'static> {
    let columns = columns([
        ("Snapshot", Kind::Date),
        ("Devices", Kind::Number),
        ("Vulnerabilities found", Kind::Number),
        ("Configurations assessed", Kind::Number),
        ("Alerts", Kind::Number),
        ("Software", Kind::Text),
        ("Incidents", Kind::Text),
    ]);
    Table::new("about/", "snapshots", "Snapshots, the newest first", columns)
        .rows(portal.ground.fleets().rev().map(snapshot))
        .empty("There is no snapshot of the device fleet: every count is not available.")
        .note("Only what stands in your device groups is counted, and of vulnerabilities and configurations only what your reports name. — means that the snapshot does not hold the table: nothing is known, which is not zero.")
}

fn snapshot(fleet: &FleetSlice) -> Vec<Cell> {
    let tables = fleet.tables;
    let held = |present: bool| if present { Cell::text("Held") } else { Cell::missing() };
    let count = |present: bool, count: usize| Cell::count(present.then_some(count as u64));
    vec![
        Cell::moment(Some(Moment::Instant(fleet.as_of))),
        count(true, fleet.devices.len()),
        count(tables.vulnerabilities, fleet.vulnerabilities.len()),
        count(tables.configurations, fleet.configurations.len()),
        count(tables.alerts, fleet.alerts.len()),
        held(tables.software),
        held(tables.incidents),
    ]
}

fn definitions(portal: &Portal) -> Vec<Section> {
    let section = |id, title, terms: Vec<(&'static str, String)>| Section {
        id,
        title,
        terms: terms.into_iter().map(|(term, meaning)| Term { term, meaning }).collect(),
    };
    let is_known = !sources::notices_of_vulnerabilities(portal).is_empty();
    let world = is_known.then(|| section("world", "What is known of a vulnerability", own(WORLD)));
    let first = vec![
        section("states", "Devices by state", states(&silence(portal))),
        section("alerts", "Alerts and incidents", own(ALERTS)),
        section("configuration", "Secure configuration", own(CONFIGURATION)),
        section("patching", "Vulnerability patching", own(PATCHING)),
        section("exposure", "Exposure level", own(EXPOSURE)),
    ];
    let then = vec![
        section("dashboard", "The dashboard", own(DASHBOARD)),
        section("narrowing", "From all devices to those in danger", own(NARROWING)),
        section("together", "Over several reports", own(TOGETHER)),
        section("techniques", "Techniques", own(TECHNIQUES)),
        section("history", "Over the snapshots", own(HISTORY)),
        section("worklists", "Worklists", own(WORKLISTS)),
        section("reading", "How to read a number", own(READING)),
    ];
    first.into_iter().chain(world).chain(then).collect()
}

fn own(terms: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    terms.iter().map(|(term, meaning)| (*term, (*meaning).to_owned())).collect()
}

/// How long a device may be silent.
fn silence(portal: &Portal) -> String {
    counted(u64::from(portal.ground.site().freshness_days), "day", "days")
}

fn states(silence: &str) -> Vec<(&'static str, String)> {
    let mut terms = own(STATES);
    terms.push((
        "Why a device is unavailable",
        format!(
            "The first that holds: it is not onboarded; its sensor is inactive; it sends no sensor data; it was never seen; it has been silent for more than {silence} before the snapshot; it reports, but a tracked item was not assessed on it."
        ),
    ));
    terms
}

const STATES: &[(&str, &str)] = &[
    (
        "One state per device",
        "Each device of your groups has exactly one state for a threat: the first of the following that holds. The states add up to all your devices.",
    ),
    (
        "Impacted",
        "The device has an active alert that is linked to the threat. That is evidence in itself, whatever else is known.",
    ),
    (
        "Not applicable",
        "The device is excluded from assessment. At the end of this list stands what else is not applicable.",
    ),
    (
        "Unavailable",
        "Nobody can vouch for the device: it does not report, or something the threat tracks was not assessed on it and nothing tracked is known to be exposed.",
    ),
    ("Exposed", "The device reports, and at least one tracked vulnerability or configuration is open on it."),
    ("Mitigated", "At least one tracked item is patched or secure on the device, and nothing is worse."),
    ("Not applicable", "Nothing the threat tracks concerns the device."),
];

const ALERTS: &[(&str, &str)] = &[
    (
        "Linked alert",
        "An alert of your devices that one of the report's selectors matches. Generic detections are printed in the report and never counted.",
    ),
    (
        "Active and resolved",
        "An alert is active until its status is resolved. An alert raised after the snapshot's time is left out.",
    ),
    ("Devices with alerts", "Active: at least one active linked alert. Resolved: linked alerts, all of them resolved."),
    (
        "Incidents",
        "Distinct incidents with at least one linked alert on your devices. Active: not resolved, and at least one of those alerts is active. Merged incidents count as the one they were merged into.",
    ),
    (
        "Severity and title of an incident",
        "Where your role sees only some of the device groups, both come from the alerts on your own devices.",
    ),
    (
        "Over time",
        "For each day in UTC: alerts active at its end, and alerts resolved by its end. The last day ends at the snapshot's time, so that it equals the figures above.",
    ),
];

const CONFIGURATION: &[(&str, &str)] = &[
    (
        "State of a configuration on a device",
        "Secure: it applies and is set. Exposed: it applies and is not set. Not applicable: it does not apply, or the device is excluded. Unavailable: the device does not report, or was not assessed.",
    ),
    ("Misconfigured device", "At least one tracked configuration is exposed on it."),
    (
        "Implemented, x of y",
        "y: tracked configurations that are secure or exposed on at least one device. x: those of them that are exposed on none.",
    ),
    ("Share implemented", "Secure pairs of device and configuration, of all that are secure or exposed."),
    (
        "With another antivirus",
        "The figures rest on the vendor's own antivirus settings. A device protected by another product can therefore look exposed. It is not counted otherwise; the number is told.",
    ),
];

const PATCHING: &[(&str, &str)] = &[
    (
        "State of a vulnerability on a device",
        "Exposed: an open finding, or one that waits for a restart. Patched: a finding says so, or one was open before and is gone, or the product is present without a finding. Not applicable: a finding says so, or the product is not there, or the device is excluded. Unavailable: the device does not report, or was not assessed.",
    ),
    ("Not exposed", "There is no finding, and the data cannot tell a patched device from one that was never affected."),
    ("Vulnerable device", "At least one tracked vulnerability is exposed on it."),
    ("Share patched", "Patched devices, of those that are patched or exposed."),
    ("No update yet", "Exposed devices whose open findings all say that there is no update."),
    (
        "Updates",
        "Devices that need an update because of an open finding that names it. A device can need several: rows overlap.",
    ),
];

const EXPOSURE: &[(&str, &str)] = &[
    (
        "Weight of a device",
        "The largest of: for each exposed vulnerability 100, 75, 50 or 25 by its severity on the device; for each exposed configuration ten times its impact, 50 where the impact is not known.",
    ),
    (
        "Score",
        "The sum of the weights, divided by the reporting devices that the threat could concern; 0 to 100, cut to an integer.",
    ),
    ("Level", "None at 0, low below 30, medium below 70, high from there."),
];

const WORLD: &[(&str, &str)] = &[
    (
        "CVSS",
        "The base score in the CVE record: that of who assigned the id, else of another who added one; of several the newest version of CVSS, which stands beside it.",
    ),
    (
        "EPSS",
        "FIRST's estimate of how probable it is that the vulnerability is exploited anywhere within 30 days. It says nothing of your devices.",
    ),
    (
        "Exploited since, due",
        "When CISA put the vulnerability into its catalogue of those that are known to be exploited, and by when federal agencies of the United States have to act. Not listed: the catalogue of that day does not have it, which does not mean that nobody exploits it.",
    ),
    (
        "Severity",
        "That of your own findings. Where they have none, lists of the most critical vulnerabilities go by the severity of the CVSS score.",
    ),
];

const DASHBOARD: &[(&str, &str)] = &[
    (
        "Needs action",
        "Threats with alerts first, by active alerts, resolved alerts and impacted devices; then the others with an exposure level above none, by weight and score.",
    ),
    ("Latest threats", "By the later of published and updated."),
    (
        "High-impact threats",
        "Threats with linked alerts, by active alerts, then resolved alerts, then impacted devices.",
    ),
    ("Highest exposure", "Threats with an exposure level above none, by the sum of weights, then the score."),
    (
        "Most critical vulnerabilities",
        "Of those that reports track: by severity, then whether they are known to be exploited, then EPSS, then exposed devices.",
    ),
    ("Totals", "Distinct devices, alerts and incidents over all your reports."),
    (
        "Incidents by week",
        "Distinct incidents with a linked alert on your devices, by the week (Monday to Sunday, UTC) of their first activity, over thirteen weeks; and how many of them are active now. An incident of which no beginning is known is in none.",
    ),
    (
        "Active campaigns",
        "Reports of the types activity and actor that are current: with an active alert, or updated in the thirty days before the snapshot. Those with most active alerts come first, then the latest.",
    ),
    ("Active actors", "Actors that a current report names, by active alerts, then current reports."),
    ("Prevalent malware", "By reports that name it, then by devices impacted by at least one of them."),
    ("Attack surfaces", "By reports that name it, then by devices exposed to at least one of them."),
    ("Newest techniques", "By the publication of the first report that names them, the latest first."),
    (
        "What the figures rest on",
        "Which tables the snapshot holds, and the newest time that a row about your devices has in them: when a device was last seen, when an alert was raised or resolved.",
    ),
];

const NARROWING: &[(&str, &str)] = &[
    ("Assessable", "Devices that report and are not excluded from assessment: their findings count."),
    (
        "Open to the threat",
        "Of those, the devices on which something tracked is open. Impacted devices are among them, which is why there can be more of them than exposed ones.",
    ),
    ("Open, and with an active alert", "Of those, the devices that are impacted."),
    (
        "Not reporting, excluded",
        "Devices that do not report, and devices that report and are excluded. With the assessable ones they are all your devices.",
    ),
    (
        "Contradictions",
        "A resolved incident with active linked alerts; an active alert with a time of resolution, or one resolved before it was raised; an active alert on a device that the inventory does not call onboarded. Figures follow the status and the alerts.",
    ),
];

const TOGETHER: &[(&str, &str)] = &[
    (
        "Alerts and devices of several reports",
        "Distinct: an alert that two reports link, or a device that is exposed to two, counts once. Impacted and exposed are those of at least one of the reports; a device can be both, of different reports.",
    ),
    (
        "Detections and mitigations of several reports",
        "Distinct detections that are not generic; distinct tracked configurations, updates that a device needs, and advised actions.",
    ),
];

const TECHNIQUES: &[(&str, &str)] = &[
    ("Reports", "Reports that name the technique in their front matter or text."),
    (
        "Queries",
        "Code in a language of detections (KQL, SPL, Sigma, YARA and the like) that names the technique, or stands in a section that does.",
    ),
    (
        "Without a detection",
        "No such query, and none of the reports that name the technique has a detection that is not generic.",
    ),
];

const HISTORY: &[(&str, &str)] = &[
    (
        "More or fewer than before",
        "The figure of this snapshot against the same figure of the snapshot before: today's reports and your device groups over each snapshot's own devices.",
    ),
    (
        "Burn-down",
        "The exposed and the impacted devices of each snapshot. Where a snapshot does not know a count, the line is broken.",
    ),
    (
        "What changed",
        "Reports that were published or updated after the snapshot before, and threats whose exposed devices or active alerts are more or fewer than then. The greatest growth in alerts, then in devices, comes first.",
    ),
];

const WORKLISTS: &[(&str, &str)] = &[
    (
        "On a worklist",
        "Every device of the group on which something tracked is open, impacted devices included: the updates that its open findings name, its open vulnerabilities and its wrong configurations.",
    ),
    (
        "The worst first",
        "By the severity of the worst open vulnerability, then by how many vulnerabilities and configurations are open.",
    ),
];

const READING: &[(&str, &str)] = &[
    (
        "Your groups only",
        "Every count is of devices in your device groups and of what concerns them. Nothing else was used to make these pages.",
    ),
    (
        "Not available",
        "A dash or the words \"Not available\" mean that the figure is not known, with the reason beside it. Zero means that it was looked for and nothing was found.",
    ),
    ("Percentages", "Cut, never rounded up: \"<1 %\" is more than nothing, \">99 %\" is not yet all."),
    ("Times", "All in UTC. Counts are as of the snapshot's time; a report's dates are its author's."),
];
