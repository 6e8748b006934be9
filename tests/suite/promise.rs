//! The promise: equal slices give equal builds. What a role may not see is changed at random, and
//! its build must keep every path, byte and mode.

use std::path::Path;
use std::process::Command;

use proptest::collection::vec;
use proptest::prelude::*;

use crate::bench::{Bench, Run, cases, first_difference, hold, hold_in_parts, note};
use crate::twin;
use crate::world::files::{Layout, layouts};
use crate::world::{Groups, Role, World, furnished_worlds};

mod bulk;
mod change;
#[cfg(feature = "trial")]
mod leaks;
mod pages;
mod rows;
mod secret;
mod structure;

use change::{Change, changes};
use secret::is_named;

/// A site, one of its roles, and what is changed outside that role's slice.
#[derive(Clone, Debug)]
struct Case {
    world: World,
    role: Role,
    changes: Vec<Change>,
    /// How the tables of the changed site are written.
    layout: Layout,
    /// Whether the changed site is built over a build of the role as it saw everything.
    over_wide: bool,
}

impl Case {
    fn changed(&self) -> World {
        let mut world = self.world.clone();
        for change in &self.changes {
            change.apply(&mut world, &self.role);
        }
        let salt = u8::try_from(self.changes.len()).unwrap();
        world.knowledge = world.knowledge.altered(|name| is_named(&self.world, &self.role, name), salt);
        world
    }

    /// The changed site when the role still saw everything.
    fn wide(&self) -> World {
        let mut world = self.changed();
        let role = world.config.roles.iter_mut().find(|role| role.name == self.role.name).unwrap();
        role.groups = Groups::All;
        role.clearance = Some("red".to_owned());
        world
    }

    /// The build of the site, and that of the changed site.
    fn builds(&self, leak: Option<&str>) -> Result<(Bench, Bench), String> {
        let run = Run { role: Some(&self.role.name), leak, ..Run::default() };
        let before = Bench::build(&self.world, &Layout::plain(), run)?;
        if !self.over_wide {
            return Ok((before, Bench::build(&self.changed(), &self.layout, run)?));
        }
        let after = Bench::build(&self.wide(), &Layout::plain(), run)?;
        after.build_over(&self.changed(), &self.layout, run)?;
        Ok((before, after))
    }

    /// The difference of the two builds, which must be none, as `threatpress diff` explains it.
    fn difference(&self, leak: Option<&str>) -> Result<Option<String>, String> {
        let (before, after) = self.builds(leak)?;
        let name = &self.role.name;
        let first = first_difference(&before.tree(name), &after.tree(name));
        Ok(first.map(|first| explained(&before.role(name), &after.role(name), &first)))
    }
}

/// What the command says of two builds that differ, which it has to see.
fn explained(one: &Path, two: &Path, first: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_threatpress")).arg("diff").args([one, two]).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "`threatpress diff` passes over this: {first}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn some_cases() -> impl Strategy<Value = Case> {
    let layout = prop_oneof![1 => Just(Layout::plain()), 3 => layouts()];
    (furnished_worlds(), any::<prop::sample::Index>(), vec(changes(), 1..8), layout, prop::bool::weighted(0.15))
        .prop_map(|(world, role, changes, layout, over_wide)| {
            let role = role.get(&candidates(&world)).clone();
            Case { world, role, changes, layout, over_wide }
        })
}

/// The roles, those that do not see every group more often: there is more to hide from them.
fn candidates(world: &World) -> Vec<Role> {
    let often = |role: &Role| if matches!(role.groups, Groups::All) { 1 } else { 4 };
    world.config.roles.iter().flat_map(|role| std::iter::repeat_n(role.clone(), often(role))).collect()
}

/// A thousand pairs of builds, unless `THREATPRESS_CASES` asks for other numbers.
#[test]
fn what_a_role_may_not_see_changes_nothing() {
    let pairs = 4 * cases(1);
    hold_in_parts(
        "what_a_role_may_not_see_changes_nothing",
        some_cases,
        pairs,
        |case| vec![case.world.clone(), case.changed()],
        |case| match case.difference(None)? {
            None => Ok(()),
            Some(difference) => Err(format!(
                "the builds of {} differ:\n{difference}under {:#?}\nafter {:#?}",
                case.role.name, case.layout, case.changes
            )),
        },
    );
    note(&format!("{pairs} pairs of sites with equal slices, each role's build the same in paths, bytes and modes"));
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
            let text = |world: &World| format!("{:?} {:?} {:?}", world.reports, world.guides, world.snapshots);
            real.set(real.get() + u32::from(text(&case.world) != text(&changed)));
            Ok(())
        },
    );
    assert!(real.get() > 200, "only {} of 300 cases change anything", real.get());
}
