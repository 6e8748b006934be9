//! While something is wrong: what else changes is noticed, and what is wrong is said until it is mended.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::following::{Writing, rename_over};
use super::running::Running;
use crate::bad_input::put;

/// The problems that are told to a page, each as its code and file.
fn problems(writing: &Writing) -> Vec<(String, String)> {
    let state = writing.state();
    let text = |problem: &Value, key: &str| problem[key].as_str().unwrap_or_default().to_owned();
    let all = state["problems"].as_array().unwrap().iter();
    all.map(|problem| (text(problem, "code"), text(problem, "file"))).collect()
}

fn is_told(writing: &Writing, code: &str, file: &str) -> bool {
    problems(writing).contains(&(code.to_owned(), file.to_owned()))
}

fn change(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{text}");
    rename_over(path, &text.replacen(from, to, 1));
}

#[test]
fn a_theme_that_changes_while_nothing_builds_is_shown_afterwards() {
    let mut writing = Writing::begin();
    let site = writing.preview.site.clone();
    let config = site.join("threatpress.yaml");
    change(&config, "title:", "titel:");
    assert_eq!(writing.told(), ["problem"]);
    put(&site, "themes/default/static/theme.css", b"/* another sheet */");
    assert_eq!(writing.told().last().map(String::as_str), Some("problem"));
    change(&config, "titel:", "title:");
    assert_eq!(writing.told(), ["revision"]);
    assert_eq!(writing.get("/soc/static/theme.css"), "/* another sheet */");
}

#[test]
fn what_is_wrong_with_files_and_themes_is_told_until_it_is_mended() {
    let preview = Running::start_with(&[], |prepared| {
        put(&prepared.site, "content/reports/stray.txt", b"no report");
        put(&prepared.site, "themes/default/static/theme.css", b"@import 'https://fonts.example/a.css';");
    });
    let mut writing = Writing::begin_with(preview);
    let are_told = |writing: &Writing| {
        is_told(writing, "TP0001", "content/reports/stray.txt")
            && is_told(writing, "TP0502", "themes/default/static/theme.css")
    };
    assert!(are_told(&writing), "{:?}", problems(&writing));
    rename_over(&writing.report, &writing.with("Another paragraph."));
    assert_eq!(writing.told(), ["revision"]);
    assert!(are_told(&writing), "{:?}", problems(&writing));
    // An error in place of a listing keeps the site from being built, whatever else changes.
    let (pages, aside) = (writing.preview.site.join("content/pages"), writing.preview.site.join("aside"));
    fs::rename(&pages, &aside).unwrap();
    writing.told();
    put(&writing.preview.site, "content/pages", b"no directory");
    assert_eq!(writing.told().last().map(String::as_str), Some("problem"));
    rename_over(&writing.report, &writing.with("One more."));
    assert_eq!(writing.told(), ["problem"]);
    assert!(is_told(&writing, "TP0001", "content/pages"), "{:?}", problems(&writing));
    fs::remove_file(&pages).unwrap();
    fs::rename(&aside, &pages).unwrap();
    assert_eq!(writing.told().last().map(String::as_str), Some("revision"));
    assert!(writing.page("soc", "analyst-report/").contains("One more."));
}

/// The only snapshot in a directory.
fn snapshot_in(directory: &Path) -> std::path::PathBuf {
    let mut entries: Vec<_> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries.pop().unwrap()
}

#[test]
fn snapshots_elsewhere_are_followed_while_they_are_what_is_wrong() {
    let preview = Running::start_with(&[], |prepared| {
        let site = &prepared.site;
        fs::rename(site.join("content/snapshots"), site.join("data")).unwrap();
        change(&site.join("threatpress.yaml"), "snapshots: content/snapshots", "snapshots: data");
        change(&snapshot_in(&site.join("data")).join("snapshot.yaml"), "as_of:", "as_off:");
    });
    assert_eq!(preview.get("/soc/").status, Some(503), "{}", preview.said());
    let mut writing = Writing::begin_with(preview);
    change(&snapshot_in(&writing.preview.site.join("data")).join("snapshot.yaml"), "as_off:", "as_of:");
    assert_eq!(writing.told(), ["revision"], "{}", writing.preview.said());
    // The configuration may name another directory while the site does not build.
    let (site, report) = (writing.preview.site.clone(), writing.report.clone());
    change(&report, "\nseverity:", "\nseverty:");
    assert_eq!(writing.told(), ["problem"]);
    fs::create_dir(site.join("new")).unwrap();
    change(&site.join("threatpress.yaml"), "snapshots: data", "snapshots: new");
    assert_eq!(writing.told().last().map(String::as_str), Some("problem"));
    fs::rename(snapshot_in(&site.join("data")), site.join("new/whole")).unwrap();
    assert_eq!(writing.told().last().map(String::as_str), Some("problem"));
    change(&report, "\nseverty:", "\nseverity:");
    assert_eq!(writing.told(), ["revision"]);
    let data: Value = serde_json::from_str(&writing.get("/soc/data.json")).unwrap();
    assert!(data["devices_total"].is_u64(), "{data}");
}

#[test]
fn a_snapshot_that_the_command_names_is_followed_and_opened_in_the_editor() {
    let preview = Running::start_with(&["--snapshot", "elsewhere/one"], |prepared| {
        let home = prepared.site.parent().unwrap().to_owned();
        fs::create_dir(home.join("elsewhere")).unwrap();
        let snapshots = prepared.site.join("content/snapshots");
        fs::rename(snapshot_in(&snapshots), home.join("elsewhere/one")).unwrap();
        prepared.command.current_dir(home);
    });
    let mut writing = Writing::begin_with(preview);
    let named = fs::canonicalize(writing.preview.site.join("../elsewhere/one")).unwrap();
    change(&named.join("snapshot.yaml"), "as_of:", "as_off:");
    assert_eq!(writing.told(), ["problem"], "{}", writing.preview.said());
    let state = writing.state();
    let problem = state["problems"].as_array().unwrap().iter().find(|problem| problem["severity"] == "error").unwrap();
    let open = problem["open"].as_str().unwrap();
    assert!(open.starts_with(&format!("vscode://file{}/snapshot.yaml:", named.display())), "{open}");
    change(&named.join("snapshot.yaml"), "as_off:", "as_of:");
    assert_eq!(writing.told(), ["revision"]);
}

#[test]
fn a_page_that_cannot_be_made_is_told_everywhere() {
    let preview = Running::start_with(&[], |prepared| {
        put(&prepared.site, "content/pages/rota.md", b"---\ntitle: <i>Rota</i>\ntlp: clear\n---\nWho is on call.\n");
    });
    let mut writing = Writing::begin_with(preview);
    let template = "themes/default/templates/guide.html";
    put(
        &writing.preview.site,
        template,
        b"{% extends \"base.html\" %}\n{% block main %}{{ '<i>' + 1 }}{% endblock main %}",
    );
    assert_eq!(writing.told().last().map(String::as_str), Some("revision"), "the template can be read");
    let answer = writing.preview.get("/soc/pages/rota/");
    let page = String::from_utf8(answer.body).unwrap();
    assert_eq!(answer.status, Some(500), "{page}");
    assert!(page.contains("error[TP") && page.contains("guide.html") && page.contains("preview.js"), "{page}");
    assert!(page.contains("&lt;i&gt;") && !page.contains("<i>"), "{page}");
    assert_eq!(writing.told(), ["problem"], "pages that are open hear of it");
    let file = |(_, file): &(String, String)| file.ends_with("guide.html");
    assert!(problems(&writing).iter().any(file), "{:?}", problems(&writing));
    let said = |writing: &Writing| writing.preview.said().matches("guide.html").count();
    let once = said(&writing);
    assert!(once > 0, "{}", writing.preview.said());
    // It is told once of a build, and for as long as its pages are shown.
    assert_eq!(writing.preview.get("/soc/pages/rota/").status, Some(500));
    change(&writing.report.clone(), "\nseverity:", "\nseverty:");
    assert_eq!(writing.told(), ["problem"]);
    assert!(problems(&writing).iter().any(file), "{:?}", problems(&writing));
    assert_eq!(said(&writing), once);
    change(&writing.report.clone(), "\nseverty:", "\nseverity:");
    fs::remove_file(writing.preview.site.join(template)).unwrap();
    assert_eq!(writing.told().last().map(String::as_str), Some("revision"));
    assert!(writing.get("/soc/pages/rota/").contains("Who is on call."));
    assert!(!problems(&writing).iter().any(file), "{:?}", problems(&writing));
}

#[test]
fn a_site_that_never_built_has_links_into_the_editor_and_nothing_hidden() {
    let preview =
        Running::start_with(&[], |prepared| change(&prepared.site.join("threatpress.yaml"), "title:", "titel:"));
    let writing = Writing::begin_with(preview);
    let state = writing.state();
    let open = state["problems"][0]["open"].as_str().unwrap();
    let file = writing.preview.site.join("threatpress.yaml");
    assert!(open.starts_with(&format!("vscode://file{}:", file.display())), "{open}");
    for kind in ["reports", "pages", "blocks"] {
        assert_eq!(state["hidden"][kind], Value::Array(Vec::new()), "{state}");
    }
}
