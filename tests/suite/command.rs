//! What the command says of itself: explanations of codes, completions, manual pages.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use super::bad_input::tree;

/// The verbs that people type.
const VERBS: [&str; 10] = ["build", "serve", "check", "list", "init", "new", "explain", "schema", "completions", "man"];

/// Runs the built command.
pub(super) fn threatpress<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Output {
    Command::new(env!("CARGO_BIN_EXE_threatpress")).args(args).output().unwrap()
}

/// What a run that has to go well writes to standard output.
pub(super) fn printed<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> String {
    let output = threatpress(args);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// What a run writes to standard error.
pub(super) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn every_documented_code_is_explained() {
    let manual = include_str!("../../docs/diagnostics.md");
    let codes: Vec<&str> = manual.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    assert!(codes.len() > 50, "the manual has sections");
    for code in codes {
        let page = printed(["explain", code]);
        assert!(page.starts_with(&format!("{code}\n\n")), "{page}");
        assert!(!page.contains("\n#") && page.len() > code.len() + 20, "{code} is cut wrongly: {page}");
        assert!(manual.contains(page.trim_start_matches(code).trim()), "{code} is not told as the manual tells it");
    }
    assert_eq!(printed(["explain", "tp0005"]), printed(["explain", "TP0005"]));
}

#[test]
fn an_unknown_code_is_refused_with_the_nearest() {
    let output = threatpress(["explain", "TP0504"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("did you mean TP0004?"), "{}", said(&output));
    // Anything else is a report's name.
    let nowhere = tempfile::tempdir().unwrap();
    let output =
        threatpress([OsStr::new("explain"), "storm-2603".as_ref(), "--site".as_ref(), nowhere.path().as_ref()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("there is no threatpress.yaml"), "{}", said(&output));
}

#[test]
fn completions_know_every_verb() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = printed(["completions", shell]);
        for verb in VERBS {
            assert!(script.contains(verb), "{shell} does not complete `{verb}`");
        }
        // The others complete no values of options.
        if ["bash", "zsh", "fish"].contains(&shell) {
            assert!(script.contains("core-threat"), "{shell} does not complete the types of reports");
        }
    }
    assert_eq!(threatpress(["completions", "dos"]).status.code(), Some(2));
}

/// Completes in a real shell, as a person does who presses the tabulator.
#[test]
fn bash_completes_a_verb() {
    let directory = tempfile::tempdir().unwrap();
    let script = directory.path().join("threatpress.bash");
    fs::write(&script, printed(["completions", "bash"])).unwrap();
    let ask = "source \"$1\"; COMP_WORDS=(threatpress comp); COMP_CWORD=1; _threatpress threatpress comp threatpress; \
               echo \"${COMPREPLY[@]}\"";
    let output = Command::new("bash").args(["-c", ask, "bash"]).arg(&script).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "completions", "{}", said(&output));
}

#[test]
fn there_is_a_manual_page_for_every_verb() {
    let directory = tempfile::tempdir().unwrap();
    let pages = directory.path().join("share/man/man1");
    printed([OsStr::new("man"), pages.as_os_str()]);
    let first = tree(&pages);
    for page in VERBS.map(|verb| format!("threatpress-{verb}.1")).into_iter().chain(["threatpress.1".to_owned()]) {
        let text = String::from_utf8(first.get(&page).unwrap_or_else(|| panic!("no {page}")).clone()).unwrap();
        assert!(text.contains(".TH ") && text.contains(".SH NAME"), "{page}: {text}");
    }
    printed([OsStr::new("man"), pages.as_os_str()]);
    assert_eq!(tree(&pages), first, "written again, the pages are the same");
    fs::write(directory.path().join("file"), "").unwrap();
    let output = threatpress([OsStr::new("man"), directory.path().join("file/man").as_os_str()]);
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
}

#[test]
#[cfg(target_os = "linux")]
fn a_list_that_cannot_be_written_is_a_failure() {
    let site = crate::bad_input::site();
    let root = site.path().to_str().unwrap();
    for args in [&["list", "reports", "--site", root][..], &["schema", "config"]] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_threatpress")).args(args).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(4), "{args:?}: {}", said(&output));
        assert!(said(&output).contains("TP0702"), "{args:?}: {}", said(&output));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_verdict_that_cannot_be_written_is_a_failure() {
    let site = crate::bad_input::site();
    crate::bad_input::build(site.path(), &[]);
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_threatpress"));
    command.args(["verify", "--format", "json"]).arg(site.path().join("output/soc")).stdout(full);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
}

/// What a build of `site`, run in `here` with `--out OUT`, says.
fn said_of_build(site: &Path, here: &Path, out: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_threatpress"));
    command.arg("build").arg("--site").arg(site).args(["--out", out]).current_dir(here);
    said(&command.output().unwrap())
}

#[test]
fn what_a_build_says_to_type_leads_to_it() {
    let (site, here) = (crate::bad_input::site(), tempfile::tempdir().unwrap());
    for (out, role, typed) in [
        (".", "  soc  ", "--directory emea\n"),
        ("./plain", "  plain/soc  ", "--directory plain/emea\n"),
        ("it's one", "  it's one/soc  ", "--directory 'it'\\''s one/emea'\n"),
    ] {
        let here = here.path().join(if out == "." { "empty" } else { "other" });
        fs::create_dir_all(&here).unwrap();
        let said = said_of_build(site.path(), &here, out);
        assert!(said.contains(role) && said.contains(typed), "{said}");
    }
}

#[test]
fn snapshots_are_listed_with_their_directories() {
    let site = crate::bad_input::site();
    let list = printed(["list", "snapshots", "--site", site.path().to_str().unwrap()]);
    assert!(list.contains(" (current): content/snapshots/1, "), "{list}");
}

#[test]
fn a_code_has_no_figures() {
    for further in [&["devices.exposed"][..], &["--role", "soc"], &["--device", "x"]] {
        let output = threatpress([&["explain", "TP0005"], further].concat());
        assert_eq!(output.status.code(), Some(2), "{further:?}: {}", said(&output));
    }
}

#[test]
fn the_web_servers_are_known_to_help_and_completions() {
    assert!(printed(["hosting", "--help"]).contains("[possible values: nginx, caddy]"));
    assert!(printed(["completions", "bash"]).contains("nginx caddy"));
}

#[test]
fn annotations_name_files_of_the_repository() {
    let repository = crate::bad_input::site();
    let site = repository.path().join("sub");
    fs::create_dir(&site).unwrap();
    for name in ["threatpress.yaml", "content"] {
        fs::rename(repository.path().join(name), site.join(name)).unwrap();
    }
    crate::bad_input::put(&site, "content/reports/b.md", b"no front matter\n");
    for given in ["sub", "./sub"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_threatpress"));
        command.args(["check", "--format", "github", "--site", given]).current_dir(repository.path());
        let output = command.output().unwrap();
        assert!(said(&output).contains(",file=sub/content/reports/b.md,"), "{}", said(&output));
    }
}

#[test]
fn a_site_that_is_a_file_is_told_with_what_to_do() {
    let site = crate::bad_input::site();
    let output =
        threatpress([OsStr::new("build"), OsStr::new("--site"), site.path().join("threatpress.yaml").as_os_str()]);
    assert!(said(&output).contains("a site is a directory") && said(&output).contains("help: "), "{}", said(&output));
}
