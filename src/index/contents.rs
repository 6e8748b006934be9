//! What a snapshot holds, as a digest of every file.

use std::collections::BTreeMap;
use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::Cache;
use crate::snapshot::Snapshot;

/// How much of a file is hashed at once, on all cores.
const CHUNK: usize = 8 << 20;
/// A file that changed less than this before its digest was taken may change again without another
/// time: file systems count in steps.
const STEP: Duration = Duration::from_secs(3);

/// The digest of a file's bytes.
type Digest = [u8; blake3::OUT_LEN];

/// What a snapshot holds, and what it is kept under.
pub(super) struct Contents {
    key: String,
    directory: PathBuf,
    /// What stood in it; `None` for a directory.
    stood: BTreeMap<PathBuf, Option<Identity>>,
}

impl Contents {
    /// Takes the digest of every file of a snapshot; `None` where one of them cannot be read.
    pub(super) fn of(snapshot: &Snapshot, group_ranks: &[String], cache: &Cache) -> Option<Self> {
        let notes = cache.notes(&snapshot.path);
        let begun = SystemTime::now();
        let mut hasher = blake3::Hasher::new();
        let mut say = |part: &[u8]| {
            // Lengths keep two parts from being read as two others.
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        };
        say(program().as_bytes());
        say(snapshot.shown.as_bytes());
        say(snapshot.as_of.to_string().as_bytes());
        say(&group_ranks.len().to_le_bytes());
        group_ranks.iter().for_each(|name| say(name.as_bytes()));
        let (mut stood, mut noted) = (BTreeMap::new(), Notes::new());
        for entry in entries(&snapshot.path)? {
            let path = entry.path().to_owned();
            let name = path.strip_prefix(&snapshot.path).ok()?.to_str()?;
            say(name.as_bytes());
            // A directory is a table, be it empty.
            if !entry.file_type().is_file() {
                say(b"/");
                stood.insert(path, None);
                continue;
            }
            let file = File::open(&path).ok()?;
            let identity = Identity::of(&file.metadata().ok()?);
            let digest = match notes.get(name) {
                Some((same, digest)) if *same == identity => *digest,
                _ => digest(file).ok()?,
            };
            say(&digest);
            if identity.is_settled(begun) {
                noted.insert(name.to_owned(), (identity.clone(), digest));
            }
            stood.insert(path, Some(identity));
        }
        if noted != notes {
            cache.note(&snapshot.path, &noted);
        }
        Some(Self { key: hasher.finalize().to_hex().to_string(), directory: snapshot.path.clone(), stood })
    }

    /// The name under which a fleet read from this is kept.
    pub(super) fn key(&self) -> &str {
        &self.key
    }

    /// Whether all of it stands there as it did, and nothing else.
    pub(super) fn still_stands(&self) -> bool {
        let standing = entries(&self.directory).and_then(|entries| entries.iter().map(standing).collect());
        standing.is_some_and(|standing: BTreeMap<_, _>| standing == self.stood)
    }
}

/// Digests that were taken before, by the names of files.
pub(super) type Notes = BTreeMap<String, (Identity, Digest)>;

/// What tells, without a look into it, that a file is the one it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Identity {
    length: u64,
    /// Since 1970: when its bytes and when anything about it changed last.
    changed: [Duration; 2],
    /// Its device and its number there.
    place: [u64; 2],
}

impl Identity {
    #[cfg(unix)]
    fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        let time = |seconds: i64, nanoseconds: i64| {
            Duration::new(u64::try_from(seconds).unwrap_or(0), u32::try_from(nanoseconds).unwrap_or(0))
        };
        Self {
            length: metadata.len(),
            changed: [time(metadata.mtime(), metadata.mtime_nsec()), time(metadata.ctime(), metadata.ctime_nsec())],
            place: [metadata.dev(), metadata.ino()],
        }
    }

    #[cfg(not(unix))]
    fn of(metadata: &Metadata) -> Self {
        let changed = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        Self { length: metadata.len(), changed: [changed.unwrap_or_default(); 2], place: [0; 2] }
    }

    /// Whether a change after `begun` would show. On systems that keep no time of any change, a file
    /// may be given back the time it had: there, nothing is taken on trust.
    fn is_settled(&self, begun: SystemTime) -> bool {
        let now = begun.duration_since(UNIX_EPOCH).unwrap_or_default();
        cfg!(unix) && self.changed.iter().all(|changed| now.checked_sub(*changed).is_some_and(|age| age > STEP))
    }
}

/// The program that reads: its version, and which build of it.
fn program() -> String {
    let own = std::env::current_exe().and_then(std::fs::metadata).map(|metadata| Identity::of(&metadata));
    format!("{} {:?}", env!("CARGO_PKG_VERSION"), own.ok().map(|own| (own.length, own.changed[0])))
}

/// What stands in a snapshot and in its tables' directories, in the order of the names.
fn entries(directory: &Path) -> Option<Vec<walkdir::DirEntry>> {
    let walk = walkdir::WalkDir::new(directory).min_depth(1).max_depth(2).follow_links(true).sort_by_file_name();
    walk.into_iter().collect::<Result<_, _>>().ok()
}

/// An entry by its path; for a file, with what tells it from others.
fn standing(entry: &walkdir::DirEntry) -> Option<(PathBuf, Option<Identity>)> {
    let is_file = entry.file_type().is_file();
    let identity = is_file.then(|| entry.metadata().map(|metadata| Identity::of(&metadata))).transpose().ok()?;
    Some((entry.path().to_owned(), identity))
}

fn digest(mut file: File) -> io::Result<Digest> {
    let mut hasher = blake3::Hasher::new();
    let mut chunk = Vec::new();
    loop {
        chunk.clear();
        if file.by_ref().take(CHUNK as u64).read_to_end(&mut chunk)? == 0 {
            return Ok(hasher.finalize().into());
        }
        hasher.update_rayon(&chunk);
    }
}
