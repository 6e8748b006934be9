//! What can be done against a threat, and how far it is.

use serde::Serialize;

use super::Count;
use crate::scope::DeviceSet;
use crate::terms::{ConfigurationId, CveId, Severity};

/// The tracked mitigations, one row each.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Mitigations {
    /// Configurations, by devices exposed, most first, then id.
    pub configurations: Vec<ConfigurationRow>,
    /// Vulnerabilities, likewise.
    pub vulnerabilities: Vec<VulnerabilityRow>,
    /// Updates with an exposed device, likewise.
    pub updates: Option<Vec<UpdateRow>>,
}

/// One tracked configuration.
#[derive(Clone, Debug, Serialize)]
pub struct ConfigurationRow {
    /// The id, as the author spells it.
    pub id: String,
    /// The folded id, by which the catalogue is asked; not written.
    #[serde(skip)]
    pub key: ConfigurationId,
    /// Front matter's name, else the catalogue's, else the id.
    pub name: String,
    /// Devices that are secure.
    pub secure: Count,
    /// Devices that are exposed.
    pub exposed: Count,
    /// Devices not known.
    pub unavailable: Count,
    /// Devices it does not apply to.
    pub not_applicable: Count,
    /// Of the exposed, those that run another antivirus, where the configuration is about ours.
    pub other_antivirus: Count,
    /// The exposed devices; not written.
    #[serde(skip)]
    pub exposed_devices: DeviceSet,
}

/// One tracked vulnerability.
#[derive(Clone, Debug, Serialize)]
pub struct VulnerabilityRow {
    /// The id.
    pub id: CveId,
    /// The highest severity among the slice's rows.
    pub severity: Severity,
    /// Devices that are patched.
    pub patched: Count,
    /// Devices that are exposed.
    pub exposed: Count,
    /// Devices not known.
    pub unavailable: Count,
    /// Devices not exposed.
    pub not_exposed: Count,
    /// Devices it does not apply to.
    pub not_applicable: Count,
    /// Of the exposed, those for which there is no update yet.
    pub no_update: Count,
    /// Of the exposed, those that only need a restart.
    pub pending_restart: Count,
    /// The exposed devices; not written.
    #[serde(skip)]
    pub exposed_devices: DeviceSet,
}

/// One update.
#[derive(Clone, Debug, Serialize)]
pub struct UpdateRow {
    /// The id.
    pub id: String,
    /// Its name in the slice, else the id.
    pub name: String,
    /// Devices that need it.
    pub exposed: u64,
    /// The tracked vulnerabilities it answers.
    pub vulnerabilities: Vec<CveId>,
    /// The devices that need it; not written.
    #[serde(skip)]
    pub exposed_devices: DeviceSet,
}
