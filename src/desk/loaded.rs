//! A site that was read.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use crate::config::{Role, Site};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, nearest, visible};
use crate::fleet::Fleet;
use crate::knowledge::Knowledge;
use crate::report::Library;
use crate::review::Known;
use crate::scope::{Documents, Input};
use crate::snapshot::Snapshot;
use crate::terms::{NO_DEVICE, UNGROUPED};

/// Everything that was read. What did not change since it was read before is the very same value.
#[derive(Clone)]
pub struct Loaded {
    /// The configuration.
    pub site: Arc<Site>,
    /// What authors wrote.
    pub library: Library,
    /// Their texts, parsed.
    pub documents: Arc<Documents>,
    /// The snapshots up to the current one, oldest first.
    pub fleets: Vec<Arc<Fleet>>,
    /// Where the fleets were read from, in the same order.
    pub snapshots: Vec<Snapshot>,
    /// The device groups that some snapshot has.
    pub groups: Arc<BTreeSet<String>>,
    /// What the world knows.
    pub knowledge: Arc<Knowledge>,
    /// "Now".
    pub as_of: Timestamp,
    /// Whether drafts are admitted.
    pub drafts: bool,
}

impl Loaded {
    /// What `scope` is asked with.
    #[must_use]
    pub fn input(&self) -> Input<'_> {
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

    /// Whether a snapshot is an engine's, which may hold something else at any time, and no file would tell.
    #[must_use]
    pub fn asks_engines(&self) -> bool {
        self.snapshots.iter().any(|snapshot| snapshot.engine.is_some())
    }

    /// What the texts are reviewed by.
    #[must_use]
    pub fn known(&self) -> Known<'_> {
        Known { site: &self.site, fleets: &self.fleets, knowledge: &self.knowledge, as_of: self.as_of }
    }

    /// The roles of these names, or all; a name that is none is told.
    pub fn roles(&self, names: &[String], diagnostics: &mut Diagnostics) -> Vec<&Role> {
        chosen(&self.site, names, diagnostics)
    }
}

/// The site's roles of these names, or all; a name that is none is told.
pub fn chosen<'a>(site: &'a Site, names: &[String], diagnostics: &mut Diagnostics) -> Vec<&'a Role> {
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
pub(super) fn unknown_groups(site: &Site, groups: &BTreeSet<String>, diagnostics: &mut Diagnostics) {
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
