//! Snapshots of any size, one row at a time: nothing is held but the pools of ids.

use crate::Fault;
use crate::dice::{Dice, detector_id, device_id};
use crate::tables::{self, Cell};
use crate::weeks::{DAY, HOUR, NEWEST, date, day_text, weekly};
use crate::writer::{Format, Sheet, open_snapshot};
use std::path::Path;

/// How much of everything.
#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) devices: u64,
    pub(crate) vulnerabilities: u64,
    pub(crate) configurations: u64,
    pub(crate) software: u64,
    pub(crate) groups: u64,
    pub(crate) snapshots: u64,
    pub(crate) reports: u64,
    pub(crate) alerts: u64,
    pub(crate) format: Format,
}

const SEVERITIES: [&str; 5] = ["critical", "high", "high", "medium", "low"];
const PRODUCTS: u64 = 120;

/// The id of a place in the pool of configurations.
pub(crate) fn configuration_id(place: u64) -> String {
    format!("scid-{}", 3000 + place)
}

/// The id of a place in the pool of vulnerabilities.
pub(crate) fn cve_id(place: u64) -> String {
    format!("CVE-{}-{}", 2019 + place % 7, 20_000 + place)
}

/// The title that a report's alerts carry.
pub(crate) fn alert_title(report: u64) -> String {
    format!("Activity of bench threat {report:04}")
}

struct Weakness {
    cve: String,
    severity: &'static str,
    cvss: u32,
    vendor: String,
    product: String,
    version: String,
    update_id: String,
    update_name: String,
}

/// The pools that rows draw from, and each device's number of rows.
pub(crate) struct Bulk {
    plan: Plan,
    weaknesses: Vec<Weakness>,
    configurations: Vec<String>,
}

/// Gives a total number of rows to the devices, some three times as many as others.
struct Shares {
    total: u64,
    weights: u64,
    given: u64,
    passed: u64,
}

impl Shares {
    fn weight(seed: u64, topic: &str, device: u64) -> u64 {
        Dice::of(seed, topic, device, 0).below(9) + 4
    }

    fn new(seed: u64, topic: &str, devices: u64, total: u64) -> Self {
        Self { total, weights: (0..devices).map(|d| Self::weight(seed, topic, d)).sum(), given: 0, passed: 0 }
    }

    fn next(&mut self, seed: u64, topic: &str, device: u64) -> u64 {
        self.passed += Self::weight(seed, topic, device);
        let upto = u128::from(self.total) * u128::from(self.passed) / u128::from(self.weights);
        let share = upto as u64 - self.given;
        self.given = upto as u64;
        share
    }
}

/// Draws different places of a pool for one device, the first ones most often.
struct Draw {
    taken: Vec<bool>,
    places: Vec<u64>,
}

impl Draw {
    fn new(pool: u64) -> Self {
        Self { taken: vec![false; pool as usize], places: Vec::new() }
    }

    fn places(&mut self, dice: &mut Dice, count: u64) -> &[u64] {
        for place in self.places.drain(..) {
            self.taken[place as usize] = false;
        }
        let pool = self.taken.len() as u64;
        for _ in 0..count.min(pool) {
            let mut place = dice.skewed(pool);
            while self.taken[place as usize] {
                place = (place + 1) % pool;
            }
            self.taken[place as usize] = true;
            self.places.push(place);
        }
        &self.places
    }
}

/// How many CVE ids the rows use: some thousands, more where devices have very many rows each.
pub(crate) fn cve_pool(plan: &Plan) -> u64 {
    4000.max(plan.vulnerabilities / plan.devices.max(1) * 8)
}

/// How many configurations the rows use.
pub(crate) fn configuration_pool(plan: &Plan) -> u64 {
    150.max(plan.configurations / plan.devices.max(1) * 4)
}

impl Bulk {
    pub(crate) fn new(plan: Plan) -> Self {
        let weaknesses = (0..cve_pool(&plan))
            .map(|place| {
                let mut dice = Dice::of(plan.seed, "weakness", place, 0);
                let severity = dice.pick(&SEVERITIES);
                let (low, high) = match severity {
                    "critical" => (90, 101),
                    "high" => (70, 90),
                    "medium" => (40, 70),
                    _ => (10, 40),
                };
                let (vendor, product) = product(dice.below(PRODUCTS));
                let update_id = format!("KB{}", 5_000_000 + dice.below(400) * 37);
                Weakness {
                    cve: cve_id(place),
                    severity,
                    cvss: dice.between(low, high) as u32,
                    vendor,
                    product,
                    version: format!("{}.{}.{}", dice.below(20), dice.below(10), dice.below(900)),
                    update_name: format!("Bench cumulative update ({update_id})"),
                    update_id,
                }
            })
            .collect();
        let configurations = (0..configuration_pool(&plan)).map(configuration_id).collect();
        Self { plan, weaknesses, configurations }
    }

    /// Writes every snapshot; says what it wrote.
    pub(crate) fn write(&self, out: &Path) -> Result<Vec<String>, Fault> {
        let mut notes = Vec::new();
        let newest = self.plan.snapshots as usize;
        for (rank, as_of) in weekly(self.plan.snapshots).into_iter().enumerate() {
            let dir = &out.join(day_text(as_of));
            open_snapshot(dir, as_of)?;
            // Weeks count back from the newest, so that it is the same however many come before.
            let age = (newest - 1 - rank) as u64;
            let (rows, others) = std::thread::scope(|scope| {
                let rows = scope.spawn(|| self.vulnerabilities(dir, age));
                let others = self.all_but_vulnerabilities(dir, as_of, age);
                (rows.join(), others)
            });
            let rows = rows.map_err(|_| "the thread of the vulnerabilities stopped")??;
            notes.push(format!("{}: vulnerabilities {rows}, {}", dir.display(), others?));
        }
        Ok(notes)
    }

    fn all_but_vulnerabilities(&self, dir: &Path, as_of: i64, age: u64) -> Result<String, Fault> {
        let devices = self.devices(dir, as_of, age)?;
        let configurations = self.configurations(dir, as_of, age)?;
        let software = self.software(dir)?;
        self.catalogues(dir)?;
        let (alerts, incidents) = self.alerts(dir, as_of)?;
        Ok(format!(
            "devices {devices}, configurations {configurations}, software {software}, alerts {alerts}, incidents {incidents}"
        ))
    }

    fn sheet(&self, dir: &Path, table: &'static tables::Table) -> Result<Sheet, Fault> {
        Sheet::create(dir, table, self.plan.format)
    }

    fn devices(&self, dir: &Path, as_of: i64, age: u64) -> Result<u64, Fault> {
        let plan = &self.plan;
        let names: Vec<String> = (1..=plan.groups).map(|g| format!("Group {g:02}")).collect();
        let mut sheet = self.sheet(dir, &tables::DEVICES)?;
        for device in 0..plan.devices {
            let mut dice = Dice::of(plan.seed, "facts", device, 0);
            let group = match dice.below(100) {
                0 => "",
                _ => names.get(dice.skewed(plan.groups) as usize).map_or("", String::as_str),
            };
            let (os, version) = dice.pick(&[
                ("Windows 11 24H2", "10.0.26100.7171"),
                ("Windows 11 24H2", "10.0.26100.6584"),
                ("Windows 11 23H2", "10.0.22631.6199"),
                ("Windows 10 22H2", "10.0.19045.6575"),
                ("Windows Server 2022", "10.0.20348.4405"),
                ("Windows Server 2019", "10.0.17763.8027"),
                ("Ubuntu 22.04 LTS", "22.04.5"),
            ]);
            let minutes = dice.between(1, 3000);
            let recent = Some(as_of - (minutes + age as i64) * 60);
            let (onboarding, health, seen) = match dice.below(1000) {
                0..15 => ("can_be_onboarded", "unknown", recent),
                15..20 => ("unsupported", "", None),
                20..25 => ("onboarded", "", None),
                25..45 => ("onboarded", "inactive", Some(date(10, 1) + minutes * 60)),
                45..60 => ("onboarded", "active", Some(date(10, 2) + minutes * 60)),
                60..70 => ("onboarded", "no_sensor_data", recent),
                70..80 => ("onboarded", "impaired_communication", recent),
                _ => ("onboarded", "active", recent),
            };
            let mode = match dice.below(100) {
                0..6 => "passive",
                6 => "disabled",
                _ => "active",
            };
            let id = device_id(plan.seed, device);
            let name = format!("host-{device:07}");
            sheet.row(&[
                Cell::Text(&id),
                Cell::Text(&name),
                Cell::Text(group),
                Cell::Text(os),
                Cell::Text(version),
                Cell::Text(onboarding),
                Cell::Text(health),
                Cell::maybe_time(seen),
                Cell::Text(mode),
                Cell::Truth(dice.chance(8)),
                Cell::Text(dice.pick(&["normal", "normal", "normal", "low", "high", "very_high"])),
                Cell::Truth(dice.chance(30)),
            ])?;
        }
        sheet.close()
    }

    fn vulnerabilities(&self, dir: &Path, age: u64) -> Result<u64, Fault> {
        let plan = &self.plan;
        let topic = "weaknesses";
        let mut sheet = self.sheet(dir, &tables::VULNERABILITIES)?;
        let mut shares = Shares::new(plan.seed, topic, plan.devices, plan.vulnerabilities);
        let mut draw = Draw::new(self.weaknesses.len() as u64);
        for device in 0..plan.devices {
            let id = device_id(plan.seed, device);
            let mut dice = Dice::of(plan.seed, topic, device, 1);
            let count = shares.next(plan.seed, topic, device);
            for place in draw.places(&mut dice, count) {
                let weakness = &self.weaknesses[*place as usize];
                let mut dice = Dice::of(plan.seed, "row", device, *place);
                let found = date(3, 1) + dice.between(0, 240) * DAY + dice.between(0, 24) * HOUR;
                // One in fifty has left the source by the newest week: its row is inventory then.
                let gone = dice.chance(20) && age == 0;
                let state = dice.below(100) + 8 * age.min(4);
                let (status, available) = match state {
                    0..3 => ("not_applicable", Some(true)),
                    3..36 => ("patched", Some(true)),
                    36..39 => ("pending_restart", Some(true)),
                    39..41 => ("", None),
                    41..46 => ("exposed", Some(false)),
                    _ => ("exposed", Some(true)),
                };
                sheet.row(&[
                    Cell::Text(&id),
                    Cell::Text(if gone { "" } else { &weakness.cve }),
                    Cell::Text(weakness.severity),
                    Cell::Tenths(weakness.cvss),
                    Cell::Text(&weakness.vendor),
                    Cell::Text(&weakness.product),
                    Cell::Text(&weakness.version),
                    Cell::Text(if gone { "" } else { status }),
                    Cell::Text(&weakness.update_id),
                    Cell::Text(&weakness.update_name),
                    Cell::maybe_truth(available),
                    Cell::Time(found),
                ])?;
            }
        }
        sheet.close()
    }

    fn configurations(&self, dir: &Path, as_of: i64, age: u64) -> Result<u64, Fault> {
        let plan = &self.plan;
        let topic = "settings";
        let mut sheet = self.sheet(dir, &tables::CONFIGURATIONS)?;
        let mut shares = Shares::new(plan.seed, topic, plan.devices, plan.configurations);
        let mut draw = Draw::new(self.configurations.len() as u64);
        for device in 0..plan.devices {
            let id = device_id(plan.seed, device);
            let mut dice = Dice::of(plan.seed, topic, device, 1);
            let at = as_of - dice.between(1, 24) * HOUR;
            let count = shares.next(plan.seed, topic, device);
            for place in draw.places(&mut dice, count) {
                let mut dice = Dice::of(plan.seed, "setting", device, *place);
                let (applicable, compliant) = match dice.below(100) {
                    0..6 => (false, None),
                    6 => (true, None),
                    _ => (true, Some(dice.below(100) >= 18 + 5 * age.min(4))),
                };
                sheet.row(&[
                    Cell::Text(&id),
                    Cell::Text(&self.configurations[*place as usize]),
                    Cell::Truth(applicable),
                    Cell::maybe_truth(compliant),
                    Cell::Time(at),
                ])?;
            }
        }
        sheet.close()
    }

    fn software(&self, dir: &Path) -> Result<u64, Fault> {
        let plan = &self.plan;
        let topic = "software";
        let products: Vec<(String, String)> = (0..PRODUCTS).map(product).collect();
        let mut sheet = self.sheet(dir, &tables::SOFTWARE)?;
        let mut shares = Shares::new(plan.seed, topic, plan.devices, plan.software);
        let mut draw = Draw::new(PRODUCTS);
        for device in 0..plan.devices {
            let id = device_id(plan.seed, device);
            let mut dice = Dice::of(plan.seed, topic, device, 1);
            let count = shares.next(plan.seed, topic, device);
            for place in draw.places(&mut dice, count) {
                let (vendor, product) = &products[*place as usize];
                sheet.row(&[
                    Cell::Text(&id),
                    Cell::Text(vendor),
                    Cell::Text(product),
                    Cell::Text(["4.2.1", "4.3.0", "5.0.7"][(device + place) as usize % 3]),
                ])?;
            }
        }
        sheet.close()
    }

    fn catalogues(&self, dir: &Path) -> Result<(), Fault> {
        let mut sheet = self.sheet(dir, &tables::CONFIGURATION_CATALOG)?;
        for (place, id) in self.configurations.iter().enumerate() {
            let mut dice = Dice::of(self.plan.seed, "catalogue", place as u64, 0);
            sheet.row(&[
                Cell::Text(id),
                Cell::Text(&format!("Bench configuration {place}")),
                Cell::Text(dice.pick(&["Security controls", "OS", "Network", "Application"])),
                Cell::Text(dice.pick(&["Antivirus", "Attack surface reduction", "Firewall"])),
                Cell::Tenths(dice.between(10, 101) as u32),
                Cell::Text("Set it by policy, and remove the local exceptions."),
            ])?;
        }
        sheet.close()?;
        let mut sheet = self.sheet(dir, &tables::AFFECTED_SOFTWARE)?;
        // A tenth of the vulnerabilities names no product.
        for (_, weakness) in self.weaknesses.iter().enumerate().filter(|(p, _)| p % 10 != 3) {
            sheet.row(&[Cell::Text(&weakness.cve), Cell::Text(&weakness.vendor), Cell::Text(&weakness.product)])?;
        }
        sheet.close()?;
        Ok(())
    }

    fn alerts(&self, dir: &Path, as_of: i64) -> Result<(u64, u64), Fault> {
        let plan = &self.plan;
        let threats = if plan.reports == 0 { 500 } else { plan.reports };
        let mut alerts = self.sheet(dir, &tables::ALERTS)?;
        let mut more = self.sheet(dir, &tables::ALERT_DEVICES)?;
        let mut incidents = self.sheet(dir, &tables::INCIDENTS)?;
        for number in 0..plan.alerts {
            let mut dice = Dice::of(plan.seed, "alert", number, 0);
            // In order of creation over six weeks, so an older snapshot holds the first of them.
            let span = NEWEST - date(10, 5);
            let created = date(10, 5) + span * number as i64 / plan.alerts as i64;
            if created > as_of {
                break;
            }
            let threat = dice.below(threats) + 1;
            let title = if dice.chance(150) { "Unrelated bench alert".to_string() } else { alert_title(threat) };
            let resolved = Some(created + dice.between(4, 500) * HOUR).filter(|r| *r <= as_of);
            let open = dice.pick(&["new", "in_progress"]);
            let verdict = dice.pick(&["true_positive", "true_positive", "false_positive"]);
            let id = format!("al-{number:07}");
            let incident = format!("inc-{:06}", number / 4);
            let device = match dice.below(100) {
                0 => String::new(),
                _ => device_id(plan.seed, dice.below(plan.devices)),
            };
            alerts.row(&[
                Cell::Text(&id),
                Cell::Text(&title),
                Cell::Text(resolved.map_or(open, |_| "resolved")),
                Cell::Time(created),
                Cell::Text(&device),
                Cell::Text(&incident),
                Cell::Text(dice.pick(&SEVERITIES)),
                Cell::Text(resolved.map_or("", |_| verdict)),
                Cell::maybe_time(resolved),
                Cell::Text(&detector_id(&title)),
                Cell::Text(if dice.chance(100) { "Benchware" } else { "" }),
                Cell::Absent,
                Cell::Text("T1059.001;T1190"),
            ])?;
            if dice.chance(300) && !device.is_empty() {
                for _ in 0..=dice.below(4) {
                    let device = device_id(plan.seed, dice.below(plan.devices));
                    more.row(&[Cell::Text(&id), Cell::Text(&device)])?;
                }
            }
            if number % 4 == 0 {
                incidents.row(&[
                    Cell::Text(&incident),
                    Cell::Text(&format!("Bench incident {}", number / 4)),
                    Cell::Text(dice.pick(&["active", "in_progress", "awaiting_action", "resolved"])),
                    Cell::Text(dice.pick(&SEVERITIES)),
                    Cell::Time(created),
                    Cell::Time(as_of),
                    Cell::Absent,
                ])?;
            }
        }
        more.close()?;
        Ok((alerts.close()?, incidents.close()?))
    }
}

fn product(place: u64) -> (String, String) {
    (format!("Vendor {:02}", place % 30), format!("Product {place:03}"))
}
