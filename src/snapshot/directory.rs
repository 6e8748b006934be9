//! Snapshots on disk: which there are, and what `snapshot.yaml` says.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use super::engine::{self, Engine};
use super::keys::SNAPSHOT;
use crate::config::Site;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity, Source, visible};
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
}

impl Snapshot {
    /// Of an engine, only what figures of these findings need is asked from now on.
    pub(super) fn narrow(&mut self, wanted: &dyn Fn() -> Wanted) {
        if let Some(engine) = self.engine.as_mut().and_then(Arc::get_mut) {
            engine.narrow(wanted());
        }
    }

    /// Whether what was read of it leaves out one of these.
    pub fn lacks<'a>(&self, mut vulnerabilities: impl Iterator<Item = &'a CveId>) -> bool {
        let wanted = self.engine.as_ref().and_then(|engine| engine.wanted());
        wanted.is_some_and(|wanted| vulnerabilities.any(|id| !wanted.vulnerabilities.contains(id)))
    }
}

const FILE_NAME: &str = "snapshot.yaml";

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
        match open(entry.path(), shown, diagnostics) {
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

/// Reads the `snapshot.yaml` of a directory.
pub(super) fn open(path: &Path, shown: String, diagnostics: &mut Diagnostics) -> Option<Snapshot> {
    let file = format!("{shown}/{FILE_NAME}");
    let text = match std::fs::read(path.join(FILE_NAME)).map(String::from_utf8) {
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
    let source = Source::new(file, without_credentials(text.trim_start_matches('\u{feff}')));
    let Head { as_of, engine } = head(&source, path, &shown, diagnostics)?;
    Some(Snapshot { path: path.to_owned(), shown, as_of, engine: engine.map(Arc::new) })
}

/// The text with `*` in place of what stands between `//` and `@` in an address.
fn without_credentials(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("//") {
        let (before, address) = rest.split_at(at + 2);
        out.push_str(before);
        let end = address.find(|c: char| c.is_whitespace() || c == '/' || c == '"' || c == '\'');
        let (authority, behind) = address.split_at(end.unwrap_or(address.len()));
        match authority.rsplit_once('@') {
            Some((credentials, host)) => {
                out.extend(std::iter::repeat_n('*', credentials.len()));
                out.push('@');
                out.push_str(host);
            }
            None => out.push_str(authority),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// What `snapshot.yaml` says.
struct Head {
    as_of: Timestamp,
    engine: Option<Engine>,
}

/// Whether the tables are in the native form, which is the only one that is read so far.
fn is_native(map: &mut Map<'_>, diagnostics: &mut Diagnostics) -> bool {
    let Some(node) = map.get("source") else { return true };
    let Some(source) = map.text("source", diagnostics) else { return false };
    if source == "native" {
        return true;
    }
    diagnostics.push(
        Diagnostic::error(Code::UnsupportedSource, format!("the source `{}` is not read yet", visible(&source)))
            .at(map.source(), node.span.clone())
            .hint("export the tables in the native form that docs/snapshots.md shows, and write `source: native`"),
    );
    false
}

/// What the file says; `None` when something in it is wrong.
fn head(source: &Arc<Source>, path: &Path, shown: &str, diagnostics: &mut Diagnostics) -> Option<Head> {
    const FORM: &str = "an RFC 3339 date-time, as 2026-11-16T06:00:00Z";
    let before = diagnostics.count(Severity::Error);
    let node = yaml::parse(source, 0..source.text().len(), diagnostics)?;
    let mut map = Map::open(source, &node, &SNAPSHOT, diagnostics)?;
    let as_of = map
        .require("as_of", FORM, diagnostics)
        .and_then(|node| yaml::value(source, node, "as_of", FORM, diagnostics, instant));
    let named = is_native(&mut map, diagnostics);
    let engine = engine::declared(&mut map, path, shown, diagnostics);
    let is_sound = diagnostics.count(Severity::Error) == before;
    map.finish(diagnostics);
    as_of.filter(|_| named && is_sound).map(|as_of| Head { as_of, engine })
}
