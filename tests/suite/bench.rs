//! The workbench of every property: write a site, run the built command on it, read the build,
//! and run a test over many random inputs with the same seed everywhere.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};
use serde_json::Value;
use tempfile::TempDir;

use crate::world::World;
use crate::world::files::Layout;
use crate::world::site::write_site;

/// A written site and, once built, its output. Both are gone when it is dropped.
pub(crate) struct Bench {
    home: TempDir,
}

/// What one run of the command is told beyond the site.
#[derive(Clone, Copy, Default)]
pub(crate) struct Run {
    pub(crate) time_zone: Option<&'static str>,
    pub(crate) jobs: Option<&'static str>,
}

/// A file or folder of a build: its mode, and its bytes or none.
pub(crate) type Tree = BTreeMap<PathBuf, (u32, Option<Vec<u8>>)>;

impl Bench {
    /// Writes the site and builds every role of it.
    pub(crate) fn build(world: &World, layout: &Layout, run: Run) -> Result<Bench, String> {
        let bench = Bench { home: TempDir::new().unwrap() };
        write_site(world, layout, &bench.home.path().join("site"));
        bench.run(world, run)?;
        Ok(bench)
    }

    fn run(&self, world: &World, run: Run) -> Result<(), String> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_threatpress"));
        command.arg("build").arg("--site").arg(self.home.path().join("site"));
        command.arg("--out").arg(self.home.path().join("output"));
        command.args(["--as-of", &world.as_of]);
        if let Some(jobs) = run.jobs {
            command.args(["--jobs", jobs]);
        }
        if let Some(zone) = run.time_zone {
            command.env("TZ", zone);
        }
        let done = command.output().map_err(|error| format!("the command did not start: {error}"))?;
        if done.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&done.stderr);
        Err(format!("the build failed ({}):\n{said}", done.status))
    }

    pub(crate) fn role(&self, role: &str) -> PathBuf {
        self.home.path().join("output").join(role)
    }

    /// One file of a role's build.
    pub(crate) fn text(&self, role: &str, file: &str) -> Result<String, String> {
        let path = self.role(role).join(file);
        fs::read_to_string(&path).map_err(|error| format!("{role}/{file}: {error}"))
    }

    pub(crate) fn json(&self, role: &str, file: &str) -> Result<Value, String> {
        let text = self.text(role, file)?;
        serde_json::from_str(&text).map_err(|error| format!("{role}/{file}: {error}"))
    }

    /// The slugs that have a data file, sorted.
    pub(crate) fn slugs(&self, role: &str) -> Vec<String> {
        let Ok(folders) = fs::read_dir(self.role(role).join("threats")) else {
            return Vec::new();
        };
        let with_data = folders.filter_map(|entry| {
            let path = entry.unwrap().path();
            path.join("data.json").exists().then(|| path.file_name().unwrap().to_owned())
        });
        let mut slugs: Vec<String> = with_data.map(|name| name.into_string().unwrap()).collect();
        slugs.sort();
        slugs
    }

    /// Every path of a role's build.
    pub(crate) fn tree(&self, role: &str) -> Tree {
        let top = self.role(role);
        let mut tree = Tree::new();
        for entry in walkdir::WalkDir::new(&top) {
            let entry = entry.unwrap();
            let mode = entry.metadata().unwrap().permissions().mode();
            let bytes = entry.file_type().is_file().then(|| fs::read(entry.path()).unwrap());
            tree.insert(entry.path().strip_prefix(&top).unwrap().to_owned(), (mode, bytes));
        }
        tree
    }
}

/// The first difference of two trees, in words.
pub(crate) fn first_difference(one: &Tree, other: &Tree) -> Option<String> {
    // The manifest differs whenever anything does: it comes last.
    let mut paths: Vec<&PathBuf> = one.keys().chain(other.keys()).collect();
    paths.sort_by_key(|path| path.ends_with("manifest.json"));
    for path in paths {
        let name = path.display();
        match (one.get(path), other.get(path)) {
            (Some(_), None) => return Some(format!("{name} stands in the first build only")),
            (None, Some(_)) => return Some(format!("{name} stands in the second build only")),
            (Some((a, _)), Some((b, _))) if a != b => {
                return Some(format!("{name}: modes {a:o} and {b:o}"));
            }
            (Some((_, a)), Some((_, b))) if a != b => {
                return Some(format!("{name}: {}", first_line(a.as_deref(), b.as_deref())));
            }
            _ => {}
        }
    }
    None
}

fn first_line(one: Option<&[u8]>, other: Option<&[u8]>) -> String {
    let text = |bytes: Option<&[u8]>| String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned();
    let (one, other) = (text(one), text(other));
    let (mut left, mut right) = (one.split('\n'), other.split('\n'));
    for number in 1.. {
        match (left.next(), right.next()) {
            (None, None) => break,
            (a, b) if a == b => {}
            (a, b) => return format!("line {number}\n  first:  {a:?}\n  second: {b:?}"),
        }
    }
    "differs in bytes that are no text".to_owned()
}

/// How many cases a property runs: a share of `THREATPRESS_CASES`.
pub(crate) fn cases(share: u32) -> u32 {
    let asked = env::var("THREATPRESS_CASES").ok().and_then(|text| text.parse().ok());
    (asked.unwrap_or(256) / share).max(1)
}

/// The seed is fixed, so that a run on any machine is the same run.
fn seed() -> u64 {
    env::var("THREATPRESS_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(2603)
}

/// Runs a test over random inputs; fails with the smallest input that fails, whose site is kept.
pub(crate) fn hold<S, Test, Sites>(name: &str, inputs: S, cases: u32, sites: Sites, test: Test)
where
    S: Strategy,
    Test: Fn(&S::Value) -> Result<(), String>,
    Sites: Fn(&S::Value) -> Vec<World>,
{
    let config = Config {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(seed()),
        max_shrink_iters: 1_500,
        max_shrink_time: 240_000,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(&inputs, |input| test(&input).map_err(TestCaseError::fail));
    match outcome {
        Ok(()) => {}
        Err(TestError::Abort(reason)) => panic!("{name}: {reason}"),
        Err(TestError::Fail(reason, input)) => {
            let kept = keep(name, &sites(&input));
            panic!(
                "{name}, THREATPRESS_SEED={}\n{reason}\nthe smallest such site is kept in {}",
                seed(),
                kept.display(),
            );
        }
    }
}

fn keep(name: &str, sites: &[World]) -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if home.exists() {
        fs::remove_dir_all(&home).unwrap();
    }
    for (at, world) in sites.iter().enumerate() {
        let site = home.join(at.to_string());
        write_site(world, &Layout::plain(), &site);
        fs::write(site.join("as-of"), &world.as_of).unwrap();
        fs::write(site.join("world.txt"), format!("{world:#?}")).unwrap();
    }
    home
}
