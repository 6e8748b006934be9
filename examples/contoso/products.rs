//! Real products, their versions before, during and after the roll-out, and their flaws.

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
    Platform {
        vendor: "Microsoft",
        name,
        family: Family::Windows,
        server,
        builds,
        spring,
        autumn,
    }
}

const fn other(
    vendor: &'static str,
    name: &'static str,
    family: Family,
    builds: [&'static str; 3],
) -> Platform {
    Platform {
        vendor,
        name,
        family,
        server: !matches!(family, Family::Mac),
        builds,
        spring: "",
        autumn: "",
    }
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
    windows("Windows 11 24H2", false, ["10.0.26100.3476", "10.0.26100.6584", "10.0.26100.7171"], "KB5055523", "KB5066835"),
    windows("Windows 11 23H2", false, ["10.0.22631.5039", "10.0.22631.5909", "10.0.22631.6199"], "KB5055528", "KB5066793"),
    windows("Windows 10 22H2", false, ["10.0.19045.5608", "10.0.19045.6332", "10.0.19045.6575"], "KB5055518", "KB5066791"),
    windows("Windows 10 2015 LTSB", false, ["10.0.10240.20947", "10.0.10240.20978", "10.0.10240.21161"], "KB5055547", "KB5066837"),
    windows("Windows Server 2025", true, ["10.0.26100.3476", "10.0.26100.6584", "10.0.26100.7171"], "KB5055523", "KB5066835"),
    windows("Windows Server 2022", true, ["10.0.20348.3328", "10.0.20348.4171", "10.0.20348.4405"], "KB5055526", "KB5066782"),
    windows("Windows Server 2019", true, ["10.0.17763.7009", "10.0.17763.7792", "10.0.17763.8027"], "KB5055519", "KB5066586"),
    windows("Windows Server 2016", true, ["10.0.14393.7876", "10.0.14393.8422", "10.0.14393.8594"], "KB5055521", "KB5066836"),
    other("Apple", "macOS", Family::Mac, ["15.2", "15.6", "15.7.2"]),
    other("Canonical", "Ubuntu 22.04 LTS", Family::Linux, ["22.04.4", "22.04.5", "22.04.5"]),
    other("Red Hat", "Red Hat Enterprise Linux 9", Family::Linux, ["9.4", "9.5", "9.6"]),
    other("VMware", "ESXi", Family::Esxi, ["8.0.1", "8.0.2", "8.0.3"]),
];

/// Which devices carry a product.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// Windows and macOS workstations.
    Desk,
    WindowsDesk,
    WindowsServer,
    AnyWindows,
    Mac,
    Linux,
    Plant,
    Role(Role),
    /// A SharePoint server of the given edition (0, 1, 2).
    SharePoint(u64),
}

/// An installed product with its three versions.
pub(crate) struct Product {
    pub(crate) vendor: &'static str,
    pub(crate) name: &'static str,
    pub(crate) carrier: Carrier,
    /// Thousandths of the carriers that have it.
    pub(crate) spread: u64,
    /// How slowly it is patched, in percent of its region's pace.
    pub(crate) lag: u64,
    pub(crate) versions: [&'static str; 3],
}

const fn product(
    vendor: &'static str,
    name: &'static str,
    carrier: Carrier,
    spread: u64,
    lag: u64,
    versions: [&'static str; 3],
) -> Product {
    Product {
        vendor,
        name,
        carrier,
        spread,
        lag,
        versions,
    }
}

use Carrier::{AnyWindows, Desk, Linux, Mac, Plant, SharePoint, WindowsDesk, WindowsServer};

/// What the software inventory knows beside operating systems.
pub(crate) const PRODUCTS: &[Product] = &[
    product("Microsoft", "SharePoint Server Subscription Edition", SharePoint(0), 1000, 100, ["16.0.18526.20080", "16.0.18526.20396", "16.0.18526.20508"]),
    product("Microsoft", "SharePoint Server 2019", SharePoint(1), 1000, 100, ["16.0.10417.20003", "16.0.10417.20018", "16.0.10417.20027"]),
    product("Microsoft", "SharePoint Enterprise Server 2016", SharePoint(2), 1000, 100, ["16.0.5495.1000", "16.0.5504.1000", "16.0.5508.1000"]),
    product("Microsoft", "Windows Server Update Services", Carrier::Role(Role::UpdateService), 1000, 110, ["10.0.17763.7792", "10.0.17763.7919", "10.0.17763.7922"]),
    product("Veeam", "Backup & Replication", Carrier::Role(Role::Backup), 1000, 120, ["12.1.1.56", "12.1.2.172", "12.3.2.3617"]),
    product("Microsoft", "Edge", AnyWindows, 930, 35, ["138.0.3351.55", "140.0.3485.54", "142.0.3595.65"]),
    product("Google", "Chrome", Desk, 620, 55, ["136.0.7103.114", "140.0.7339.127", "142.0.7444.162"]),
    product("Mozilla", "Firefox", Desk, 240, 60, ["131.0.1", "136.0.3", "145.0"]),
    product("Microsoft", "Microsoft 365 Apps", Desk, 880, 45, ["16.0.18730.20186", "16.0.18827.20176", "16.0.19328.20190"]),
    product("Adobe", "Acrobat Reader", Desk, 700, 50, ["24.002.20964", "24.005.20320", "25.001.20844"]),
    product("7-Zip", "7-Zip", AnyWindows, 410, 90, ["24.08", "24.09", "25.01"]),
    product("RARLAB", "WinRAR", WindowsDesk, 130, 110, ["7.11", "7.12", "7.13"]),
    product("Notepad++", "Notepad++", AnyWindows, 260, 95, ["8.8.1", "8.8.1", "8.8.8"]),
    product("Zoom", "Workplace", Desk, 330, 55, ["6.3.5", "6.3.9", "6.6.6"]),
    product("TeamViewer", "TeamViewer", Plant, 450, 70, ["15.60.3", "15.65.6", "15.71.4"]),
    product("Siemens", "TIA Portal", Plant, 520, 0, ["19.0", "19.0", "19.0"]),
    product("Git", "Git for Windows", WindowsDesk, 140, 80, ["2.49.0", "2.50.0", "2.51.2"]),
    product("Docker", "Docker Desktop", WindowsDesk, 60, 70, ["4.43.2", "4.44.2", "4.50.0"]),
    product("PuTTY", "PuTTY", AnyWindows, 110, 90, ["0.79", "0.80", "0.83"]),
    product("Broadcom", "VMware Tools", WindowsServer, 720, 75, ["12.4.5", "12.5.0", "12.5.4"]),
    product("Microsoft", "SQL Server 2019", WindowsServer, 110, 70, ["15.0.4430.1", "15.0.4430.1", "15.0.4435.7"]),
    product("Microsoft", "Exchange Server Subscription Edition", WindowsServer, 9, 80, ["15.2.2562.17", "15.2.2562.17", "15.2.2562.29"]),
    product("OpenBSD", "OpenSSH", Linux, 960, 60, ["8.9p1", "9.7p1", "9.9p2"]),
    product("Sudo project", "sudo", Linux, 980, 80, ["1.9.15", "1.9.16", "1.9.17p1"]),
    product("Microsoft", "Company Portal", Mac, 900, 0, ["5.2507.0", "5.2507.0", "5.2507.0"]),
];

/// The update that answers a flaw.
#[derive(Clone, Copy)]
pub(crate) enum Update {
    /// The platform's cumulative update of spring, or of autumn.
    Spring,
    Autumn,
    /// By name; an empty id where the vendor numbers none.
    Named(&'static str, &'static str),
    /// Its source says nothing about updates.
    Unknown,
}

/// A published vulnerability of some products.
pub(crate) struct Flaw {
    pub(crate) cve: &'static str,
    pub(crate) severity: &'static str,
    /// In tenths.
    pub(crate) cvss: u32,
    /// Names of products or platforms.
    pub(crate) products: &'static [&'static str],
    /// True when the middle version still has it.
    pub(crate) middle: bool,
    pub(crate) update: Update,
}

const fn flaw(
    cve: &'static str,
    severity: &'static str,
    cvss: u32,
    products: &'static [&'static str],
    middle: bool,
    update: Update,
) -> Flaw {
    Flaw {
        cve,
        severity,
        cvss,
        products,
        middle,
        update,
    }
}

const CLIENTS_AND_SERVERS: &[&str] = &[
    "Windows 11 24H2",
    "Windows 11 23H2",
    "Windows 10 22H2",
    "Windows 10 2015 LTSB",
    "Windows Server 2025",
    "Windows Server 2022",
    "Windows Server 2019",
    "Windows Server 2016",
];
const SE: &str = "SharePoint Server Subscription Edition";
const SP2019: &str = "SharePoint Server 2019";
const SP2016: &str = "SharePoint Enterprise Server 2016";
use Update::{Autumn, Named, Spring, Unknown};

/// The flaws: first those a report of the sample tracks, then the ones none does.
pub(crate) const FLAWS: &[Flaw] = &[
    flaw("CVE-2025-53770", "critical", 98, &[SE, SP2019, SP2016], true, Unknown),
    flaw("CVE-2025-53771", "medium", 65, &[SE, SP2019, SP2016], true, Unknown),
    flaw("CVE-2025-49704", "high", 88, &[SP2019, SP2016], true, Unknown),
    flaw("CVE-2025-49706", "medium", 65, &[SE, SP2019, SP2016], true, Unknown),
    flaw("CVE-2025-59287", "critical", 98, &["Windows Server Update Services"], true, Named("KB5070883", "Out-of-band update for Windows Server 2019 (KB5070883)")),
    flaw("CVE-2025-29824", "high", 78, CLIENTS_AND_SERVERS, false, Spring),
    flaw("CVE-2024-40711", "critical", 98, &["Backup & Replication"], true, Named("KB4649", "Veeam Backup & Replication 12.2 (KB4649)")),
    flaw("CVE-2024-37085", "medium", 68, &["ESXi"], true, Named("VMSA-2024-0013", "ESXi 8.0 Update 3")),
    flaw("CVE-2025-59230", "high", 78, CLIENTS_AND_SERVERS, true, Autumn),
    flaw("CVE-2025-24990", "high", 78, &["Windows 11 24H2", "Windows 11 23H2", "Windows 10 22H2", "Windows Server 2022", "Windows Server 2019"], true, Autumn),
    flaw("CVE-2025-26663", "high", 81, CLIENTS_AND_SERVERS, false, Spring),
    flaw("CVE-2025-26670", "high", 81, &["Windows 10 22H2", "Windows Server 2019", "Windows Server 2016"], false, Spring),
    flaw("CVE-2025-27480", "high", 81, &["Windows Server 2025", "Windows Server 2022", "Windows Server 2019", "Windows Server 2016"], false, Spring),
    flaw("CVE-2025-10585", "high", 88, &["Chrome", "Edge"], true, Named("", "Update the browser to 140.0.7339.185 or later")),
    flaw("CVE-2025-6554", "high", 81, &["Chrome", "Edge"], false, Named("", "Update the browser to 138.0.7204.96 or later")),
    flaw("CVE-2025-5419", "high", 88, &["Chrome"], false, Named("", "Update Chrome to 137.0.7151.68 or later")),
    flaw("CVE-2024-9680", "critical", 98, &["Firefox"], false, Named("", "Update Firefox to 131.0.2 or later")),
    flaw("CVE-2025-2857", "critical", 100, &["Firefox"], true, Named("", "Update Firefox to 136.0.4 or later")),
    flaw("CVE-2025-47162", "high", 84, &["Microsoft 365 Apps"], false, Named("", "Update Microsoft 365 Apps")),
    flaw("CVE-2025-49695", "high", 84, &["Microsoft 365 Apps"], true, Named("", "Update Microsoft 365 Apps")),
    flaw("CVE-2024-41869", "high", 78, &["Acrobat Reader"], false, Named("APSB24-70", "Acrobat Reader 24.003.20112")),
    flaw("CVE-2025-0411", "high", 70, &["7-Zip"], false, Named("", "Update 7-Zip to 24.09 or later")),
    flaw("CVE-2025-11001", "high", 70, &["7-Zip"], true, Named("", "Update 7-Zip to 25.00 or later")),
    flaw("CVE-2025-6218", "high", 78, &["WinRAR"], false, Named("", "Update WinRAR to 7.12 or later")),
    flaw("CVE-2025-8088", "high", 88, &["WinRAR"], true, Named("", "Update WinRAR to 7.13 or later")),
    flaw("CVE-2025-49144", "high", 73, &["Notepad++"], true, Named("", "Update Notepad++ to 8.8.2 or later")),
    flaw("CVE-2025-49457", "critical", 96, &["Workplace"], true, Named("", "Update Zoom Workplace to 6.3.10 or later")),
    flaw("CVE-2025-0065", "high", 78, &["TeamViewer"], false, Named("", "Update TeamViewer to 15.62 or later")),
    flaw("CVE-2025-48384", "high", 80, &["Git for Windows"], true, Named("", "Update Git to 2.50.1 or later")),
    flaw("CVE-2025-9074", "critical", 93, &["Docker Desktop"], true, Named("", "Update Docker Desktop to 4.44.3 or later")),
    flaw("CVE-2024-31497", "medium", 59, &["PuTTY"], true, Named("", "Update PuTTY to 0.81 or later")),
    flaw("CVE-2025-22230", "high", 78, &["VMware Tools"], true, Named("VMSA-2025-0005", "VMware Tools 12.5.1")),
    flaw("CVE-2025-49719", "high", 75, &["SQL Server 2019"], true, Named("KB5058722", "Security update for SQL Server 2019 (KB5058722)")),
    flaw("CVE-2025-49717", "high", 85, &["SQL Server 2019"], true, Named("KB5058722", "Security update for SQL Server 2019 (KB5058722)")),
    flaw("CVE-2025-53786", "high", 80, &["Exchange Server Subscription Edition"], true, Named("", "Install the hotfix update of April 2025 or later")),
    flaw("CVE-2024-6387", "high", 81, &["OpenSSH"], true, Unknown),
    flaw("CVE-2025-32463", "critical", 93, &["sudo"], true, Unknown),
    flaw("CVE-2025-43300", "high", 88, &["macOS"], true, Named("", "Update macOS to 15.6.1 or later")),
    flaw("CVE-2025-24085", "high", 78, &["macOS"], false, Unknown),
];

/// The id and name of the update of a flaw in a product on a platform; `None` where nobody says.
pub(crate) fn update(flaw: &Flaw, product: &str, platform: &Platform) -> Option<(String, String)> {
    let cumulative = |month: &str, kb: &str| {
        let os = platform.name;
        (kb.to_string(), format!("{month} cumulative update for {os} ({kb})"))
    };
    let made = match flaw.update {
        Spring => cumulative("April 2025", platform.spring),
        Autumn => cumulative("October 2025", platform.autumn),
        Named(id, name) => (id.to_string(), name.to_string()),
        Unknown => {
            let kb = match product {
                SE => "KB5002768",
                SP2019 => "KB5002754",
                SP2016 => "KB5002760",
                _ => return None,
            };
            (kb.to_string(), format!("Security update for {product} ({kb})"))
        }
    };
    Some(made)
}
