//! `threatpress prove`: each role's build follows from its slice alone.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use crate::bench::{Bench, cases, hold};
use crate::world::files::layouts;
use crate::world::worlds;

mod kept;
mod refusals;
mod site;
#[cfg(feature = "trial")]
mod trial;

use site::Site;

/// Runs the command, with `verb` and what follows it, on a site.
fn run(verb: &str, site: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_threatpress"));
    command.arg(verb).arg("--site").arg(site).args(more);
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn every_role_of_any_site_follows_from_its_slice() {
    hold(
        "every_role_of_any_site_follows_from_its_slice",
        (worlds(), layouts()),
        cases(8),
        |(world, _)| vec![world.clone()],
        |(world, layout)| {
            let bench = Bench::write(world, layout);
            let done = run("prove", &bench.site(), &["--as-of", &world.as_of]);
            match done.status.code() {
                Some(0) => Ok(()),
                code => Err(format!("{code:?} under {layout:#?}\n{}", said(&done))),
            }
        },
    );
}

#[test]
fn every_role_of_the_sample_site_follows_from_its_slice() {
    let site = Site::sample();
    let done = run("prove", site.path(), &[]);
    let text = said(&done);
    assert_eq!(done.status.code(), Some(0), "{text}");
    for role in ["soc", "emea-it", "server-team", "plant-floor", "onboarding", "leadership"] {
        let proved = format!("note[TP0823]: the build of role `{role}` follows from its slice: all ");
        assert!(text.contains(&proved), "{text}");
    }
}

#[test]
fn nothing_of_a_proof_is_left() {
    let site = Site::small();
    assert_eq!(run("prove", site.path(), &["--role", "it", "--no-cache"]).status.code(), Some(0));
    let private = site.path().join(".threatpress");
    assert_eq!(mode(&private), 0o700);
    assert_eq!(fs::read_to_string(private.join(".gitignore")).unwrap(), "*\n");
    let left: Vec<String> = walkdir::WalkDir::new(&private)
        .into_iter()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    assert!(left.iter().all(|name| [".gitignore", "lock"].contains(&name.as_str())), "{left:?}");
}

/// What is left around a hidden block is read as if the block had never been written.
#[test]
fn line_ends_that_meet_where_a_block_was_cut_are_one() {
    let site = Site::small();
    let body = "<div>\r::: scope groups=\"Hidden Group\"\nhidden\n:::\n\n<b>\r</b>\n</div>\n\n```\na\r\r\nb\n```\n";
    let front = "---\ntitle: Line ends\ntype: tool\nsummary: s\npublished: 2026-11-03\n---\n";
    site.write("content/reports/line-ends.md", &format!("{front}{body}"));
    let done = run("prove", site.path(), &[]);
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
}
