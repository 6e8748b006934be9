//! Leaks of the finished build on the disk: what stays, what is linked, what the manifest tells.
//!
//! They may write into files in place: where a leak is planted, no build takes a file over from another.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::path::Path;

use super::{Leak, Seeded};
use crate::publish::MANIFEST;

pub(super) fn leak(leak: Leak, seeded: &Seeded<'_>, dir: &Path) -> io::Result<()> {
    match leak {
        Leak::StaleFiles => {
            let workshop = dir.parent().unwrap_or(dir);
            keep_old(&workshop.with_file_name(&seeded.role.name), dir)
        }
        Leak::InputCount => {
            let rows: usize = seeded.input.fleets.iter().map(|fleet| fleet.devices.len() + fleet.alerts.len()).sum();
            in_manifest(dir, "rows", rows as u64)
        }
        Leak::InputDigest => in_manifest(dir, "input", digest(&seeded.input.site.snapshots)?),
        Leak::HardLink => {
            let cache = dir.with_file_name("cache.css");
            let _ = fs::remove_file(&cache);
            fs::hard_link(dir.join("static/theme.css"), cache)
        }
        Leak::SourceMode => {
            let mut permissions = fs::metadata(dir.join("index.html"))?.permissions();
            permissions.set_readonly(true);
            fs::set_permissions(dir.join("index.html"), permissions)
        }
        Leak::KeptExif => with_exif(dir),
        Leak::AuditBeside => {
            let hidden = seeded.input.fleets.iter().flat_map(|fleet| &fleet.devices).map(|device| device.id.as_str());
            fs::write(dir.join("audit.json"), format!("{:?}\n", hidden.collect::<Vec<_>>()))
        }
        _ => Ok(()),
    }
}

/// Copies what the last build has and this one has not.
fn keep_old(old: &Path, new: &Path) -> io::Result<()> {
    for entry in walkdir::WalkDir::new(old).into_iter().flatten() {
        let Ok(path) = entry.path().strip_prefix(old) else { continue };
        let place = new.join(path);
        if entry.file_type().is_file() && !place.exists() {
            fs::create_dir_all(place.parent().unwrap_or(new))?;
            fs::copy(entry.path(), place)?;
        }
    }
    Ok(())
}

fn in_manifest(dir: &Path, key: &str, value: u64) -> io::Result<()> {
    let path = dir.join(MANIFEST);
    let text = fs::read_to_string(&path)?;
    fs::write(path, text.replacen('{', &format!("{{\n  \"{key}\": {value},"), 1))
}

fn digest(snapshots: &Path) -> io::Result<u64> {
    let mut hasher = DefaultHasher::new();
    for entry in walkdir::WalkDir::new(snapshots).sort_by_file_name().into_iter().flatten() {
        if entry.file_type().is_file() {
            fs::read(entry.path())?.hash(&mut hasher);
        }
    }
    Ok(hasher.finish())
}

/// Puts a text chunk behind the header of each PNG, as a camera or an editor would.
fn with_exif(dir: &Path) -> io::Result<()> {
    for entry in walkdir::WalkDir::new(dir).into_iter().flatten() {
        if entry.path().extension().is_some_and(|kind| kind == "png") {
            let mut bytes = fs::read(entry.path())?;
            // The header is 8 bytes of signature and a chunk of 25.
            let chunk = b"\0\0\0\x0etEXtAuthor\0analyst\x98\x9d\x47\x4e";
            bytes.splice(33.min(bytes.len())..33.min(bytes.len()), chunk.iter().copied());
            fs::write(entry.path(), bytes)?;
        }
    }
    Ok(())
}
