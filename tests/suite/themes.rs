//! A second theme, as a house would write one: a logo, two colours, one changed block, one file of
//! its own. Everything else is the built-in theme's.

use std::fs;
use std::path::Path;

use crate::bad_input::{build, messages, put, site};
use crate::command::threatpress;

const CONFIGURATION: &str = "\
title: T
base_url: https://t.example/
theme: house
roles:
  soc: {groups: all, clearance: red}
";
const MANIFEST: &str = "\
name: House
logo: logo.svg
colours:
  accent: {light: \"#7a1fa2\", dark: \"#c88bea\"}
  link: {light: \"#6a1b9a\", dark: \"#d7a8f0\"}
fonts: {text: \"'Source Sans 3', system-ui\"}
";
const FOOTER: &str = "\
{% extends \"default/base.html\" %}
{% block head %}<link rel=\"stylesheet\" href=\"{{ root }}static/house.css\">{% endblock head %}
{% block footer %}{{ super() }}<p>Questions: extension 5555</p>{% endblock footer %}
";

fn house(root: &Path, manifest: &str) {
    put(root, "threatpress.yaml", CONFIGURATION.as_bytes());
    put(root, "themes/house/theme.yaml", manifest.as_bytes());
    put(root, "themes/house/static/logo.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"/>");
    put(root, "themes/house/static/house.css", b".site-title { letter-spacing: 0.05em; }\n");
    put(root, "themes/house/templates/base.html", FOOTER.as_bytes());
}

#[test]
fn a_small_theme_changes_what_it_names_and_nothing_else() {
    let site = site();
    house(site.path(), MANIFEST);
    let output = build(site.path(), &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let built = site.path().join("output/soc");
    let read = |path: &str| fs::read_to_string(built.join(path)).unwrap();
    for (page, root) in [("index.html", "./"), ("threats/a/index.html", "../../"), ("about/index.html", "../")] {
        let html = read(page);
        for part in ["static/logo.svg\" alt=\"\"", "static/house.css\"", "static/identity.css\""] {
            assert!(html.contains(&format!("\"{root}{part}")), "{page} lacks {part}");
        }
        assert!(html.contains("What every number means</a></p><p>Questions: extension 5555</p>"), "{page}");
        assert_eq!(html.matches("class=\"tlp-banner").count(), 2, "{page}");
    }
    let styles = read("static/identity.css");
    assert!(styles.contains("  --accent: light-dark(#7a1fa2, #c88bea);"), "{styles}");
    assert!(styles.contains("  --link: light-dark(#6a1b9a, #d7a8f0);"), "{styles}");
    assert!(styles.contains("  --font: 'Source Sans 3', system-ui;"), "{styles}");
    let own = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/default/static/theme.css")).unwrap();
    assert_eq!(fs::read(built.join("static/theme.css")).unwrap(), own);
}

#[test]
fn a_colour_that_cannot_be_read_is_told_where_it_stands() {
    let site = site();
    house(site.path(), &MANIFEST.replace("#6a1b9a", "#bbbbbb"));
    let output = build(site.path(), &[]);
    assert_eq!(output.status.code(), Some(1));
    let told = messages(&output);
    let found =
        told.iter().find(|line| line["message"].as_str().is_some_and(|text| text.contains("`link` on `surface`")));
    let found = found.unwrap_or_else(|| panic!("no word on the link: {told:?}"));
    assert_eq!(found["code"], "TP0501");
    assert_eq!(found["file"], "themes/house/theme.yaml");
    assert_eq!(found["line"], 5);
    assert!(!site.path().join("output/soc").exists());
}

#[test]
fn what_browsers_would_pass_over_is_told_and_what_only_browsers_could_escape_is_refused() {
    let site = site();
    house(site.path(), MANIFEST);
    put(
        site.path(),
        "themes/house/static/house.css",
        b"a {}\n@font-face { src: url(https://fonts.example/a.woff2) }\n",
    );
    let output = build(site.path(), &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told = messages(&output);
    let found = told.iter().find(|line| line["code"] == "TP0502").unwrap_or_else(|| panic!("no warning: {told:?}"));
    assert_eq!(
        (&found["severity"], &found["file"], &found["line"], &found["column"]),
        (&"warning".into(), &"themes/house/static/house.css".into(), &2.into(), &19.into())
    );

    let unescaped = FOOTER.replace("{{ root }}", "{{ root | safe }}");
    put(site.path(), "themes/house/templates/base.html", unescaped.as_bytes());
    let output = build(site.path(), &[]);
    assert_eq!(output.status.code(), Some(1));
    let told = messages(&output);
    let found = told.iter().find(|line| line["code"] == "TP0603").unwrap_or_else(|| panic!("no error: {told:?}"));
    assert_eq!((&found["file"], &found["line"]), (&"themes/house/templates/base.html".into(), &2.into()));
}

/// A site of two roles with a theme of its own, of which only the file at `path` is anything new.
fn house_with(path: &str, bytes: &[u8]) -> tempfile::TempDir {
    let site = site();
    house(site.path(), MANIFEST);
    let configuration = format!("{CONFIGURATION}  it: {{groups: all, clearance: red}}\n");
    put(site.path(), "threatpress.yaml", configuration.as_bytes());
    put(site.path(), &format!("themes/house/{path}"), bytes);
    site
}

/// What `check` and then `build` tell of a site, which is the same: codes, files and messages.
fn told(site: &Path) -> Vec<(String, String, String)> {
    let check = threatpress(["check", "--format", "json", "--site", site.to_str().unwrap()]);
    let build = build(site, &[]);
    let [check, build] = [check, build].map(|output| {
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        let text = |line: &serde_json::Value, key: &str| line[key].as_str().unwrap_or_default().to_owned();
        let errors = messages(&output).into_iter().filter(|line| line["severity"] == "error");
        errors.map(|line| (text(&line, "code"), text(&line, "file"), text(&line, "message"))).collect::<Vec<_>>()
    });
    assert_eq!(check, build);
    check
}

#[test]
fn check_tells_once_what_a_build_could_not_hold_or_render() {
    for (path, bytes, code, file) in [
        ("static/_headers", "x", "TP0703", "themes/house/static/_headers"),
        ("static/Logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "TP0600", "themes/house/static/logo.svg"),
        (
            "templates/base.html",
            "{% extends \"default/base.html\" %}\n{% block footer %}{{ nope }}{% endblock footer %}",
            "TP0603",
            "themes/house/templates/base.html",
        ),
    ] {
        let site = house_with(path, bytes.as_bytes());
        let found = told(site.path());
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].0.as_str(), found[0].1.as_str()), (code, file), "{found:?}");
    }
}

#[test]
fn a_template_is_found_in_any_quotes_and_behind_a_byte_order_mark() {
    let site = house_with("templates/base.html", FOOTER.replace('"', "'").replacen("{%", "\u{feff}{%", 1).as_bytes());
    let output = build(site.path(), &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let page = fs::read_to_string(site.path().join("output/it/index.html")).unwrap();
    assert!(page.starts_with("<!doctype html>") && page.contains("extension 5555"), "{page}");
}

#[test]
fn what_a_copied_template_lacks_is_told_with_the_copy() {
    let site = house_with("templates/base.html", b"<!doctype html><title>Ours</title>");
    let output = build(site.path(), &[]);
    let lines = messages(&output);
    assert_eq!(lines[0]["file"], "themes/default/templates/about.html", "{lines:?}");
    let hint = lines[0]["hint"].as_str().unwrap();
    assert!(hint.contains("themes/house/templates/base.html") && hint.contains(env!("CARGO_PKG_VERSION")), "{hint}");
}

#[test]
fn a_component_that_is_there_twice_or_never_ends_is_told_with_its_file() {
    let site = house_with("templates/mine.html", b"\n{% component bar(share) %}x{% endcomponent bar %}");
    let lines = messages(&build(site.path(), &[]));
    assert_eq!(
        (lines[0]["file"].as_str(), lines[0]["line"].as_u64()),
        (Some("themes/house/templates/mine.html"), Some(2))
    );
    let site = house_with("templates/mine.html", b"{% component on() %}{{ <on /> }}{% endcomponent on %}");
    let page = "{% extends \"base.html\" %}{% block main %}{{ <on /> }}{% endblock main %}";
    put(site.path(), "themes/house/templates/about.html", page.as_bytes());
    let found = told(site.path());
    assert_eq!((found.len(), found[0].1.as_str()), (1, "themes/house/templates/about.html"), "{found:?}");
}

#[test]
fn a_logo_is_linked_as_an_address() {
    let site = house_with("static/a b%41.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"/>");
    put(site.path(), "themes/house/theme.yaml", MANIFEST.replace("logo.svg", "'a b%41.svg'").as_bytes());
    let output = build(site.path(), &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let page = fs::read_to_string(site.path().join("output/it/index.html")).unwrap();
    assert!(page.contains("\"./static/a%20b%2541.svg\""), "{page}");
}
