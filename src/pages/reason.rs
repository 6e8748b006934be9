//! Why a figure is not available, or a device. Unknown is not zero, and a reader is told why.

use super::portal::{Ground, Threat};
use crate::exposure::{Count, UnavailableReason, UnavailableReasons};
use crate::scope::Tables;

const NO_SNAPSHOT: &str = "there is no snapshot of the device fleet";

/// A table of findings: what it holds in words, and whether a snapshot has it.
pub(super) type Findings = (&'static str, fn(&Tables) -> bool);

const ALERTS: Findings = ("alerts", |tables| tables.alerts);
const VULNERABILITIES: Findings = ("vulnerability findings", |tables| tables.vulnerabilities);
const CONFIGURATIONS: Findings = ("configuration assessments", |tables| tables.configurations);
/// What exposure is found by.
pub(super) const OF_EXPOSURE: [Findings; 2] = [VULNERABILITIES, CONFIGURATIONS];
/// What it is found by that a threat needs action.
pub(super) const OF_ACTION: [Findings; 3] = [ALERTS, VULNERABILITIES, CONFIGURATIONS];

impl Threat<'_> {
    /// Why there are no figures about alerts.
    pub(super) fn without_alerts(&self, ground: Ground) -> Option<String> {
        let unselected = self.report.selectors.is_empty();
        let reason = "Not available: no alerts are linked to this report.";
        because(self.figures.alerts.is_none(), unselected, reason, ground, |tables| tables.alerts, "alerts")
    }

    /// Why there are no figures about incidents.
    pub(super) fn without_incidents(&self, ground: Ground) -> Option<String> {
        self.figures.incidents.is_none().then(|| self.without_alerts(ground).unwrap_or_else(|| absent("incidents")))
    }

    /// Why there are no figures about configurations.
    pub(super) fn without_configuration(&self, ground: Ground) -> Option<String> {
        let untracked = self.report.configurations.is_empty();
        let reason = "Not available: this report tracks no configuration.";
        because(
            self.figures.configuration.is_none(),
            untracked,
            reason,
            ground,
            |tables| tables.configurations,
            "configuration assessments",
        )
    }

    /// Why there are no figures about vulnerabilities.
    pub(super) fn without_vulnerability(&self, ground: Ground) -> Option<String> {
        let untracked = self.report.vulnerabilities.is_empty();
        let reason = "Not available: this report tracks no vulnerability.";
        because(
            self.figures.vulnerability.is_none(),
            untracked,
            reason,
            ground,
            |tables| tables.vulnerabilities,
            "vulnerability findings",
        )
    }

    /// Why there is no exposure level.
    pub(super) fn without_level(&self, ground: Ground) -> Option<String> {
        if self.figures.exposure.level.is_some() {
            return None;
        }
        if !self.tracks_anything() {
            return Some("Not available: this report tracks no vulnerability and no configuration.".to_owned());
        }
        Some(match ground.fleet() {
            None => not_available(NO_SNAPSHOT),
            Some(_) if self.figures.has_findings() => {
                "Not available: no reporting device that the threat could concern.".to_owned()
            }
            Some(_) => absent("the findings that this report tracks"),
        })
    }

    /// Why nothing is known of what the report tracks.
    pub(super) fn without_findings(&self, ground: Ground) -> Option<String> {
        let [vulnerabilities, configurations] = OF_EXPOSURE;
        let tracked = [
            (vulnerabilities, !self.report.vulnerabilities.is_empty()),
            (configurations, !self.report.configurations.is_empty()),
        ];
        let tracked = tracked.into_iter().filter(|(_, is_tracked)| *is_tracked);
        unknown(ground, &tracked.map(|(findings, _)| findings).collect::<Vec<_>>()).map(not_available)
    }

    /// Whether any state of a device follows from the report but that it has alerts.
    pub(super) fn tracks_anything(&self) -> bool {
        !self.report.configurations.is_empty() || !self.report.vulnerabilities.is_empty()
    }
}

/// Why a figure over the whole slice is not available.
pub(super) fn absent_from(ground: Ground, what: &str) -> String {
    match ground.fleet() {
        None => not_available(NO_SNAPSHOT),
        Some(_) => absent(what),
    }
}

/// Why "none" may not be said of what only these tables tell, as a clause: there is no snapshot, no device of the
/// role, or none of the tables. Nothing where it may.
pub(super) fn unknown(ground: Ground, findings: &[Findings]) -> Option<String> {
    let Some(fleet) = ground.fleet() else { return Some(NO_SNAPSHOT.to_owned()) };
    if fleet.devices.is_empty() {
        return Some("your role sees no device".to_owned());
    }
    let lacking = lacking(&fleet.tables, findings);
    (!lacking.is_empty() && lacking.len() == findings.len()).then(|| not_held(&lacking))
}

/// A word on those of these tables that the snapshot does not have: where nothing is found, they may tell of something.
pub(super) fn caveat(ground: Ground, findings: &[Findings]) -> Option<String> {
    let lacking = lacking(&ground.fleet()?.tables, findings);
    (!lacking.is_empty()).then(|| format!(" But {}.", not_held(&lacking)))
}

fn lacking(tables: &Tables, findings: &[Findings]) -> Vec<&'static str> {
    findings.iter().filter(|(_, is_held)| !is_held(tables)).map(|(what, _)| *what).collect()
}

fn not_held(what: &[&str]) -> String {
    let listed = match what {
        [rest @ .., before, last] => {
            rest.iter().map(|one| format!("{one}, ")).collect::<String>() + before + " or " + last
        }
        [one] => (*one).to_owned(),
        [] => String::new(),
    };
    format!("the snapshot does not hold {listed}")
}

/// A clause as a sentence.
pub(super) fn not_available(clause: impl std::fmt::Display) -> String {
    format!("Not available: {clause}.")
}

fn because(
    missing: bool,
    untracked: bool,
    reason: &str,
    ground: Ground,
    present: impl Fn(&Tables) -> bool,
    what: &str,
) -> Option<String> {
    missing.then(|| match ground.fleet() {
        _ if untracked => reason.to_owned(),
        None => not_available(NO_SNAPSHOT),
        Some(fleet) if !present(&fleet.tables) => absent(what),
        Some(_) => "Not available in this snapshot.".to_owned(),
    })
}

fn absent(what: &str) -> String {
    not_available(not_held(&[what]))
}

/// Why a device is unavailable, in a word or two.
pub(super) fn word(reason: UnavailableReason) -> &'static str {
    match reason {
        UnavailableReason::NotOnboarded => "not onboarded",
        UnavailableReason::Inactive => "inactive",
        UnavailableReason::NoSensorData => "without sensor data",
        UnavailableReason::NeverSeen => "never seen",
        UnavailableReason::Stale => "silent for too long",
        UnavailableReason::NotAssessed => "not assessed",
    }
}

/// The reasons in words with their counts, in the order in which they are asked.
pub(super) fn why_unavailable(counts: &UnavailableReasons) -> [(&'static str, Count); 6] {
    [
        (UnavailableReason::NotOnboarded, counts.not_onboarded),
        (UnavailableReason::Inactive, counts.inactive),
        (UnavailableReason::NoSensorData, counts.no_sensor_data),
        (UnavailableReason::NeverSeen, counts.never_seen),
        (UnavailableReason::Stale, counts.stale),
        (UnavailableReason::NotAssessed, counts.not_assessed),
    ]
    .map(|(reason, count)| (word(reason), count))
}
