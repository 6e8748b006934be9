//! Every name that a build may hold only for those who see what it names.

use super::auditor::Inputs;
use super::sight::{Sight, named};

/// What a name is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    DeviceName,
    DeviceId,
    Group,
    Role,
    RoleTitle,
    SignInGroup,
    ReportTitle,
    ReportSlug,
    Redirect,
    PageTitle,
    PageName,
    Alert,
    Incident,
}

impl Kind {
    /// What the name is, with its article.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::DeviceName => "the name of a device",
            Self::DeviceId => "the id of a device",
            Self::Group => "a device group",
            Self::Role => "another role",
            Self::RoleTitle => "another role's title",
            Self::SignInGroup => "a group of the sign-in service",
            Self::ReportTitle => "the title of a report",
            Self::ReportSlug => "the slug of a report",
            Self::Redirect => "a former slug of a report",
            Self::PageTitle => "the title of a page",
            Self::PageName => "the name of a page",
            Self::Alert => "an alert",
            Self::Incident => "an incident",
        }
    }

    /// The same for several.
    pub(super) fn plural(self) -> &'static str {
        match self {
            Self::DeviceName => "device names",
            Self::DeviceId => "device ids",
            Self::Group => "device groups",
            Self::Role => "role names",
            Self::RoleTitle => "role titles",
            Self::SignInGroup => "sign-in groups",
            Self::ReportTitle => "report titles",
            Self::ReportSlug => "report slugs",
            Self::Redirect => "former report slugs",
            Self::PageTitle => "page titles",
            Self::PageName => "page names",
            Self::Alert => "alert ids",
            Self::Incident => "incident ids",
        }
    }
}

/// Gives every name of the site and of all snapshots that reach a build, and whether `sight`
/// may see it; with no sight, nothing may be seen. A name may be given more than once, seen
/// one time and hidden another: one who sees it once knows it.
pub(super) fn each(inputs: &Inputs<'_>, sight: Option<&Sight<'_>>, mut give: impl FnMut(Kind, &str, bool)) {
    of_configuration(inputs, sight, &mut give);
    of_texts(inputs, sight, &mut give);
    of_fleets(inputs, sight, &mut give);
}

fn of_configuration(inputs: &Inputs<'_>, sight: Option<&Sight<'_>>, give: &mut impl FnMut(Kind, &str, bool)) {
    for role in &inputs.site.roles {
        let own = sight.is_some_and(|sight| sight.role.name == role.name);
        give(Kind::Role, &role.name, own);
        give(Kind::RoleTitle, &role.title, own);
        // Nobody's business, the role's own included.
        role.sign_in_groups.iter().for_each(|id| give(Kind::SignInGroup, id, false));
        for (group, _) in &role.group_spans {
            give(Kind::Group, group, sight.is_some_and(|sight| sight.group(group)));
        }
    }
}

fn of_texts(inputs: &Inputs<'_>, sight: Option<&Sight<'_>>, give: &mut impl FnMut(Kind, &str, bool)) {
    for report in &inputs.library.reports {
        let facts = &report.facts;
        let seen = sight.is_some_and(|sight| sight.text(facts.tlp, &report.admission));
        give(Kind::ReportTitle, &facts.title, seen);
        give(Kind::ReportSlug, &facts.slug, seen);
        facts.redirects.iter().for_each(|slug| give(Kind::Redirect, slug, seen));
    }
    for page in &inputs.library.pages {
        let seen = sight.is_some_and(|sight| sight.text(page.tlp, &page.admission));
        give(Kind::PageTitle, &page.title, seen);
        give(Kind::PageName, &page.name, seen);
    }
}

fn of_fleets(inputs: &Inputs<'_>, sight: Option<&Sight<'_>>, give: &mut impl FnMut(Kind, &str, bool)) {
    for fleet in inputs.fleets {
        for group in &fleet.groups {
            let seen = sight.is_some_and(|sight| sight.group(&group.name));
            give(Kind::Group, &group.name, seen);
            let devices = fleet.devices.get(group.range.start as usize..group.range.end as usize);
            for device in devices.unwrap_or_default() {
                give(Kind::DeviceName, &device.name, seen);
                give(Kind::DeviceId, &device.id, seen);
            }
        }
        for alert in &fleet.alerts {
            give(Kind::Alert, &alert.id, sight.is_some_and(|sight| sight.alert(fleet, alert)));
        }
        let incidents = sight.map(|sight| sight.incidents(fleet)).unwrap_or_default();
        for id in fleet.incidents.keys().map(String::as_str).chain(named(&fleet.alerts)) {
            give(Kind::Incident, id, incidents.contains(id));
        }
    }
}
