//! Real products and their versions before, during and after the roll-out.

use crate::platforms::Role;

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
    Product { vendor, name, carrier, spread, lag, versions }
}

use Carrier::{AnyWindows, Desk, Linux, Mac, Plant, SharePoint, WindowsDesk, WindowsServer};

/// What the software inventory knows beside operating systems.
pub(crate) const PRODUCTS: &[Product] = &[
    product(
        "Microsoft",
        "SharePoint Server Subscription Edition",
        SharePoint(0),
        1000,
        100,
        ["16.0.18526.20080", "16.0.18526.20396", "16.0.18526.20508"],
    ),
    product(
        "Microsoft",
        "SharePoint Server 2019",
        SharePoint(1),
        1000,
        100,
        ["16.0.10417.20003", "16.0.10417.20018", "16.0.10417.20027"],
    ),
    product(
        "Microsoft",
        "SharePoint Enterprise Server 2016",
        SharePoint(2),
        1000,
        100,
        ["16.0.5495.1000", "16.0.5504.1000", "16.0.5508.1000"],
    ),
    product(
        "Microsoft",
        "Windows Server Update Services",
        Carrier::Role(Role::UpdateService),
        1000,
        110,
        ["10.0.17763.7792", "10.0.17763.7919", "10.0.17763.7922"],
    ),
    product(
        "Veeam",
        "Backup & Replication",
        Carrier::Role(Role::Backup),
        1000,
        120,
        ["12.1.1.56", "12.1.2.172", "12.3.2.3617"],
    ),
    product("Microsoft", "Edge", AnyWindows, 930, 35, ["138.0.3351.55", "140.0.3485.54", "142.0.3595.65"]),
    product("Google", "Chrome", Desk, 620, 55, ["136.0.7103.114", "140.0.7339.127", "142.0.7444.162"]),
    product("Mozilla", "Firefox", Desk, 240, 60, ["131.0.1", "136.0.3", "145.0"]),
    product(
        "Microsoft",
        "Microsoft 365 Apps",
        Desk,
        880,
        45,
        ["16.0.18730.20186", "16.0.18827.20176", "16.0.19328.20190"],
    ),
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
    product(
        "Microsoft",
        "Exchange Server Subscription Edition",
        WindowsServer,
        9,
        80,
        ["15.2.2562.17", "15.2.2562.17", "15.2.2562.29"],
    ),
    product("OpenBSD", "OpenSSH", Linux, 960, 60, ["8.9p1", "9.7p1", "9.9p2"]),
    product("Sudo project", "sudo", Linux, 980, 80, ["1.9.15", "1.9.16", "1.9.17p1"]),
    product("Microsoft", "Company Portal", Mac, 900, 0, ["5.2507.0", "5.2507.0", "5.2507.0"]),
];
