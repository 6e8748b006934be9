//! The operating systems of the fleet, with their builds before, during and after the roll-out.

/// What a device is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    Workstation,
    Server,
    Domain,
    SharePoint,
    UpdateService,
    Backup,
    Hypervisor,
    PlantStation,
}

/// The family of an operating system.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Windows,
    Mac,
    Linux,
    Esxi,
}

/// An operating system with its three builds (old, middle, new) and two cumulative updates.
pub(crate) struct Platform {
    pub(crate) vendor: &'static str,
    pub(crate) name: &'static str,
    pub(crate) family: Family,
    pub(crate) server: bool,
    pub(crate) builds: [&'static str; 3],
    pub(crate) spring: &'static str,
    pub(crate) autumn: &'static str,
}

const fn windows(
    name: &'static str,
    server: bool,
    builds: [&'static str; 3],
    spring: &'static str,
    autumn: &'static str,
) -> Platform {
    Platform { vendor: "Microsoft", name, family: Family::Windows, server, builds, spring, autumn }
}

const fn other(vendor: &'static str, name: &'static str, family: Family, builds: [&'static str; 3]) -> Platform {
    Platform { vendor, name, family, server: !matches!(family, Family::Mac), builds, spring: "", autumn: "" }
}

pub(crate) const WIN11_24H2: usize = 0;
pub(crate) const WIN11_23H2: usize = 1;
pub(crate) const WIN10_22H2: usize = 2;
pub(crate) const WIN10_2015: usize = 3;
pub(crate) const SERVER_2025: usize = 4;
pub(crate) const SERVER_2022: usize = 5;
pub(crate) const SERVER_2019: usize = 6;
pub(crate) const SERVER_2016: usize = 7;
pub(crate) const MACOS: usize = 8;
pub(crate) const UBUNTU: usize = 9;
pub(crate) const RHEL: usize = 10;
pub(crate) const ESXI: usize = 11;

/// The operating systems, by the numbers above.
pub(crate) const PLATFORMS: [Platform; 12] = [
    windows(
        "Windows 11 24H2",
        false,
        ["10.0.26100.3476", "10.0.26100.6584", "10.0.26100.7171"],
        "KB5055523",
        "KB5066835",
    ),
    windows(
        "Windows 11 23H2",
        false,
        ["10.0.22631.5039", "10.0.22631.5909", "10.0.22631.6199"],
        "KB5055528",
        "KB5066793",
    ),
    windows(
        "Windows 10 22H2",
        false,
        ["10.0.19045.5608", "10.0.19045.6332", "10.0.19045.6575"],
        "KB5055518",
        "KB5066791",
    ),
    windows(
        "Windows 10 2015 LTSB",
        false,
        ["10.0.10240.20947", "10.0.10240.20978", "10.0.10240.21161"],
        "KB5055547",
        "KB5066837",
    ),
    windows(
        "Windows Server 2025",
        true,
        ["10.0.26100.3476", "10.0.26100.6584", "10.0.26100.7171"],
        "KB5055523",
        "KB5066835",
    ),
    windows(
        "Windows Server 2022",
        true,
        ["10.0.20348.3328", "10.0.20348.4171", "10.0.20348.4405"],
        "KB5055526",
        "KB5066782",
    ),
    windows(
        "Windows Server 2019",
        true,
        ["10.0.17763.7009", "10.0.17763.7792", "10.0.17763.8027"],
        "KB5055519",
        "KB5066586",
    ),
    windows(
        "Windows Server 2016",
        true,
        ["10.0.14393.7876", "10.0.14393.8422", "10.0.14393.8594"],
        "KB5055521",
        "KB5066836",
    ),
    other("Apple", "macOS", Family::Mac, ["15.2", "15.6", "15.7.2"]),
    other("Canonical", "Ubuntu 22.04 LTS", Family::Linux, ["22.04.4", "22.04.5", "22.04.5"]),
    other("Red Hat", "Red Hat Enterprise Linux 9", Family::Linux, ["9.4", "9.5", "9.6"]),
    other("VMware", "ESXi", Family::Esxi, ["8.0.1", "8.0.2", "8.0.3"]),
];
