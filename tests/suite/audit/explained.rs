//! Hits that readers may know anyway: an author wrote the name for them, or their own rows say it.

use std::fs;

use super::{Site, messages, report, told};

/// Builds, and tells the only warning of the build of `emea-it`.
fn warned(site: &Site) -> serde_json::Value {
    let output = site.build(&["--role", "emea-it"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let messages = messages(&output);
    let warnings = told(&messages, "TP0801");
    assert_eq!(warnings.len(), 1, "{messages:?}");
    warnings[0].clone()
}

#[test]
fn prose_is_the_authors() {
    let site = Site::new();
    site.put("content/reports/seen.md", report("A report", "tlp: amber", "One.\n\nIt began on apac-srv-0001."));
    let warning = warned(&site);
    assert_eq!((&warning["file"], &warning["line"]), (&"content/reports/seen.md".into(), &12.into()));
    assert_eq!(warning["column"], 13);
    assert!(warning["hint"].as_str().unwrap().contains("threats/seen/"), "{warning}");
}

#[test]
fn markdown_does_not_hide_who_wrote_it() {
    let site = Site::new();
    site.put("content/reports/seen.md", report("A report", "tlp: amber", "It began on apac-*srv*-0001."));
    assert_eq!(warned(&site)["line"], 10);
}

#[test]
fn front_matter_indicators_and_the_configuration_are_written_by_somebody() {
    let site = Site::new();
    site.put("content/reports/seen.md", report("A report", "tlp: amber\ntags: [apac-srv-0001]", "Text."));
    assert_eq!(warned(&site)["line"], 7);
    let indicators = "tlp: amber\nindicators:\n  - {type: other, value: apac-srv-0001}";
    site.put("content/reports/seen.md", report("A report", indicators, "Text."));
    assert_eq!(warned(&site)["file"], "content/reports/seen.md");
    site.put("content/reports/seen.md", report("A report", "tlp: amber", "Text."));
    let configuration = fs::read_to_string(site.home.path().join("threatpress.yaml")).unwrap();
    site.put("threatpress.yaml", configuration.replace("title: T", "title: Not Pacific operations"));
    let warning = warned(&site);
    assert_eq!((&warning["file"], &warning["line"]), (&"threatpress.yaml".into(), &1.into()));
}

#[test]
fn a_theme_of_the_sites_own_is_named() {
    let site = Site::new();
    site.put("themes/default/theme.yaml", "name: Own\n");
    site.put("themes/default/static/own.css", "/* */\n.a { content: 'apac-srv-0001' }");
    let warning = warned(&site);
    assert!(warning["file"].as_str().unwrap().starts_with("themes/default/"), "{warning}");
    assert!(warning["line"].as_u64().unwrap() > 1, "{warning}");
}

/// Plants a name beside a text that says it, but not to these readers: nothing explains it.
#[test]
fn what_readers_do_not_get_explains_nothing() {
    let hidden = [
        report("Seen by some 7", "tlp: amber\naudience: [apac-it, emea-it]", "Text."),
        report("Seen by some 7", "tlp: amber\nalerts: {ids: [apac-it]}", "Text."),
        report("Seen by some 7", "tlp: amber # apac-it", "Text."),
        report("Seen by some 7", "tlp: amber", "::: scope groups=\"APAC\"\nFor apac-it.\n:::"),
        report("Seen by some 7", "tlp: amber", "::: scope tlp=\"red\"\nFor apac-it.\n:::"),
        report("Seen by some 7", "tlp: amber\nindicators:\n  - {type: other, value: apac-it, tlp: red}", "Text."),
        report("Seen by some 7", "tlp: amber\naudience: [soc]", "For apac-it."),
        report("Seen by some 7", "tlp: red", "For apac-it."),
    ];
    for text in hidden {
        let site = Site::new();
        site.put("content/reports/seen.md", &text);
        let site = site.built();
        let build = site.copy("emea-it");
        build.put("index.html", "<p>apac-it</p>");
        let output = site.audit(&build);
        assert_eq!(output.status.code(), Some(3), "{text}");
        let messages = messages(&output);
        assert_eq!(told(&messages, "TP0800").len(), 1, "{text}: {messages:?}");
    }
    let site = Site::new();
    site.put(
        "content/reports/seen.md",
        report("Seen by some 7", "tlp: amber", "::: scope groups=\"EMEA\"\nFor apac-it.\n:::"),
    );
    assert_eq!(warned(&site)["line"], 11, "a block that they see does");
}

#[test]
fn rows_that_the_role_may_see_are_no_leak() {
    let site = Site::new();
    site.put("content/reports/dark.md", report("Credential dumping 7", "tlp: red", "Text."));
    let alert = "al-emea-2,Credential dumping 7,new,2026-11-15,emea-id-0001,inc-emea-1\n";
    site.add("content/snapshots/1/alerts.csv", alert);
    let site = site.built();
    let build = site.copy("emea-it");
    build.put("index.html", "<p>Credential dumping 7</p>");
    let output = site.audit(&build);
    assert_eq!(output.status.code(), Some(0));
    let notes = messages(&output);
    assert!(notes.iter().any(|note| note["message"].as_str().unwrap().contains("rows that it may see say the same")));
}

/// What the world knows explains a name to those whose reports name what it is about.
#[test]
fn only_knowledge_that_a_role_may_see_explains_a_name() {
    let audited = |text: &str| {
        let site = Site::new();
        let dark = report("A very loud flaw 7", "tlp: red\nvulnerabilities: [CVE-2026-1001]", "Text.");
        site.put("content/reports/dark.md", dark);
        site.put("content/reports/other.md", report("Another", "tlp: amber", text));
        let entry = r#"{"cveID": "CVE-2026-1001", "vulnerabilityName": "A very loud flaw 7"}"#;
        let kev = format!(r#"{{"dateReleased": "2026-11-01T00:00:00Z", "vulnerabilities": [{entry}]}}"#);
        site.put("content/knowledge/kev.json", kev);
        let site = site.built();
        let build = site.copy("emea-it");
        build.put("index.html", "<p>A very loud flaw 7</p>");
        site.audit(&build).status.code()
    };
    assert_eq!(audited("Of CVE-2026-1001."), Some(0));
    assert_eq!(audited("Of nothing."), Some(3));
}

/// So do the rows of the catalogue, to those whose reports track or whose devices have such a configuration.
#[test]
fn only_rows_of_the_catalogue_that_a_role_may_see_explain_a_name() {
    let audited = |tracked: &str, device: &str| {
        let site = Site::new();
        site.put("content/reports/dark.md", report("A very loud setting 7", "tlp: red", "Text."));
        site.put("content/reports/other.md", report("Another", &format!("tlp: amber\n{tracked}"), "Text."));
        let snapshot = "content/snapshots/1";
        let catalogue = "configuration_id,name\nscid-9001,A very loud setting 7\n";
        site.put(&format!("{snapshot}/configuration_catalog.csv"), catalogue);
        let rows = format!("device_id,configuration_id,applicable,compliant\n{device},scid-9001,true,true\n");
        site.put(&format!("{snapshot}/configurations.csv"), rows);
        let site = site.built();
        let build = site.copy("emea-it");
        build.put("index.html", "<p>A very loud setting 7</p>");
        site.audit(&build).status.code()
    };
    assert_eq!(audited("configurations: [scid-9001]", "apac-id-0001"), Some(0));
    assert_eq!(audited("", "emea-id-0001"), Some(0));
    assert_eq!(audited("", "apac-id-0001"), Some(3));
}

/// A hidden device takes the name of one that is seen; its id is still looked for.
#[test]
fn a_name_that_is_seen_once_is_known() {
    let site = Site::new();
    site.add("content/snapshots/1/devices.csv", "apac-id-0002,emea-srv-0001,APAC\n");
    let site = site.built();
    let build = site.copy("emea-it");
    build.put("index.html", "<p>emea-srv-0001, EMEA-SRV-0001.corp.example</p>");
    assert_eq!(site.audit(&build).status.code(), Some(0));
    build.put("index.html", "<p>apac-id-0002</p>");
    assert_eq!(site.audit(&build).status.code(), Some(3));
}
