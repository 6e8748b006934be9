//! The naive second implementation of `figures.md`: plain loops over raw rows, written to be
//! obviously what the text says, sharing nothing with the engine.
//!
//! Where the text leaves something open, the reading taken is this. Decided with the engine:
//!
//! 1. A mitigation update's `vulnerabilities` are the tracked CVEs with any row in the slice,
//!    whatever its status, that names the update.
//! 2. An update's name is the bytewise first non-empty `update_name` among any rows of the slice
//!    with that `update_id` (untracked CVEs and inventory rows too).
//! 3. The population on a null axis counts everybody who reports, excluded devices too.
//! 4. A site without a snapshot: every number is null, `threats_total` and the exposure's weight
//!    and population too; `latest` is kept; `high_impact`, `highest_exposure` and `summary` are
//!    null; `history` and `groups` are `[]`.
//! 5. `update_id` and `update_name` compare exactly, after trimming.
//!
//! Taken here, most literal first:
//!
//! 6. Of two rows of one device, the newest `last_seen` as written wins: "a last_seen after T
//!    counts as T" applies to the row that won. A row without a time is older than any with one.
//! 7. "At most 10 steps" of redirects: ten hops are followed, an eleventh is not.
//! 8. A redirected incident whose `redirect_to` is empty has a missing target.
//! 9. The highest severity among an incident's visible linked alerts (roles that are not `all`)
//!    looks at all of them, resolved ones too, and at those of incidents redirected to it.
//! 10. Ids in a list order by what they compare as: a configuration's lower-case id.
//! 11. The ids under `mitigations.updates[].vulnerabilities` are in order of id.
//! 12. An id tracked twice is written as its first mention spells it; its name is the first that
//!     a mention gives.
//! 13. A report with `alerts: {}`, or with empty lists only, has no selector.
//! 14. An alert row with an empty `device_id` names no device; that is no bad row there. In
//!     `alert_devices` it is one.
//! 15. A bad row is left out before anything else looks at it: before the newest row of a device
//!     is chosen, before rows of one alert are compared.
//! 16. Columns of dates, numbers and booleans that no figure uses (`cvss`, `first_seen`,
//!     `internet_facing`, an incident's dates) never make a row bad; the worlds hold good ones.
//! 17. "Earlier snapshots" are those up to the current one that `history` uses; one after
//!     `--as-of` is as if it were not there. Within step 5 "whether or not d reported" includes
//!     an excluded d.
//! 18. The "exposed rows" of a pair (weight, updates, `no_update`) are its rows of status exposed,
//!     pending_restart or none, in step 3 and nowhere else.
//! 19. `devices_with_alerts.total` = active + resolved.
//! 20. `high_impact` and `summary` are null only when the alerts table is absent; with no
//!     selector in any report they are `[]` and all `no_alerts`.
//! 21. An impact may have decimals (10 × impact is "cut to an integer").
//! 22. `history` of the dashboard asks for today's visible reports, whatever was visible then.
//! 23. A row's `catalogue` impact and name count for every role whose report tracks the id.
//! 24. Booleans ignore case, as words do.
//!
//! Not generated, since no reading is safe: whether the spelling of "no group" takes part in the
//! bytewise order of conflicting rows; whether two empty vendors are the same vendor; two names
//! for one tracked id; `antivirus_configurations` left out while a default id is tracked.

mod alerts;
mod configuration;
mod dashboard;
#[cfg(test)]
mod examples;
mod exposure;
mod fleet;
mod headline;
mod incidents;
pub(crate) mod marks;
mod mitigations;
mod pages;
mod report;
mod reporting;
mod text;
mod trend;
mod view;
mod visible;
mod vulnerability;

pub(crate) use fleet::{Fleet, group_of};
pub(crate) use pages::Rows;
pub(crate) use text::lower;
pub(crate) use visible::{admits, blocks_read, cleared, group_in_role, reads_no_device, tlp};

use serde_json::{Value, json};

use crate::world::{Role, World};
use view::View;

/// What one role's build says in JSON.
pub(crate) struct Site {
    /// `/data.json`
    pub(crate) dashboard: Value,
    /// `/threats/data.json`
    pub(crate) threats: Value,
    /// (slug, `/threats/SLUG/data.json`)
    pub(crate) reports: Vec<(String, Value)>,
    /// (path of a CSV file, how many of its columns, its rows)
    pub(crate) files: Vec<(String, usize, Rows)>,
}

/// Everything the role's data files say.
pub(crate) fn site(world: &World, role: &Role) -> Site {
    let seen = visible::reports(world, role);
    let slices = visible::slices(world, role);
    let views: Vec<View<'_>> = seen.iter().map(|report| View::new(world, role, report, &slices)).collect();
    Site {
        dashboard: dashboard::dashboard(world, &views, &slices),
        threats: json!({
            "schema": 1,
            "as_of": text::utc(&world.as_of),
            "threats": dashboard::threats(&views),
        }),
        reports: views.iter().map(|view| (view.report.slug.clone(), report::data(view))).collect(),
        files: files(world, &views, &slices),
    }
}

/// What stands on pages alone.
fn files(world: &World, views: &[View<'_>], slices: &[Fleet]) -> Vec<(String, usize, Rows)> {
    let days = world.config.freshness_days.unwrap_or(7);
    let mut files = vec![
        ("incidents-weeks.csv".to_owned(), 3, pages::weeks(slices.last(), views)),
        ("groups.csv".to_owned(), 3, slices.last().and_then(|fleet| pages::silent(fleet, days))),
    ];
    for view in views {
        let home = format!("threats/{}", view.report.slug);
        let own = std::slice::from_ref(view);
        let weeks = alerts::linked(view).and_then(|_| pages::weeks(view.fleet(), own));
        files.push((format!("{home}/funnel.csv"), 2, pages::funnel(view)));
        files.push((format!("{home}/incidents-weeks.csv"), 3, weeks));
        files.push((format!("{home}/incidents/incidents-statuses.csv"), 8, pages::statuses(view)));
        files.push((format!("{home}/incidents/contradictions.csv"), 2, pages::contradictions(view)));
    }
    files
}

/// The sum over a report's visible linked alerts of the visible groups each touches; an alert that
/// names no device touches one. `None` where the report's alerts are `null`.
pub(crate) fn groups_touched(world: &World, role: &Role, slug: &str) -> Option<i64> {
    let slices = visible::slices(world, role);
    let report = world.reports.iter().find(|report| report.slug == slug)?;
    let view = View::new(world, role, report, &slices);
    let mut touched = 0;
    for alert in alerts::linked(&view)? {
        let mut groups = Vec::new();
        for device in &slices.last()?.devices {
            if alert.devices.contains(&device.id) && !groups.contains(&&device.group) {
                groups.push(&device.group);
            }
        }
        touched += groups.len().max(1) as i64;
    }
    Some(touched)
}
