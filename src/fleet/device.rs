//! A device and what the snapshot says of it.

use compact_str::CompactString;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One device. There may be millions, and nearly all texts of them are short: those need no memory beside their own.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Device {
    /// The id as its row spells it.
    pub id: CompactString,
    /// The name; empty when the row has none.
    pub name: CompactString,
    /// The operating system.
    pub os: Option<CompactString>,
    /// Its version.
    pub os_version: Option<CompactString>,
    /// Whether it is onboarded; absent when not said.
    pub onboarding: Option<Onboarding>,
    /// The sensor's health; absent when not said.
    pub health: Option<Health>,
    /// When it was last heard of.
    pub last_seen: Option<Timestamp>,
    /// What its antivirus does; absent when not said.
    pub antivirus_mode: Option<AntivirusMode>,
    /// Whether it is excluded from vulnerability management.
    pub excluded: bool,
    /// How much it matters.
    pub criticality: Option<Criticality>,
    /// Whether the internet reaches it.
    pub internet_facing: Option<bool>,
}

/// An enumeration of the snapshot's tables: each value with its word and its label.
macro_rules! enumeration {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $vdoc:literal])+ $variant:ident = $word:literal, $label:literal;)+ }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[doc = $vdoc])+ $variant,)+ }

        impl $name {
            /// Every value.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The word of the tables.
            #[must_use]
            pub fn word(self) -> &'static str { match self { $(Self::$variant => $word,)+ } }

            /// The words a page shows.
            #[must_use]
            pub fn label(self) -> &'static str { match self { $(Self::$variant => $label,)+ } }

            /// Reads a word in any case, with or without spaces and `_`.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                let folded = crate::terms::word(text);
                Self::ALL.iter().copied().find(|value| crate::terms::word(value.word()) == folded)
            }
        }
    };
}
pub(super) use enumeration;

enumeration! {
    /// How far a device is onboarded.
    Onboarding {
        /// It sends data.
        Onboarded = "onboarded", "Onboarded";
        /// It could.
        CanBeOnboarded = "can_be_onboarded", "Can be onboarded";
        /// It cannot.
        Unsupported = "unsupported", "Unsupported";
        /// Too little is known.
        InsufficientInfo = "insufficient_info", "Insufficient info";
    }
}

enumeration! {
    /// The state of a device's sensor.
    Health {
        /// It reports.
        Active = "active", "Active";
        /// It has been silent.
        Inactive = "inactive", "Inactive";
        /// It reports, but commands may not reach it.
        ImpairedCommunication = "impaired_communication", "Impaired communication";
        /// It sends no sensor data.
        NoSensorData = "no_sensor_data", "No sensor data";
        /// Both.
        NoSensorDataImpairedCommunication = "no_sensor_data_impaired_communication", "No sensor data, impaired communication";
        /// Not known.
        Unknown = "unknown", "Unknown";
    }
}

enumeration! {
    /// What the vendor's antivirus does on a device.
    AntivirusMode {
        /// It protects.
        Active = "active", "Active";
        /// Another product protects.
        Passive = "passive", "Passive";
        /// Another product protects, it looks on.
        PassiveAudit = "passive_audit", "Passive (audit)";
        /// Another product protects, it blocks what EDR finds.
        EdrBlocked = "edr_blocked", "EDR in block mode";
        /// It is switched off.
        Disabled = "disabled", "Disabled";
        /// Another product.
        Other = "other", "Other";
        /// Not known.
        Unknown = "unknown", "Unknown";
    }
}

enumeration! {
    /// How much a device matters.
    Criticality {
        /// Low.
        Low = "low", "Low";
        /// Normal.
        Normal = "normal", "Normal";
        /// High.
        High = "high", "High";
        /// Very high.
        VeryHigh = "very_high", "Very high";
    }
}

impl AntivirusMode {
    /// Whether another product protects the device. `Disabled` is not: an attacker may have
    /// switched it off.
    #[must_use]
    pub fn is_another_product(self) -> bool {
        matches!(self, Self::Passive | Self::PassiveAudit | Self::EdrBlocked | Self::Other)
    }
}
