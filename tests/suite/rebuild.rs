//! What preview shows after any number of edits is what a build makes of the files as they are.
//!
//! Two random sites are written, and the files of the first are replaced by, given up for, or brought back from those
//! of the second, one handful after another. After each, the session that was told of these paths alone is held
//! against a build from nothing: the same problems, and every file of every role byte for byte.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use threatpress::desk::{Changed, Order, Unwatched};
use threatpress::diagnostics::{Diagnostics, render};
use threatpress::serve::session::{Edition, Session};

use crate::bench::{cases, first_line, hold};
use crate::world::files::Layout;
use crate::world::{World, furnished_worlds, site};

/// A site, what its files turn into, and how.
#[derive(Clone, Debug)]
struct Script {
    first: World,
    second: World,
    steps: Vec<Vec<Edit>>,
}

/// What is done to one of the files, which a number picks among all there are.
#[derive(Clone, Copy, Debug)]
enum Edit {
    /// It becomes what it is in the second site, or goes with it.
    Second(usize),
    /// It becomes what it was.
    First(usize),
    /// It goes.
    Remove(usize),
    /// It is cut short, so that it may be nothing that can be read.
    Break(usize),
    /// It is written again as it is.
    Touch(usize),
    /// Everything in its directory goes, and comes back.
    Away(usize),
}

fn edits() -> impl Strategy<Value = Edit> {
    let at = any::<prop::sample::Index>().prop_map(|index| index.index(1 << 16));
    prop_oneof![
        6 => at.clone().prop_map(Edit::Second),
        4 => at.clone().prop_map(Edit::First),
        2 => at.clone().prop_map(Edit::Remove),
        1 => at.clone().prop_map(Edit::Break),
        1 => at.clone().prop_map(Edit::Touch),
        1 => at.prop_map(Edit::Away),
    ]
}

fn scripts() -> impl Strategy<Value = Script> {
    let steps = prop::collection::vec(prop::collection::vec(edits(), 1..4), 3..7);
    (furnished_worlds(), furnished_worlds(), steps).prop_map(|(first, second, steps)| Script { first, second, steps })
}

#[test]
fn a_rebuild_is_a_build() {
    hold("a_rebuild_is_a_build", scripts(), cases(8), |script| vec![script.first.clone()], run);
    let [shown, broken] = [&SHOWN, &BROKEN].map(|count| count.load(Ordering::Relaxed));
    // Where nearly all edits broke the site, or none, little was compared.
    assert!(shown > broken / 2 && broken > 0, "{shown} states were shown, {broken} were broken");
}

/// How many states of a site came to pages, and how many to errors.
static SHOWN: AtomicUsize = AtomicUsize::new(0);
static BROKEN: AtomicUsize = AtomicUsize::new(0);

fn run(script: &Script) -> Result<(), String> {
    let home = tempfile::tempdir().map_err(|error| error.to_string())?;
    let [site, first, second] = ["site", "first", "second"].map(|name| home.path().join(name));
    for (world, place) in [(&script.first, &site), (&script.first, &first), (&script.second, &second)] {
        site::write_site(world, &Layout::plain(), place);
    }
    let files: Vec<PathBuf> =
        tree(&first).into_keys().chain(tree(&second).into_keys()).collect::<BTreeSet<_>>().into_iter().collect();
    let mut bench =
        Bench { session: Session::new(Order::of(site.clone()), Vec::new(), false), site, known: BTreeSet::new() };
    bench.compare(&Changed::everything())?;
    for step in &script.steps {
        let mut paths = BTreeSet::new();
        for edit in step {
            paths.insert(edit.apply(&files, &bench.site, &first, &second));
        }
        let changed = Changed { paths, ..Changed::default() };
        bench.compare(&changed).map_err(|wrong| format!("after {step:?} ({:?}): {wrong}", changed.paths))?;
    }
    Ok(())
}

impl Edit {
    /// Makes the edit; answers the path that changed.
    fn apply(self, files: &[PathBuf], site: &Path, first: &Path, second: &Path) -> PathBuf {
        let (Self::Second(at)
        | Self::First(at)
        | Self::Remove(at)
        | Self::Break(at)
        | Self::Touch(at)
        | Self::Away(at)) = self;
        let file = &files[at % files.len()];
        let path = site.join(file);
        let become_that = |bytes: Option<Vec<u8>>| match bytes {
            Some(bytes) => {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(&path, bytes).unwrap();
            }
            None => drop(fs::remove_file(&path)),
        };
        match self {
            Self::Second(_) => become_that(fs::read(second.join(file)).ok()),
            Self::First(_) => become_that(fs::read(first.join(file)).ok()),
            Self::Remove(_) => become_that(None),
            Self::Break(_) => {
                let cut = |bytes: Vec<u8>| bytes[..bytes.len() / 2].to_vec();
                become_that(fs::read(&path).ok().map(cut));
            }
            Self::Touch(_) => become_that(fs::read(&path).ok()),
            Self::Away(_) => {
                let directory = path.parent().unwrap().to_owned();
                let held = tree(&directory);
                let _ = fs::remove_dir_all(&directory);
                for (file, bytes) in held {
                    fs::create_dir_all(directory.join(&file).parent().unwrap()).unwrap();
                    fs::write(directory.join(file), bytes).unwrap();
                }
                return directory;
            }
        }
        path
    }
}

/// Every file beneath a directory, by its path in it.
fn tree(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in walkdir::WalkDir::new(directory).into_iter().flatten() {
        if entry.file_type().is_file() {
            let path = entry.path().strip_prefix(directory).unwrap().to_owned();
            files.insert(path, fs::read(entry.path()).unwrap());
        }
    }
    files
}

struct Bench {
    session: Session,
    site: PathBuf,
    /// Every path that some build had, as `ROLE/PATH`.
    known: BTreeSet<String>,
}

impl Bench {
    /// Builds what changed, and everything from nothing, and compares.
    fn compare(&mut self, changed: &Changed) -> Result<(), String> {
        let built = self.session.build(changed, &mut Unwatched, &mut |_, _| {});
        let anew = Session::new(Order::of(self.site.clone()), Vec::new(), false).build(
            &Changed::everything(),
            &mut Unwatched,
            &mut |_, _| {},
        );
        let (again, clean) = (told(&built.problems), told(&anew.problems));
        if again != clean {
            return Err(format!("a rebuild tells\n{again}\nand a build\n{clean}"));
        }
        let count = if built.editions.is_some() { &SHOWN } else { &BROKEN };
        count.fetch_add(1, Ordering::Relaxed);
        let Some((_, editions)) = built.editions else {
            return if anew.editions.is_none() { Ok(()) } else { Err("nothing came of it".to_owned()) };
        };
        let out = tempfile::tempdir().map_err(|error| error.to_string())?;
        let mut build = Command::new(env!("CARGO_BIN_EXE_threatpress"));
        build.args(["build", "--no-audit", "--no-cache", "--site"]).arg(&self.site).arg("--out").arg(out.path());
        let output = build.output().map_err(|error| error.to_string())?;
        if !output.status.success() {
            return Err(format!("no build: {}", String::from_utf8_lossy(&output.stderr)));
        }
        editions.iter().try_for_each(|edition| self.same(edition, out.path()))
    }

    fn same(&mut self, edition: &Edition, out: &Path) -> Result<(), String> {
        let role = &edition.role().name;
        let build = tree(&out.join(role));
        for path in build.keys().filter(|path| *path != Path::new("manifest.json")) {
            self.known.insert(format!("{role}/{}", path.display()));
        }
        let of_role = format!("{role}/");
        for path in self.known.iter().filter_map(|path| path.strip_prefix(&of_role)) {
            let shown = edition.file(path).map_err(|problem| problem.message)?;
            let [shown, built] = [shown.as_deref(), build.get(Path::new(path)).map(Vec::as_slice)];
            if shown != built {
                let are = [shown, built].map(|file| if file.is_some() { "there" } else { "missing" });
                let difference = first_line(shown, built);
                return Err(format!("{role}/{path} is another file than that of a build: {are:?}, {difference}"));
            }
        }
        Ok(())
    }
}

fn told(problems: &Diagnostics) -> String {
    problems.iter().map(|problem| render::text(problem, false)).collect::<Vec<_>>().join("\n")
}
