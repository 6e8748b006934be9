//! What the disk refused, and what a person can do about it.

use std::io::{self, ErrorKind};
use std::path::PathBuf;

use crate::diagnostics::{Code, Diagnostic};

/// A call to the file system that failed.
#[derive(Debug)]
pub(super) struct Refusal {
    /// What was tried, as a verb: `write`, `remove`.
    pub(super) action: &'static str,
    pub(super) path: PathBuf,
    pub(super) error: io::Error,
}

impl From<Refusal> for Diagnostic {
    fn from(refusal: Refusal) -> Self {
        let Refusal { action, path, error } = refusal;
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Self::error(Code::Disk, format!("cannot {action} `{name}`: {error}"))
            .in_file(path.display().to_string())
            .hint(advice(&error))
    }
}

fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "free some space for a second copy of the build beside the last one, and build again"
        }
        ErrorKind::PermissionDenied => "let the user who runs this own the directory, or name another one",
        ErrorKind::ReadOnlyFilesystem => "name a directory that can be written",
        ErrorKind::CrossesDevices | ErrorKind::ResourceBusy => {
            "a role's directory cannot be a mount of its own: mount the whole output directory"
        }
        ErrorKind::InvalidFilename => "use a shorter output path, or a file system that allows this name",
        ErrorKind::Unsupported => "keep the output on a file system with locks, a local one, and copy it from there",
        ErrorKind::NotADirectory => "something else stands on the way: find out who else writes there, and build again",
        _ if is_out_of_files(error) => "give a smaller --jobs, or raise the limit of open files (`ulimit -n`)",
        _ => "set this right and build again; a build that was not swapped in left the last one as it was",
    }
}

/// `std` has no kind for it yet.
#[cfg(unix)]
fn is_out_of_files(error: &io::Error) -> bool {
    use rustix::io::Errno;
    [Errno::MFILE, Errno::NFILE].iter().any(|errno| error.raw_os_error() == Some(errno.raw_os_error()))
}

#[cfg(not(unix))]
fn is_out_of_files(_error: &io::Error) -> bool {
    false
}
