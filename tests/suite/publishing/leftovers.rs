//! Parts of a last build that do not go as easily as they came.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::Path;
use std::process::Command;

use super::{Edition, Stage, succeed};
use crate::bench::note;

/// The number of a user who may do nothing special.
const NOBODY: u32 = 65534;

/// The same build by somebody whom modes stop, which they do not do for root; `None` where nobody else can be had.
fn as_somebody(stage: &Stage, edition: Edition) -> Option<Command> {
    let build = stage.build(edition);
    if fs::metadata(stage.home()).unwrap().uid() != 0 {
        return Some(build);
    }
    // The way to the program itself may be closed to others.
    let program = stage.home().join("threatpress");
    fs::copy(build.get_program(), &program).unwrap();
    for entry in walkdir::WalkDir::new(stage.home()).into_iter().map(|entry| entry.unwrap()) {
        chown(entry.path(), Some(NOBODY), Some(NOBODY)).unwrap();
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(program).args(build.get_args());
    Command::new("setpriv").arg("--version").output().is_ok().then_some(command)
}

#[test]
fn what_was_made_read_only_goes_with_its_build() {
    let stage = Stage::new();
    for closed in ["soc/threats", "soc", "emea/static"] {
        let closed = stage.out().join(closed);
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).unwrap();
        let Some(mut build) = as_somebody(&stage, Edition::New) else {
            return note("there is no setpriv: builds that somebody made read-only were NOT tried");
        };
        let done = succeed(&mut build);
        assert_eq!(super::messages(&done).iter().filter(|told| told["code"] == "TP0707").count(), 0);
        assert_eq!(stage.edition(), Edition::New);
        assert_eq!(stage.workshop(), [".gitignore", "lock"], "{}", closed.display());
        succeed(&mut as_somebody(&stage, Edition::Old).unwrap());
    }
    stage.reset();
}

#[cfg(feature = "trial")]
#[test]
fn what_cannot_be_removed_is_told_and_stops_nothing() {
    let stage = Stage::new();
    let left = stage.out().join(".threatpress/new-soc-1");
    let faults = format!("remove {}:EACCES", left.join("index.html").display());
    let build = |edition: Edition| stage.faulty(edition, &faults);
    super::fail(&mut build(Edition::New), "TP0707");
    for edition in [Edition::Old, Edition::New, Edition::Old] {
        let done = succeed(&mut build(edition));
        let told = super::messages(&done).into_iter().filter(|told| told["code"] == "TP0707").collect::<Vec<_>>();
        assert_eq!((told.len(), &told[0]["severity"]), (1, &"warning".into()));
        assert!(told[0]["message"].as_str().unwrap().contains("`new-soc-1`"), "{told:?}");
        assert!(told[0]["file"].as_str().map(Path::new).unwrap().starts_with(&left), "{told:?}");
        assert_eq!(stage.edition(), edition);
    }
    // What lay in the way is swept as soon as it can be.
    stage.reset();
}
