//! The workbench of every property: write a site, run the built command on it, read the build,
//! and run a test over many random inputs with the same seed everywhere.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::Write as _;
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
pub(crate) struct Run<'a> {
    pub(crate) time_zone: Option<&'a str>,
    pub(crate) jobs: Option<&'a str>,
    /// The one role to build.
    pub(crate) role: Option<&'a str>,
    /// The seeded leak by its name; only a build with the feature `trial` has any.
    pub(crate) leak: Option<&'a str>,
}

/// A file or folder of a build: its mode, and its bytes or none.
pub(crate) type Tree = BTreeMap<PathBuf, (u32, Option<Vec<u8>>)>;

impl Bench {
    /// Writes the site and builds every role of it, or the one that is named.
    pub(crate) fn build(world: &World, layout: &Layout, run: Run<'_>) -> Result<Bench, String> {
        let bench = Bench::write(world, layout);
        bench.run(world, run)?;
        Ok(bench)
    }

    /// Writes the site and builds nothing.
    pub(crate) fn write(world: &World, layout: &Layout) -> Bench {
        let bench = Bench { home: home() };
        write_site(world, layout, &bench.site());
        bench
    }

    /// Writes another site in the place of the last one and builds it over the last build.
    pub(crate) fn build_over(&self, world: &World, layout: &Layout, run: Run<'_>) -> Result<(), String> {
        fs::remove_dir_all(self.site()).unwrap();
        write_site(world, layout, &self.site());
        self.run(world, run)
    }

    pub(crate) fn site(&self) -> PathBuf {
        self.home.path().join("site")
    }

    /// Builds the site as it stands.
    pub(crate) fn run(&self, world: &World, run: Run<'_>) -> Result<(), String> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_threatpress"));
        command.arg("build").arg("--site").arg(self.site());
        command.arg("--out").arg(self.home.path().join("output"));
        command.args(["--as-of", &world.as_of]);
        if let Some(jobs) = run.jobs {
            command.args(["--jobs", jobs]);
        }
        if let Some(zone) = run.time_zone {
            command.env("TZ", zone);
        }
        if let Some(role) = run.role {
            command.args(["--role", role]);
        }
        match run.leak {
            // The audit would find many of them first.
            Some(leak) => command.env("THREATPRESS_LEAK", leak).arg("--no-audit"),
            None => command.env_remove("THREATPRESS_LEAK"),
        };
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
        tree(&self.role(role))
    }
}

/// A directory of its own, in memory where there is room: a build is many small files.
pub(crate) fn home() -> TempDir {
    const ROOM: u64 = 1 << 30;
    let memory = Path::new("/dev/shm");
    let has_room = rustix::fs::statvfs(memory).is_ok_and(|disk| disk.f_bavail * disk.f_frsize > ROOM);
    let in_memory = has_room.then(|| TempDir::new_in(memory).ok()).flatten();
    in_memory.unwrap_or_else(|| TempDir::new().unwrap())
}

/// Every path at and below `top`, which is the empty path; none where nothing stands there.
pub(crate) fn tree(top: &Path) -> Tree {
    let mut tree = Tree::new();
    if !top.is_symlink() && !top.exists() {
        return tree;
    }
    for entry in walkdir::WalkDir::new(top) {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode();
        let bytes = entry.file_type().is_file().then(|| fs::read(entry.path()).unwrap());
        tree.insert(entry.path().strip_prefix(top).unwrap().to_owned(), (mode, bytes));
    }
    tree
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

pub(crate) fn first_line(one: Option<&[u8]>, other: Option<&[u8]>) -> String {
    let text = |bytes: Option<&[u8]>| String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned();
    let (one, other) = (text(one), text(other));
    let (mut left, mut right) = (one.split('\n'), other.split('\n'));
    for number in 1.. {
        match (left.next(), right.next()) {
            (None, None) => break,
            (a, b) if a == b => {}
            (a, b) => return format!("line {number}{}", first_byte(a, b)),
        }
    }
    "differs in bytes that are no text".to_owned()
}

/// Two lines from shortly before the first byte in which they differ; `None` is no line.
fn first_byte(one: Option<&str>, other: Option<&str>) -> String {
    let (Some(one), Some(other)) = (one, other) else {
        return format!("\n  first:  {one:?}\n  second: {other:?}");
    };
    let column = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let around = |line: &str| {
        let bytes = &line.as_bytes()[column.saturating_sub(80)..line.len().min(column + 160)];
        String::from_utf8_lossy(bytes).into_owned()
    };
    format!(", byte {}\n  first:  {:?}\n  second: {:?}", column + 1, around(one), around(other))
}

/// Tells something that is worth telling although all is well; `tests/run` shows such lines.
pub(crate) fn note(text: &str) {
    // Not `println!`, which the harness keeps to itself while a test passes.
    let lines: String = text.lines().map(|line| format!("note: {line}\n")).collect();
    let _ = std::io::stderr().write_all(lines.as_bytes());
}

/// How many cases a property runs: a share of `THREATPRESS_CASES`.
pub(crate) fn cases(share: u32) -> u32 {
    let asked = env::var("THREATPRESS_CASES").ok().and_then(|text| text.parse().ok());
    (asked.unwrap_or(256) / share).max(1)
}

/// The seed is fixed, so that a run on any machine is the same run.
pub(crate) fn seed() -> u64 {
    env::var("THREATPRESS_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(2603)
}

/// Runs a test over random inputs; fails with the smallest input that fails, whose site is kept.
pub(crate) fn hold<S, Test, Sites>(name: &str, inputs: S, cases: u32, sites: Sites, test: Test)
where
    S: Strategy,
    Test: Fn(&S::Value) -> Result<(), String>,
    Sites: Fn(&S::Value) -> Vec<World>,
{
    hold_from(seed(), name, inputs, cases, sites, test);
}

/// The same in four threads, each with a seed of its own. Their number does not follow the
/// machine's, so that the inputs are the same everywhere.
pub(crate) fn hold_in_parts<S, Test, Sites>(name: &str, inputs: fn() -> S, cases: u32, sites: Sites, test: Test)
where
    S: Strategy,
    Test: Fn(&S::Value) -> Result<(), String> + Sync,
    Sites: Fn(&S::Value) -> Vec<World> + Sync,
{
    const PARTS: u32 = 4;
    std::thread::scope(|scope| {
        for part in 0..PARTS {
            let (sites, test) = (&sites, &test);
            let cases = cases.div_ceil(PARTS);
            scope.spawn(move || {
                hold_from(seed() + u64::from(part), &format!("{name}-{part}"), inputs(), cases, sites, test);
            });
        }
    });
}

fn hold_from<S, Test, Sites>(seed: u64, name: &str, inputs: S, cases: u32, sites: Sites, test: Test)
where
    S: Strategy,
    Test: Fn(&S::Value) -> Result<(), String>,
    Sites: Fn(&S::Value) -> Vec<World>,
{
    let config = Config {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(seed),
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
            panic!("{name}, THREATPRESS_SEED={seed}\n{reason}\nthe smallest such site is kept in {}", kept.display(),);
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
