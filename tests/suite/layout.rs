//! Row order, column order, file count, file format, compression, time zone and the number of jobs
//! never change a byte.

use proptest::sample::select;

use crate::bench::{Bench, Run, cases, first_difference, hold};
use crate::world::files::{Layout, layouts};
use crate::world::worlds;

#[test]
fn layout_changes_no_byte() {
    let zones = select(vec!["Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati", "UTC"]);
    let jobs = select(vec!["1", "2", "7"]);
    hold(
        "layout_changes_no_byte",
        (worlds(), layouts(), zones, jobs),
        cases(4),
        |(world, ..)| vec![world.clone()],
        |(world, layout, zone, jobs)| {
            let plain = Bench::build(world, &Layout::plain(), Run::default())?;
            let run = Run { time_zone: Some(zone), jobs: Some(jobs), ..Run::default() };
            let other = Bench::build(world, layout, run)?;
            for role in &world.config.roles {
                let (one, two) = (plain.tree(&role.name), other.tree(&role.name));
                if let Some(difference) = first_difference(&one, &two) {
                    return Err(format!("{}/{difference}\nunder {layout:#?}", role.name));
                }
            }
            Ok(())
        },
    );
}
