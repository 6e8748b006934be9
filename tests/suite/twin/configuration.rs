//! Section 4: secure configuration.

use serde_json::{Value, json};

use super::fleet::{Device, Fleet};
use super::marks::mark;
use super::reporting::reports;
use super::view::View;

/// The state of a device on the axis, `None` when the report tracks no configuration or the table
/// is absent.
pub(crate) fn axis(view: &View<'_>, device: &Device) -> Option<&'static str> {
    let fleet = view.fleet()?;
    fleet.configurations.as_ref()?;
    let tracked = view.configurations();
    if tracked.is_empty() {
        return None;
    }
    let states: Vec<&str> = tracked.iter().map(|c| pair(view, fleet, device, &c.key)).collect();
    for state in ["exposed", "unavailable", "secure"] {
        if states.contains(&state) {
            return Some(state);
        }
    }
    Some("not_applicable")
}

/// The state of a device and a configuration (by its lower-case id).
pub(crate) fn pair(view: &View<'_>, fleet: &Fleet, device: &Device, configuration: &str) -> &'static str {
    if device.excluded {
        mark("configuration: excluded");
        return "not_applicable";
    }
    if !reports(device, fleet.now, view.freshness_days()) {
        return "unavailable";
    }
    let rows = fleet.configurations.as_deref().unwrap_or_default();
    let row = rows.iter().find(|row| row.device == device.id && row.configuration == configuration);
    let Some(row) = row else {
        mark("configuration: no row");
        return "unavailable";
    };
    if !row.applicable {
        mark("configuration: not applicable");
        return "not_applicable";
    }
    match row.compliant {
        Some(true) => "secure",
        Some(false) => "exposed",
        None => {
            mark("configuration: compliance empty");
            "unavailable"
        }
    }
}

/// An exposed pair that another antivirus may explain.
pub(crate) fn by_other_antivirus(view: &View<'_>, device: &Device, configuration: &str) -> bool {
    let runs_another = ["passive", "passive_audit", "edr_blocked", "other"].contains(&device.antivirus_mode);
    if runs_another {
        mark(device.antivirus_mode);
    }
    runs_another && view.is_antivirus(configuration)
}

/// The report's `configuration`.
pub(crate) fn figures(view: &View<'_>) -> Value {
    let tracked = view.configurations();
    let Some(fleet) = view.fleet() else { return Value::Null };
    if tracked.is_empty() || fleet.configurations.is_none() {
        return Value::Null;
    }
    let count = |wanted: &str| fleet.devices.iter().filter(|device| axis(view, device) == Some(wanted)).count();
    let (mut secure, mut exposed, mut applicable, mut implemented) = (0, 0, 0, 0);
    for configuration in &tracked {
        let of = |wanted: &str| {
            let pairs = fleet.devices.iter().map(|d| pair(view, fleet, d, &configuration.key));
            pairs.filter(|state| *state == wanted).count()
        };
        secure += of("secure");
        exposed += of("exposed");
        if of("secure") + of("exposed") > 0 {
            applicable += 1;
            implemented += usize::from(of("exposed") == 0);
        }
    }
    json!({
        "implemented": implemented,
        "applicable": applicable,
        "pairs_secure": secure,
        "pairs_exposed": exposed,
        "devices": {
            "secure": count("secure"),
            "exposed": count("exposed"),
            "unavailable": count("unavailable"),
            "not_applicable": count("not_applicable"),
        },
        "other_antivirus": other_antivirus(view, fleet),
    })
}

/// Exposed devices all of whose exposed pairs another antivirus may explain.
fn other_antivirus(view: &View<'_>, fleet: &Fleet) -> usize {
    let tracked = view.configurations();
    let explained = |device: &&Device| {
        let mut exposed = tracked.iter().filter(|c| pair(view, fleet, device, &c.key) == "exposed");
        axis(view, device) == Some("exposed") && exposed.all(|c| by_other_antivirus(view, device, &c.key))
    };
    fleet.devices.iter().filter(explained).count()
}
