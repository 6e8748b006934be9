//! Faults that the tests plant: at a chosen call the disk refuses, a signal interrupts, half is
//! written, or the process waits or dies. Only the feature `trial` has them.
//!
//! `THREATPRESS_FAULT` lists them as `WHERE:KIND,…`. WHERE is the number of a call, from 1, or a
//! part of what it does and where (`swap in:ENOSYS` is every exchange, `soc/index.html:EIO` every
//! call on that file). The first in the list that fits strikes, and is told on standard error in a
//! line that begins with `trial: `.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustix::io::Errno;

static CALLS: AtomicUsize = AtomicUsize::new(0);
static FAULTS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let list = std::env::var("THREATPRESS_FAULT").unwrap_or_default();
    list.split(',').filter_map(|fault| fault.split_once(':')).map(|(at, kind)| (at.into(), kind.into())).collect()
});

thread_local! {
    /// Whether the next write on this thread is a short one.
    static SHORT: Cell<bool> = const { Cell::new(false) };
}

/// Counts a call, and lets the fault strike that is planted there.
pub(super) fn strike(action: &str, path: &Path) -> io::Result<()> {
    let number = CALLS.fetch_add(1, Ordering::Relaxed) + 1;
    let call = format!("{action} {}", path.display());
    let meant = |at: &str| at.parse().map_or_else(|_| call.contains(at), |at: usize| at == number);
    let Some((_, kind)) = FAULTS.iter().find(|(at, _)| meant(at)) else {
        return Ok(());
    };
    // In one piece, whoever reads along.
    let line = format!("trial: {kind} at call {number}: {call}\n");
    io::stderr().write_all(line.as_bytes())?;
    let errno = match kind.as_str() {
        // No destructor runs and nothing is flushed: what a SIGKILL leaves.
        "kill" => std::process::abort(),
        "pause" => return io::stdin().read_line(&mut String::new()).map(drop),
        "short" => {
            SHORT.set(true);
            return Ok(());
        }
        "EACCES" => Errno::ACCESS,
        "EINTR" => Errno::INTR,
        "EIO" => Errno::IO,
        "EMFILE" => Errno::MFILE,
        "ENOSPC" => Errno::NOSPC,
        "ENOSYS" => Errno::NOSYS,
        "EROFS" => Errno::ROFS,
        "EXDEV" => Errno::XDEV,
        _ => Errno::INVAL,
    };
    Err(errno.into())
}

/// What is written into a file, through the fault that is planted there.
pub(super) fn outlet(file: &mut File) -> Outlet<'_> {
    Outlet(file)
}

/// Takes one byte, or less, of a write that is to be short.
pub(super) struct Outlet<'f>(&'f mut File);

impl Write for Outlet<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let end = if SHORT.take() { bytes.len().min(1) } else { bytes.len() };
        self.0.write(bytes.get(..end).unwrap_or(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
