//! The whole sample, rendered: what must hold over all pages.

use std::collections::{BTreeMap, BTreeSet};

use super::{File, Renderer, Templates, Theme};
use crate::diagnostics::Diagnostics;
use crate::pages::{Listing, Portal};
use crate::{exposure, scope};

/// The sample's build, by path. With `THREATPRESS_SAMPLE` it is also written to that directory.
fn build() -> BTreeMap<String, Vec<u8>> {
    let slice = scope::sample::sample();
    let figures = exposure::sample::sample(&slice);
    let mut diagnostics = Diagnostics::new();
    let listing = Listing::of(&slice, &mut diagnostics);
    let portal = Portal::new(&slice, &figures, &listing);
    let theme = Theme::load("default", None, &mut diagnostics).expect("a theme");
    let templates = Templates::compile(&theme, &mut diagnostics);
    let files = templates.as_ref().map(|templates| Renderer::new(&portal, &theme, templates).render(&mut diagnostics));
    let told: Vec<String> =
        diagnostics.iter().map(|problem| crate::diagnostics::render::text(problem, false)).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    let files = files.unwrap_or_default();
    let count = files.len();
    let build: BTreeMap<_, _> = files.into_iter().map(File::into_parts).collect();
    assert_eq!(build.len(), count, "two files with one path");
    if let Some(templates) = &templates {
        each_by_itself(&Renderer::new(&portal, &theme, templates), &build);
    }
    if let Ok(directory) = std::env::var("THREATPRESS_SAMPLE") {
        write(std::path::Path::new(&directory), &build);
    }
    build
}

/// A file that is asked for alone is what it is among all.
fn each_by_itself(renderer: &Renderer<'_>, build: &BTreeMap<String, Vec<u8>>) {
    for (path, bytes) in build.iter().filter(|(path, _)| !Renderer::is_of_search(path)) {
        let alone = renderer.file(path).expect("a page that can be shown");
        assert!(alone.as_ref() == Some(bytes), "{path} differs when it is made alone");
    }
    for path in ["", "x.html", "threats/secret/index.html", "threats/clickfix/secret.csv", "manifest.json"] {
        assert_eq!(renderer.file(path).expect("no page"), None, "{path}");
    }
}

fn write(directory: &std::path::Path, build: &BTreeMap<String, Vec<u8>>) {
    for (path, bytes) in build {
        let path = directory.join(path);
        std::fs::create_dir_all(path.parent().expect("a directory")).expect("written");
        std::fs::write(path, bytes).expect("written");
    }
}

fn pages(build: &BTreeMap<String, Vec<u8>>) -> impl Iterator<Item = (&str, &str)> {
    build
        .iter()
        .filter(|(path, _)| path.ends_with(".html"))
        .map(|(path, bytes)| (path.as_str(), std::str::from_utf8(bytes).expect("UTF-8")))
}

/// The values of an attribute, entities resolved.
fn attributes(html: &str, name: &str) -> Vec<String> {
    let marker = format!(" {name}=\"");
    html.split(&marker)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|value| value.replace("&amp;", "&"))
        .collect()
}

/// Where a link of a page leads in the build: the file and the anchor.
fn resolve(page: &str, href: &str) -> Option<(String, Option<String>)> {
    if href.contains("://") {
        return None;
    }
    let (path, anchor) = href.split_once('#').map_or((href, None), |(path, anchor)| (path, Some(anchor.to_owned())));
    if path.is_empty() {
        return Some((page.to_owned(), anchor));
    }
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => assert!(parts.pop().is_some(), "{href} leaves the build"),
            part => parts.push(part),
        }
    }
    let mut target = decoded(&parts.join("/"));
    if target.is_empty() || target.ends_with('/') {
        target.push_str("index.html");
    }
    Some((target, anchor))
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((byte, tail)) = rest.split_first() {
        let hex = tail
            .get(..2)
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match hex.filter(|_| *byte == b'%') {
            Some(value) => (bytes.push(value), rest = &tail[2..]).1,
            None => (bytes.push(*byte), rest = tail).1,
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn every_internal_link_leads_to_a_file_and_an_anchor() {
    let build = build();
    for (page, html) in pages(&build).filter(|(page, _)| *page != "404.html") {
        for href in attributes(html, "href").iter().chain(&attributes(html, "src")) {
            let Some((target, anchor)) = resolve(page, href) else { continue };
            let found = build.get(&target);
            assert!(found.is_some(), "{page}: {href} leads to {target}, which is not there");
            if let Some(anchor) = anchor {
                let html = std::str::from_utf8(found.expect("a file")).expect("UTF-8");
                assert!(attributes(html, "id").contains(&anchor), "{page}: {href} has no anchor");
            }
        }
    }
}

#[test]
fn every_page_can_be_reached_by_links() {
    let build = build();
    let mut reached = BTreeSet::from(["index.html".to_owned()]);
    let mut open = vec!["index.html".to_owned()];
    while let Some(page) = open.pop() {
        let Some(html) = build.get(&page).and_then(|bytes| std::str::from_utf8(bytes).ok()) else { continue };
        for (target, _) in attributes(html, "href").iter().filter_map(|href| resolve(&page, href)) {
            if reached.insert(target.clone()) && target.ends_with(".html") {
                open.push(target);
            }
        }
    }
    // Scripts fetch the search index and each other; the style sheet names the icons.
    let fetched = |path: &str| {
        let index = path.starts_with("search/") && path.ends_with(".json");
        index || path.starts_with("static/scripts/") || path == "static/icons.svg"
    };
    let unreached: Vec<&String> = build.keys().filter(|path| !reached.contains(*path) && !fetched(path)).collect();
    assert_eq!(unreached, ["404.html", "threats/toolshell/index.html"]);
}

#[test]
fn no_page_holds_a_script_or_style_in_itself() {
    for (page, html) in pages(&build()) {
        assert!(!html.contains("<style") && !html.contains(" style="), "{page}");
        for script in html.split("<script").skip(1) {
            let (tag, rest) = script.split_once('>').expect("a tag");
            assert!(tag.contains(" src=\"") && rest.starts_with("</script>"), "{page}: <script{tag}>");
        }
        assert!(!html.contains(" onerror=\"") && !html.contains("<!--") && !html.contains("<img src=x"), "{page}");
        let policy = html.find("Content-Security-Policy").expect("a policy");
        for fetched in ["<link", "<script"] {
            assert!(html.find(fetched).is_none_or(|at| policy < at), "{page}");
        }
    }
}

#[test]
fn anchors_are_unique_on_every_page() {
    for (page, html) in pages(&build()) {
        let ids = attributes(html, "id");
        let unique: BTreeSet<_> = ids.iter().collect();
        assert_eq!(ids.len(), unique.len(), "{page}: {ids:?}");
    }
}

#[test]
fn every_page_has_its_label_twice_and_one_heading() {
    for (page, html) in pages(&build()) {
        assert_eq!(html.matches("<h1").count(), 1, "{page}");
        let banners = html.matches("class=\"tlp-banner").count();
        assert_eq!(banners, if page == "404.html" { 0 } else { 2 }, "{page}");
    }
}

#[test]
fn the_page_for_what_is_not_there_tells_nothing() {
    let build = build();
    let html = std::str::from_utf8(&build["404.html"]).expect("UTF-8");
    for secret in ["EMEA", "TLP", "Contoso", "2026"] {
        assert!(!html.contains(secret), "{secret}");
    }
    assert!(html.contains("href=\"/portal/static/theme.css\""));
}

#[test]
fn figures_stand_beside_their_pages() {
    let build = build();
    for path in ["data.json", "threats/data.json", "threats/clickfix/data.json"] {
        let text = std::str::from_utf8(build.get(path).expect(path)).expect("UTF-8");
        assert!(text.ends_with("}\n") && !text.contains("\n "), "{path}");
        let value: serde_json::Value = serde_json::from_str(text).expect("JSON");
        let keys: Vec<&String> = value.as_object().expect("an object").keys().collect();
        assert!(keys.is_sorted() && value["schema"] == 1, "{path}: {keys:?}");
    }
    let value: serde_json::Value = serde_json::from_slice(&build["threats/clickfix/data.json"]).expect("JSON");
    assert_eq!(value["alerts"], serde_json::Value::Null);
    assert_eq!(value["report"]["type"], "technique");
}

#[test]
fn unknown_is_not_zero() {
    let build = build();
    let html = std::str::from_utf8(&build["threats/octo-tempest/index.html"]).expect("UTF-8");
    assert!(html.contains("Not available: no alerts are linked to this report."));
    assert!(html.contains("Not available: this report tracks no vulnerability and no configuration."));
    assert!(!html.contains("N/A"));
}

#[test]
fn long_tables_are_cut_and_say_so() {
    let build = build();
    let html = std::str::from_utf8(&build["threats/storm-2603-toolshell/exposure/index.html"]).expect("UTF-8");
    assert!(html.contains("The first 20 of 29 rows are shown; the CSV has them all."), "{html}");
    let csv = std::str::from_utf8(&build["threats/storm-2603-toolshell/exposure/devices-exposed.csv"]).expect("UTF-8");
    assert_eq!(csv.lines().count(), 30);
    assert!(csv.contains("\r\n'=cmd|' /C calc'!A0,"));
}

#[test]
fn indicators_are_never_live_on_a_page() {
    let build = build();
    let html = std::str::from_utf8(&build["threats/storm-2603-toolshell/analyst-report/index.html"]).expect("UTF-8");
    assert!(html.contains("hxxps://update[.]evil[.]example/spinstall0.aspx") && !html.contains("update.evil.example"));
    assert!(html.contains("page-tlp-amber-strict"), "the strictest indicator labels the page");
}

#[test]
fn names_that_fold_to_the_same_are_one_page() {
    let build = build();
    let html = std::str::from_utf8(&build["tags/phishing/index.html"]).expect("UTF-8");
    assert!(html.contains("dir=\"auto\">Phishing</h1>") && html.contains("1 of your reports names it."));
}

#[test]
fn the_feed_is_atom_with_absolute_addresses() {
    let build = build();
    let feed: atom_syndication::Feed = std::str::from_utf8(&build["feed.xml"]).expect("UTF-8").parse().expect("Atom");
    assert_eq!(feed.id, "https://emea.threats.contoso.example/portal/feed.xml");
    assert_eq!(feed.updated.to_rfc3339(), "2026-11-15T00:00:00+00:00");
    assert_eq!(feed.entries[0].id, "https://emea.threats.contoso.example/portal/threats/storm-2603-toolshell/");
    assert_eq!(feed.entries.len(), 4);
}

#[test]
fn two_builds_are_one() {
    assert!(build() == build());
}
