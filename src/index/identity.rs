//! What tells a file from another, without a look into it.

use std::fs::Metadata;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

/// What tells, without a look into it, that a file is the one it was.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Identity {
    length: u64,
    /// Since 1970: when its bytes and when anything about it changed last.
    changed: [Duration; 2],
    /// Its device and its number there.
    place: [u64; 2],
}

impl Identity {
    /// A file that changed less than this before it was read may change again without another time:
    /// file systems count in steps.
    pub const STEP: Duration = Duration::from_secs(3);

    /// That of the file that `metadata` is of.
    #[cfg(unix)]
    #[must_use]
    pub fn of(metadata: &Metadata) -> Self {
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

    /// That of the file that `metadata` is of.
    #[cfg(not(unix))]
    #[must_use]
    pub fn of(metadata: &Metadata) -> Self {
        let changed = metadata.modified().ok().and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
        Self { length: metadata.len(), changed: [changed.unwrap_or_default(); 2], place: [0; 2] }
    }

    /// The file's size in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// What a copy that keeps the time has too: the size, and when the bytes changed last.
    pub(super) fn content(&self) -> (u64, Duration) {
        (self.length, self.changed[0])
    }

    /// Whether a change after `begun` would show. On systems that keep no time of any change, a file
    /// may be given back the time it had: there, nothing is taken on trust.
    pub(super) fn is_settled(&self, begun: SystemTime) -> bool {
        let now = begun.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        cfg!(unix) && self.changed.iter().all(|changed| now.checked_sub(*changed).is_some_and(|age| age > Self::STEP))
    }
}
