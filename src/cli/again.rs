//! A build that would be the last one again is not made.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::args::BuildArgs;
use crate::config;
use crate::desk::Loaded;
use crate::diagnostics::Diagnostics;
use crate::index::{Cache, Imprint, Receipt};
use crate::publish::{Output, Standing};
use crate::snapshot::Snapshot;

/// The receipts of the builds that go to one place.
pub(super) struct Again {
    cache: Cache,
    /// Everything that pages depend on and that no file says.
    input: String,
    /// The same of all that a run does.
    asked: String,
    out: PathBuf,
    begun: SystemTime,
}

impl Again {
    /// From before anything is read; `None` where nothing is to be kept.
    pub(super) fn begin(args: &BuildArgs, out: &Path) -> Option<Self> {
        #[cfg(feature = "trial")]
        if crate::planted::is_in_pages() {
            return None;
        }
        if args.input.no_cache {
            return None;
        }
        let BuildArgs { input, roles, prune, no_audit, .. } = args;
        let site = fs::canonicalize(&input.site).ok()?;
        let cache = Cache::of(&input.site);
        let input = format!("{site:?} {input:?}");
        let asked = format!("{input} {out:?} {roles:?} {prune} {no_audit}");
        Some(Self { cache, input, asked, out: out.to_owned(), begun: SystemTime::now() })
    }

    /// What the last build told and came to, where this one would be the very same and the last one still stands.
    pub(super) fn last<T: DeserializeOwned>(&self) -> Option<(Diagnostics, T)> {
        let receipt: Receipt<(Standing, T)> = self.cache.receipt(&self.out)?;
        if !receipt.holds_for(&self.asked) {
            return None;
        }
        // No other build is at work meanwhile. What is wrong with the place is told by the build that follows.
        let output = Output::open(&self.out).ok().filter(|output| output.leftovers().is_empty())?;
        let (told, (standing, outcome)) = receipt.outcome();
        (output.standing().ok()? == standing).then_some((told, outcome))
    }

    /// What tells the input of this run from any other, whatever reports say; `None` where it may be something else by
    /// now. It is asked for after everything was read.
    pub(super) fn common(&self, loaded: &Loaded) -> Option<String> {
        let reports = loaded.site.root.join("content/reports");
        let is_report = |path: &Path| path.strip_prefix(&reports).is_ok_and(is_of_report);
        let besides = Imprint::besides(&inputs(loaded), self.begun, is_report)?;
        Some(format!("{} {besides:?} {} {}", self.input, loaded.as_of, loaded.drafts))
    }

    /// What is kept of a role's last build.
    pub(super) fn plates<T: DeserializeOwned>(&self, role: &str) -> Option<T> {
        self.cache.plates(&self.out.join(role))
    }

    /// Keeps what the next build of a role may have again.
    pub(super) fn keep_plates<T: Serialize>(&self, role: &str, plates: &T) {
        self.cache.keep_plates(&self.out.join(role), plates);
    }

    /// Keeps what this build told and came to, unless what it was made from may be something else by now.
    pub(super) fn keep<T: Serialize>(&self, loaded: &Loaded, output: &Output, told: &Diagnostics, outcome: T) {
        // What lies about is told each time, for as long as it does.
        let Some(standing) = output.standing().ok().filter(|_| output.leftovers().is_empty()) else { return };
        if let Some(receipt) = Receipt::of(&self.asked, inputs(loaded), self.begun, told, (standing, outcome)) {
            self.cache.keep_receipt(&self.out, &receipt);
        }
    }
}

/// Whether a path from the directory of the reports is that of a report's text: `NAME.md` or `NAME/index.md`.
fn is_of_report(path: &Path) -> bool {
    let mut parts = path.components();
    match (parts.next(), parts.next(), parts.next()) {
        (Some(_), None, None) => path.extension().is_some_and(|end| end == "md"),
        (Some(_), Some(file), None) => file.as_os_str() == "index.md",
        _ => false,
    }
}

/// Everything that a build of a site reads, by the directories and files it stands in.
fn inputs(loaded: &Loaded) -> Vec<PathBuf> {
    let site = &loaded.site;
    let mut inputs: Vec<PathBuf> =
        [config::FILE_NAME, "content", "themes"].iter().map(|name| site.root.join(name)).collect();
    let snapshots = loaded.snapshots.iter().map(|snapshot| snapshot.path.as_path());
    let profiles = loaded.snapshots.iter().filter_map(Snapshot::profile_file);
    for place in std::iter::once(site.snapshots.as_path()).chain(snapshots).chain(profiles) {
        if !inputs.iter().any(|input| is_below(place, input)) {
            inputs.push(place.to_owned());
        }
    }
    inputs
}

/// Whether a place is sure to be looked at with another: its path leads nowhere else.
fn is_below(place: &Path, other: &Path) -> bool {
    place.strip_prefix(other).is_ok_and(|rest| rest.components().all(|part| matches!(part, Component::Normal(_))))
}
