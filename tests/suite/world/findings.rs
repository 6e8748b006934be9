//! Draws what stands about the devices: vulnerabilities, configurations, software, and the two
//! catalogues that explain them.

use jiff::Timestamp;
use proptest::prelude::*;

use super::Table;
use super::moments::{Moment, Stamp, stamp};
use super::pools::{
    AFFECTED, CATALOG, CONFIGURATION_IDS, CONFIGURATIONS, CVES, Column, DEVICE_IDS, SEVERITIES, SOFTWARE,
    VULNERABILITIES, any_case, boolean, device_id, dropped, names, table_of, word,
};

/// Everything but alerts that a snapshot says about devices, before T is known.
#[derive(Clone, Debug)]
pub(crate) struct Findings {
    vulnerabilities: Option<Vec<[String; 11]>>,
    configurations: Option<Vec<([String; 4], Stamp)>>,
    catalog: Option<Vec<[String; 3]>>,
    software: Option<Vec<[String; 4]>>,
    affected: Option<Vec<[String; 3]>>,
    dropped: [Vec<&'static str>; 3],
}

/// Tracked ids mostly; one nobody tracks; empty is inventory.
fn cve_id() -> impl Strategy<Value = String> + Clone {
    prop_oneof![
        12 => any_case(&CVES),
        1 => word(&["CVE-1999-0001"]),
        2 => word(&["", "  "]),
    ]
    .boxed()
}

fn status() -> impl Strategy<Value = String> + Clone {
    prop_oneof![
        4 => word(&["exposed", "Exposed"]),
        3 => word(&["pending_restart", "Pending Restart", "PendingRestart"]),
        3 => word(&["patched", " Patched "]),
        2 => word(&["not_applicable", "Not Applicable"]),
        2 => word(&["", "perhaps"]),
    ]
    .boxed()
}

/// The third has an empty vendor or product in neither table: whether two empty ones are the same
/// product is not said.
const VENDORS: [&str; 2] = ["Contoso", "Öko"];
const PRODUCTS: [&str; 2] = ["Server", "Reader DC"];

fn vulnerability_row() -> impl Strategy<Value = [String; 11]> + Clone {
    let update = (
        word(&["KB1", "KB2", " KB1 ", "kb1", "", ""]),
        word(&["", "November", " August", "Öffner"]),
        prop_oneof![3 => word(&["false", "No", "0"]), 3 => boolean()],
    );
    let product = (word(&VENDORS), word(&PRODUCTS), word(&["1.0", ""]));
    let rest = (word(&["9.8", "", "5"]), word(&["", "2025-10-01T00:00:00Z"]));
    (device_id(), cve_id(), word(&SEVERITIES), product, status(), update, rest)
        .prop_map(|(device, cve, severity, product, status, update, rest)| {
            [device, cve, severity, rest.0, product.0, product.1, product.2, status, update.0, update.1, update.2]
        })
        .boxed()
}

fn configuration_row() -> impl Strategy<Value = ([String; 4], Stamp)> + Clone {
    let applicable = prop_oneof![6 => word(&["", "true", "1"]), 2 => word(&["false", "No"]), 1 => boolean()];
    let at = stamp(6, 1);
    (device_id(), any_case(&CONFIGURATION_IDS), applicable, boolean(), at)
        .prop_map(|(device, configuration, applicable, compliant, at)| {
            ([device, configuration, applicable, compliant], at)
        })
        .boxed()
}

fn catalog_row() -> impl Strategy<Value = [String; 3]> + Clone {
    let name = word(&["Block it", "Schalter \"an\"", ""]);
    let impact = prop_oneof![
        8 => word(&["1", "2.99", "3", "3", "6.99", "7", "10", "8.0", "7.5", "2.35", "9.99", "4.1"]),
        2 => Just(String::new()),
        1 => word(&["0", "11", "10.01", "0.9", "-3", "much"]),
    ];
    (any_case(&CONFIGURATION_IDS), name, impact).prop_map(|(id, name, impact)| [id, name, impact]).boxed()
}

fn software_row() -> impl Strategy<Value = [String; 4]> + Clone {
    (device_id(), any_case(&VENDORS), any_case(&PRODUCTS), word(&["1.0", ""]))
        .prop_map(|(device, vendor, product, version)| [device, vendor, product, version])
        .boxed()
}

fn affected_row() -> impl Strategy<Value = [String; 3]> + Clone {
    (cve_id(), any_case(&VENDORS), any_case(&PRODUCTS))
        .prop_map(|(cve, vendor, product)| [cve, vendor, product])
        .boxed()
}

pub(crate) fn findings() -> impl Strategy<Value = Findings> + Clone {
    (
        table_of(vulnerability_row(), 24),
        table_of(configuration_row(), 24),
        table_of(catalog_row(), 4),
        // Without a software table steps 4 and 6 do not run: half of the sites have none.
        prop_oneof![Just(None), table_of(software_row(), 8)],
        prop_oneof![1 => Just(None), 2 => table_of(affected_row(), 5)],
        [dropped(VULNERABILITIES).boxed(), dropped(CONFIGURATIONS).boxed(), dropped(CATALOG).boxed()],
    )
        .prop_map(|(vulnerabilities, configurations, catalog, software, affected, dropped)| Findings {
            vulnerabilities,
            configurations,
            catalog,
            software,
            affected,
            dropped,
        })
        .boxed()
}

/// Two configurations alone, whose impacts stand at the edges of the exposure levels.
pub(crate) fn calm_findings() -> impl Strategy<Value = Findings> + Clone {
    let row =
        (word(&DEVICE_IDS), word(&["scid-1", "scid-20"]), word(&["", "no"]), word(&["no", "no", "no", "no", "yes"]))
            .prop_map(|(device, id, applicable, compliant)| {
                ([device, id, applicable, compliant], Stamp { moment: Moment::Absent, spelling: 0 })
            });
    let impact = || word(&["3", "7", "2.99", "3", "6.99", "1", "10"]);
    (proptest::collection::vec(row.boxed(), 3..16), impact(), impact())
        .prop_map(|(rows, one, two)| Findings {
            vulnerabilities: None,
            configurations: Some(rows),
            catalog: Some(vec![["scid-1".to_owned(), String::new(), one], ["scid-20".to_owned(), String::new(), two]]),
            software: None,
            affected: None,
            dropped: Default::default(),
        })
        .boxed()
}

/// A table whose rows are given cell by cell for the named columns.
fn table<const N: usize>(columns: &[Column], given: [&str; N], rows: &[[String; N]], dropped: &[&str]) -> Table {
    let mut table = Table::new(&names(columns));
    for row in rows {
        let cells: Vec<(&str, &str)> = given.iter().copied().zip(row.iter().map(String::as_str)).collect();
        table.push(&cells);
    }
    for column in dropped {
        table.drop_column(column);
    }
    table
}

impl Findings {
    pub(crate) fn vulnerabilities(&self) -> Option<Table> {
        let given = [
            "device_id",
            "cve_id",
            "severity",
            "cvss",
            "vendor",
            "product",
            "version",
            "status",
            "update_id",
            "update_name",
            "update_available",
        ];
        let rows = self.vulnerabilities.as_ref()?;
        Some(table(VULNERABILITIES, given, rows, &self.dropped[0]))
    }

    pub(crate) fn configurations(&self, now: Timestamp, freshness_days: i64) -> Option<Table> {
        let rows = self.configurations.as_ref()?;
        let rows: Vec<[String; 5]> = rows
            .iter()
            .cloned()
            .map(|([device, id, applicable, compliant], at)| {
                [device, id, applicable, compliant, at.write(now, freshness_days)]
            })
            .collect();
        let given = ["device_id", "configuration_id", "applicable", "compliant", "at"];
        Some(table(CONFIGURATIONS, given, &rows, &self.dropped[1]))
    }

    /// One row an id, since rows of one id that differ stop a build; the first one twice.
    pub(crate) fn catalog(&self) -> Option<Table> {
        let mut rows: Vec<[String; 3]> = Vec::new();
        for row in self.catalog.as_ref()? {
            let id = row[0].trim().to_lowercase();
            if !rows.iter().any(|known| known[0].trim().to_lowercase() == id) {
                rows.push(row.clone());
            }
        }
        rows.extend(rows.first().cloned());
        Some(table(CATALOG, ["configuration_id", "name", "impact"], &rows, &self.dropped[2]))
    }

    pub(crate) fn software(&self) -> Option<Table> {
        let given = ["device_id", "vendor", "product", "version"];
        Some(table(SOFTWARE, given, self.software.as_ref()?, &[]))
    }

    pub(crate) fn affected(&self) -> Option<Table> {
        Some(table(AFFECTED, ["cve_id", "vendor", "product"], self.affected.as_ref()?, &[]))
    }
}
