//! What is being made ready is for the owner's eyes alone, whatever the umask; what is published
//! has the same modes everywhere.

use super::{Edition, Stage, under};
use crate::bench::tree;

#[test]
fn the_workshop_is_the_owners() {
    for umask in ["000", "022", "077"] {
        let stage = Stage::new();
        let workshop = stage.out().join(".threatpress");
        std::fs::remove_dir_all(&workshop).unwrap();
        super::succeed(&mut under(umask, &stage.build(Edition::New)));
        assert_eq!(stage.edition(), Edition::New, "under {umask}");
        let modes: Vec<(String, u32)> =
            tree(&workshop).iter().map(|(path, (mode, _))| (path.display().to_string(), mode & 0o7777)).collect();
        let expected = [("", 0o700), (".gitignore", 0o600), ("lock", 0o600)];
        assert_eq!(modes, expected.map(|(path, mode)| (path.to_owned(), mode)), "under {umask}");
    }
}

/// A build that was stopped leaves nothing that another user can look into.
#[cfg(feature = "trial")]
#[test]
fn a_build_in_the_making_is_the_owners() {
    for umask in ["000", "077"] {
        let stage = Stage::new();
        let workshop = stage.out().join(".threatpress");
        let faults = "new-soc-1/manifest.json:kill";
        under(umask, &stage.faulty(Edition::New, faults)).output().unwrap();
        let mode = |path: &str| tree(&workshop)[std::path::Path::new(path)].0 & 0o7777;
        assert_eq!([mode(""), mode("new-soc-1")], [0o700, 0o700], "under {umask}");
        stage.reset();
    }
}
