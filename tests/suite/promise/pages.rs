//! Changes of what is written rather than measured: hidden reports and pages, hidden blocks, what
//! lies beside a report, other roles.

use super::change::{Change, What};
use crate::twin::{admits, blocks_read, cleared, group_in_role, tlp};
use crate::world::pools::{CVES, GROUPS};
use crate::world::{
    Groups, Guide, Image, Indicator, Names, Report, ReportFile, Role, ScopeBlock, Selectors, Tracked, World,
};

impl Change {
    /// A report the role does not read, with the title of one it reads.
    pub(super) fn add_report(&self, world: &mut World, role: &Role) {
        let title = world.reports.first().map_or("Quiet".to_owned(), |report| report.title.clone());
        let others = world.config.roles.iter().map(|other| &other.name);
        let audience = others.filter(|name| **name != role.name).cloned().collect();
        let slug = format!("hidden-{}-{}", self.salt, world.reports.len());
        if world.reports.iter().any(|report| report.slug == slug) {
            return;
        }
        world.reports.push(Report {
            redirects: vec![format!("{slug}-old")],
            slug,
            title,
            kind: "actor".to_owned(),
            audience: Some(audience),
            published: world.as_of[..10].to_owned(),
            tags: Some(vec!["quiet".to_owned()]),
            names: Names {
                aliases: vec!["Zed".to_owned()],
                actors: vec!["Storm-9999".to_owned()],
                malware: vec!["Quietware".to_owned()],
                attack_surfaces: vec!["Quiet door".to_owned()],
                techniques: vec!["T1588.002".to_owned()],
                changes: vec!["Quiet change".to_owned()],
            },
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
        report.text = format!("T1588.002 and CVE-1999-{:04}, [away][x].\n\n[x]: https://a.example/", self.salt);
        report.severity = Some("critical".to_owned());
        report.tags = Some(vec!["quiet".to_owned()]);
        report.vulnerabilities = Some(vec![format!("CVE-1999-{:04}", self.salt)]);
    }

    pub(super) fn remove_report(&self, world: &mut World, role: &Role) {
        if let Some(at) = self.pick(&hidden_reports(world, role)).copied() {
            world.reports.remove(at);
        }
    }

    /// Another text in a report's block the role does not read, or such a block where there was
    /// none.
    pub(super) fn fill_block(&self, world: &mut World, role: &Role) {
        let at = self.at.index(world.reports.len().max(1));
        if let Some(report) = world.reports.get_mut(at) {
            fill(&mut report.hidden, role, self.salt);
        }
    }

    /// The same in a free page, which has no figures.
    pub(super) fn fill_guide_block(&self, world: &mut World, role: &Role) {
        let at = self.at.index(world.guides.len().max(1));
        if let Some(guide) = world.guides.get_mut(at) {
            fill(&mut guide.hidden, role, self.salt % OF_ANY_PAGE);
        }
    }

    /// An image beside a report that no text names, or only a block that the role does not read.
    pub(super) fn hide_image(&self, world: &mut World, role: &Role) {
        let at = self.at.index(world.reports.len().max(1));
        let Some(report) = world.reports.get_mut(at) else { return };
        let name = format!("unseen-{}.png", self.salt);
        let taken = report.images.iter().any(|image| image.name == name);
        if taken || !matches!(report.file, ReportFile::Folder) {
            return;
        }
        if let Some(block) = report.hidden.as_mut().filter(|block| !blocks_read(block, role)) {
            block.text.push_str(&format!("\n\n![Host of secrets]({name})"));
        }
        report.images.push(Image { name, grey: self.salt });
    }

    /// An indicator above the role's clearance, or another value of one that is there.
    pub(super) fn add_indicator(&self, world: &mut World, role: &Role) {
        let at = self.at.index(world.reports.len().max(1));
        let Some(own) = world.reports.get(at).map(|report| tlp(world, report)) else { return };
        let hidden = |indicator: &Indicator| !cleared(indicator.tlp.as_ref().unwrap_or(&own), role);
        let indicator = Indicator { value: format!("h{}.hidden.example", self.salt), tlp: Some("red".to_owned()) };
        let indicators = &mut world.reports[at].indicators;
        match indicators.iter_mut().find(|indicator| hidden(indicator)) {
            Some(known) => known.value = indicator.value,
            None if hidden(&indicator) => indicators.insert(0, indicator),
            None => {}
        }
    }

    /// A free page the role does not read, with the title of one it may read.
    pub(super) fn add_guide(&self, world: &mut World, role: &Role) {
        let others = world.config.roles.iter().map(|other| &other.name);
        let audience = others.filter(|name| **name != role.name).cloned().collect();
        let name = format!("hidden-{}-{}", self.salt, world.guides.len());
        if world.guides.iter().any(|guide| guide.name == name) {
            return;
        }
        world.guides.push(Guide {
            name,
            title: "About us".to_owned(),
            audience: Some(audience),
            text: "Quiet words.".to_owned(),
            ..Guide::default()
        });
    }

    pub(super) fn alter_guide(&self, world: &mut World, role: &Role) {
        let hidden: Vec<usize> =
            (0..world.guides.len()).filter(|at| !admits(world, &as_report(&world.guides[*at]), role)).collect();
        let Some(at) = self.pick(&hidden).copied() else { return };
        if self.salt.is_multiple_of(4) {
            world.guides.remove(at);
        } else {
            world.guides[at].title = format!("Quiet page {}", self.salt);
            world.guides[at].text = "T1588.002, CVE-1999-0666".to_owned();
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
                for audience in audiences(world) {
                    if !audience.contains(&name) {
                        audience.push(name.clone());
                    }
                }
            }
            (What::AlterRole, Some(at)) => {
                world.config.roles[*at].groups = Groups::Listed(vec![GROUPS[1].to_owned()]);
                world.config.roles[*at].clearance = Some("green".to_owned());
            }
            (What::RenameRole, Some(at)) => {
                let taken = world.config.roles.iter().any(|other| other.name == name);
                if !taken {
                    let old = std::mem::replace(&mut world.config.roles[*at].name, name.clone());
                    let names = audiences(world).flatten().filter(|other| **other == old);
                    names.for_each(|other| other.clone_from(&name));
                }
            }
            (_, Some(at)) => {
                let gone = world.config.roles.remove(*at).name;
                audiences(world).for_each(|audience| audience.retain(|name| *name != gone));
            }
            (_, None) => {}
        }
    }
}

fn audiences(world: &mut World) -> impl Iterator<Item = &mut Vec<String>> {
    let of_reports = world.reports.iter_mut().filter_map(|report| report.audience.as_mut());
    of_reports.chain(world.guides.iter_mut().filter_map(|guide| guide.audience.as_mut()))
}

/// What decides who reads a free page, which is what decides who reads a report.
fn as_report(guide: &Guide) -> Report {
    Report {
        tlp: guide.tlp.clone(),
        audience: guide.audience.clone(),
        draft: guide.draft,
        publish_at: guide.publish_at.clone(),
        ..Report::default()
    }
}

/// Puts a text into a block that the role does not read, in the place of one or where none was.
fn fill(place: &mut Option<ScopeBlock>, role: &Role, salt: u8) {
    let Some(hidden) = hidden_block(role, salt) else { return };
    match place {
        Some(block) if blocks_read(block, role) => {}
        Some(block) => block.text = hidden.text,
        None => *place = Some(hidden),
    }
}

/// How many of the hidden texts may stand in a free page too.
const OF_ANY_PAGE: u8 = 5;

fn hidden_text(salt: u8) -> String {
    match salt % 8 {
        0 => "Quiet words.".to_owned(),
        1 => "## A heading\n\n[x]: https://hidden.example/\n\nA note[^1].\n\n[^1]: T1003, CVE-1999-0666".to_owned(),
        2 => "| a | b |\n|---|---|\n| 1 | 2 |".to_owned(),
        3 => "[x]: https://hidden.example/\n\n[^1]: Three times.\n\n~~~\n::: scope\n~~~\n\n- a\n\n- b".to_owned(),
        4 => "Long words. ".repeat(90_000),
        5 => ":figure[devices.exposed] and :figure[alerts.active]".to_owned(),
        6 => "```kql\nDeviceInfo\n```".to_owned(),
        _ => "> [!WARNING]\n> Storm-9999 was seen on HOST-9.".to_owned(),
    }
}

/// A block the role does not read: of a group it does not see, or above its clearance. A role that
/// sees all groups and reads red has none.
fn hidden_block(role: &Role, salt: u8) -> Option<ScopeBlock> {
    let block = |groups: Vec<String>, tlp: Option<String>| ScopeBlock { groups, tlp, text: hidden_text(salt) };
    let group = GROUPS.iter().find(|group| !group_in_role(group, role));
    match group {
        Some(group) => Some(block(vec![(*group).to_owned()], None)),
        None => (!cleared("red", role)).then(|| block(Vec::new(), Some("red".to_owned()))),
    }
}

fn hidden_reports(world: &World, role: &Role) -> Vec<usize> {
    (0..world.reports.len()).filter(|at| !admits(world, &world.reports[*at], role)).collect()
}
