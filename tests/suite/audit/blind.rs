//! What the audit does not look for, and says so.

use super::{Site, messages, report, told};

#[test]
fn names_that_stand_everywhere_are_listed() {
    let site = Site::new();
    site.add(
        "content/snapshots/1/devices.csv",
        "1234567890,server,APAC\n0987654321,dc1,APAC\n2026-11-16,site-nav,APAC\napac-id-9,emea-srv,APAC\n\
         emea-id-11-1,plant-11-1,EMEA\napac-id-11-1,plant-1-11,APAC\n",
    );
    let site = site.built();
    let build = site.copy("emea-it");
    build.put("x.html", "<p class=site-nav>server dc1 1234567890 2026-11-16 xapac-srv-0001x emea-srv-0001</p>");
    let output = site.audit(&build);
    let messages = messages(&output);
    assert_eq!(output.status.code(), Some(0), "{messages:?}");
    let notes: Vec<String> = told(&messages, "TP0804")
        .iter()
        .map(|note| format!("{}: {}", note["message"].as_str().unwrap(), note["hint"].as_str().unwrap()))
        .collect();
    for part in [
        "1 device name is not looked for, being shorter than six letters and digits: for instance `dc1`",
        "3 device ids are not looked for, being digits alone: for instance `0987654321`, `1234567890`, `2026-11-16`",
        "1 device name is not looked for, being a plain word: for instance `server`",
        "1 device name is not looked for, being words of the program's own: for instance `site-nav`",
        "1 device name is not looked for, being spelt with the letters and digits of a name that it sees: for instance \
         `plant-1-11`",
    ] {
        assert!(notes.iter().any(|note| note.starts_with(part)), "{part}: {notes:#?}");
    }
    // Of a build nobody wants to read the same list again and again.
    assert!(told(&super::messages(&site.build(&[])), "TP0804").is_empty());
}

/// A report that is called as a heading of the program's is found on every role's pages.
#[test]
fn titles_of_everyday_words_stop_no_build() {
    let site = Site::new();
    site.put("content/reports/dark.md", report("Related incidents", "tlp: red", "Text."));
    let site = site.built();
    let notes = messages(&site.audit(&site.copy("emea-it")));
    let told: Vec<&str> = told(&notes, "TP0804").iter().filter_map(|note| note["hint"].as_str()).collect();
    assert!(told.iter().any(|hint| hint.contains("`Related incidents`")), "{notes:?}");
}

/// Cells that stand side by side are not one word, and a longer name is not the shorter one.
#[test]
fn what_only_looks_like_a_name_is_none() {
    let site = Site::new();
    site.add("content/snapshots/1/devices.csv", "apac-id-0002,emea-srv-00012,APAC\napac-id-0003,srv-0001,APAC\n");
    site.put("content/reports/dark.md", report("Servers of the plant", "tlp: red", "Text."));
    let site = site.built();
    let build = site.copy("emea-it");
    build.put("x.html", "<tr><td>emea-srv-0001</td><td>2</td></tr><p>Servers of a plant</p>");
    build.put("x.csv", "emea-srv-0001,2\nemea-srv-0001\n2\n");
    build.put("x.json", "{\"emea-srv-0001\": 2}");
    let output = site.audit(&build);
    assert_eq!(output.status.code(), Some(0), "{:?}", messages(&output));
}

/// The groups of the sign-in service are written into no build, not even the role's own.
#[test]
fn sign_in_groups_are_nobodys() {
    let site = Site::new().built();
    let build = site.copy("soc");
    build.put("x.json", "{\"groups\":[\"aaaabbbb-0000-cccc-1111-dddd2222eeee\"]}");
    let dir = build.dir();
    let output = site.run(&["audit", dir.to_str().unwrap(), "--role", "soc", "--format", "json"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(told(&messages(&output), "TP0800")[0]["message"].as_str().unwrap().contains("sign-in service"));
}
