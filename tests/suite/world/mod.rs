//! A random site as plain rows of raw strings, as a CSV would hold them. Nothing here knows what
//! a figure is: the rows are drawn, written to a directory, and handed to the twin as they are.

pub(crate) mod alerts;
pub(crate) mod devices;
pub(crate) mod files;
pub(crate) mod findings;
pub(crate) mod furniture;
pub(crate) mod knowledge;
pub(crate) mod moments;
pub(crate) mod pools;
pub(crate) mod reports;
pub(crate) mod roles;
pub(crate) mod scene;
pub(crate) mod site;
pub(crate) mod snapshots;

pub(crate) use furniture::furnished_worlds;
pub(crate) use knowledge::Knowledge;
pub(crate) use scene::{calm_worlds, worlds};

/// A whole site, and the time it is built as of.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) config: Config,
    pub(crate) reports: Vec<Report>,
    pub(crate) guides: Vec<Guide>,
    /// Oldest first.
    pub(crate) snapshots: Vec<Snapshot>,
    pub(crate) knowledge: Knowledge,
    /// What `--as-of` says.
    pub(crate) as_of: String,
}

/// `threatpress.yaml`. `None` is a key that is left out.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) default_tlp: Option<String>,
    pub(crate) freshness_days: Option<i64>,
    pub(crate) trend_days: Option<i64>,
    pub(crate) antivirus_configurations: Option<Vec<String>>,
    pub(crate) group_ranks: Vec<String>,
    pub(crate) roles: Vec<Role>,
}

#[derive(Clone, Debug)]
pub(crate) struct Role {
    pub(crate) name: String,
    pub(crate) groups: Groups,
    pub(crate) clearance: Option<String>,
}

/// The three ways to say which groups a role may see.
#[derive(Clone, Debug)]
pub(crate) enum Groups {
    All,
    Listed(Vec<String>),
    LeftOut,
}

/// A report's front matter, and a body of Markdown with at most one scope block.
#[derive(Clone, Debug, Default)]
pub(crate) struct Report {
    pub(crate) slug: String,
    pub(crate) file: ReportFile,
    pub(crate) title: String,
    pub(crate) kind: String,
    pub(crate) tlp: Option<String>,
    pub(crate) audience: Option<Vec<String>>,
    pub(crate) published: String,
    pub(crate) updated: Option<String>,
    pub(crate) severity: Option<String>,
    pub(crate) tags: Option<Vec<String>>,
    pub(crate) vulnerabilities: Option<Vec<String>>,
    pub(crate) configurations: Option<Vec<Tracked>>,
    pub(crate) alerts: Option<Selectors>,
    pub(crate) draft: Option<bool>,
    pub(crate) publish_at: Option<String>,
    pub(crate) redirects: Vec<String>,
    pub(crate) names: Names,
    pub(crate) indicators: Vec<Indicator>,
    /// Images beside the report, if it has a folder.
    pub(crate) images: Vec<Image>,
    pub(crate) text: String,
    pub(crate) hidden: Option<ScopeBlock>,
}

/// What a report names that no figure counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    pub(crate) aliases: Vec<String>,
    pub(crate) actors: Vec<String>,
    pub(crate) malware: Vec<String>,
    pub(crate) attack_surfaces: Vec<String>,
    pub(crate) techniques: Vec<String>,
    /// A summary each, of the day the report was published.
    pub(crate) changes: Vec<String>,
}

/// A host name as an indicator.
#[derive(Clone, Debug)]
pub(crate) struct Indicator {
    pub(crate) value: String,
    pub(crate) tlp: Option<String>,
}

/// A PNG of one pixel.
#[derive(Clone, Debug)]
pub(crate) struct Image {
    pub(crate) name: String,
    pub(crate) grey: u8,
}

/// A free page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Guide {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) tlp: Option<String>,
    pub(crate) audience: Option<Vec<String>>,
    pub(crate) draft: Option<bool>,
    pub(crate) publish_at: Option<String>,
    pub(crate) text: String,
    pub(crate) hidden: Option<ScopeBlock>,
}

/// Where a report's file stands, and whether its slug is said or comes from the name.
#[derive(Clone, Debug, Default)]
pub(crate) enum ReportFile {
    #[default]
    Flat,
    Folder,
    SaidInside,
}

/// A tracked configuration: an id alone, or an id with a name.
#[derive(Clone, Debug)]
pub(crate) struct Tracked {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Selectors {
    pub(crate) ids: Vec<String>,
    pub(crate) titles: Vec<String>,
    pub(crate) detectors: Vec<String>,
    pub(crate) families: Vec<String>,
    pub(crate) actors: Vec<String>,
}

/// `::: scope groups="…" tlp="…"` with the text inside it.
#[derive(Clone, Debug)]
pub(crate) struct ScopeBlock {
    pub(crate) groups: Vec<String>,
    pub(crate) tlp: Option<String>,
    pub(crate) text: String,
}

/// One snapshot: a table that is `None` is absent, one without rows is empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct Snapshot {
    pub(crate) as_of: String,
    pub(crate) devices: Table,
    pub(crate) vulnerabilities: Option<Table>,
    pub(crate) configurations: Option<Table>,
    pub(crate) configuration_catalog: Option<Table>,
    pub(crate) software: Option<Table>,
    pub(crate) affected_software: Option<Table>,
    pub(crate) alerts: Option<Table>,
    pub(crate) alert_devices: Option<Table>,
    pub(crate) incidents: Option<Table>,
}

impl Snapshot {
    /// The tables that exist, by the name of their file.
    pub(crate) fn tables(&self) -> Vec<(&'static str, &Table)> {
        let optional = [
            ("vulnerabilities", &self.vulnerabilities),
            ("configurations", &self.configurations),
            ("configuration_catalog", &self.configuration_catalog),
            ("software", &self.software),
            ("affected_software", &self.affected_software),
            ("alerts", &self.alerts),
            ("alert_devices", &self.alert_devices),
            ("incidents", &self.incidents),
        ];
        let mut tables = vec![("devices", &self.devices)];
        for (name, table) in optional {
            if let Some(table) = table {
                tables.push((name, table));
            }
        }
        tables
    }
}

/// Rows of raw strings under the columns that stand in the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    pub(crate) columns: Vec<&'static str>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(columns: &[&'static str]) -> Table {
        Table { columns: columns.to_vec(), rows: Vec::new() }
    }

    /// The cell as the file holds it; empty where the file has no such column.
    pub(crate) fn cell<'a>(&self, row: &'a [String], column: &str) -> &'a str {
        match self.columns.iter().position(|c| *c == column) {
            Some(at) => &row[at],
            None => "",
        }
    }

    /// Adds a row given as (column, value); columns not named are empty.
    pub(crate) fn push(&mut self, cells: &[(&str, &str)]) {
        let row = self.columns.iter().map(|column| {
            let cell = cells.iter().find(|(name, _)| name == column);
            cell.map_or(String::new(), |(_, value)| (*value).to_owned())
        });
        let row = row.collect();
        self.rows.push(row);
    }

    /// Takes a column out, cells and all, as a file without it would be.
    pub(crate) fn drop_column(&mut self, column: &str) {
        if let Some(at) = self.columns.iter().position(|c| *c == column) {
            self.columns.remove(at);
            for row in &mut self.rows {
                row.remove(at);
            }
        }
    }
}
