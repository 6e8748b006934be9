//! What stops a proof, and with which exit code.

use std::fs;

use crate::bench::home;

use super::site::Site;
use super::{run, said};

#[test]
fn slices_are_kept_only_where_nothing_is_and_nothing_is_read() {
    let site = Site::small();
    let home = home();
    fs::write(home.path().join("mine"), "x").unwrap();
    std::os::unix::fs::symlink(site.path().join("content"), home.path().join("link")).unwrap();
    let inside = |path: &str| site.path().join(path);
    for keep in [
        home.path().to_owned(),
        home.path().join("mine"),
        home.path().join("link/slices"),
        inside("content"),
        inside("content/slices"),
        inside("output/it"),
        inside("themes/slices"),
        inside("absent/../content/slices"),
    ] {
        let done = run("prove", site.path(), &["--keep", keep.to_str().unwrap()]);
        assert_eq!(done.status.code(), Some(2), "{}\n{}", keep.display(), said(&done));
        assert!(said(&done).contains("error[TP0822]"), "{}", said(&done));
    }
    assert!(!inside("output").exists() && !inside("content/slices").exists());
}

#[test]
fn an_empty_directory_may_keep_slices() {
    let (site, home) = (Site::small(), home());
    let done = run("prove", site.path(), &["--role", "it", "--keep", home.path().to_str().unwrap()]);
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    assert!(home.path().join("it/threatpress.yaml").exists() && !home.path().join("everybody-hidden").exists());
}

#[test]
fn problems_of_the_input_are_told_as_by_a_build() {
    let site = Site::small();
    assert_eq!(run("prove", site.path(), &["--role", "nobody"]).status.code(), Some(2));
    assert_eq!(run("prove", site.path(), &["--strict"]).status.code(), Some(1));
    site.write("content/reports/broken.md", "no front matter");
    let done = run("prove", site.path(), &[]);
    assert_eq!(done.status.code(), Some(1));
    assert!(said(&done).contains("error[TP0200]"), "{}", said(&done));
}

/// What stops the build of a role is no failure of its proof.
#[test]
fn a_role_that_does_not_build_is_not_judged() {
    let site = Site::small();
    let devices = site.path().join("content/snapshots/now/devices.csv");
    let clash = format!("{}clash,CLASH,ALPHA,2026-11-16,\n", fs::read_to_string(&devices).unwrap());
    fs::write(&devices, clash).unwrap();
    let done = run("prove", site.path(), &[]);
    let text = said(&done);
    assert_eq!(done.status.code(), Some(1), "{text}");
    assert!(text.contains("error[TP0601]") && !text.contains("TP0821"), "{text}");
    assert!(text.contains("the build of role `it` follows from its slice"), "{text}");
}

#[test]
fn moments_and_drafts_are_those_of_the_command() {
    let site = Site::small();
    for more in [
        &["--drafts", "--as-of", "2026-11-18"][..],
        &["--snapshot", "hidden-name"],
        &["--as-of", "2026-11-10T00:00:00Z"],
        &["--snapshot", "now", "--as-of", "2026-11-01"],
        // Before every snapshot: no figure is known.
        &["--as-of", "2026-11-02"],
    ] {
        let done = run("prove", site.path(), more);
        assert_eq!(done.status.code(), Some(0), "{more:?}\n{}", said(&done));
    }
}
