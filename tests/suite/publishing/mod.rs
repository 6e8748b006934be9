//! Publishing survives: whatever stops a build, readers find the last build or the new one, and
//! the next run leaves nothing of the one that was stopped.

#[cfg(feature = "trial")]
mod faults;
mod kills;
mod leftovers;
#[cfg(feature = "trial")]
mod meanwhile;
mod narrowing;
mod privacy;
mod refusals;
mod retired;
mod space;
mod together;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::bench::{Tree, first_difference, home, tree};

pub(crate) const ROLES: [&str; 2] = ["emea", "soc"];

const CONFIGURATION: &str = "\
title: T
base_url: https://t.example/
roles:
  emea: {groups: [EMEA], clearance: amber}
  soc: {groups: all, clearance: red}
";

/// What is published: today's site, or tomorrow's, in which a page changed, one came and one went. No
/// more than that, since it is built thousands of times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edition {
    Old,
    New,
}

impl Edition {
    fn write(self, site: &Path) {
        let page = |name: &str| put(site, &format!("content/pages/{name}.md"), &page(&format!("{name}, {self:?}")));
        put(site, "threatpress.yaml", CONFIGURATION);
        put(site, "content/snapshots/1/snapshot.yaml", "as_of: 2026-11-16T06:00:00Z\n");
        put(site, "content/snapshots/1/devices.csv", "device_id,name,device_group\nd1,one,EMEA\nd2,two,APAC\n");
        page("about-us");
        page(if self == Self::Old { "gone" } else { "come" });
    }
}

fn page(title: &str) -> String {
    format!("---\ntitle: {title}\ntlp: clear\n---\n{title}.\n")
}

fn report(title: &str, text: &str) -> String {
    format!(
        "---\ntitle: {title}\ntype: activity\nsummary: S\npublished: 2026-11-02\ntlp: amber\n---\n## Executive summary\n\n{text}\n"
    )
}

/// Writes a file and the directories above it.
pub(crate) fn put(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// The command that builds a site into `out`.
pub(crate) fn build(site: &Path, out: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_threatpress"));
    command.args(["build", "--format", "json", "--site"]).arg(site).arg("--out").arg(out);
    command
}

/// The command under another umask.
pub(crate) fn under(umask: &str, command: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("umask {umask}; exec \"$0\" \"$@\"")]).arg(command.get_program());
    shell.args(command.get_args());
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            shell.env(name, value);
        }
    }
    shell
}

/// The messages of a run.
pub(crate) fn messages(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stderr).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with("trial: "));
    lines.map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"))).collect()
}

/// Runs a build that has to succeed.
pub(crate) fn succeed(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    output
}

/// Runs a build that has to fail with one error of this code; answers the error.
pub(crate) fn fail(command: &mut Command, code: &str) -> Value {
    let output = command.output().unwrap();
    let told = messages(&output);
    assert_eq!(output.status.code(), Some(4), "{told:#?}");
    let mut errors = told.into_iter().filter(|line| line["severity"] == "error");
    let error = errors.next().unwrap();
    assert_eq!(error["code"], code, "{error:#}");
    assert!(error["file"].as_str().is_some_and(|file| !file.is_empty()), "no path: {error:#}");
    assert!(error["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "no advice: {error:#}");
    error
}

/// Two editions of a site, the builds they have to give, and an output with the old one in it.
pub(crate) struct Stage {
    home: TempDir,
    old: Vec<Tree>,
    new: Vec<Tree>,
    /// Whether the editions are one site, in which a report is edited: then all else is taken over from the last build.
    is_edited: bool,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let stage = Self { home: home(), old: Vec::new(), new: Vec::new(), is_edited: false };
        [Edition::Old, Edition::New].iter().for_each(|edition| edition.write(&stage.site(*edition)));
        stage.begin()
    }

    /// A stage of one site with two reports, one of which is edited.
    #[cfg(feature = "trial")]
    pub(crate) fn edited() -> Self {
        let stage = Self { home: home(), old: Vec::new(), new: Vec::new(), is_edited: true };
        let site = stage.site(Edition::Old);
        Edition::Old.write(&site);
        put(&site, "content/reports/other.md", &report("Other", "Nothing new."));
        stage.edit(Edition::Old);
        // What changed less than three seconds before a build is not taken on trust.
        std::thread::sleep(std::time::Duration::from_millis(3100));
        stage.begin()
    }

    fn begin(mut self) -> Self {
        let reference = |edition: Edition| {
            let out = self.home.path().join(format!("clean-{edition:?}"));
            self.edit(edition);
            succeed(build(&self.site(edition), &out).args(["--no-audit", "--no-cache"]));
            builds(&out)
        };
        let (old, new) = (reference(Edition::Old), reference(Edition::New));
        assert!(old.iter().zip(&new).all(|(old, new)| old != new), "the editions do not differ");
        (self.old, self.new) = (old, new);
        self.reset();
        self
    }

    /// Where the site of an edition is.
    fn site(&self, edition: Edition) -> PathBuf {
        let name = if self.is_edited { "site".to_owned() } else { format!("{edition:?}") };
        self.home.path().join(name)
    }

    /// Makes a site of one edition one of another.
    fn edit(&self, edition: Edition) {
        if self.is_edited {
            put(&self.site(edition), "content/reports/edited.md", &report("Edited", &format!("{edition:?}.")));
        }
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    pub(crate) fn out(&self) -> PathBuf {
        self.home.path().join("output")
    }

    /// The command that builds an edition into the output, on one thread, so that its calls come
    /// in one order. The audit only reads, and thousands of builds are faster without.
    pub(crate) fn build(&self, edition: Edition) -> Command {
        self.edit(edition);
        let mut command = build(&self.site(edition), &self.out());
        command.args(["--jobs", "1", "--no-audit"]);
        command
    }

    /// The same with faults planted in it. What is kept of earlier builds decides which calls there are: it is used only
    /// where that is what is tried.
    #[cfg(feature = "trial")]
    pub(crate) fn faulty(&self, edition: Edition, faults: &str) -> Command {
        let mut command = self.build(edition);
        if !self.is_edited {
            command.arg("--no-cache");
        }
        command.env("THREATPRESS_FAULT", faults);
        command
    }

    /// Which edition each role's directory holds; a panic where it is a mixture.
    pub(crate) fn editions(&self) -> Vec<Edition> {
        let standing = builds(&self.out());
        let which = |(at, standing): (usize, &Tree)| {
            if *standing == self.old[at] {
                return Edition::Old;
            }
            if *standing == self.new[at] {
                return Edition::New;
            }
            panic!(
                "{} is neither build\nagainst the old: {:?}\nagainst the new: {:?}",
                ROLES[at],
                first_difference(standing, &self.old[at]),
                first_difference(standing, &self.new[at]),
            )
        };
        standing.iter().enumerate().map(which).collect()
    }

    /// The edition that all roles show.
    pub(crate) fn edition(&self) -> Edition {
        let editions = self.editions();
        assert!(editions.iter().all(|edition| *edition == editions[0]), "roles differ: {editions:?}");
        editions[0]
    }

    /// A plain run of the old edition, whatever went before: it succeeds, gives what a clean build
    /// gives, and leaves nothing else.
    pub(crate) fn reset(&self) {
        succeed(&mut self.build(Edition::Old));
        assert_eq!(self.edition(), Edition::Old);
        assert_eq!(names(&self.out()), [".threatpress", "emea", "soc"]);
        assert_eq!(self.workshop(), [".gitignore", "lock"]);
    }

    /// The names in the place where builds are made ready.
    pub(crate) fn workshop(&self) -> Vec<String> {
        names(&self.out().join(".threatpress"))
    }
}

/// Every role's directory of an output.
pub(crate) fn builds(out: &Path) -> Vec<Tree> {
    ROLES.iter().map(|role| tree(&out.join(role))).collect()
}

/// The names in a directory, sorted.
pub(crate) fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
