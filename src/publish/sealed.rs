//! A finished build on its way to its readers.

use std::collections::HashSet;
use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::Path;

use rayon::prelude::*;

use super::disk::{Dir, Kind, SHARED};
use super::occupant::Occupant;
use super::output::{disturbed, foreign, retire, waiting_room};
use super::refusal::Refusal;
use super::staging::Scaffold;
use super::{MANIFEST, Manifest, Output};
use crate::diagnostics::{Code, Diagnostic};

/// A build that is complete, with its manifest, and that no reader sees yet. Dropped, it
/// leaves nothing behind.
#[derive(Debug)]
pub struct Sealed<'output> {
    pub(super) scaffold: Scaffold<'output>,
    pub(super) manifest: Manifest,
}

impl Sealed<'_> {
    /// Where the build stands until it is swapped in, for a last look at it.
    #[must_use]
    pub fn dir(&self) -> &Path {
        self.scaffold.dir.path()
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
        swap_all(vec![self]).map(drop)
    }

    fn role(&self) -> &str {
        &self.manifest.role
    }

    /// Holds what stands in the staging against the manifest: nothing may have been added to it,
    /// taken from it or put in the place of it or of a part.
    fn expect_whole(&self) -> Result<(), Diagnostic> {
        let Scaffold { output, name, dir } = &self.scaffold;
        if !dir.is_at(&output.workshop, name)? {
            return Err(disturbed(dir.path(), "another directory has been put in its place"));
        }
        let files = self.manifest.files.iter().map(|file| file.path.as_str()).chain([MANIFEST]);
        let mut expected = Expected { files: files.collect(), directories: HashSet::new() };
        for file in &self.manifest.files {
            expected.directories.extend(file.path.match_indices('/').filter_map(|(end, _)| file.path.get(..end)));
        }
        match expected.found_in(dir, "")? == expected.files.len() {
            true => Ok(()),
            false => Err(disturbed(dir.path(), "files of a build that was being made are gone")),
        }
    }

    /// From one instant to the next the place holds this build and the scaffold the last one. After
    /// an error the place is as it was.
    pub(super) fn put_in_place(&self) -> Result<(), Diagnostic> {
        let Scaffold { output, name, .. } = &self.scaffold;
        let Output { dir, workshop, .. } = output;
        let mut last = name.clone();
        if output.occupant(self.role())? == Occupant::Nobody {
            workshop.rename(name, dir, self.role())?;
        } else if !self.exchange()? {
            self.put_in_place_in_two_steps()?;
            last = waiting_room(self.role());
        }
        self.look_again(&last).map_err(|problem| take_back(std::slice::from_ref(self), problem))
    }

    /// Lets this build and the last one change places; `false` where the system cannot. A directory that may not be
    /// written to cannot be moved: the last build's gets back the mode it was published with.
    fn exchange(&self) -> Result<bool, Refusal> {
        let Scaffold { output, name, .. } = &self.scaffold;
        let Output { dir, workshop, .. } = output;
        match workshop.exchange(name, dir, self.role()) {
            Err(refusal) if refusal.error.kind() == ErrorKind::PermissionDenied => {
                dir.descend(self.role()).and_then(|last| last.set_mode(0o755)).map_err(|_| refusal)?;
                workshop.exchange(name, dir, self.role())
            }
            outcome => outcome,
        }
    }

    /// For systems that cannot exchange. Between the steps readers find nothing; a process
    /// killed there has its last build put back by the next [`Output::open`].
    pub(super) fn put_in_place_in_two_steps(&self) -> Result<(), Diagnostic> {
        let Scaffold { output, name, .. } = &self.scaffold;
        let Output { dir, workshop, .. } = output;
        let old = waiting_room(self.role());
        retire(workshop, &old)?;
        dir.rename(self.role(), workshop, &old)?;
        if let Err(refusal) = workshop.rename(name, dir, self.role()) {
            workshop.rename(&old, dir, self.role())?;
            return Err(refusal.into());
        }
        Ok(())
    }

    /// Names may have changed their meaning between the look at the place and the swap. What stands
    /// in the place must be this build, and `last`, which came out of it, ours to remove.
    fn look_again(&self, last: &str) -> Result<(), Diagnostic> {
        let Scaffold { output, dir, .. } = &self.scaffold;
        let place = output.place(self.role());
        if !dir.is_at(&output.dir, self.role())? {
            return Err(disturbed(&place, "the build that was being made is not the one that was swapped in"));
        }
        match Occupant::of(&output.workshop, last)? {
            Occupant::Stranger(what) => Err(foreign(&place, what)),
            _ => Ok(()),
        }
    }

    /// Undoes [`Sealed::put_in_place`]: the last build stands in the place again.
    fn take_back(&self) -> Result<(), Refusal> {
        let Scaffold { output, name, .. } = &self.scaffold;
        let Output { dir, workshop, .. } = output;
        if workshop.kind(name)?.is_some() {
            return workshop.exchange(name, dir, self.role()).map(drop);
        }
        dir.rename(self.role(), workshop, name)?;
        let old = waiting_room(self.role());
        match workshop.kind(&old)? {
            Some(_) => workshop.rename(&old, dir, self.role()),
            None => Ok(()),
        }
    }

    fn remove_last(&self) -> Result<(), Refusal> {
        let Scaffold { output, name, .. } = &self.scaffold;
        retire(&output.workshop, name)?;
        retire(&output.workshop, &waiting_room(self.role()))
    }
}

/// What must stand in a build.
struct Expected<'m> {
    files: HashSet<&'m str>,
    directories: HashSet<&'m str>,
}

impl Expected<'_> {
    /// How many of the files stand in `dir`, whose own path in the build is `prefix`; nothing else may.
    fn found_in(&self, dir: &Dir, prefix: &str) -> Result<usize, Diagnostic> {
        let look = |(name, kind): &(OsString, Kind)| {
            let path = format!("{prefix}{}", name.display());
            if *kind == Kind::Directory && self.directories.contains(path.as_str()) {
                return self.found_in(&dir.descend(name)?, &format!("{path}/"));
            }
            match *kind == Kind::File && self.files.contains(path.as_str()) {
                true => Ok(1),
                false => Err(disturbed(&dir.path().join(name), "this is no part of the build that was being made")),
            }
        };
        let looks: Vec<Result<usize, Diagnostic>> = dir.entries()?.par_iter().with_min_len(SHARED).map(look).collect();
        looks.into_iter().sum()
    }
}

/// Puts finished builds of one output in their places, in this order, after one sync for all
/// of them, and then removes the builds they replace. A reader of a role finds the last build
/// or the new one, never a mixture. Between the first swap and the last, roles show builds of
/// two runs; a process that is killed just there leaves them so until the next build. Answers what
/// they consist of.
///
/// # Errors
/// After all but the last of these every place holds its last build. `ForeignOutput` when one of
/// the places has been taken meanwhile, `Disturbed` when something else was put among the new
/// builds or around them, `Disk` when the disk refuses. `Unfinished` when it refused too late: the
/// message says which builds stand.
pub fn swap_all(builds: Vec<Sealed<'_>>) -> Result<Vec<Manifest>, Diagnostic> {
    let Some(output) = builds.first().map(|build| build.scaffold.output) else {
        return Ok(Vec::new());
    };
    for build in &builds {
        output.occupant(build.role())?;
    }
    output.workshop.sync_all()?;
    // As late as can be.
    output.expect_where_it_was()?;
    for build in &builds {
        build.expect_whole()?;
    }
    for (at, build) in builds.iter().enumerate() {
        if let Err(problem) = build.put_in_place() {
            return Err(take_back(builds.get(..at).unwrap_or_default(), problem));
        }
    }
    let tidied = tidy(output, &builds).map_err(|refusal| {
        let problem = Diagnostic::from(refusal);
        let message = format!("the new builds stand, but then something failed: {}", problem.message);
        unfinished(problem, message, "readers see the new builds; build again, which removes what was left")
    });
    // By now the scaffolds hold nothing any more.
    tidied.map(|()| builds.into_iter().map(|build| build.manifest).collect())
}

/// All roles or none: takes back the builds that were swapped in before a `problem`.
fn take_back(swapped: &[Sealed<'_>], problem: Diagnostic) -> Diagnostic {
    let stuck = swapped.iter().rev().filter(|build| build.take_back().is_err());
    let stuck: Vec<String> = stuck.map(|build| format!("`{}`", build.role())).collect();
    if stuck.is_empty() {
        return problem;
    }
    let message = format!("only {} got a new build, which cannot be taken back: {}", stuck.join(", "), problem.message);
    unfinished(problem, message, "roles show different moments now: build again as soon as the disk allows it")
}

fn unfinished(problem: Diagnostic, message: String, hint: &str) -> Diagnostic {
    Diagnostic { place: problem.place, ..Diagnostic::error(Code::Unfinished, message).hint(hint) }
}

fn tidy(output: &Output, builds: &[Sealed<'_>]) -> Result<(), Refusal> {
    // The new names must be durable before the old builds go.
    output.dir.sync()?;
    output.workshop.sync()?;
    builds.iter().try_for_each(Sealed::remove_last)
}
