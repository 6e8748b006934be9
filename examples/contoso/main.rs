//! A seeded generator of snapshots of Contoso, an invented manufacturer.
//!
//! The three weekly snapshots of the sample site (about 4,000 devices, a story over three weeks):
//!
//! ```text
//! cargo run --release --example contoso -- --out content/snapshots
//! ```
//!
//! Snapshots of any size, streamed, in bounded memory (`--devices` is what asks for them):
//!
//! ```text
//! cargo run --release --example contoso -- --out /tmp/big --devices 1000000 \
//!     --vulnerabilities 60000000 --configurations 20000000 --groups 40 --format parquet
//! ```
//!
//! A whole bench site: 500 reports, 100,000 devices in 40 groups, 6 million vulnerability rows
//! and 2 million configuration rows, unless flags say otherwise:
//!
//! ```text
//! cargo run --release --example contoso -- --site /tmp/bench-site
//! ```
//!
//! The same flags give the same rows, byte for byte: the dice are its own (`dice.rs`).

mod alarms;
mod bulk;
mod catalogue;
mod dice;
mod flaws;
mod fleet;
mod platforms;
mod posture;
mod products;
mod sample;
mod site;
mod tables;
mod weeks;
mod writer;

use bulk::{Bulk, Plan};
use clap::Parser;
use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Instant;
use writer::Format;

/// Whatever went wrong.
type Fault = Box<dyn Error + Send + Sync>;

/// Write seeded snapshots of an invented organisation.
#[derive(Parser)]
#[command(name = "contoso")]
struct Flags {
    /// Directory that gets one directory per snapshot.
    #[arg(long, value_name = "DIR", required_unless_present = "site", conflicts_with = "site")]
    out: Option<PathBuf>,
    /// Write a whole bench site here: threatpress.yaml, reports and snapshots.
    #[arg(long, value_name = "DIR")]
    site: Option<PathBuf>,
    /// Devices of a synthetic fleet; left out with --out, the sample site's fleet.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    devices: Option<u64>,
    /// Vulnerability rows per snapshot [default: 60 per device].
    #[arg(long, value_name = "ROWS")]
    vulnerabilities: Option<u64>,
    /// Configuration rows per snapshot [default: 20 per device].
    #[arg(long, value_name = "ROWS")]
    configurations: Option<u64>,
    /// Software rows per snapshot [default: 4 per device].
    #[arg(long, value_name = "ROWS")]
    software: Option<u64>,
    /// Alerts up to the newest snapshot [default: 20 per report, at least 1,000].
    #[arg(long, value_name = "N")]
    alerts: Option<u64>,
    /// Device groups [default: 40].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    groups: Option<u64>,
    /// Weekly snapshots, the newest of 2026-11-16 [default: 3 of the sample, else 1].
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u64).range(1..=200))]
    snapshots: Option<u64>,
    /// Synthetic reports of a site [default: 500]; with --out, only the titles of the alerts.
    #[arg(long, value_name = "R")]
    reports: Option<u64>,
    /// Form of every table [default: a mixture for the sample, else parquet].
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Another seed, another fleet.
    #[arg(long, default_value_t = 2026)]
    seed: u64,
}

impl Flags {
    /// One of the flags that the sample has no use for.
    fn asks_for_size(&self) -> bool {
        [self.vulnerabilities, self.configurations, self.software, self.alerts, self.groups, self.reports]
            .iter()
            .any(Option::is_some)
    }

    fn plan(&self, devices: u64) -> Plan {
        let reports = match &self.site {
            Some(_) => self.reports.unwrap_or(500),
            None => self.reports.unwrap_or(0),
        };
        Plan {
            seed: self.seed,
            devices,
            vulnerabilities: self.vulnerabilities.unwrap_or(60 * devices),
            configurations: self.configurations.unwrap_or(20 * devices),
            software: self.software.unwrap_or(4 * devices),
            groups: self.groups.unwrap_or(40),
            snapshots: self.snapshots.unwrap_or(1),
            reports,
            alerts: self.alerts.unwrap_or(1000.max(20 * reports)),
            format: self.format.unwrap_or(Format::Parquet),
        }
    }
}

fn main() -> Result<(), Fault> {
    let flags = Flags::parse();
    let start = Instant::now();
    let notes = match (&flags.site, &flags.out, flags.devices) {
        (Some(dir), _, devices) => {
            let plan = flags.plan(devices.unwrap_or(100_000));
            site::write(dir, &plan)?;
            Bulk::new(plan).write(&dir.join("content/snapshots"))?
        }
        (None, Some(out), Some(devices)) => Bulk::new(flags.plan(devices)).write(out)?,
        (None, Some(_), None) if flags.asks_for_size() => {
            return Err("sizes are for a synthetic fleet: give --devices too".into());
        }
        (None, Some(out), None) => sample::write(out, flags.seed, flags.snapshots.unwrap_or(3), flags.format)?,
        (None, None, _) => return Err("--out or --site is needed".into()),
    };
    let mut console = io::stderr().lock();
    for note in notes {
        writeln!(console, "{note}")?;
    }
    writeln!(console, "{:.1} s", start.elapsed().as_secs_f64())?;
    Ok(())
}
