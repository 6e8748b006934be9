//! What the snapshot says twice and differently: both values, so that nobody takes one for the truth.

use super::Context;
use crate::exposure::Contradiction;
use crate::pages::cell::{Cell, Part, shown};
use crate::pages::devices;
use crate::pages::link::Link;
use crate::pages::number::counted;
use crate::pages::table::{Kind, Table, columns};
use crate::scope::FleetSlice;
use crate::terms::Moment;

/// The table of them, if there are any.
pub(super) fn table<'a>(context: &Context<'a>, fleet: &'a FleetSlice, home: &str) -> Option<Table<'a>> {
    let (context, found) = (*context, &context.threat.figures.get().detail.contradictions);
    let columns = columns([
        ("About", Kind::Link),
        ("Kind", Kind::Text),
        ("One value", Kind::Text),
        ("The other value", Kind::Text),
    ]);
    let table = Table::new(home, "contradictions", "Warning: the data contradicts itself", columns)
        .limited(found.len() as u64, context.portal.limits(), || found.iter(), move |one| row(&context, fleet, one))
        .note(
            "Figures follow the status, and the alerts for devices. Both values stand here as the sources have them.",
        );
    (!found.is_empty()).then_some(table)
}

fn row(context: &Context, fleet: &FleetSlice, one: &Contradiction) -> Vec<Cell> {
    let links = &context.portal.ground.site().links;
    let active = |count: u64| counted(count, "linked alert is active", "linked alerts are active");
    let alert = |id: &str| Part::id(id, Link::of(links.alert.as_ref(), id));
    let time = |instant| shown(Moment::Instant(instant));
    let (about, kind, values) = match one {
        Contradiction::ResolvedIncident { incident, active_alerts } => (
            Part::id(incident, Link::of(links.incident.as_ref(), incident)),
            "Incident",
            ("Its status is resolved".to_owned(), active(*active_alerts)),
        ),
        Contradiction::ResolvedTime { alert: id, resolved } => (
            alert(id),
            "Alert",
            ("Its status is not resolved".to_owned(), format!("It was resolved at {}", time(*resolved))),
        ),
        Contradiction::ResolvedBeforeRaised { alert: id, created, resolved } => (
            alert(id),
            "Alert",
            (format!("It was raised at {}", time(*created)), format!("It was resolved at {}", time(*resolved))),
        ),
        Contradiction::NotOnboarded { device, onboarding, active_alerts } => (
            devices::part(&context.portal, fleet, *device),
            "Device",
            (format!("The inventory says: {}", onboarding.label().to_lowercase()), active(*active_alerts)),
        ),
    };
    vec![Cell::part(about), Cell::text(kind), Cell::text(values.0), Cell::text(values.1)]
}
