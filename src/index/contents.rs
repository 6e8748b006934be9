//! What a snapshot holds, as a digest of every file.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{Cache, Identity};
use crate::snapshot::Snapshot;

/// How much of a file is hashed at once, on all cores.
const CHUNK: usize = 8 << 20;

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
        // How the tables are read is said in a file that may lie elsewhere in the site.
        say(snapshot.profile().unwrap_or_default().as_bytes());
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

/// The program that reads: its version, and which build of it.
pub(super) fn program() -> String {
    let own = std::env::current_exe().and_then(std::fs::metadata).map(|metadata| Identity::of(&metadata));
    format!("{} {:?}", env!("CARGO_PKG_VERSION"), own.ok().map(|own| own.content()))
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
