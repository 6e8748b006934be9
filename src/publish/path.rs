//! Which paths may stand in a build: those every file system keeps apart and no web host
//! reads as an instruction.

use crate::diagnostics::is_unprintable;
use crate::terms::reserved;

/// The longest part of a path, in bytes; file systems end at 255.
const LONGEST_PART: usize = 200;

/// Directories at the top that sign-in proxies and networks keep for themselves.
const PROXIES: [&str; 2] = ["cdn-cgi", "oauth2"];

/// Why `path`, relative and `/`-separated, may not be a file of a build.
pub(super) fn check(path: &str) -> Result<(), &'static str> {
    if path.is_empty() {
        return Err("it is empty");
    }
    if path.starts_with('/') {
        return Err("it is absolute");
    }
    path.split('/').try_for_each(check_part)?;
    let folded = fold(path);
    if folded.split('/').next().is_some_and(|top| PROXIES.contains(&top)) {
        return Err("sign-in proxies and networks keep this directory for themselves");
    }
    if folded.ends_with("/favicon.ico") {
        return Err("browsers look for favicon.ico, which may only stand at the top");
    }
    Ok(())
}

/// Why `part` may not be the name of a file or directory.
pub(super) fn check_part(part: &str) -> Result<(), &'static str> {
    if part.is_empty() {
        return Err("a part of it is empty");
    }
    if part.starts_with('.') {
        return Err("a part of it begins with a dot");
    }
    if part.ends_with(['.', ' ']) || part.starts_with(' ') {
        return Err("a part of it begins or ends with a space, or ends with a dot");
    }
    if part.len() > LONGEST_PART {
        return Err("a part of it is longer than 200 bytes");
    }
    if part.contains(is_unprintable) || part.contains(['/', '\\', ':', '*', '?', '"', '<', '>', '|']) {
        return Err("it contains a character that cannot stand in a file's name everywhere");
    }
    reserved(part).map_or(Ok(()), Err)
}

/// The directory of a path; empty at the top.
pub(super) fn directory(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}

/// The last part of a path.
pub(super) fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// The form in which two paths are one on a file system that ignores case.
pub(super) fn fold(path: &str) -> String {
    path.chars().flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::path::{Component, Path};

    #[test]
    fn the_paths_of_the_contract_stand() {
        for good in [
            "index.html",
            "threats/storm-2603/data.json",
            "groups/zürich-research-/index.html",
            "favicon.ico",
            "feed.xml",
            "techniques/T1059.001/index.html",
            "actors/oauth2/index.html",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn paths_that_leave_the_build_or_steer_a_host_do_not() {
        for bad in [
            "",
            "/",
            "/etc/passwd",
            "..",
            "../x",
            "a/../b",
            "a/./b",
            "a//b",
            "a/",
            "a\\b",
            "C:x",
            "a\0b",
            "a\nb",
            "a/ b",
            "a/b ",
            "a.",
            ".htaccess",
            "a/.git/config",
            ".well-known/x",
            "CON",
            "a/nul.txt",
            "com1.css",
            "LPT¹",
            "a/web.config",
            "Sw.js",
            "CNAME",
            "_headers",
            "oauth2/x",
            "cdn-cgi/x",
            "threats/x/favicon.ico",
            "a\u{202e}b",
            "a?b",
        ] {
            assert!(check(bad).is_err(), "{bad:?}");
        }
        assert!(check(&"a".repeat(201)).is_err());
    }

    proptest! {
        #[test]
        fn what_passes_is_made_of_plain_names(path in "[a./\\\\:C ]{0,12}|\\PC{0,20}") {
            if check(&path).is_ok() {
                let parts: Vec<_> = Path::new(&path).components().collect();
                prop_assert!(parts.iter().all(|part| matches!(part, Component::Normal(_))));
                prop_assert_eq!(parts.len(), path.split('/').count());
            }
        }
    }
}
