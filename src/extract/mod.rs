//! One role's slice written out as a site of its own.
//!
//! The promise says that a build follows from the slice alone. This room takes it at its word:
//! it reads the contract's definition of a slice a second time, on the raw input, and writes what
//! is left as a site that can be built like any other. So that it can find what `scope` does
//! wrong, it shares no code with it, and names no room after it.

mod alerts;
mod audience;
mod devices;
mod folder;
mod knowledge;
mod named;
mod settings;
mod tables;
mod texts;
mod theme;

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;
use rayon::prelude::*;

use crate::config::{Role, Site};
use crate::diagnostics::Diagnostic;
use crate::knowledge::Knowledge;
use crate::report::Library;
use crate::snapshot::Snapshot;

use audience::Reader;
use devices::Roster;
use folder::Folder;
use named::Named;

/// The whole input of a site, as it was read.
#[derive(Clone, Copy, Debug)]
pub struct Whole<'a> {
    /// The configuration.
    pub site: &'a Site,
    /// The reports and pages.
    pub library: &'a Library,
    /// The snapshots up to the current one.
    pub snapshots: &'a [Snapshot],
    /// What the world knows.
    pub knowledge: &'a Knowledge,
    /// "Now".
    pub as_of: Timestamp,
    /// Whether drafts are admitted.
    pub drafts: bool,
}

/// Writes the slice of `role` into `directory`, which must not exist or be empty. Only the owner
/// may read what is written.
///
/// # Errors
/// `Disk` where the disk refuses; what a file of the input is told of, where it cannot be read
/// (any more).
pub fn write(whole: Whole<'_>, role: &Role, directory: &Path) -> Result<(), Diagnostic> {
    let site = Folder::create(directory)?;
    settings::write(whole.site, role, &site)?;
    theme::copy(whole.site, &site)?;
    let rosters: Vec<Roster> = whole
        .snapshots
        .par_iter()
        .map(|snapshot| Roster::read(snapshot, &whole.site.group_ranks, &role.groups))
        .collect::<Result<_, _>>()?;
    let groups: BTreeSet<String> = rosters.iter().flat_map(Roster::groups).collect();
    let reader = Reader { role, groups: &groups, as_of: whole.as_of, drafts: whole.drafts };
    let mut named = texts::write(whole.library, &reader, &site)?;
    // Before the rows add what they name: what is known of an id was read wherever some text names it,
    // be it a hidden one, and is the role's only where a text of its own does.
    knowledge::write(whole.site, whole.knowledge, &named, &site)?;
    let snapshots: Vec<tables::Extract<'_>> = whole
        .snapshots
        .iter()
        .zip(&rosters)
        .map(|(snapshot, roster)| tables::Extract::open(snapshot, roster, role, &site))
        .collect::<Result<_, _>>()?;
    let told: Vec<Named> = snapshots.par_iter().map(tables::Extract::write_rows).collect::<Result<_, _>>()?;
    named.add(told.into_iter().collect());
    // A snapshot's catalogues come last: they explain ids that rows name, too.
    snapshots.par_iter().try_for_each(|snapshot| snapshot.write_catalogues(&named))
}
