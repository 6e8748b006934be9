//! What no comparison of two builds can see, since it would stand in both: looked for in one.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use regex::bytes::Regex;

use super::Case;
use crate::world::site::sign_in_group;

/// The kinds of file a build may hold.
const KINDS: [&str; 15] =
    ["css", "csv", "gif", "html", "ico", "jpeg", "jpg", "js", "json", "png", "svg", "txt", "webp", "woff2", "xml"];
/// The chunks of a PNG that say nothing but its pixels.
const CHUNKS: [&[u8]; 6] = [b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"IDAT", b"IEND"];

/// What stands in a role's build that may stand in none: files of other kinds, links, modes,
/// comments, addresses from which a page would load something, words of images, sign-in groups.
pub(super) fn faults(build: &Path, roles: &[String]) -> Vec<String> {
    let canaries: Vec<Vec<u8>> = roles.iter().map(|role| sign_in_group(role).into_bytes()).collect();
    let loads = Regex::new(r#"(?:\bsrc|<link rel="(?:stylesheet|icon)" href)="(?:https?:)?//"#).unwrap();
    let mut faults = Vec::new();
    for entry in walkdir::WalkDir::new(build).sort_by_file_name() {
        let entry = entry.unwrap();
        let metadata = entry.metadata().unwrap();
        let path = entry.path().strip_prefix(build).unwrap().display().to_string();
        let mut fault = |what: &str| faults.push(format!("{path}: {what}"));
        let mode = metadata.mode() & 0o7777;
        if entry.file_type().is_dir() {
            if mode != 0o755 {
                fault("its mode is not 755");
            }
            continue;
        }
        let kind = entry.path().extension().and_then(|kind| kind.to_str()).unwrap_or_default();
        let bytes = fs::read(entry.path()).unwrap();
        let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
        if !entry.file_type().is_file() || !KINDS.contains(&kind) {
            fault("no kind of file that a build may hold");
        }
        if mode != 0o644 {
            fault("its mode is not 644");
        }
        if metadata.nlink() != 1 {
            fault("linked with another file");
        }
        if matches!(kind, "html" | "svg") && holds(b"<!--") {
            fault("a comment");
        }
        if kind == "html" && loads.is_match(&bytes) {
            fault("loads something from elsewhere");
        }
        if kind == "png" && chunks(&bytes).iter().any(|chunk| !CHUNKS.contains(&chunk.as_slice())) {
            fault("says more than its pixels");
        }
        if canaries.iter().any(|canary| holds(canary)) {
            fault("a sign-in group");
        }
    }
    faults
}

/// The kinds of a PNG's chunks.
fn chunks(png: &[u8]) -> Vec<Vec<u8>> {
    let mut kinds = Vec::new();
    let mut rest = png.get(8..).unwrap_or_default();
    while let (Some(length), Some(kind)) = (rest.get(..4), rest.get(4..8)) {
        kinds.push(kind.to_vec());
        let length = u32::from_be_bytes(length.try_into().unwrap()) as usize;
        rest = rest.get(length + 12..).unwrap_or_default();
    }
    kinds
}

impl Case {
    /// The faults in the role's build of the site.
    pub(super) fn faults(&self, leak: Option<&str>) -> Result<Vec<String>, String> {
        let roles: Vec<String> = self.world.config.roles.iter().map(|role| role.name.clone()).collect();
        let (before, _) = self.builds(leak)?;
        Ok(faults(&before.role(&self.role.name), &roles))
    }
}

#[test]
fn a_build_holds_nothing_that_no_build_may_hold() {
    crate::bench::hold(
        "a_build_holds_nothing_that_no_build_may_hold",
        super::some_cases(),
        crate::bench::cases(8),
        |case| vec![case.world.clone()],
        |case| match case.faults(None)? {
            faults if faults.is_empty() => Ok(()),
            faults => Err(faults.join("\n")),
        },
    );
}
