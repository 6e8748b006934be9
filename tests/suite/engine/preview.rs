//! The preview reads an engine once, and again when `snapshot.yaml` says something else.

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::lake::Manner;
use super::site::{SNAPSHOT, at, lake, of_engine};
use crate::bad_input::{put, tree};
use crate::serve::running::Running;

/// The text of a page, once it has these words.
pub(super) fn shows(preview: &Running, page: &str, words: &str) {
    let patience = Instant::now() + Duration::from_secs(60);
    while !String::from_utf8_lossy(&preview.get(page).body).contains(words) {
        assert!(Instant::now() < patience, "`{words}` is not shown: {}", preview.said());
        sleep(Duration::from_millis(50));
    }
}

/// The preview of a site.
pub(super) fn preview_of(site: &Path) -> Running {
    Running::start_with(&[], |prepared| {
        fs::remove_dir_all(&prepared.site).unwrap();
        for (path, bytes) in tree(site) {
            put(&prepared.site, &path, &bytes);
        }
        prepared.command.env_remove("THREATPRESS_FLIGHT_TOKEN");
    })
}

#[test]
fn an_engine_is_read_once_until_its_snapshot_says_something_else() {
    let lake = lake(Manner::default());
    let made = of_engine(&at(lake.port));
    let preview = preview_of(made.path());
    shows(&preview, "/soc/threats/a/analyst-report/", "CVE-2026-2000");
    let first = lake.asked().len();
    assert!(first > 0);
    let edit = |path: &str, old: &str, new: &str| {
        let path = preview.site.join(path);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(old));
        fs::write(path, text.replace(old, new)).unwrap();
    };
    // What another report tracks was read with the rest, and so was what the configuration says nothing of.
    edit("content/reports/a.md", "[CVE-2026-1000]", "[CVE-2026-9999]");
    shows(&preview, "/soc/threats/a/mitigations/", "CVE-2026-9999");
    edit("threatpress.yaml", "title: T", "title: Another title");
    shows(&preview, "/soc/", "Another title");
    assert_eq!(lake.asked().len(), first, "the engine was asked again");
    // Who else decides which group a device is in asks again, and nothing that was read before is held beside it.
    edit("threatpress.yaml", "title: Another title", "title: A third title\ngroup_ranks: [EMEA, APAC]");
    shows(&preview, "/soc/", "A third title");
    let second = lake.asked().len();
    assert!(second > first, "the engine was not asked again");
    edit("threatpress.yaml", "title: A third title\ngroup_ranks: [EMEA, APAC]", "title: A fourth title");
    shows(&preview, "/soc/", "A fourth title");
    let first = lake.asked().len();
    assert!(first > second, "what was read before is held");
    edit(SNAPSHOT, "  alerts: \"alerts\"\n", "");
    shows(&preview, "/soc/threats/a/incidents/", "Not available");
    assert!(lake.asked().len() > first, "the engine was not asked again");
}
