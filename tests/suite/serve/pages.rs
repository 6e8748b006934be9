//! What is shown is what would be built, and a build knows nothing of preview.

use std::collections::BTreeSet;

use super::running::Running;
use crate::bad_input::tree;
use crate::command::printed;
use crate::hosting::reader::encoded;

/// What a page has more in preview.
const ADDED: &str = "<link rel=\"stylesheet\" href=\"/.threatpress/preview.css\">\
                     <script type=\"module\" src=\"/.threatpress/preview.js\"></script>";

#[test]
fn but_for_what_is_added_it_is_the_build() {
    let preview = Running::start();
    let output = preview.site.join("output");
    printed(["build".as_ref(), "--site".as_ref(), preview.site.as_os_str()]);
    let mut kinds = BTreeSet::new();
    for (path, bytes) in tree(&output) {
        // What publishing adds is no part of a role's pages.
        if path.ends_with("manifest.json") || path.starts_with(".threatpress") {
            continue;
        }
        let shown = preview.get(&format!("/{}", encoded(&path)));
        assert_eq!(shown.status, Some(200), "{path}");
        kinds.insert(path.rsplit('.').next().unwrap().to_owned());
        if !path.ends_with(".html") {
            assert!(shown.body == bytes, "{path} is another file");
            continue;
        }
        let (text, built) = (String::from_utf8(shown.body).unwrap(), String::from_utf8(bytes).unwrap());
        assert_eq!(text.matches(ADDED).count(), 1, "{path}");
        let head = format!("{ADDED}</head>");
        assert!(text.contains(&head) && text.replace(ADDED, "") == built, "{path} is another page");
        assert!(!built.contains("/.threatpress/"), "{path} knows of preview");
        if let Some(directory) = path.strip_suffix("index.html") {
            let directory = format!("/{}", encoded(directory));
            assert_eq!(preview.get(&directory).body, text.as_bytes(), "{directory}");
            let moved = preview.get(directory.trim_end_matches('/'));
            assert_eq!((moved.status, moved.header("location")), (Some(307), Some(directory.as_str())));
        }
    }
    assert!(
        kinds.is_superset(&["html", "css", "js", "json", "csv", "xml", "svg"].map(str::to_owned).into()),
        "{kinds:?}"
    );
}

#[test]
fn kinds_of_files_are_said() {
    let preview = Running::start();
    for (path, kind) in [
        ("/soc/", "text/html; charset=utf-8"),
        ("/soc/static/theme.css", "text/css; charset=utf-8"),
        ("/soc/static/scripts/main.js", "text/javascript; charset=utf-8"),
        ("/soc/static/icon.svg", "image/svg+xml; charset=utf-8"),
        ("/soc/feed.xml", "application/atom+xml; charset=utf-8"),
        ("/soc/data.json", "application/json; charset=utf-8"),
        ("/.threatpress/preview.js", "text/javascript; charset=utf-8"),
        ("/.threatpress/preview.css", "text/css; charset=utf-8"),
        ("/.threatpress/state?path=/soc/", "application/json"),
        ("/none", "text/html; charset=utf-8"),
    ] {
        assert_eq!(preview.get(path).header("content-type"), Some(kind), "{path}");
    }
}

#[test]
fn the_state_tells_where_other_roles_find_the_page() {
    let preview = Running::start();
    let state = |path: &str| -> serde_json::Value {
        serde_json::from_slice(&preview.get(&format!("/.threatpress/state?path={path}")).body).unwrap()
    };
    let page = state("/soc/threats/cobalt-strike/");
    assert_eq!(page["role"], "soc");
    let roles = page["roles"].as_array().unwrap();
    let of = |name: &str| roles.iter().find(|role| role["name"] == name).unwrap();
    assert_eq!((&of("soc")["path"], &of("soc")["has"]), (&"/soc/threats/cobalt-strike/".into(), &true.into()));
    assert_eq!((&of("emea-it")["path"], &of("emea-it")["has"]), (&"/emea-it/".into(), &false.into()));
    assert_eq!(page["problems"], serde_json::json!([]));
    assert_eq!(state("%2Fsoc%2Fthreats%2Fcobalt-strike%2F"), page);
}
