//! Every page of a build, and its path.

use crate::terms::{CveId, TechniqueId};

/// A page.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Route {
    /// The dashboard.
    Dashboard,
    /// The list of threats, the latest update first.
    Threats,
    /// The same in another order.
    ThreatsBy(Order),
    /// A tab of a report, by its slug.
    Report(String, Tab),
    /// A former slug, and the slug it leads to.
    Redirect(String, String),
    /// The techniques.
    Techniques,
    /// The techniques by tactic.
    Matrix,
    /// Some of them by tactic.
    MatrixOf(Choice),
    /// A technique.
    Technique(TechniqueId),
    /// The vulnerabilities.
    Vulnerabilities,
    /// A vulnerability.
    Vulnerability(CveId),
    /// The names of a catalogue.
    Catalogue(Catalogue),
    /// One of them, by its name in the URL.
    Name(Catalogue, String),
    /// The device groups.
    Groups,
    /// A device group, by its name in the URL.
    Group(String),
    /// What all reports ask of a device group, by its name in the URL.
    GroupWorklist(String),
    /// What a report asks of a device group: the report's slug, the group's name in the URL.
    Worklist(String, String),
    /// A free page, by its name.
    Guide(String),
    /// The lists from A to Z.
    Search,
    /// About this build.
    About,
    /// What authors changed.
    Changes,
    /// The page for what is not there.
    Missing,
}

/// An order of the list of threats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Order {
    /// What needs action first.
    Impact,
    /// The highest exposure first.
    Exposure,
    /// The most severe first.
    Severity,
}

impl Order {
    /// Every order beside the list's own.
    pub const ALL: [Self; 3] = [Self::Impact, Self::Exposure, Self::Severity];

    /// Its directory: no report can have the same.
    #[must_use]
    pub fn directory(self) -> &'static str {
        match self {
            Self::Impact => "threats/by/impact/",
            Self::Exposure => "threats/by/exposure/",
            Self::Severity => "threats/by/severity/",
        }
    }

    /// Its name.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Impact => "By impact",
            Self::Exposure => "By exposure",
            Self::Severity => "By severity",
        }
    }
}

/// A choice among the techniques of the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Choice {
    /// Those whose reports have active alerts.
    Alerted,
    /// Those that no detection and no query of a report is known to find.
    Undetected,
}

impl Choice {
    /// Every choice beside the whole.
    pub const ALL: [Self; 2] = [Self::Alerted, Self::Undetected];

    /// Its directory.
    #[must_use]
    pub fn directory(self) -> &'static str {
        match self {
            Self::Alerted => "techniques/matrix/active-alerts/",
            Self::Undetected => "techniques/matrix/no-detection/",
        }
    }

    /// Its name.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Alerted => "With active alerts",
            Self::Undetected => "Without a detection",
        }
    }
}

/// A page of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tab {
    /// The threat in short.
    Overview,
    /// The write-up.
    Analyst,
    /// Incidents and alerts.
    Incidents,
    /// Devices with alerts.
    Assets,
    /// Devices that are open to it.
    Exposure,
    /// What helps.
    Mitigations,
    /// All of it.
    Print,
}

impl Tab {
    /// Every tab.
    pub const ALL: [Self; 7] =
        [Self::Overview, Self::Analyst, Self::Incidents, Self::Assets, Self::Exposure, Self::Mitigations, Self::Print];

    /// Its directory under the report's.
    #[must_use]
    pub fn directory(self) -> &'static str {
        match self {
            Self::Overview => "",
            Self::Analyst => "analyst-report/",
            Self::Incidents => "incidents/",
            Self::Assets => "assets/",
            Self::Exposure => "exposure/",
            Self::Mitigations => "mitigations/",
            Self::Print => "print/",
        }
    }

    /// Its name.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Analyst => "Analyst report",
            Self::Incidents => "Related incidents",
            Self::Assets => "Impacted assets",
            Self::Exposure => "Endpoint exposure",
            Self::Mitigations => "Mitigations",
            Self::Print => "Whole report",
        }
    }
}

/// A kind of name that reports carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Catalogue {
    /// Threat actors.
    Actors,
    /// Malware.
    Malware,
    /// What threats come in through.
    Surfaces,
    /// Tags.
    Tags,
}

impl Catalogue {
    /// Every catalogue.
    pub const ALL: [Self; 4] = [Self::Actors, Self::Malware, Self::Surfaces, Self::Tags];

    /// Its directory.
    #[must_use]
    pub fn directory(self) -> &'static str {
        match self {
            Self::Actors => "actors/",
            Self::Malware => "malware/",
            Self::Surfaces => "attack-surfaces/",
            Self::Tags => "tags/",
        }
    }

    /// Its title.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Actors => "Actors",
            Self::Malware => "Malware",
            Self::Surfaces => "Attack surfaces",
            Self::Tags => "Tags",
        }
    }

    /// What one of its names is.
    #[must_use]
    pub fn singular(self) -> &'static str {
        match self {
            Self::Actors => "Actor",
            Self::Malware => "Malware",
            Self::Surfaces => "Attack surface",
            Self::Tags => "Tag",
        }
    }

    /// One sentence on what its index lists.
    #[must_use]
    pub fn explained(self) -> &'static str {
        match self {
            Self::Actors => "The threat actors that your reports name.",
            Self::Malware => "The malware that your reports name.",
            Self::Surfaces => "What the threats of your reports come in through.",
            Self::Tags => "The tags that authors gave to your reports.",
        }
    }
}

impl Route {
    /// What pages of one template and one model have in common.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Dashboard => "dashboard",
            Self::Threats | Self::ThreatsBy(_) => "threats",
            Self::Report(_, tab) => tab.label(),
            Self::Redirect(..) => "redirect",
            Self::Techniques => "techniques",
            Self::Matrix | Self::MatrixOf(_) => "matrix",
            Self::Technique(_) => "technique",
            Self::Vulnerabilities => "vulnerabilities",
            Self::Vulnerability(_) => "vulnerability",
            Self::Catalogue(_) => "catalogue",
            Self::Name(..) => "name",
            Self::Groups => "groups",
            Self::Group(_) => "group",
            Self::GroupWorklist(_) | Self::Worklist(..) => "worklist",
            Self::Guide(_) => "guide",
            Self::Search => "search",
            Self::About => "about",
            Self::Changes => "changes",
            Self::Missing => "missing",
        }
    }

    /// Routes, cut into runs of pages that show much of the same: those of a report.
    pub fn sheets(routes: &[Self]) -> impl Iterator<Item = &[Self]> {
        routes.chunk_by(|one, other| matches!((one, other), (Self::Report(a, _), Self::Report(b, _)) if a == b))
    }

    /// The directory of the page from the root, with a `/` at the end; empty for the dashboard
    /// and the page for what is not there.
    #[must_use]
    pub fn directory(&self) -> String {
        match self {
            Self::Dashboard | Self::Missing => String::new(),
            Self::Threats => "threats/".to_owned(),
            Self::ThreatsBy(order) => order.directory().to_owned(),
            Self::Report(slug, tab) => format!("threats/{slug}/{}", tab.directory()),
            Self::Redirect(slug, _) => format!("threats/{slug}/"),
            Self::Techniques => "techniques/".to_owned(),
            Self::Matrix => "techniques/matrix/".to_owned(),
            Self::MatrixOf(choice) => choice.directory().to_owned(),
            Self::Technique(id) => format!("techniques/{id}/"),
            Self::Vulnerabilities => "vulnerabilities/".to_owned(),
            Self::Vulnerability(id) => format!("vulnerabilities/{id}/"),
            Self::Catalogue(catalogue) => catalogue.directory().to_owned(),
            Self::Name(catalogue, name) => format!("{}{name}/", catalogue.directory()),
            Self::Groups => "groups/".to_owned(),
            Self::Group(name) => format!("groups/{name}/"),
            Self::GroupWorklist(name) => format!("groups/{name}/worklist/"),
            Self::Worklist(slug, group) => format!("threats/{slug}/worklist/{group}/"),
            Self::Guide(name) => format!("pages/{name}/"),
            Self::Search => "search/".to_owned(),
            Self::About => "about/".to_owned(),
            Self::Changes => "changes/".to_owned(),
        }
    }

    /// Whether an author's text stands on the page, or is what its address means.
    #[must_use]
    pub fn is_text(&self) -> bool {
        matches!(self, Self::Guide(_) | Self::Report(_, Tab::Overview | Tab::Analyst | Tab::Print))
    }

    /// The path of the page's file from the root.
    #[must_use]
    pub fn file(&self) -> String {
        match self {
            Self::Missing => "404.html".to_owned(),
            _ => format!("{}index.html", self.directory()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_of_a_report_are_one_sheet_and_every_other_page_is_one() {
        let report = |slug: &str, tab| Route::Report(slug.to_owned(), tab);
        let worklist = Route::Worklist("a".to_owned(), "emea".to_owned());
        let routes = [
            vec![Route::Dashboard, Route::Threats],
            Tab::ALL.map(|tab| report("a", tab)).to_vec(),
            vec![worklist],
            Tab::ALL.map(|tab| report("b", tab)).to_vec(),
            vec![report("c", Tab::Overview)],
        ]
        .concat();
        let sheets: Vec<usize> = Route::sheets(&routes).map(<[Route]>::len).collect();
        assert_eq!(sheets, [1, 1, Tab::ALL.len(), 1, Tab::ALL.len(), 1]);
    }
}
