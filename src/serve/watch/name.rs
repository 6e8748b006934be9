//! What the names of files mean that editors and systems leave beside those they write.

use std::ffi::OsStr;
use std::path::Path;

/// How names end that stand for something not finished, or no more current, in lower case: backups
/// (`~`), Vim's swap files, the files that JetBrains' and Microsoft's editors write before they rename
/// them, and what browsers and copying programs have not got whole.
const ENDINGS: [&str; 12] = [
    "~",
    ".swp",
    ".swo",
    ".swx",
    ".tmp",
    ".temp",
    ".bak",
    "___jb_tmp___",
    "___jb_old___",
    ".vsctmp",
    ".part",
    ".crdownload",
];

/// Whether the readers pass over what has this name, and over all in it: `.git`, `.DS_Store`,
/// Emacs's `.#lock`, Vim's `.report.md.swp`.
pub(super) fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// Whether a file is an editor's or a system's own by its name, so that it says nothing of the site
/// that it comes or goes. A directory may have any name.
pub(super) fn is_temporary(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let ends = ENDINGS.iter().any(|ending| name.ends_with(ending));
    let of_emacs = name.len() > 1 && name.starts_with('#') && name.ends_with('#');
    let of_office = name.starts_with("~$");
    ends || of_emacs || of_office || name.starts_with('.') || is_probe(&name)
}

/// Before it saves, Vim makes a file and removes it, to see whether it may: 4913, and where that
/// name is taken the next in steps of 123.
fn is_probe(name: &str) -> bool {
    let number = name.parse::<u32>().ok();
    name.len() == 4 && number.and_then(|number| number.checked_sub(4913)).is_some_and(|step| step % 123 == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_editors_leave_is_known_by_its_name() {
        let theirs = [
            "report.md~",
            "report.md.~1~",
            ".report.md.swp",
            "REPORT.MD.TMP",
            "4913",
            "5036",
            "#report.md#",
            ".#report.md",
            "report.md___jb_tmp___",
            "report.md___jb_old___",
            ".DS_Store",
            ".goutputstream-7K2XQ2",
            "~$list.csv",
            "devices.parquet.part",
        ];
        for name in theirs {
            assert!(is_temporary(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn what_a_site_has_is_never_taken_for_theirs() {
        let ours = [
            "report.md",
            "4914.md",
            "4914",
            "49130",
            "attack-chain.png",
            "indicators.csv",
            "#1.md",
            "#",
            "tmp",
            "a~b.md",
        ];
        for name in ours {
            assert!(!is_temporary(Path::new(name)), "{name}");
        }
    }
}
