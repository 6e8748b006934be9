//! The promise: equal slices give equal builds. Rows that a role may not see are changed at random,
//! and its build must keep every path, byte and mode.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::bench::{Bench, Run, cases, first_difference, hold};
use crate::twin;
use crate::world::files::Layout;
use crate::world::{Role, World, worlds};

mod change;
mod pages;
mod rows;
mod secret;

use change::{Change, changes};

/// A site, one of its roles, and what is changed outside that role's slice.
#[derive(Clone, Debug)]
struct Case {
    world: World,
    role: Role,
    changes: Vec<Change>,
}

impl Case {
    fn changed(&self) -> World {
        let mut world = self.world.clone();
        for change in &self.changes {
            change.apply(&mut world, &self.role);
        }
        world
    }
}

fn some_cases() -> impl Strategy<Value = Case> {
    (worlds(), any::<prop::sample::Index>(), vec(changes(), 1..8)).prop_map(|(world, role, changes)| {
        let role = role.get(&world.config.roles).clone();
        Case { world, role, changes }
    })
}

#[test]
fn what_a_role_may_not_see_changes_nothing() {
    hold(
        "what_a_role_may_not_see_changes_nothing",
        some_cases(),
        cases(1),
        |case| vec![case.world.clone(), case.changed()],
        |case| {
            let before = Bench::build(&case.world, &Layout::plain(), Run::default())?;
            let after = Bench::build(&case.changed(), &Layout::plain(), Run::default())?;
            let name = &case.role.name;
            match first_difference(&before.tree(name), &after.tree(name)) {
                None => Ok(()),
                Some(difference) => Err(format!("{name}/{difference}\nafter {:#?}", case.changes)),
            }
        },
    );
}

/// The changes stay outside the slice: the twin, which knows nothing of builds, sees none of them,
/// while among them there are many that another role would see.
#[test]
fn the_changes_are_invisible_and_real() {
    let real = std::cell::Cell::new(0);
    hold(
        "the_changes_are_invisible_and_real",
        some_cases(),
        300,
        |case| vec![case.world.clone(), case.changed()],
        |case| {
            let changed = case.changed();
            let (before, after) = (twin::site(&case.world, &case.role), twin::site(&changed, &case.role));
            if before.dashboard != after.dashboard || before.threats != after.threats {
                return Err("the dashboard or the list changed".to_owned());
            }
            if before.reports != after.reports {
                return Err("a report changed".to_owned());
            }
            let text = |world: &World| format!("{:?} {:?}", world.reports, world.snapshots);
            real.set(real.get() + u32::from(text(&case.world) != text(&changed)));
            Ok(())
        },
    );
    assert!(real.get() > 200, "only {} of 300 cases change anything", real.get());
}
