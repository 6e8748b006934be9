//! What reports advise, over several of them: updates, configurations, and what no data can confirm.

use std::collections::BTreeMap;

use super::link::Link;
use super::portal::Threat;
use super::route::Tab;
use crate::exposure::Count;
use crate::scope::DeviceSet;

/// Something to do.
pub(super) struct Advice<'a> {
    /// What it is, in a word.
    pub(super) kind: &'static str,
    /// What tells it from others of its kind.
    pub(super) key: &'a str,
    /// Its name.
    pub(super) name: &'a str,
    /// To the first of the reports that advises it.
    pub(super) link: Link,
    /// The devices that lack it; none where nobody counts them.
    pub(super) devices: Option<DeviceSet>,
}

impl<'a> Advice<'a> {
    /// What the reports advise, each once, in the order in which they do.
    pub(super) fn over(threats: impl IntoIterator<Item = Threat<'a>>) -> Vec<Self> {
        let mut places = BTreeMap::new();
        let mut all: Vec<Self> = Vec::new();
        for threat in threats {
            for (kind, key, name, devices) in one(threat) {
                let place = *places.entry((kind, key)).or_insert(all.len());
                if place == all.len() {
                    all.push(Self { kind, key, name, link: threat.link(Tab::Mitigations), devices: None });
                }
                // Each report counts an update for the vulnerabilities that it tracks itself.
                if let (Some(advice), Some(devices)) = (all.get_mut(place), devices) {
                    *advice.devices.get_or_insert_default() |= devices;
                }
            }
        }
        all
    }

    /// How many devices lack it.
    pub(super) fn open(&self) -> Count {
        self.devices.as_ref().map(DeviceSet::len)
    }
}

type Row<'a> = (&'static str, &'a str, &'a str, Option<&'a DeviceSet>);

/// What one report advises: kind, key, name, and the devices that lack it where they are counted.
fn one<'a>(threat: Threat<'a>) -> impl Iterator<Item = Row<'a>> {
    let found = &threat.figures.get().mitigations;
    let settings = found.configurations.iter().map(|row| {
        let devices = row.exposed.map(|_| &row.exposed_devices);
        ("Configuration", row.key.as_str(), row.name.as_str(), devices)
    });
    let updates = found.updates.iter().flatten();
    let updates = updates.map(|row| ("Update", row.id.as_str(), row.name.as_str(), Some(&row.exposed_devices)));
    let untracked = threat.report.mitigations.iter();
    let untracked = untracked.map(|row| ("Advice", row.action.as_str(), row.action.as_str(), None));
    settings.chain(updates).chain(untracked)
}
