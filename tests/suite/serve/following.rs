//! The loop: what is saved is shown, what is broken leaves the last good page.

use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::running::{PATIENCE, Running, until};

/// Nothing that was begun is still on its way after so long.
const QUIET: Duration = Duration::from_millis(1500);

/// A preview, one of its reports, and its events.
pub(super) struct Writing {
    pub(super) preview: Running,
    pub(super) report: PathBuf,
    slug: String,
    pub(super) text: String,
    events: TcpStream,
}

impl Writing {
    pub(super) fn begin() -> Self {
        Self::begin_with(Running::start())
    }

    pub(super) fn begin_with(preview: Running) -> Self {
        let directory = preview.site.join("content/reports");
        let mut reports: Vec<PathBuf> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
        reports.sort();
        let report = reports.into_iter().find(|path| path.extension().is_some_and(|end| end == "md"));
        let report = report.expect("a report in a file of its own");
        let slug = report.file_stem().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&report).unwrap();
        let (mut events, _) = preview.events();
        until(&mut events, "\n\n");
        Self { preview, report, slug, text, events }
    }

    /// The text with another paragraph.
    pub(super) fn with(&self, words: &str) -> String {
        format!("{}\n\n{words}\n", self.text)
    }

    /// The name of the next event that is more than a sign of life.
    fn next(&mut self) -> String {
        loop {
            let event = until(&mut self.events, "\n\n");
            assert!(!event.is_empty(), "the stream ended: {}", self.preview.said());
            if let Some(name) = event.lines().find_map(|line| line.strip_prefix("event: ")) {
                return name.to_owned();
            }
        }
    }

    /// The next event, and those that come until nothing is on its way any more.
    pub(super) fn told(&mut self) -> Vec<String> {
        let first = self.next();
        [vec![first], self.all()].concat()
    }

    /// The events that come until nothing is on its way any more.
    fn all(&mut self) -> Vec<String> {
        self.events.set_read_timeout(Some(QUIET)).unwrap();
        let mut names = Vec::new();
        let mut bytes = Vec::new();
        let mut part = [0; 4096];
        while let Ok(read) = std::io::Read::read(&mut self.events, &mut part) {
            assert!(read > 0, "the stream ended: {}", self.preview.said());
            bytes.extend_from_slice(&part[..read]);
        }
        self.events.set_read_timeout(Some(PATIENCE)).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        names.extend(text.lines().filter_map(|line| line.strip_prefix("event: ")).map(str::to_owned));
        names
    }

    pub(super) fn page(&self, role: &str, tab: &str) -> String {
        self.get(&format!("/{role}/threats/{}/{tab}", self.slug))
    }

    pub(super) fn get(&self, path: &str) -> String {
        String::from_utf8(self.preview.get(path).body).unwrap()
    }

    pub(super) fn state(&self) -> Value {
        let path = format!("/.threatpress/state?path=/soc/threats/{}/analyst-report/", self.slug);
        serde_json::from_slice(&self.preview.get(&path).body).unwrap()
    }
}

/// As most editors save: another file that takes its place.
pub(super) fn rename_over(path: &Path, text: &str) {
    let next = path.with_file_name(".next.tmp");
    fs::write(&next, text).unwrap();
    fs::rename(next, path).unwrap();
}

#[test]
fn what_is_saved_is_shown_in_every_role() {
    let mut writing = Writing::begin();
    rename_over(&writing.report, &writing.with("Beavers carry the payload."));
    assert_eq!(writing.next(), "revision");
    for role in ["soc", "emea-it"] {
        if writing.preview.get(&format!("/{role}/threats/{}/", writing.slug)).status == Some(200) {
            assert!(writing.page(role, "analyst-report/").contains("Beavers carry the payload."), "{role}");
        }
    }
    assert!(writing.page("soc", "analyst-report/").contains("Beavers"));
    assert_eq!(writing.all(), Vec::<String>::new(), "one edit is one revision");
}

/// Writes a text to a file.
type Save<'a> = &'a dyn Fn(&Path, &str);

#[test]
fn every_editor_has_its_own_way_to_save() {
    let mut writing = Writing::begin();
    let directory = writing.report.parent().unwrap().to_owned();
    let name = writing.report.file_name().unwrap().to_string_lossy().into_owned();
    let ways: [(&str, Save<'_>); 4] = [
        ("Visual Studio Code", &|path, text| fs::write(path, text).unwrap()),
        ("vim", &|path, text| {
            let (probe, backup) = (directory.join("4913"), directory.join(format!("{name}~")));
            fs::write(&probe, "").unwrap();
            fs::remove_file(probe).unwrap();
            fs::rename(path, &backup).unwrap();
            fs::write(path, text).unwrap();
            fs::remove_file(backup).unwrap();
        }),
        ("emacs", &|path, text| {
            let lock = directory.join(format!(".#{name}"));
            std::os::unix::fs::symlink("somebody@somewhere.1", &lock).unwrap();
            fs::write(directory.join(format!("#{name}#")), "half a te").unwrap();
            fs::write(path, text).unwrap();
            fs::remove_file(directory.join(format!("#{name}#"))).unwrap();
            fs::remove_file(lock).unwrap();
        }),
        ("one that renames", &rename_over),
    ];
    for (editor, save) in ways {
        let words = format!("Saved by {editor}.");
        save(&writing.report, &writing.with(&words));
        assert_eq!(writing.told(), ["revision"], "{editor}: {}", writing.preview.said());
        assert!(writing.page("soc", "analyst-report/").contains(&words), "{editor}");
    }
}

#[test]
fn a_broken_edit_leaves_the_last_good_page_and_says_what_is_wrong() {
    let mut writing = Writing::begin();
    let good = writing.page("soc", "analyst-report/");
    let broken = writing.text.replacen("\nseverity:", "\nseverty:", 1);
    assert_ne!(broken, writing.text);
    rename_over(&writing.report, &broken);
    assert_eq!(writing.next(), "problem");
    assert_eq!(writing.page("soc", "analyst-report/"), good);
    let state = writing.state();
    let line = broken.lines().position(|line| line.starts_with("severty:")).unwrap() + 1;
    let problem = state["problems"].as_array().unwrap().iter().find(|one| one["severity"] == "error").unwrap();
    assert_eq!(problem["line"], line, "{problem}");
    assert!(problem["file"].as_str().unwrap().ends_with(&format!("{}.md", writing.slug)), "{problem}");
    assert!(problem["excerpt"].as_str().unwrap().contains("severty"), "{problem}");
    assert!(problem["hint"].as_str().unwrap().contains("severity"), "{problem}");
    let open = problem["open"].as_str().unwrap();
    assert!(open.starts_with("vscode://file/") && open.contains(&format!("{}.md:{line}:", writing.slug)), "{open}");
    assert!(writing.preview.said().contains("severty"), "the terminal tells it too");
    rename_over(&writing.report, &writing.with("Mended."));
    assert_eq!(writing.next(), "revision");
    assert!(writing.page("soc", "analyst-report/").contains("Mended."));
    let errors =
        writing.state()["problems"].as_array().unwrap().iter().filter(|one| one["severity"] == "error").count();
    assert_eq!(errors, 0);
}

#[test]
fn what_is_deleted_is_gone_and_what_comes_back_is_there() {
    let mut writing = Writing::begin();
    let list = |writing: &Writing| writing.get("/soc/threats/data.json").contains(&format!("\"{}\"", writing.slug));
    assert!(list(&writing));
    fs::remove_file(&writing.report).unwrap();
    assert_eq!(writing.next(), "revision");
    assert_eq!(writing.preview.get(&format!("/soc/threats/{}/", writing.slug)).status, Some(404));
    assert!(!list(&writing));
    fs::write(&writing.report, &writing.text).unwrap();
    assert_eq!(writing.next(), "revision");
    assert!(list(&writing));
}

#[test]
fn a_checkout_of_a_thousand_files_is_few_revisions() {
    let mut writing = Writing::begin();
    let directory = writing.report.parent().unwrap();
    let began = Instant::now();
    for at in 0..1000 {
        let text = writing.text.replacen("\ntitle: ", &format!("\nslug: copy-{at}\ntitle: Copy {at} of "), 1);
        fs::write(directory.join(format!("copy-{at}.md")), text).unwrap();
    }
    // While files come, they are gathered for a fifth of a second at least: a disk that needs seconds for
    // all of them makes more of it. What is gathered between the parts of a write may be told as a problem.
    let gathered = began.elapsed().as_millis() / 200;
    let mut events = vec![writing.next()];
    let copies = |writing: &Writing| {
        let threats: Value = serde_json::from_str(&writing.get("/soc/threats/data.json")).unwrap();
        let is_copy = |one: &&Value| one["title"].as_str().unwrap().starts_with("Copy");
        threats["threats"].as_array().unwrap().iter().filter(is_copy).count()
    };
    while copies(&writing) < 1000 {
        events.push(writing.next());
    }
    events.extend(writing.all());
    assert!((events.len() as u128) <= gathered + 4, "{events:?}, {gathered} times gathered");
}

#[test]
fn the_configuration_a_page_and_the_theme_are_followed() {
    let mut writing = Writing::begin();
    let site = writing.preview.site.clone();
    let config = fs::read_to_string(site.join("threatpress.yaml")).unwrap();
    let title = config.lines().find(|line| line.starts_with("title:")).unwrap();
    rename_over(&site.join("threatpress.yaml"), &config.replacen(title, "title: Another portal", 1));
    assert_eq!(writing.next(), "revision");
    assert!(writing.get("/soc/").contains("Another portal"));
    fs::create_dir_all(site.join("content/pages")).unwrap();
    fs::write(site.join("content/pages/rota.md"), "---\ntitle: Rota\ntlp: clear\n---\n\nWho is on call.\n").unwrap();
    assert_eq!(writing.told().first().map(String::as_str), Some("revision"));
    assert!(writing.get("/soc/pages/rota/").contains("Who is on call."));
    let templates = site.join("themes/default/templates");
    fs::create_dir_all(&templates).unwrap();
    fs::write(templates.join("guide.html"), "{% extends \"base.html\" %}{% block main %}<p>Own</p>{% endblock main %}")
        .unwrap();
    assert_eq!(writing.told().first().map(String::as_str), Some("revision"));
    assert!(writing.get("/soc/pages/rota/").contains("<p>Own</p>"));
}

#[test]
fn a_snapshot_is_waited_for_until_it_is_whole() {
    let mut writing = Writing::begin();
    // On a machine that stands still for half a second a part of a snapshot is a snapshot: then it is tried again.
    let is_seen = (1..=5).any(|month| is_waited_for(&mut writing, &format!("2099-0{month}-01")));
    assert!(is_seen, "this machine stands still again and again");
}

/// Copies a snapshot slowly; `false` where that took so long that nothing can be said.
fn is_waited_for(writing: &mut Writing, name: &str) -> bool {
    let devices = |writing: &Writing| {
        let data: Value = serde_json::from_str(&writing.get("/soc/data.json")).unwrap();
        (data["as_of"].as_str().unwrap().to_owned(), data["devices_total"].as_u64().unwrap())
    };
    let before = devices(writing);
    let snapshot = writing.preview.site.join("content/snapshots").join(name);
    fs::create_dir_all(&snapshot).unwrap();
    fs::write(snapshot.join("snapshot.yaml"), format!("as_of: {name}T06:00:00Z\n")).unwrap();
    let mut table = String::from("device_id,name,device_group\n");
    for at in 0..8 {
        for row in 0..5 {
            table.push_str(&format!("d{at}{row},host-{at}{row},Servers\n"));
        }
        fs::write(snapshot.join("devices.csv"), &table).unwrap();
        let written = Instant::now();
        sleep(Duration::from_millis(200));
        let now = devices(writing);
        if written.elapsed() > Duration::from_millis(400) {
            writing.all();
            return false;
        }
        assert!(now == before, "a part of a snapshot is shown: {now:?}");
    }
    assert_eq!(writing.told(), ["revision"], "{}", writing.preview.said());
    assert_eq!(devices(writing), (format!("{name}T06:00:00Z"), 40));
    true
}

#[test]
fn a_site_without_a_snapshot_is_shown_without_figures() {
    let preview = Running::start_with(&[], |prepared| {
        fs::remove_dir_all(prepared.site.join("content/snapshots")).unwrap();
    });
    let mut writing = Writing::begin_with(preview);
    let data: Value = serde_json::from_str(&writing.get("/soc/data.json")).unwrap();
    assert!(data["devices_total"].is_null(), "{data}");
    rename_over(&writing.report, &writing.with("Without figures."));
    assert_eq!(writing.next(), "revision");
    assert!(writing.page("soc", "analyst-report/").contains("Without figures."));
}

#[test]
fn a_site_that_never_built_says_why_and_is_shown_once_it_does() {
    let mut broken = None;
    let preview = Running::start_with(&[], |prepared| {
        let config = prepared.site.join("threatpress.yaml");
        let text = fs::read_to_string(&config).unwrap();
        fs::write(&config, text.replacen("title:", "titel:", 1)).unwrap();
        broken = Some((config, text));
    });
    assert_eq!(preview.get("/").status, Some(503));
    let (mut events, _) = preview.events();
    until(&mut events, "\n\n");
    let (config, text) = broken.unwrap();
    fs::write(config, text).unwrap();
    until(&mut events, "event: revision");
    assert_eq!(preview.get("/soc/").status, Some(200));
}

/// Where the system tells of no changes, they are looked for.
#[test]
fn polling_finds_what_changed() {
    let mut writing = Writing::begin_with(Running::start_with(&["--poll"], |_| {}));
    let changed = fs::metadata(&writing.report).unwrap().modified().unwrap();
    fs::write(&writing.report, writing.with("Found by looking.")).unwrap();
    let file = fs::File::options().append(true).open(&writing.report).unwrap();
    file.set_modified(changed).unwrap();
    assert_eq!(writing.next(), "revision");
    assert!(writing.page("soc", "analyst-report/").contains("Found by looking."));
}

/// Two hundred edits in a row end with the last one, whatever was built in between.
#[test]
fn the_newest_content_wins() {
    let mut writing = Writing::begin();
    for at in 0..200 {
        rename_over(&writing.report, &writing.with(&format!("This is edit {at}.")));
    }
    let began = Instant::now();
    while !writing.page("soc", "analyst-report/").contains("This is edit 199.") {
        assert!(began.elapsed() < PATIENCE, "the last edit is never shown");
        sleep(Duration::from_millis(20));
    }
    writing.all();
    assert!(writing.page("soc", "analyst-report/").contains("This is edit 199."));
}

#[test]
fn pages_and_blocks_of_pages_are_hidden_too() {
    let block = "Before.\n\n::: scope tlp=\"red\"\nThe hidden words.\n:::\n";
    let writing = Writing::begin_with(Running::start_with(&[], |prepared| {
        let page = |title: &str, tlp: &str| format!("---\ntitle: {title}\ntlp: {tlp}\n---\n{block}");
        fs::create_dir_all(prepared.site.join("content/pages")).unwrap();
        fs::write(prepared.site.join("content/pages/rota.md"), page("Rota", "clear")).unwrap();
        fs::write(prepared.site.join("content/pages/secret.md"), page("Secret", "red")).unwrap();
    }));
    let hidden = |role: &str| {
        let text = writing.get(&format!("/.threatpress/state?path=/{role}/pages/rota/"));
        assert!(!text.contains("The hidden words"), "{text}");
        serde_json::from_str::<Value>(&text).unwrap()["hidden"].clone()
    };
    let (all, some) = (hidden("soc"), hidden("emea-it"));
    assert_eq!((&all["pages"], &all["blocks"]), (&Value::Array(Vec::new()), &Value::Array(Vec::new())));
    assert_eq!((some["pages"][0]["title"].as_str(), some["pages"][1].is_null()), (Some("Secret"), true));
    let block = &some["blocks"][0];
    assert_eq!((&block["line"], &block["end"], &block["before"]), (&7.into(), &9.into(), &1.into()), "{block}");
}

#[test]
fn what_is_hidden_is_told_without_its_text() {
    let mut writing = Writing::begin();
    let text = writing.with("::: scope groups=\"Nobody has this\"\nThe hidden words.\n:::\n\nAfter it.");
    rename_over(&writing.report, &text);
    assert_eq!(writing.next(), "revision");
    let path = format!("/.threatpress/state?path=/emea-it/threats/{}/analyst-report/", writing.slug);
    let state: Value = serde_json::from_slice(&writing.preview.get(&path).body).unwrap();
    if let Some(block) = state["hidden"]["blocks"].as_array().unwrap().last() {
        let line = text.lines().position(|line| line.starts_with("::: scope groups=\"Nobody")).unwrap() + 1;
        assert_eq!((block["line"].as_u64(), block["end"].as_u64()), (Some(line as u64), Some(line as u64 + 2)));
        assert!(block["reason"].as_str().unwrap().contains("Nobody has this"), "{block}");
        assert!(!state.to_string().contains("The hidden words"));
    } else {
        panic!("no block is told: {state}");
    }
}
