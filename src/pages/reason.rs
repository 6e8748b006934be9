//! Why a figure is not available. Unknown is not zero, and a reader is told why.

use super::portal::Ground;
use super::portal::Threat;
use crate::scope::Tables;

const NO_SNAPSHOT: &str = "Not available: there is no snapshot of the device fleet.";

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
        let measured = self.figures.configuration.is_some() || self.figures.vulnerability.is_some();
        Some(match ground.fleet() {
            None => NO_SNAPSHOT.to_owned(),
            Some(_) if measured => "Not available: no reporting device that the threat could concern.".to_owned(),
            Some(_) => absent("the findings that this report tracks"),
        })
    }

    /// Whether any state of a device follows from the report but that it has alerts.
    pub(super) fn tracks_anything(&self) -> bool {
        !self.report.configurations.is_empty() || !self.report.vulnerabilities.is_empty()
    }
}

/// Why a figure over the whole slice is not available.
pub(super) fn absent_from(ground: Ground, what: &str) -> String {
    match ground.fleet() {
        None => NO_SNAPSHOT.to_owned(),
        Some(_) => absent(what),
    }
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
        None => NO_SNAPSHOT.to_owned(),
        Some(fleet) if !present(&fleet.tables) => absent(what),
        Some(_) => "Not available in this snapshot.".to_owned(),
    })
}

fn absent(what: &str) -> String {
    format!("Not available: the snapshot does not hold {what}.")
}
