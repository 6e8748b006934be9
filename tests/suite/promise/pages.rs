//! Changes of what is written rather than measured: hidden reports, hidden blocks, other roles.

use super::change::{Change, What};
use crate::twin::{admits, blocks_read, group_in_role};
use crate::world::pools::{CVES, GROUPS};
use crate::world::{Groups, Report, Role, ScopeBlock, Selectors, Tracked, World};

impl Change {
    /// A report the role does not read, with the title of one it reads.
    pub(super) fn add_report(&self, world: &mut World, role: &Role) {
        let title = world.reports.first().map_or("Quiet".to_owned(), |report| report.title.clone());
        let others = world.config.roles.iter().map(|other| &other.name);
        let audience = others.filter(|name| **name != role.name).cloned().collect();
        let slug = format!("hidden-{}-{}", self.salt, world.reports.len());
        world.reports.push(Report {
            redirects: vec![format!("{slug}-old")],
            slug,
            title,
            kind: "actor".to_owned(),
            audience: Some(audience),
            published: world.as_of[..10].to_owned(),
            tags: Some(vec!["quiet".to_owned()]),
            vulnerabilities: Some(CVES.iter().map(|cve| (*cve).to_owned()).collect()),
            configurations: Some(vec![Tracked { id: "scid-1".to_owned(), name: None }]),
            alerts: Some(Selectors { families: vec!["Warlock".to_owned()], ..Selectors::default() }),
            ..Report::default()
        });
    }

    pub(super) fn alter_report(&self, world: &mut World, role: &Role) {
        let hidden = hidden_reports(world, role);
        let Some(at) = self.pick(&hidden).copied() else { return };
        let title = world.reports[0].title.clone();
        let report = &mut world.reports[at];
        report.title = title;
        report.text = format!("T1059.001 and CVE-1999-{:04}, [away][x].\n\n[x]: https://a.example/", self.salt);
        report.severity = Some("critical".to_owned());
        report.tags = Some(vec!["quiet".to_owned()]);
        report.vulnerabilities = Some(vec![format!("CVE-1999-{:04}", self.salt)]);
    }

    pub(super) fn remove_report(&self, world: &mut World, role: &Role) {
        if let Some(at) = self.pick(&hidden_reports(world, role)).copied() {
            world.reports.remove(at);
        }
    }

    /// Another text in a block the role does not read, or such a block where there was none.
    pub(super) fn fill_block(&self, world: &mut World, role: &Role) {
        let Some(hidden) = hidden_block(role, self.salt) else { return };
        if world.reports.is_empty() {
            return;
        }
        let at = self.at.index(world.reports.len());
        let block = &mut world.reports[at].hidden;
        match block {
            Some(block) if blocks_read(block, role) => {}
            Some(block) => block.text = hidden.text,
            None => *block = Some(hidden),
        }
    }

    pub(super) fn other_role(&self, world: &mut World, role: &Role) {
        let name = format!("extra-{}", self.salt);
        let others: Vec<usize> =
            (0..world.config.roles.len()).filter(|at| world.config.roles[*at].name != role.name).collect();
        match (self.what, self.pick(&others)) {
            (What::AddRole, _) => {
                if !world.config.roles.iter().any(|other| other.name == name) {
                    world.config.roles.push(Role {
                        name: name.clone(),
                        groups: Groups::All,
                        clearance: Some("red".to_owned()),
                    });
                }
                for audience in world.reports.iter_mut().filter_map(|r| r.audience.as_mut()) {
                    if !audience.contains(&name) {
                        audience.push(name.clone());
                    }
                }
            }
            (What::AlterRole, Some(at)) => {
                world.config.roles[*at].groups = Groups::Listed(vec![GROUPS[1].to_owned()]);
                world.config.roles[*at].clearance = Some("green".to_owned());
            }
            (_, Some(at)) => {
                let gone = world.config.roles.remove(*at).name;
                for audience in world.reports.iter_mut().filter_map(|r| r.audience.as_mut()) {
                    audience.retain(|name| *name != gone);
                }
            }
            (_, None) => {}
        }
    }
}

/// A block the role does not read: of a group it does not see, or above its clearance. A role that
/// sees all groups and reads red has none.
fn hidden_block(role: &Role, salt: u8) -> Option<ScopeBlock> {
    let text = [
        "Quiet words.",
        "## A heading\n\n[x]: https://hidden.example/\n\nA note[^1].\n\n[^1]: T1003, CVE-1999-0666",
        "| a | b |\n|---|---|\n| 1 | 2 |",
    ];
    let block = |groups: Vec<String>, tlp: Option<String>| ScopeBlock {
        groups,
        tlp,
        text: text[usize::from(salt) % text.len()].to_owned(),
    };
    let group = GROUPS.iter().find(|group| !group_in_role(group, role));
    if let Some(group) = group {
        return Some(block(vec![(*group).to_owned()], None));
    }
    let red = role.clearance.as_deref() == Some("red");
    (!red).then(|| block(Vec::new(), Some("red".to_owned())))
}

fn hidden_reports(world: &World, role: &Role) -> Vec<usize> {
    (0..world.reports.len()).filter(|at| !admits(world, &world.reports[*at], role)).collect()
}
