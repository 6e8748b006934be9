//! A finished build on its way to its readers.

use std::path::Path;

use super::occupant::Occupant;
use super::output::retire;
use super::staging::Scaffold;
use super::{Manifest, Output, disk};
use crate::diagnostics::Diagnostic;

/// A build that is complete, with its manifest, and that no reader sees yet. Dropped, it
/// leaves nothing behind.
#[derive(Debug)]
pub struct Sealed<'output> {
    pub(super) output: &'output Output,
    pub(super) scaffold: Scaffold,
    pub(super) manifest: Manifest,
}

impl Sealed<'_> {
    /// Where the build stands until it is swapped in, for a last look at it.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.scaffold.0
    }

    /// What the build consists of.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Puts this build in its place: [`swap_all`] of one.
    ///
    /// # Errors
    /// As those of [`swap_all`].
    pub fn swap(self) -> Result<(), Diagnostic> {
        swap_all(vec![self])
    }

    /// From one instant to the next the place holds this build and the scaffold the last one.
    pub(super) fn put_in_place(&self) -> Result<(), Diagnostic> {
        let role = &self.manifest.role;
        let (new, place) = (self.dir(), self.output.place(role));
        if self.output.occupant(role)? == Occupant::Nobody {
            return Ok(disk::rename(new, &place)?);
        }
        match disk::exchange(new, &place)? {
            true => Ok(()),
            false => self.put_in_place_in_two_steps(),
        }
    }

    /// For systems that cannot exchange. Between the steps readers find nothing; a process
    /// killed there has its last build put back by the next [`Output::open`].
    pub(super) fn put_in_place_in_two_steps(&self) -> Result<(), Diagnostic> {
        let role = &self.manifest.role;
        let (place, old) = (self.output.place(role), self.output.waiting_room(role));
        retire(&old)?;
        disk::rename(&place, &old)?;
        if let Err(refusal) = disk::rename(self.dir(), &place) {
            disk::rename(&old, &place)?;
            return Err(refusal.into());
        }
        Ok(())
    }

    fn remove_last(&self) -> Result<(), Diagnostic> {
        retire(self.dir())?;
        retire(&self.output.waiting_room(&self.manifest.role))
    }
}

/// Puts finished builds of one output in their places, in this order, after one sync for all
/// of them, and then removes the builds they replace. A reader of a role finds the last build
/// or the new one, never a mixture.
///
/// # Errors
/// `ForeignOutput` when one of the places has been taken meanwhile: then nothing was swapped.
/// `Disk` when the disk refuses: the builds before that one are in place, that one and those
/// after it are gone, and their last builds stand.
pub fn swap_all(builds: Vec<Sealed<'_>>) -> Result<(), Diagnostic> {
    let Some(output) = builds.first().map(|build| build.output) else {
        return Ok(());
    };
    for build in &builds {
        build.output.occupant(&build.manifest.role)?;
    }
    disk::sync_tree(&output.workshop)?;
    let mut swapped = Vec::new();
    let mut outcome = Ok(());
    for build in builds {
        outcome = build.put_in_place();
        if outcome.is_err() {
            break;
        }
        swapped.push(build);
    }
    // The new names must be durable before the old builds go.
    disk::sync_dir(&output.dir)?;
    disk::sync_dir(&output.workshop)?;
    outcome.and(swapped.iter().try_for_each(Sealed::remove_last))
}
