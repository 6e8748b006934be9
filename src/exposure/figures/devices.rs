//! Devices by state: the headline, both axes, the level.

use serde::Serialize;

use super::Count;

/// Devices by headline state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DeviceStates {
    /// Devices of the role.
    pub total: Count,
    /// With an active linked alert; not known without alerts.
    pub impacted: Count,
    /// Exposed on either axis.
    pub exposed: Count,
    /// Nobody can vouch for them.
    pub unavailable: Count,
    /// Secure or patched, nothing worse.
    pub mitigated: Count,
    /// The threat does not concern them.
    pub not_applicable: Count,
}

/// Why devices are unavailable, first reason that holds (section 3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct UnavailableReasons {
    /// Not onboarded.
    pub not_onboarded: Count,
    /// Health inactive.
    pub inactive: Count,
    /// No sensor data.
    pub no_sensor_data: Count,
    /// Never heard of.
    pub never_seen: Count,
    /// Silent for longer than `freshness_days`.
    pub stale: Count,
    /// Reports, but was not assessed.
    pub not_assessed: Count,
}

/// The configuration axis over all tracked configurations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ConfigurationFigures {
    /// Of the applicable ones, those without an exposed pair.
    pub implemented: u64,
    /// Configurations with a secure or exposed pair.
    pub applicable: u64,
    /// (device, configuration) pairs that are secure.
    pub pairs_secure: u64,
    /// Pairs that are exposed.
    pub pairs_exposed: u64,
    /// Devices by state.
    pub devices: ConfigurationStates,
    /// Exposed devices all of whose exposed pairs may only look so because another antivirus runs.
    pub other_antivirus: u64,
}

/// Devices by their state on the configuration axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ConfigurationStates {
    /// Secure.
    pub secure: u64,
    /// Exposed: misconfigured.
    pub exposed: u64,
    /// Not known.
    pub unavailable: u64,
    /// Not applicable.
    pub not_applicable: u64,
}

/// The vulnerability axis over all tracked vulnerabilities.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct VulnerabilityFigures {
    /// Devices by state.
    pub devices: VulnerabilityStates,
}

/// Devices by their state on the vulnerability axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct VulnerabilityStates {
    /// Patched.
    pub patched: u64,
    /// Exposed: vulnerable.
    pub exposed: u64,
    /// Not known.
    pub unavailable: u64,
    /// Not exposed: patched or never affected, the data cannot tell.
    pub not_exposed: u64,
    /// Not applicable.
    pub not_applicable: u64,
}

/// How exposed the role's devices are, severity and breadth together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ExposureLevel {
    /// The level, by the exact quotient of weight and population.
    pub level: Option<Level>,
    /// The quotient, cut to an integer, 0-100.
    pub score: Count,
    /// The devices' weights, summed.
    pub weight: Count,
    /// The devices it could concern.
    pub population: Count,
}

/// An exposure level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nothing exposed.
    None,
    /// Below 30.
    Low,
    /// Below 70.
    Medium,
    /// From 70.
    High,
}

impl Level {
    /// The word of output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// Headline states of one group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupStates {
    /// The group.
    pub name: String,
    /// Its devices.
    pub devices: DeviceStates,
}

/// Why a device is unavailable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnavailableReason {
    /// Not onboarded.
    NotOnboarded,
    /// Health inactive.
    Inactive,
    /// No sensor data.
    NoSensorData,
    /// Never heard of.
    NeverSeen,
    /// Silent for longer than `freshness_days`.
    Stale,
    /// Reports, but was not assessed.
    NotAssessed,
}
