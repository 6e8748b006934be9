//! Published vulnerabilities of the products, and the updates that answer them.

use crate::platforms::Platform;

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
    Flaw { cve, severity, cvss, products, middle, update }
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
    flaw(
        "CVE-2025-59287",
        "critical",
        98,
        &["Windows Server Update Services"],
        true,
        Named("KB5070883", "Out-of-band update for Windows Server 2019 (KB5070883)"),
    ),
    flaw("CVE-2025-29824", "high", 78, CLIENTS_AND_SERVERS, false, Spring),
    flaw(
        "CVE-2024-40711",
        "critical",
        98,
        &["Backup & Replication"],
        true,
        Named("KB4649", "Veeam Backup & Replication 12.2 (KB4649)"),
    ),
    flaw("CVE-2024-37085", "medium", 68, &["ESXi"], true, Named("VMSA-2024-0013", "ESXi 8.0 Update 3")),
    flaw("CVE-2025-59230", "high", 78, CLIENTS_AND_SERVERS, true, Autumn),
    flaw(
        "CVE-2025-24990",
        "high",
        78,
        &["Windows 11 24H2", "Windows 11 23H2", "Windows 10 22H2", "Windows Server 2022", "Windows Server 2019"],
        true,
        Autumn,
    ),
    flaw("CVE-2025-26663", "high", 81, CLIENTS_AND_SERVERS, false, Spring),
    flaw(
        "CVE-2025-26670",
        "high",
        81,
        &["Windows 10 22H2", "Windows Server 2019", "Windows Server 2016"],
        false,
        Spring,
    ),
    flaw(
        "CVE-2025-27480",
        "high",
        81,
        &["Windows Server 2025", "Windows Server 2022", "Windows Server 2019", "Windows Server 2016"],
        false,
        Spring,
    ),
    flaw(
        "CVE-2025-10585",
        "high",
        88,
        &["Chrome", "Edge"],
        true,
        Named("", "Update the browser to 140.0.7339.185 or later"),
    ),
    flaw(
        "CVE-2025-6554",
        "high",
        81,
        &["Chrome", "Edge"],
        false,
        Named("", "Update the browser to 138.0.7204.96 or later"),
    ),
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
    flaw(
        "CVE-2025-9074",
        "critical",
        93,
        &["Docker Desktop"],
        true,
        Named("", "Update Docker Desktop to 4.44.3 or later"),
    ),
    flaw("CVE-2024-31497", "medium", 59, &["PuTTY"], true, Named("", "Update PuTTY to 0.81 or later")),
    flaw("CVE-2025-22230", "high", 78, &["VMware Tools"], true, Named("VMSA-2025-0005", "VMware Tools 12.5.1")),
    flaw(
        "CVE-2025-49719",
        "high",
        75,
        &["SQL Server 2019"],
        true,
        Named("KB5058722", "Security update for SQL Server 2019 (KB5058722)"),
    ),
    flaw(
        "CVE-2025-49717",
        "high",
        85,
        &["SQL Server 2019"],
        true,
        Named("KB5058722", "Security update for SQL Server 2019 (KB5058722)"),
    ),
    flaw(
        "CVE-2025-53786",
        "high",
        80,
        &["Exchange Server Subscription Edition"],
        true,
        Named("", "Install the hotfix update of April 2025 or later"),
    ),
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
