//! A site, read and checked: what every verb begins with.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::args::InputArgs;
use super::console::Console;
use super::timings::Timings;
use crate::config::{self, Role, Site};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, nearest, visible};
use crate::fleet::Fleet;
use crate::index::{self, Cache};
use crate::knowledge::{self, Knowledge};
use crate::report::{self, Defaults, Library};
use crate::review::Known;
use crate::scope::{Documents, Input};
use crate::snapshot::{Choice, Snapshot};
use crate::terms::{CveId, NO_DEVICE, UNGROUPED};

/// Everything that was read.
pub(super) struct Loaded {
    pub(super) site: Site,
    pub(super) library: Library,
    pub(super) documents: Documents,
    pub(super) fleets: Vec<Fleet>,
    /// Where the fleets were read from, in the same order.
    pub(super) snapshots: Vec<Snapshot>,
    pub(super) groups: BTreeSet<String>,
    pub(super) knowledge: Knowledge,
    pub(super) as_of: Timestamp,
    pub(super) drafts: bool,
}

impl Loaded {
    /// Reads the site; `None` when nothing can be made of it. All problems are told, whatever
    /// else is wrong.
    pub(super) fn read(
        args: &InputArgs,
        console: &Console,
        timings: &mut Timings,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let site = config::load(&args.site, diagnostics)?;
        timings.lap("config");
        console.step("reading the reports");
        let roles: Vec<&str> = site.roles.iter().map(|role| role.name.as_str()).collect();
        let library = report::load(&site.root, Defaults { tlp: site.default_tlp, roles: &roles }, diagnostics);
        timings.lap("report");
        console.step("reading the snapshots");
        let choice = Choice { snapshot: args.snapshot.as_deref(), as_of: args.as_of };
        let cache = (!args.no_cache).then(|| Cache::of(&site));
        let indexed = index::load(&site, choice, cache.as_ref(), diagnostics);
        timings.lap(if indexed.as_ref().is_some_and(|indexed| !indexed.were_read) { "index" } else { "snapshot" });
        console.step("parsing the reports");
        let groups: BTreeSet<String> = indexed
            .iter()
            .flat_map(|indexed| &indexed.fleets)
            .flat_map(|fleet| &fleet.groups)
            .map(|group| group.name.clone())
            .collect();
        let documents = Documents::parse(&library, &site.roles, &groups, diagnostics);
        timings.lap("scope");
        let tracked = library.reports.iter().flat_map(|report| &report.facts.vulnerabilities);
        let named: BTreeSet<CveId> = tracked.chain(documents.vulnerabilities()).cloned().collect();
        let knowledge = knowledge::load(&site.root, &named, diagnostics);
        timings.lap("knowledge");
        let index::Loaded { fleets, snapshots, .. } = indexed?;
        if !fleets.is_empty() {
            unknown_groups(&site, &groups, diagnostics);
        }
        let as_of = args.as_of.or_else(|| fleets.last().map(|fleet| fleet.as_of));
        if as_of.is_none() {
            diagnostics.push(
                Diagnostic::error(Code::NoSnapshot, "the site has no snapshot, so nothing says what `now` is")
                    .in_file(site.snapshots.strip_prefix(&site.root).unwrap_or(&site.snapshots).display().to_string())
                    .hint("add a snapshot, or build without figures with --as-of TIME"),
            );
        }
        let (as_of, drafts) = (as_of?, args.drafts);
        Some(Self { library, documents, fleets, snapshots, groups, knowledge, as_of, drafts, site })
    }

    /// What `scope` is asked with.
    pub(super) fn input(&self) -> Input<'_> {
        Input {
            site: &self.site,
            library: &self.library,
            documents: &self.documents,
            fleets: &self.fleets,
            groups: &self.groups,
            knowledge: &self.knowledge,
            as_of: self.as_of,
            drafts: self.drafts,
        }
    }

    /// What the texts are reviewed by.
    pub(super) fn known(&self) -> Known<'_> {
        Known { site: &self.site, fleets: &self.fleets, knowledge: &self.knowledge, as_of: self.as_of }
    }

    /// The roles of these names, or all; a name that is none is told.
    pub(super) fn roles(&self, names: &[String], diagnostics: &mut Diagnostics) -> Vec<&Role> {
        chosen(&self.site, names, diagnostics)
    }
}

/// The site's roles of these names, or all; a name that is none is told.
pub(super) fn chosen<'a>(site: &'a Site, names: &[String], diagnostics: &mut Diagnostics) -> Vec<&'a Role> {
    if names.is_empty() {
        return site.roles.iter().collect();
    }
    for name in names.iter().filter(|name| site.role(name).is_none()) {
        let known = site.roles.iter().map(|role| role.name.as_str());
        let hint = match nearest(name, known.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the roles are {}", known.collect::<Vec<_>>().join(", ")),
        };
        let message = format!("there is no role `{}`", visible(name));
        diagnostics.push(Diagnostic::error(Code::UnknownRole, message).hint(hint));
    }
    site.roles.iter().filter(|role| names.contains(&role.name)).collect()
}

/// Warns of groups in roles that no snapshot has: they can only narrow what a role sees.
fn unknown_groups(site: &Site, groups: &BTreeSet<String>, diagnostics: &mut Diagnostics) {
    for (name, span) in site.roles.iter().flat_map(|role| &role.group_spans) {
        if groups.contains(name) || [UNGROUPED, NO_DEVICE].contains(&name.as_str()) {
            continue;
        }
        let hint = match nearest(name, groups.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`? Names compare exactly"),
            None => "`threatpress list groups` shows the groups there are".to_owned(),
        };
        diagnostics.push(
            Diagnostic::warning(Code::UnknownGroup, format!("no snapshot has the group `{}`", visible(name)))
                .at(&site.source, span.clone())
                .hint(hint)
                .strict(),
        );
    }
}
