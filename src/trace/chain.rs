//! The chain of filters, as text.

use std::fmt::Write as _;

use super::Asked;
use crate::diagnostics::visible;
use crate::exposure::{Count, UnavailableReason};
use crate::scope::DeviceSet;

/// What the figures of a chain are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Devices by headline state.
    Devices,
    /// Alerts, the devices with alerts, incidents.
    Alerts,
    /// Tracked configurations.
    Configurations,
    /// Tracked vulnerabilities.
    Vulnerabilities,
}

impl Subject {
    /// Every subject, in the order in which they are told.
    pub const ALL: [Self; 4] = [Self::Devices, Self::Alerts, Self::Configurations, Self::Vulnerabilities];

    /// What a figure's path is about; nothing for what is copied from front matter.
    #[must_use]
    pub fn of(path: &str) -> &'static [Self] {
        match path.split('.').next().unwrap_or_default() {
            "devices" | "unavailable_reasons" | "groups" | "history" => &[Self::Devices],
            "alerts" | "devices_with_alerts" | "incidents" | "trend" => &[Self::Alerts],
            "configuration" => &[Self::Configurations],
            "vulnerability" => &[Self::Vulnerabilities],
            "exposure" => &[Self::Configurations, Self::Vulnerabilities],
            "mitigations" if path.starts_with("mitigations.configurations") => &[Self::Configurations],
            "mitigations" => &[Self::Vulnerabilities],
            _ => &[],
        }
    }
}

/// The filters of some subjects with the count at each step.
#[must_use]
pub fn chain(asked: Asked<'_>, subjects: &[Subject]) -> String {
    let mut chain = Chain { asked, out: String::new() };
    for subject in Subject::ALL.iter().filter(|subject| subjects.contains(subject)) {
        match subject {
            Subject::Devices => chain.devices(),
            Subject::Alerts => chain.alerts(),
            Subject::Configurations => chain.configurations(),
            Subject::Vulnerabilities => chain.vulnerabilities(),
        }
    }
    chain.out
}

struct Chain<'a> {
    asked: Asked<'a>,
    out: String,
}

impl Chain<'_> {
    fn heading(&mut self, text: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.out, "\n{text}");
    }

    fn step(&mut self, sign: char, count: Count, text: &str) {
        let count = count.map_or_else(|| "not known".to_owned(), |count| count.to_string());
        let _ = writeln!(self.out, "  {sign} {count:>9}  {text}");
    }

    fn part(&mut self, count: Count, text: &str) {
        let count = count.map_or_else(|| "not known".to_owned(), |count| count.to_string());
        let _ = writeln!(self.out, "      {count:>9}    {text}");
    }

    /// Where the role's devices come from: the first two steps of every chain of devices.
    fn population(&mut self) {
        let slice = self.asked.slice;
        let role = slice.role();
        self.step(' ', Some(self.asked.devices), "devices in the snapshot");
        let groups = match role.sees_all {
            true => "all groups".to_owned(),
            false if role.groups.is_empty() => "no group that a snapshot has".to_owned(),
            false => role.groups.iter().map(|group| visible(group)).collect::<Vec<_>>().join(", "),
        };
        self.step('=', self.asked.figures.devices.total, &format!("of them in the role's groups: {groups}"));
    }

    fn devices(&mut self) {
        self.heading("Devices, each in the first state that holds (docs/figures.md, section 6)");
        self.population();
        let (states, sets) = (self.asked.figures.devices, &self.asked.figures.sets);
        let Some(fleet) = self.asked.slice.fleet() else { return };
        self.step('-', states.impacted, "impacted: an active alert that is linked to the report");
        let tracked = !(self.asked.report.configurations.is_empty() && self.asked.report.vulnerabilities.is_empty());
        if tracked {
            let excluded = fleet.devices_where(|device| device.excluded) - &sets.impacted;
            self.step('-', Some(excluded.len()), "excluded from vulnerability management: not applicable");
            self.silent();
            self.step('-', states.exposed, "exposed: an open vulnerability or a failed configuration that is tracked");
            let unassessed = sets.reasons.get(&UnavailableReason::NotAssessed).map_or(0, DeviceSet::len);
            self.step(
                '-',
                Some(unassessed),
                "unavailable: they report, and something that is tracked was not assessed on them",
            );
            self.step('-', states.mitigated, "mitigated: patched or secure, and nothing worse");
            let rest = states.not_applicable.map(|all| all.saturating_sub(excluded.len()));
            self.step('=', rest, "not applicable: the threat does not concern them");
        } else {
            self.step(
                '=',
                states.not_applicable,
                "not applicable: the report tracks nothing that is measured on devices",
            );
        }
    }

    /// The devices that do not report, by reason.
    fn silent(&mut self) {
        let sets = &self.asked.figures.sets;
        let reasons = sets.reasons.iter().filter(|(reason, _)| **reason != UnavailableReason::NotAssessed);
        let reasons: Vec<(&str, u64)> = reasons.map(|(reason, devices)| (word(*reason), devices.len())).collect();
        let all = reasons.iter().map(|(_, count)| count).sum();
        self.step('-', Some(all), "unavailable: they do not report");
        for (reason, count) in reasons.into_iter().filter(|(_, count)| *count > 0) {
            self.part(Some(count), reason);
        }
    }

    fn alerts(&mut self) {
        self.heading("Alerts and incidents (section 2)");
        let Some(fleet) = self.asked.slice.fleet() else { return };
        if !fleet.tables.alerts {
            self.step('=', None, "the snapshot has no table `alerts`");
            return;
        }
        self.step(' ', Some(self.asked.alerts), "alerts in the snapshot");
        self.step('=', u64::try_from(fleet.alerts.len()).ok(), "of them with a device that the role sees");
        let Some(counts) = self.asked.figures.alerts else {
            self.step('=', None, "the report selects no alerts");
            return;
        };
        let selectors = &self.asked.report.selectors;
        let lists = [
            ("ids", &selectors.ids),
            ("titles", &selectors.titles),
            ("detectors", &selectors.detectors),
            ("families", &selectors.families),
            ("actors", &selectors.actors),
        ];
        let given: Vec<&str> = lists.iter().filter(|(_, list)| !list.is_empty()).map(|(name, _)| *name).collect();
        self.step('=', Some(counts.total), &format!("of them linked: matched by the report's {}", given.join(", ")));
        self.part(Some(counts.active), "active");
        self.part(Some(counts.resolved), "resolved");
        self.part(Some(counts.false_positive), "of the resolved, false positives");
        let devices = self.asked.figures.devices_with_alerts;
        self.step('=', devices.map(|devices| devices.total), "devices with a linked alert");
        self.part(devices.map(|devices| devices.active), "with an active one: impacted");
        self.part(devices.map(|devices| devices.resolved), "with resolved ones only");
        let incidents = self.asked.figures.incidents;
        self.step('=', incidents.map(|incidents| incidents.total), "incidents of linked alerts, redirects followed");
        self.part(incidents.map(|incidents| incidents.active), "active");
    }

    fn configurations(&mut self) {
        self.heading("Configurations (section 4)");
        if self.asked.report.configurations.is_empty() {
            self.step('=', None, "the report tracks no configuration");
            return;
        }
        self.population();
        for row in &self.asked.figures.mitigations.configurations {
            self.step(' ', self.asked.figures.devices.total, &format!("devices and {}", visible(&row.id)));
            self.part(row.exposed, "exposed: applicable and not compliant");
            self.part(row.secure, "secure: applicable and compliant");
            self.part(row.unavailable, "unavailable: not reporting, or not assessed");
            self.part(row.not_applicable, "not applicable");
        }
        let devices = self.asked.figures.configuration.as_ref().map(|axis| axis.devices.exposed);
        self.step('=', devices, "devices exposed by at least one of them");
    }

    fn vulnerabilities(&mut self) {
        self.heading("Vulnerabilities (section 5)");
        if self.asked.report.vulnerabilities.is_empty() {
            self.step('=', None, "the report tracks no vulnerability");
            return;
        }
        self.population();
        for row in &self.asked.figures.mitigations.vulnerabilities {
            self.step(' ', self.asked.figures.devices.total, &format!("devices and {}", row.id));
            self.part(row.exposed, "exposed: an open row, or one that waits for a restart");
            self.part(row.patched, "patched: a row says so, or an earlier snapshot had it open");
            self.part(row.unavailable, "unavailable: not reporting, or without any inventory");
            self.part(row.not_exposed, "not exposed: no row, and nothing says whether it ever was");
            self.part(row.not_applicable, "not applicable");
        }
        let devices = self.asked.figures.vulnerability.as_ref().map(|axis| axis.devices.exposed);
        self.step('=', devices, "devices exposed by at least one of them");
    }
}

/// A reason in words.
pub(super) fn word(reason: UnavailableReason) -> &'static str {
    match reason {
        UnavailableReason::NotOnboarded => "not onboarded",
        UnavailableReason::Inactive => "the sensor is inactive",
        UnavailableReason::NoSensorData => "the sensor sends no data",
        UnavailableReason::NeverSeen => "never seen",
        UnavailableReason::Stale => "silent for longer than `freshness_days`",
        UnavailableReason::NotAssessed => "not assessed",
    }
}
