//! Snapshots on disk: which there are, and what `snapshot.yaml` says.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;

use super::engine::{self, Engine, Held};
use super::keys::SNAPSHOT;
use super::profile::{self, Merged, Profile};
use crate::config::Site;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity, Source, nearest, read_plain, visible};
use crate::fleet::Wanted;
use crate::terms::{CveId, instant};
use crate::yaml::{self, Map};

/// A snapshot's directory and its time.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The directory.
    pub path: PathBuf,
    /// Its path as messages show it.
    pub shown: String,
    /// "Now" for every figure.
    pub as_of: Timestamp,
    /// The engine that holds its tables; `None` for files in the directory.
    pub engine: Option<Arc<Engine>>,
    /// How its tables are those of another program; `None` where they are in the native form.
    pub(super) foreign: Option<Arc<Foreign>>,
}

/// The tables of another program.
#[derive(Debug)]
pub(super) struct Foreign {
    /// What `source` says.
    pub(super) name: String,
    pub(super) profile: Profile,
    /// Its text.
    source: Arc<Source>,
    /// Its file, where it is none of the program's own.
    file: Option<PathBuf>,
    /// Which devices became others, once it was read.
    pub(super) merged: OnceLock<Merged>,
}

impl Snapshot {
    /// Of an engine, only what figures of these findings need is asked from now on; of another program's tables
    /// everything, since nobody but the profile knows what their rows come to.
    pub(super) fn narrow(&mut self, wanted: &dyn Fn() -> Wanted) {
        if let (None, Some(engine)) = (&self.foreign, self.engine.as_mut().and_then(Arc::get_mut)) {
            engine.narrow(wanted());
        }
    }

    /// Whether what was read of it leaves out one of these.
    pub fn lacks<'a>(&self, mut vulnerabilities: impl Iterator<Item = &'a CveId>) -> bool {
        let wanted = self.engine.as_ref().and_then(|engine| engine.wanted());
        wanted.is_some_and(|wanted| vulnerabilities.any(|id| !wanted.vulnerabilities.contains(id)))
    }

    /// What `source` says of how the tables are named and filled.
    #[must_use]
    pub fn source(&self) -> &str {
        self.foreign.as_ref().map_or("native", |foreign| foreign.name.as_str())
    }

    /// The file with the profile of its source, where the site has one.
    #[must_use]
    pub fn profile_file(&self) -> Option<&Path> {
        self.foreign.as_ref().and_then(|foreign| foreign.file.as_deref())
    }

    /// The text of its source's profile, if there is one.
    #[must_use]
    pub fn profile(&self) -> Option<&str> {
        self.foreign.as_ref().map(|foreign| foreign.source.text())
    }
}

const FILE_NAME: &str = "snapshot.yaml";
/// So many bytes of it, and of a profile, are read at most.
const LARGEST: u64 = 16 << 20;

/// Every snapshot of the site, oldest first; empty when there is no directory of them. `None`
/// when one of them is wrong.
pub fn discover(site: &Site, diagnostics: &mut Diagnostics) -> Option<Vec<Snapshot>> {
    if !site.snapshots.exists() {
        return Some(Vec::new());
    }
    let relative = site.snapshots.strip_prefix(&site.root).unwrap_or(&site.snapshots);
    let mut snapshots = Vec::new();
    let mut sound = true;
    for entry in walkdir::WalkDir::new(&site.snapshots).min_depth(1).max_depth(1).sort_by_file_name() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let file = relative.display().to_string();
                diagnostics.push(Diagnostic::error(Code::Unreadable, error.to_string()).in_file(file));
                sound = false;
                continue;
            }
        };
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if hidden || !entry.path().is_dir() {
            continue;
        }
        let shown = relative.join(entry.file_name()).display().to_string();
        match open(entry.path(), shown, &site.root, diagnostics) {
            Some(snapshot) => snapshots.push(snapshot),
            None => sound = false,
        }
    }
    snapshots.sort_by_key(|snapshot| snapshot.as_of);
    for pair in snapshots.windows(2).filter(|pair| pair[0].as_of == pair[1].as_of) {
        let message = format!("{} and {} have the same as_of, {}", pair[0].shown, pair[1].shown, pair[0].as_of);
        diagnostics.push(
            Diagnostic::error(Code::SnapshotClash, message)
                .in_file(format!("{}/{FILE_NAME}", pair[1].shown))
                .hint("give one of them its own time, or move it out of the site"),
        );
        sound = false;
    }
    sound.then_some(snapshots)
}

/// Reads the `snapshot.yaml` of a directory; a profile that it names lies in there or in the site at `root`.
pub fn open(path: &Path, shown: String, root: &Path, diagnostics: &mut Diagnostics) -> Option<Snapshot> {
    let file = format!("{shown}/{FILE_NAME}");
    let text = match read_plain(&path.join(FILE_NAME), LARGEST).map(String::from_utf8) {
        Ok(Ok(text)) => text,
        Ok(Err(_)) => {
            let problem = Diagnostic::error(Code::NotUtf8, "it is not UTF-8 text").in_file(file);
            diagnostics.push(problem.hint("save it as UTF-8"));
            return None;
        }
        Err(error) => {
            diagnostics.push(
                Diagnostic::error(Code::InvalidSnapshot, format!("cannot read it: {error}"))
                    .in_file(file)
                    .hint("a snapshot is a directory with a snapshot.yaml that says `as_of: 2026-11-16T06:00:00Z`"),
            );
            return None;
        }
    };
    // Messages quote the file, and a password that stands in it against all advice is not to be quoted.
    let text = text.trim_start_matches('\u{feff}');
    let source = Source::guarded(file, text, engine::secrets(text));
    let Head { as_of, foreign, engine } = head(&source, path, &shown, root, diagnostics)?;
    Some(Snapshot { path: path.to_owned(), shown, as_of, foreign, engine: engine.map(Arc::new) })
}

/// What `snapshot.yaml` says.
struct Head {
    as_of: Timestamp,
    foreign: Option<Arc<Foreign>>,
    engine: Option<Engine>,
}

/// The profile that `source` names: `Some(None)` for the native form, `None` where it is wrong.
fn foreign(map: &mut Map<'_>, path: &Path, root: &Path, diagnostics: &mut Diagnostics) -> Option<Option<Arc<Foreign>>> {
    let Some(node) = map.get("source") else { return Some(None) };
    let name = map.text("source", diagnostics)?;
    if name == "native" {
        return Some(None);
    }
    let (source, file) = match profile::shipped(&name) {
        Some(text) => (Source::new(format!("{name}.yaml"), text), None),
        None => match own_profile(&name, path, root) {
            Ok((source, file)) => (source, Some(file)),
            Err(problem) => {
                diagnostics.push(problem.at(map.source(), node.span.clone()));
                return None;
            }
        },
    };
    let profile = profile::read(&source, diagnostics)?;
    Some(Some(Arc::new(Foreign { name, profile, source, file, merged: OnceLock::new() })))
}

/// The text of a profile of the site's own, and its file.
fn own_profile(name: &str, path: &Path, root: &Path) -> Result<(Arc<Source>, PathBuf), Diagnostic> {
    let refused = |message: String, hint: String| Diagnostic::error(Code::InvalidSource, message).hint(hint);
    if ![".yaml", ".yml"].iter().any(|end| name.ends_with(end)) {
        let hint = match nearest(name, profile::NAMES) {
            Some(near) => format!("did you mean `{near}`? A profile of one's own ends in .yaml"),
            None => format!("write {}, or the path of a profile that ends in .yaml", profile::NAMES.join(", ")),
        };
        return Err(refused(format!("there is no source `{}`", visible(name)), hint));
    }
    let found = [path.join(name), root.join(name)].into_iter().find(|file| file.is_file());
    let file = found.ok_or_else(|| {
        let hint = "its path begins in the directory of the snapshot, or in that of the site".to_owned();
        refused(format!("there is no profile `{}`", visible(name)), hint)
    })?;
    let real = file.canonicalize().unwrap_or_else(|_| file.clone());
    let is_within = |place: PathBuf| place.canonicalize().is_ok_and(|place| real.starts_with(place));
    if ![path.to_owned(), root.join("content")].into_iter().any(is_within) {
        let hint = "put it beside the tables, or anywhere in the site's `content`: what is read lies there".to_owned();
        let message = format!("the profile `{}` lies outside the snapshot and the site's `content`", visible(name));
        return Err(refused(message, hint));
    }
    let shown = file.strip_prefix(root).unwrap_or(&file).display().to_string();
    let bytes = read_plain(&file, LARGEST).map_err(|error| {
        Diagnostic::error(Code::Unreadable, format!("cannot read the profile `{}`: {error}", visible(name)))
    })?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Diagnostic::error(Code::NotUtf8, format!("the profile `{}` is not UTF-8 text", visible(name)))
            .hint("save it as UTF-8")
    })?;
    Ok((Source::new(shown, text.trim_start_matches('\u{feff}')), file))
}

/// What the file says; `None` when something in it is wrong.
fn head(source: &Arc<Source>, path: &Path, shown: &str, root: &Path, diagnostics: &mut Diagnostics) -> Option<Head> {
    const FORM: &str = "an RFC 3339 date-time, as 2026-11-16T06:00:00Z";
    let before = diagnostics.count(Severity::Error);
    let node = yaml::parse(source, 0..source.text().len(), diagnostics)?;
    let mut map = Map::open(source, &node, &SNAPSHOT, diagnostics)?;
    let as_of = map
        .require("as_of", FORM, diagnostics)
        .and_then(|node| yaml::value(source, node, "as_of", FORM, diagnostics, instant));
    let foreign = foreign(&mut map, path, root, diagnostics);
    let held =
        Held { directory: path, shown, profile: foreign.iter().flatten().map(|foreign| &foreign.profile).next() };
    let engine = match foreign {
        Some(_) => engine::declared(&mut map, held, diagnostics),
        // Which tables there can be is not known; what is wrong with `source` is told.
        None => engine::passed_over(&mut map),
    };
    let is_sound = diagnostics.count(Severity::Error) == before;
    map.finish(diagnostics);
    let (as_of, foreign) = as_of.zip(foreign).filter(|_| is_sound)?;
    Some(Head { as_of, foreign, engine })
}
