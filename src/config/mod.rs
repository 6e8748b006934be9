//! `threatpress.yaml` as checked values. Nothing else reads that file.

mod keys;
mod load;
mod role;

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use crate::diagnostics::Source;
use crate::terms::{ConfigurationId, GroupSelection, Tlp};

pub use keys::CONFIGURATION;
pub use load::{FILE_NAME, load};

/// A site's configuration.
#[derive(Clone, Debug)]
pub struct Site {
    /// The directory that holds `threatpress.yaml`.
    pub root: PathBuf,
    /// The file, for messages about roles found later.
    pub source: Arc<Source>,
    /// The site's title.
    pub title: String,
    /// Where the builds are served, absolute, with `/` at the end.
    pub base_url: String,
    /// The language of the pages (BCP 47).
    pub language: String,
    /// The theme's name.
    pub theme: String,
    /// The directory of the snapshots, absolute or relative to the working directory.
    pub snapshots: PathBuf,
    /// A device silent for longer than so many days is unavailable.
    pub freshness_days: u32,
    /// How many days a trend shows; at least one.
    pub trend_days: u32,
    /// The TLP of a report that names none.
    pub default_tlp: Tlp,
    /// Configurations that say something about the vendor's own antivirus.
    pub antivirus_configurations: BTreeSet<ConfigurationId>,
    /// For a device with rows in several groups: the first of these wins.
    pub group_ranks: Vec<String>,
    /// Rows of a device table on a page.
    pub device_rows: usize,
    /// Rows of a device CSV.
    pub download_rows: usize,
    /// Where ids lead outside the site.
    pub links: Links,
    /// The roles, by name.
    pub roles: Vec<Role>,
}

/// URL templates with `{id}`.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// For a device id.
    pub device: Option<String>,
    /// For an incident id.
    pub incident: Option<String>,
    /// For an alert id.
    pub alert: Option<String>,
    /// For a CVE id.
    pub vulnerability: Option<String>,
    /// For a technique id.
    pub technique: Option<String>,
}

/// A role: who reads, and what they may see.
#[derive(Clone, Debug)]
pub struct Role {
    /// Its name, also its directory's.
    pub name: String,
    /// Where in the file its name stands.
    pub span: Range<usize>,
    /// Its title; the name when left out.
    pub title: String,
    /// The device groups it sees.
    pub groups: GroupSelection,
    /// Where in the file each listed group stands.
    pub group_spans: Vec<(String, Range<usize>)>,
    /// The strictest TLP it reads.
    pub clearance: Tlp,
    /// Its groups in the sign-in service; never written into a build.
    pub sign_in_groups: Vec<String>,
    /// Where its build is served, absolute, with `/` at the end.
    pub base_url: String,
}

impl Site {
    /// The role of a name.
    #[must_use]
    pub fn role(&self, name: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.name == name)
    }
}
