//! A report through a role's eyes: what the figures of one page are computed from.

use super::fleet::Fleet;
use super::text::{lower, upper};
use super::visible::tlp;
use crate::world::{Groups, Report, Role, Selectors, World};

#[derive(Clone)]
pub(crate) struct View<'a> {
    pub(crate) world: &'a World,
    pub(crate) report: &'a Report,
    /// Whether the role is `groups: all`.
    pub(crate) whole: bool,
    /// Slices up to the one looked at, oldest first; the last is the one looked at.
    slices: &'a [Fleet],
}

/// A tracked configuration: as it compares, as it is written, as front matter names it.
pub(crate) struct Configuration {
    pub(crate) key: String,
    pub(crate) id: String,
    pub(crate) name: Option<String>,
}

impl<'a> View<'a> {
    pub(crate) fn new(world: &'a World, role: &Role, report: &'a Report, slices: &'a [Fleet]) -> View<'a> {
        View { world, report, whole: matches!(role.groups, Groups::All), slices }
    }

    /// The slice the figures are about; none for a site without a snapshot.
    pub(crate) fn fleet(&self) -> Option<&'a Fleet> {
        self.slices.last()
    }

    /// The slices older than that.
    pub(crate) fn earlier(&self) -> &'a [Fleet] {
        match self.slices.split_last() {
            Some((_, earlier)) => earlier,
            None => &[],
        }
    }

    /// The same report and role over each snapshot up to this one, oldest first.
    pub(crate) fn history(&self) -> Vec<View<'a>> {
        let ends = 1..=self.slices.len();
        ends.map(|end| View { slices: &self.slices[..end], ..self.clone() }).collect()
    }

    /// The tracked vulnerabilities, each once.
    pub(crate) fn vulnerabilities(&self) -> Vec<String> {
        let mut ids = Vec::new();
        for raw in self.report.vulnerabilities.iter().flatten() {
            let id = upper(raw);
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }

    /// The tracked configurations, each once.
    pub(crate) fn configurations(&self) -> Vec<Configuration> {
        let mut all: Vec<Configuration> = Vec::new();
        for tracked in self.report.configurations.iter().flatten() {
            let key = lower(&tracked.id);
            match all.iter_mut().find(|known| known.key == key) {
                Some(known) => known.name = known.name.clone().or(tracked.name.clone()),
                None => all.push(Configuration { key, id: tracked.id.trim().to_owned(), name: tracked.name.clone() }),
            }
        }
        all
    }

    /// The selectors, when there is at least one.
    pub(crate) fn selectors(&self) -> Option<&'a Selectors> {
        let selectors = self.report.alerts.as_ref()?;
        let said = [&selectors.ids, &selectors.titles, &selectors.detectors, &selectors.families, &selectors.actors];
        if said.iter().all(|list| list.is_empty()) { None } else { Some(selectors) }
    }

    pub(crate) fn tlp(&self) -> String {
        tlp(self.world, self.report)
    }

    pub(crate) fn freshness_days(&self) -> i64 {
        self.world.config.freshness_days.unwrap_or(7)
    }

    pub(crate) fn trend_days(&self) -> i64 {
        self.world.config.trend_days.unwrap_or(30)
    }

    /// Whether a configuration (by its lower-case id) is one of the vendor's own antivirus.
    pub(crate) fn is_antivirus(&self, configuration: &str) -> bool {
        let ids = self.world.config.antivirus_configurations.iter().flatten();
        let ids: Vec<String> = ids.map(|id| lower(id)).collect();
        ids.contains(&configuration.to_owned())
    }
}
