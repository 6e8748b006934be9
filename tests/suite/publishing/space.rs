//! A disk that is really full.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Edition, build, builds, messages, names, succeed};
use crate::bench::note;

/// A file system of 8 MiB in memory, while the value lives.
struct Small(PathBuf);

impl Small {
    fn mount(at: &Path) -> Option<Self> {
        fs::create_dir(at).unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"]).arg(at).output();
        mounted.is_ok_and(|output| output.status.success()).then(|| Self(at.to_owned()))
    }

    /// Leaves this many bytes free, in a file of its own.
    fn leave(&self, free: usize) {
        let filler = self.0.join("filler");
        let _ = fs::remove_file(&filler);
        let mut file = fs::File::create(&filler).unwrap();
        // Writes until it is full, and cuts off what is to be free.
        while std::io::Write::write_all(&mut file, &[0; 4096]).is_ok() {}
        let full = file.metadata().unwrap().len();
        file.set_len(full.saturating_sub(free as u64)).unwrap();
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).output();
    }
}

#[test]
fn a_full_disk_leaves_the_last_build() {
    let home = tempfile::tempdir().unwrap();
    let Some(disk) = Small::mount(&home.path().join("disk")) else {
        return note("nothing can be mounted here: a disk that is really full was NOT tried");
    };
    let (old, new) = (home.path().join("old"), home.path().join("new"));
    Edition::Old.write(&old);
    Edition::New.write(&new);
    let out = disk.0.join("output");
    succeed(&mut build(&old, &out));
    let before = builds(&out);
    let mut refusals = 0;
    let files = before.iter().flatten().filter_map(|(_, (_, bytes))| bytes.as_ref());
    let size: usize = files.map(Vec::len).sum();
    for free in [0, size / 16, size / 8, size / 4, size / 2] {
        disk.leave(free);
        let output = build(&new, &out).output().unwrap();
        let mut told = messages(&output);
        told.retain(|line| line["severity"] == "error");
        assert_eq!((output.status.code(), told.len()), (Some(4), 1), "one message for one full disk: {told:#?}");
        let error = &told[0];
        assert_eq!(error["code"], "TP0702");
        assert!(error["message"].as_str().unwrap().contains("No space left"), "{error:#}");
        assert!(error["hint"].as_str().unwrap().contains("free some space"), "{error:#}");
        assert_eq!(builds(&out), before, "the last build has changed with {free} bytes free");
        assert_eq!(names(&out.join(".threatpress")), [".gitignore", "lock"]);
        refusals += 1;
    }
    // What fills the disk is what a killed build left: the next one makes room for itself.
    fs::create_dir(out.join(".threatpress/new-soc-0")).unwrap();
    fs::rename(disk.0.join("filler"), out.join(".threatpress/new-soc-0/filler")).unwrap();
    succeed(&mut build(&new, &out));
    assert_ne!(builds(&out), before);
    assert_eq!(names(&out.join(".threatpress")), [".gitignore", "lock"]);
    note(&format!("a disk of 8 MiB was full {refusals} times, and the last build stood"));
}
