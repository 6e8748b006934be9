//! What is installed on a device, what is wrong with it, and how it is configured.

use crate::Fault;
use crate::catalogue::{Reach, SETTINGS, Setting};
use crate::dice::Dice;
use crate::flaws::{FLAWS, Update, update};
use crate::fleet::{Device, Presence, Region};
use crate::platforms::{Family, PLATFORMS, Role, WIN10_2015};
use crate::products::{Carrier, PRODUCTS, Product};
use crate::tables::Cell;
use crate::weeks::{DAY, HOUR, date};
use crate::writer::Sheet;

/// A product on a device, patched so far.
struct Installed {
    vendor: &'static str,
    name: &'static str,
    version: &'static str,
    /// 0 is the old version, 2 the new one.
    stage: usize,
    /// It had the old or the middle version when the story began.
    was_behind: bool,
    /// The next week will find it patched.
    about_to_finish: bool,
}

/// How far a product's patching is on a device in a week.
fn progress(seed: u64, device: &Device, name: &str, lag: u64, week: usize) -> (usize, bool, bool) {
    let special = !matches!(device.role, Role::Workstation | Role::Server | Role::Domain | Role::PlantStation);
    let draw = if special && lag >= 100 { device.place } else { Dice::of(seed, name, device.number, 1).below(1000) };
    let undone = |stage: usize| device.region.undone(stage) * lag / 100;
    if device.is_out_of_support() {
        return (0, true, false);
    }
    let now = undone(week + 1);
    let stage = match draw {
        _ if draw < now / 2 => 0,
        _ if draw < now => 1,
        _ => 2,
    };
    (stage, draw < undone(0), draw >= undone(week + 2))
}

fn carries(seed: u64, device: &Device, product: &Product) -> bool {
    let platform = device.platform();
    let windows = platform.family == Family::Windows;
    let fits = match product.carrier {
        Carrier::Desk => device.role == Role::Workstation && platform.family != Family::Linux,
        Carrier::WindowsDesk => device.role == Role::Workstation && windows,
        Carrier::WindowsServer => windows && platform.server,
        Carrier::AnyWindows => windows && device.platform != WIN10_2015,
        Carrier::Mac => platform.family == Family::Mac,
        Carrier::Linux => platform.family == Family::Linux,
        Carrier::Plant => device.role == Role::PlantStation,
        Carrier::Role(role) => device.role == role,
        Carrier::SharePoint(edition) => {
            device.role == Role::SharePoint && [0, 1, 0, 2, 1, 0][device.number as usize % 6] == edition
        }
    };
    fits && Dice::of(seed, product.name, device.number, 0).chance(product.spread)
}

fn inventory(seed: u64, device: &Device, week: usize) -> Vec<Installed> {
    let platform = device.platform();
    let mut list = vec![(platform.vendor, platform.name, system_lag(device), platform.builds)];
    list.extend(
        PRODUCTS
            .iter()
            .filter(|product| carries(seed, device, product))
            .map(|product| (product.vendor, product.name, product.lag, product.versions)),
    );
    list.into_iter()
        .map(|(vendor, name, lag, versions)| {
            let (stage, was_behind, about_to_finish) = progress(seed, device, name, lag, week);
            Installed {
                vendor,
                name,
                version: if device.is_out_of_support() { OLD_ESXI } else { versions[stage] },
                stage,
                was_behind,
                about_to_finish,
            }
        })
        .collect()
}

/// The build of a device's operating system.
pub(crate) fn build(seed: u64, device: &Device, week: usize) -> &'static str {
    let platform = device.platform();
    if device.is_out_of_support() {
        return OLD_ESXI;
    }
    platform.builds[progress(seed, device, platform.name, system_lag(device), week).0]
}

/// The release of the plants' hypervisors.
const OLD_ESXI: &str = "7.0.3";

/// How slowly operating systems are patched, in percent of their region's pace.
fn system_lag(device: &Device) -> u64 {
    match device.platform().family {
        Family::Esxi => 110,
        _ => 85,
    }
}

/// Rows of `software`.
pub(crate) fn software(seed: u64, device: &Device, week: usize, sheet: &mut Sheet) -> Result<(), Fault> {
    for product in inventory(seed, device, week) {
        sheet.row(&[
            Cell::Text(&device.id),
            Cell::Text(product.vendor),
            Cell::Text(product.name),
            Cell::Text(product.version),
        ])?;
    }
    Ok(())
}

/// Rows of `vulnerabilities`.
pub(crate) fn vulnerabilities(seed: u64, device: &Device, week: usize, sheet: &mut Sheet) -> Result<(), Fault> {
    for (rank, product) in inventory(seed, device, week).iter().enumerate() {
        let topic = |text: &str| Dice::of(seed, text, device.number, rank as u64);
        let found = date(8, 3) + topic("found").between(0, 86 * 24) * HOUR;
        for flaw in FLAWS.iter().filter(|flaw| flaw.products.contains(&product.name)) {
            let exposed = product.stage == 0 || (product.stage == 1 && flaw.middle);
            let status = if exposed {
                match topic("status").below(100) {
                    0..2 => "",
                    2..40 if product.about_to_finish => "pending_restart",
                    _ => "exposed",
                }
            } else if product.was_behind && topic("kept").chance(280) {
                "patched"
            } else {
                continue;
            };
            // The spring update came late for the oldest Windows 10, and not yet for some.
            let late = device.platform == WIN10_2015
                && matches!(flaw.update, Update::Spring)
                && (week < 2 || device.number.is_multiple_of(4));
            let answer = update(flaw, product.name, device.platform());
            let (update_id, update_name, available) = match &answer {
                _ if late || device.is_out_of_support() => ("", "", Some(false)),
                Some((id, name)) => (id.as_str(), name.as_str(), Some(true)),
                None => ("", "", None),
            };
            sheet.row(&[
                Cell::Text(&device.id),
                Cell::Text(flaw.cve),
                Cell::Text(flaw.severity),
                Cell::Tenths(flaw.cvss),
                Cell::Text(product.vendor),
                Cell::Text(product.name),
                Cell::Text(product.version),
                Cell::Text(status),
                Cell::Text(update_id),
                Cell::Text(update_name),
                Cell::maybe_truth(available),
                Cell::Time(found),
            ])?;
        }
        let edition = "SharePoint Server Subscription Edition";
        if product.name == edition {
            // The source says so itself: this edition never had that flaw.
            sheet.row(&bare(device, "CVE-2025-49704", "high", 88, product, "not_applicable"))?;
        }
        if topic("inventory").chance(14) {
            sheet.row(&bare(device, "", "", 0, product, ""))?;
        }
    }
    Ok(())
}

fn bare<'a>(
    device: &'a Device,
    cve: &'a str,
    severity: &'a str,
    cvss: u32,
    product: &'a Installed,
    status: &'a str,
) -> [Cell<'a>; 12] {
    [
        Cell::Text(&device.id),
        Cell::Text(cve),
        Cell::Text(severity),
        if cve.is_empty() { Cell::Absent } else { Cell::Tenths(cvss) },
        Cell::Text(product.vendor),
        Cell::Text(product.name),
        Cell::Text(product.version),
        Cell::Text(status),
        Cell::Absent,
        Cell::Absent,
        Cell::Absent,
        Cell::Absent,
    ]
}

/// Rows of `configurations`.
pub(crate) fn configurations(
    seed: u64,
    device: &Device,
    week: usize,
    as_of: i64,
    sheet: &mut Sheet,
) -> Result<(), Fault> {
    if device.onboarding() != "onboarded" || device.presence == Presence::NeverSeen {
        return Ok(());
    }
    let hour = Dice::of(seed, "at", device.number, 0).between(1, 24);
    let mut at = as_of - hour * HOUR;
    if let Presence::SilentSince(moment) = device.presence
        && device.is_silent(as_of)
    {
        at = at.min(moment - moment.rem_euclid(HOUR));
    }
    for (rank, setting) in SETTINGS.iter().enumerate() {
        let mut dice = Dice::of(seed, "setting", device.number, rank as u64);
        let Some(applicable) = applies(device, setting) else {
            continue;
        };
        if dice.chance(3) {
            continue; // never measured
        }
        let has_result = applicable && !dice.chance(4);
        let compliant = has_result.then(|| complies(&mut dice, device, setting, week));
        sheet.row(&[
            Cell::Text(&device.id),
            Cell::Text(setting.id),
            Cell::Truth(applicable),
            Cell::maybe_truth(compliant),
            Cell::Time(at.max(date(9, 1) + DAY)),
        ])?;
    }
    Ok(())
}

fn other_antivirus(device: &Device) -> bool {
    matches!(device.antivirus, "passive" | "passive_audit" | "edr_blocked" | "other")
}

/// Whether a setting applies to a device; `None` when it is not even asked there.
fn applies(device: &Device, setting: &Setting) -> Option<bool> {
    let platform = device.platform();
    let windows = platform.family == Family::Windows;
    let desk = windows && !platform.server;
    match setting.reach {
        Reach::Windows => Some(windows),
        Reach::ActiveAntivirus => Some(windows && !other_antivirus(device)),
        Reach::Workstations => Some(desk && !other_antivirus(device)),
        Reach::WindowsOnly => windows.then_some(true),
        Reach::WorkstationsOnly => desk.then_some(true),
        Reach::Mac => (platform.family == Family::Mac).then_some(true),
        Reach::Linux => (platform.family == Family::Linux).then_some(true),
    }
}

fn complies(dice: &mut Dice, device: &Device, setting: &Setting, week: usize) -> bool {
    let draw = dice.below(1000);
    if setting.antivirus && other_antivirus(device) {
        return draw >= 930;
    }
    if setting.antivirus && device.antivirus == "disabled" {
        return draw >= 700;
    }
    let undone = match device.region {
        // The plants are well configured apart from the antivirus they replaced.
        Region::Plant => [150, 140, 130][week.min(2)],
        region => region.undone(week + 1),
    };
    draw >= undone * setting.lag / 100
}

/// Rows of `affected_software`: all but the flaws whose source names no product.
pub(crate) fn affected_software(sheet: &mut Sheet) -> Result<(), Fault> {
    for flaw in FLAWS {
        if matches!(flaw.cve, "CVE-2024-37085" | "CVE-2024-6387") {
            continue;
        }
        for name in flaw.products {
            let vendor = PRODUCTS
                .iter()
                .map(|product| (product.vendor, product.name))
                .chain(PLATFORMS.iter().map(|platform| (platform.vendor, platform.name)))
                .find_map(|(vendor, product)| (product == *name).then_some(vendor))
                .unwrap_or_default();
            sheet.row(&[Cell::Text(flaw.cve), Cell::Text(vendor), Cell::Text(name)])?;
        }
    }
    Ok(())
}
