//! The devices of Contoso.

use crate::dice::{Dice, device_id};
use crate::platforms::{
    ESXI, Family, MACOS, PLATFORMS, Platform, RHEL, Role, SERVER_2016, SERVER_2019, SERVER_2022, SERVER_2025, UBUNTU,
    WIN10_22H2, WIN10_2015, WIN11_23H2, WIN11_24H2,
};
use crate::weeks::{DAY, HOUR, date};
use std::collections::BTreeMap;

/// Who patches a device, and so how fast.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Region {
    TierZero,
    Emea,
    Americas,
    Apac,
    Plant,
    Research,
    Loose,
}

impl Region {
    /// What is still undone, in thousandths: before the first week, in the three weeks, and after.
    pub(crate) fn undone(self, stage: usize) -> u64 {
        let row = match self {
            Region::TierZero => [500, 200, 60, 15, 0],
            Region::Emea => [700, 450, 220, 80, 40],
            Region::Americas => [700, 520, 340, 200, 120],
            Region::Apac => [750, 620, 480, 370, 280],
            Region::Plant => [900, 860, 810, 760, 700],
            Region::Research => [700, 500, 300, 160, 90],
            Region::Loose => [800, 640, 560, 480, 430],
        };
        row[stage.min(4)]
    }
}

/// How a device reports.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Reporting,
    Impaired,
    NotOnboarded(&'static str),
    NeverSeen,
    NoSensorData,
    /// Its last sign of life.
    SilentSince(i64),
    /// Known from an inventory without health or onboarding.
    Inventory,
}

/// One device.
pub(crate) struct Device {
    pub(crate) number: u64,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) region: Region,
    pub(crate) role: Role,
    pub(crate) platform: usize,
    /// Its rank in its group; of a special server, its place among its like in thousandths.
    pub(crate) place: u64,
    pub(crate) presence: Presence,
    pub(crate) antivirus: &'static str,
    pub(crate) excluded: bool,
    pub(crate) criticality: &'static str,
    pub(crate) internet_facing: bool,
    /// Software and vulnerabilities are known.
    pub(crate) assessed: bool,
    home: &'static str,
    /// From this week on it stands in another group.
    moved: Option<(usize, &'static str)>,
    /// The first week it exists in, and the first week it is gone.
    life: (usize, usize),
}

impl Device {
    pub(crate) fn group(&self, week: usize) -> &'static str {
        match self.moved {
            Some((from, group)) if week >= from => group,
            _ => self.home,
        }
    }

    pub(crate) fn exists(&self, week: usize) -> bool {
        self.life.0 <= week && week < self.life.1
    }

    /// It is there in every week and reports: fit for the story's alerts.
    pub(crate) fn is_steady(&self) -> bool {
        self.life == (0, usize::MAX)
            && matches!(self.presence, Presence::Reporting | Presence::Impaired | Presence::Inventory)
    }

    pub(crate) fn platform(&self) -> &'static Platform {
        &PLATFORMS[self.platform]
    }

    pub(crate) fn is_windows(&self) -> bool {
        self.platform().family == Family::Windows
    }

    pub(crate) fn onboarding(&self) -> &'static str {
        match self.presence {
            Presence::NotOnboarded(word) => word,
            Presence::Inventory => "",
            _ => "onboarded",
        }
    }

    /// It fell silent before a moment; every third such device is back after sixteen days.
    pub(crate) fn is_silent(&self, as_of: i64) -> bool {
        match self.presence {
            Presence::SilentSince(moment) => {
                let back = self.number.is_multiple_of(3) && as_of - moment > 16 * DAY;
                moment < as_of && !back
            }
            _ => false,
        }
    }

    /// Its maker plans no update for it: the plants' hypervisors are a release behind.
    pub(crate) fn is_out_of_support(&self) -> bool {
        self.role == Role::Hypervisor && self.region == Region::Plant
    }

    /// The words for its health, and when it was last seen.
    pub(crate) fn health(&self, seed: u64, week: usize, as_of: i64) -> (&'static str, Option<i64>) {
        let mut dice = Dice::of(seed, "seen", self.number, week as u64);
        let slow = self.role == Role::Workstation && dice.chance(180);
        let minutes = if slow { dice.between(60, 4200) } else { dice.between(1, 90) };
        let recent = as_of - minutes * 60;
        match self.presence {
            Presence::Reporting => ("active", Some(recent)),
            Presence::Impaired => ("impaired_communication", Some(recent)),
            Presence::Inventory => ("", Some(recent)),
            Presence::NoSensorData if self.number.is_multiple_of(4) => {
                ("no_sensor_data_impaired_communication", Some(recent))
            }
            Presence::NoSensorData => ("no_sensor_data", Some(recent)),
            Presence::NeverSeen if self.number.is_multiple_of(2) => ("unknown", None),
            Presence::NeverSeen => ("", None),
            Presence::NotOnboarded("can_be_onboarded") => ("unknown", Some(recent)),
            Presence::NotOnboarded(_) => ("unknown", None),
            Presence::SilentSince(_) if !self.is_silent(as_of) => ("active", Some(recent)),
            Presence::SilentSince(moment) => {
                let noticed = as_of - moment > 7 * DAY && self.number % 5 < 3;
                (if noticed { "inactive" } else { "active" }, Some(moment))
            }
        }
    }
}

/// A group of the sample: its name, region, sites (first the largest), kind of name, and its
/// special servers, then how many devices there are in all.
struct Group {
    name: &'static str,
    region: Region,
    sites: &'static [&'static str],
    kind: &'static str,
    special: &'static [(Role, &'static str, u64)],
    role: Role,
    count: u64,
}

const GROUPS: &[Group] = &[
    Group {
        name: "Tier 0",
        region: Region::TierZero,
        sites: &["zrh", "ord", "sin"],
        kind: "t0",
        special: &[(Role::UpdateService, "wsus", 4), (Role::Domain, "dc", 24)],
        role: Role::Server,
        count: 60,
    },
    Group {
        name: "EMEA Servers",
        region: Region::Emea,
        sites: &["zrh", "fra", "lon", "mad"],
        kind: "srv",
        special: &[
            (Role::SharePoint, "shp", 13),
            (Role::UpdateService, "wsus", 12),
            (Role::Backup, "bkp", 4),
            (Role::Hypervisor, "esx", 4),
        ],
        role: Role::Server,
        count: 420,
    },
    Group {
        name: "EMEA Workstations",
        region: Region::Emea,
        sites: &["zrh", "fra", "lon", "mad", "waw"],
        kind: "ws",
        special: &[],
        role: Role::Workstation,
        count: 1150,
    },
    Group {
        name: "Americas Servers",
        region: Region::Americas,
        sites: &["ord", "atl", "gru"],
        kind: "srv",
        special: &[
            (Role::SharePoint, "shp", 11),
            (Role::UpdateService, "wsus", 10),
            (Role::Backup, "bkp", 3),
            (Role::Hypervisor, "esx", 3),
        ],
        role: Role::Server,
        count: 380,
    },
    Group {
        name: "Americas Workstations",
        region: Region::Americas,
        sites: &["ord", "atl", "yyz", "gru"],
        kind: "ws",
        special: &[],
        role: Role::Workstation,
        count: 900,
    },
    Group {
        name: "APAC Servers",
        region: Region::Apac,
        sites: &["sin", "nrt", "syd"],
        kind: "srv",
        special: &[
            (Role::SharePoint, "shp", 6),
            (Role::UpdateService, "wsus", 6),
            (Role::Backup, "bkp", 2),
            (Role::Hypervisor, "esx", 2),
        ],
        role: Role::Server,
        count: 210,
    },
    Group {
        name: "APAC Workstations",
        region: Region::Apac,
        sites: &["sin", "nrt", "bom", "syd"],
        kind: "ws",
        special: &[],
        role: Role::Workstation,
        count: 520,
    },
    Group {
        name: "Plant Floor",
        region: Region::Plant,
        sites: &["str", "mty", "pnq"],
        kind: "hmi",
        special: &[(Role::Hypervisor, "esx", 2)],
        role: Role::PlantStation,
        count: 240,
    },
    Group {
        name: "Zürich Research",
        region: Region::Research,
        sites: &["zrh"],
        kind: "lab",
        special: &[],
        role: Role::Workstation,
        count: 120,
    },
    Group {
        name: "",
        region: Region::Loose,
        sites: &["desktop"],
        kind: "",
        special: &[],
        role: Role::Workstation,
        count: 45,
    },
];

/// Makes the fleet.
pub(crate) fn fleet(seed: u64) -> Vec<Device> {
    let mut devices = Vec::new();
    let mut counters = BTreeMap::new();
    for group in GROUPS {
        let mut made = 0;
        for (role, kind, count) in group.special {
            for rank in 0..*count {
                let number = devices.len() as u64;
                let site = group.sites[(rank as usize) % group.sites.len()];
                let name = named(&mut counters, site, kind);
                let place = (rank * 7 + 3) % count * 1000 / count;
                devices.push(device(seed, number, name, group, *role, place));
                made += 1;
            }
        }
        for rank in 0..group.count - made {
            let number = devices.len() as u64;
            let mut dice = Dice::of(seed, "site", number, 0);
            let site = group.sites[dice.skewed(group.sites.len() as u64) as usize];
            let name = if group.region == Region::Loose {
                let tail: String = (0..7).map(|_| char::from(dice.pick(b"0123456789abcdefghjkmnpqrstuvwx"))).collect();
                format!("{site}-{tail}")
            } else {
                named(&mut counters, site, group.kind)
            };
            devices.push(device(seed, number, name, group, group.role, rank));
        }
    }
    devices
}

fn named(counters: &mut BTreeMap<(&'static str, &'static str), u64>, site: &'static str, kind: &'static str) -> String {
    let counter = counters.entry((site, kind)).or_default();
    *counter += 1;
    match kind {
        "ws" => format!("{site}-{kind}-{counter:04}"),
        "srv" | "hmi" | "lab" => format!("{site}-{kind}-{counter:03}"),
        _ => format!("{site}-{kind}-{counter:02}"),
    }
}

fn device(seed: u64, number: u64, name: String, group: &Group, role: Role, place: u64) -> Device {
    let mut dice = Dice::of(seed, "facts", number, 0);
    let platform = platform(&mut dice, group.region, role);
    let family = PLATFORMS[platform].family;
    let presence = if family == Family::Esxi { Presence::Inventory } else { presence(&mut dice, group.region, role) };
    let antivirus = antivirus(&mut dice, group.region, role, family, presence);
    let excluded = match group.region {
        Region::Research => place % 9 == 4,
        Region::Emea => role == Role::Workstation && place % 190 == 77,
        _ => false,
    };
    let criticality = match (group.region, role) {
        (Region::TierZero, _) | (_, Role::Domain) => "very_high",
        (_, Role::SharePoint | Role::UpdateService | Role::Backup | Role::Hypervisor) => "high",
        (_, Role::PlantStation) => dice.pick(&["high", "normal", "normal"]),
        (_, Role::Server) => dice.pick(&["normal", "normal", "normal", "high"]),
        (Region::Loose, _) => "",
        _ => dice.pick(&["normal", "normal", "normal", "low"]),
    };
    let internet_facing = match role {
        Role::SharePoint => place < 600,
        Role::Server => group.region != Region::TierZero && dice.chance(60),
        _ => false,
    };
    let known = matches!(
        presence,
        Presence::Reporting
            | Presence::Impaired
            | Presence::NoSensorData
            | Presence::SilentSince(_)
            | Presence::Inventory
    );
    let ordinary = matches!(role, Role::Workstation | Role::Server);
    let assessed = known && !(ordinary && dice.chance(16));
    let (mut moved, mut life) = (None, (0, usize::MAX));
    if group.region == Region::Loose {
        moved = match place {
            3 | 11 | 19 => Some((1, "EMEA Workstations")),
            7 | 23 => Some((2, "Americas Workstations")),
            30 => Some((2, "APAC Workstations")),
            _ => None,
        };
    } else if ordinary && group.region != Region::TierZero {
        life = match dice.below(1000) {
            0..6 => (1, usize::MAX),
            6..11 => (2, usize::MAX),
            11..14 => (0, 1),
            14..18 => (0, 2),
            _ => life,
        };
    }
    let home = match (group.region, place % 5) {
        (Region::Loose, 1) => "Unassigned",
        (Region::Loose, 3) => "None",
        _ => group.name,
    };
    Device {
        number,
        id: device_id(seed, number),
        name,
        region: group.region,
        role,
        platform,
        place,
        presence,
        antivirus,
        excluded,
        criticality,
        internet_facing,
        assessed,
        home,
        moved,
        life,
    }
}

fn platform(dice: &mut Dice, region: Region, role: Role) -> usize {
    let share = dice.below(100);
    match role {
        Role::Hypervisor => ESXI,
        Role::UpdateService => SERVER_2019,
        Role::SharePoint | Role::Backup if share < 60 => SERVER_2022,
        Role::SharePoint | Role::Backup => SERVER_2019,
        Role::Domain if share < 70 => SERVER_2022,
        Role::Domain => SERVER_2025,
        Role::Server => match share {
            0..46 => SERVER_2022,
            46..70 => SERVER_2019,
            70..77 => SERVER_2016,
            77..86 => SERVER_2025,
            _ if region == Region::TierZero => SERVER_2022,
            86..94 => UBUNTU,
            _ => RHEL,
        },
        Role::PlantStation => match share {
            0..34 => WIN10_2015,
            34..82 => WIN10_22H2,
            82..90 => WIN11_24H2,
            90..96 => SERVER_2019,
            _ => SERVER_2016,
        },
        Role::Workstation => match (region, share) {
            (Region::Research, 0..22) => UBUNTU,
            (_, 0..62) => WIN11_24H2,
            (_, 62..81) => WIN11_23H2,
            (_, 81..93) => WIN10_22H2,
            (_, 93..99) => MACOS,
            _ => UBUNTU,
        },
    }
}

fn presence(dice: &mut Dice, region: Region, role: Role) -> Presence {
    let mut share = dice.below(1000);
    let mut next = |width: u64| {
        let hit = share < width;
        share = share.wrapping_sub(width);
        hit
    };
    if !matches!(role, Role::Workstation | Role::Server | Role::PlantStation) {
        return if next(25) { Presence::Impaired } else { Presence::Reporting };
    }
    let (strange, silent) = match region {
        Region::TierZero => (0, 5),
        Region::Loose => (380, 90),
        Region::Apac => (24, 50),
        Region::Plant => (30, 36),
        _ => (16, 30),
    };
    if next(strange) {
        Presence::NotOnboarded("can_be_onboarded")
    } else if next(4) {
        Presence::NotOnboarded("unsupported")
    } else if next(3) {
        Presence::NotOnboarded("insufficient_info")
    } else if next(5) {
        Presence::NeverSeen
    } else if next(silent) {
        Presence::SilentSince(dice.between(date(9, 20) / 60, (date(11, 12) + 9 * HOUR) / 60) * 60)
    } else if next(9) {
        Presence::NoSensorData
    } else if next(10) {
        Presence::Impaired
    } else {
        Presence::Reporting
    }
}

fn antivirus(dice: &mut Dice, region: Region, role: Role, family: Family, presence: Presence) -> &'static str {
    let share = dice.below(1000);
    if family == Family::Esxi || matches!(presence, Presence::NotOnboarded(_)) {
        return "";
    }
    if presence == Presence::NeverSeen {
        return "unknown";
    }
    match (region, role, share) {
        (Region::Plant, _, 0..800) => "passive",
        (Region::Plant, _, 800..830) => "other",
        (_, Role::Server, 0..30) => "passive",
        (_, _, 0..6) => "edr_blocked",
        (_, _, 6..9) => "passive_audit",
        (_, _, 9..15) => "disabled",
        (_, _, 15..19) => "other",
        (_, _, 19..24) => "unknown",
        _ => "active",
    }
}
