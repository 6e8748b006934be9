//! What authors write becomes what they mean, on every page and for every role: figures, links, footnotes, callouts.
//! Where it cannot, they are told at the place.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::bad_input::{CONFIGURATION_OF_SITE, build, messages, put};
use crate::bench::home;

fn report(title: &str, keys: &str, text: &str) -> String {
    format!("---\ntitle: {title}\ntype: activity\nsummary: S\npublished: 2026-11-02\ntlp: amber\n{keys}---\n{text}")
}

/// Two reports and a page. Role `emea` sees the groups EMEA, A and 007, role `soc` also B and 1.
fn site() -> TempDir {
    let directory = home();
    let write = |path: &str, text: &str| put(directory.path(), path, text.as_bytes());
    write("threatpress.yaml", &CONFIGURATION_OF_SITE.replace("[EMEA]", "[EMEA, A, \"007\"]"));
    write("content/reports/a.md", &report("A", "", "## Executive summary\n\nText.\n"));
    write(
        "content/reports/b.md",
        &report(
            "\"0012345\"",
            "redirects: [old-b]\nconfigurations: [scid-2010]\n",
            "## H-Worm\n\n## Patch {#P.x}\n\n## 漢字\n\n## Worms\n\n```kql\nT\n```\n",
        ),
    );
    write("content/pages/p.md", "---\ntitle: P\ntlp: green\n---\n## Here\n\nText.\n");
    write("content/snapshots/1/snapshot.yaml", "as_of: 2026-11-16T06:00:00Z\n");
    let mut devices = "device_id,name,device_group\n".to_owned();
    for (group, count) in [("EMEA", 1), ("A", 2), ("B", 3), ("007", 4), ("1", 1234)] {
        (0..count).for_each(|at| devices.push_str(&format!("{group}-{at},n-{group}-{at},{group}\n")));
    }
    write("content/snapshots/1/devices.csv", &devices);
    let states =
        "device_id,configuration_id,applicable,compliant\nA-0,scid-2010,true,false\n007-0,scid-2010,true,true\n";
    write("content/snapshots/1/configurations.csv", states);
    directory
}

/// Builds the site with this as the text of the report `a`, or of the page `p`; answers what roles read.
fn read(site: &Path, path: &str, text: &str) -> [String; 2] {
    put(site, &format!("content/{path}.md"), text.as_bytes());
    let built = build(site, &[]);
    assert_eq!(built.status.code(), Some(0), "{}", String::from_utf8_lossy(&built.stderr));
    let place = if path == "pages/p" { "pages/p" } else { "threats/a/analyst-report" };
    ["soc", "emea"]
        .map(|role| fs::read_to_string(site.join("output").join(role).join(place).join("index.html")).unwrap())
}

fn check(site: &Path) -> Vec<Value> {
    let check: Output = Command::new(env!("CARGO_BIN_EXE_threatpress"))
        .args(["check", "--format", "json", "--site"])
        .arg(site)
        .output()
        .unwrap();
    messages(&check)
}

/// What `check` tells of a code: line, column, message and hint.
fn told(site: &Path, code: &str) -> Vec<(u64, u64, String, String)> {
    let of_code = check(site).into_iter().filter(|line| line["code"] == code);
    let told = of_code.map(|line| {
        let word = |key: &str| line[key].as_str().unwrap().to_owned();
        (line["line"].as_u64().unwrap_or(0), line["column"].as_u64().unwrap_or(0), word("message"), word("hint"))
    });
    told.collect()
}

fn figures(html: &str) -> Vec<&str> {
    let spans = html.split("<span class=\"figure").skip(1);
    spans.map(|rest| rest.split_once('>').unwrap().1.split("</span>").next().unwrap()).collect()
}

#[test]
fn a_figure_of_a_group_is_that_groups_or_nobodys() {
    let site = site();
    let paths = [
        "groups.1.devices.total",
        "groups.0.devices.total",
        "groups.007.devices.total",
        "groups.7.devices.total",
        "groups.1.name",
        "groups.007.name",
        "devices.total",
    ];
    let text: String = paths.iter().map(|path| format!(":figure[{path}]\n")).collect();
    let [soc, emea] = read(site.path(), "reports/a", &report("A", "", &text));
    let none = "not available";
    assert_eq!(figures(&soc), ["1\u{202f}234", none, "4", none, "1", "007", "1\u{202f}244"]);
    assert_eq!(figures(&emea), [none, none, "4", none, none, "007", "7"]);
}

#[test]
fn a_text_of_digits_is_no_number() {
    let site = site();
    let text = ":figure[report.title] :figure[groups.007.name]";
    let [soc, _] = read(site.path(), "reports/a", &report("\"0012345\"", "", text));
    assert_eq!(figures(&soc), ["0012345", "007"]);
}

#[test]
fn links_lead_where_they_say() {
    let site = site();
    let ways = [
        // Places that the program's own pages have.
        ("/about/#definitions", "../../../about/#definitions"),
        ("/threats/b/exposure/#groups", "../../../threats/b/exposure/#groups"),
        ("exposure/#groups", "../../../threats/a/exposure/#groups"),
        ("/threats/b/#answer", "../../../threats/b/#answer"),
        // Places that an author made, as they are written and as a browser copies them.
        ("b.md#P.x", "../../../threats/b/analyst-report/#h-p.x"),
        ("b.md#p.x", "../../../threats/b/analyst-report/#h-p.x"),
        ("b.md#h-worm", "../../../threats/b/analyst-report/#h-h-worm"),
        ("b.md#h-worms", "../../../threats/b/analyst-report/#h-worms"),
        ("b.md#code-1", "../../../threats/b/analyst-report/#code-1"),
        ("/threats/b/print/#p.x", "../../../threats/b/print/#h-p.x"),
        ("b.md#漢字", "../../../threats/b/analyst-report/#h-%E6%BC%A2%E5%AD%97"),
        ("b.md#%E6%BC%A2%E5%AD%97", "../../../threats/b/analyst-report/#h-%E6%BC%A2%E5%AD%97"),
        ("/threats/b/analyst-report/#h-%E6%BC%A2%E5%AD%97", "../../../threats/b/analyst-report/#h-%E6%BC%A2%E5%AD%97"),
        ("../pages/p.md#here", "../../../pages/p/#h-here"),
        ("#own", "#h-own"),
        ("#h-own", "#h-own"),
        ("#OWN", "#h-own"),
        ("#%C3%BCber", "#h-%C3%BCber"),
        ("#über", "#h-%C3%BCber"),
        ("#code-1", "#code-1"),
        // What a page's script is asked for.
        ("/threats/?severity=High&q=%22a+b%22", "../../../threats/?severity=High&amp;q=%22a+b%22"),
        ("/search/?q=x#list", "../../../search/?q=x#list"),
        // Former addresses.
        ("old-b.md#p.x", "../../../threats/b/analyst-report/#h-p.x"),
        ("/threats/old-b/", "../../../threats/b/"),
    ];
    let mut text = "## Own\n\n## Über\n\n```kql\nT\n```\n\n".to_owned();
    ways.iter().enumerate().for_each(|(at, (way, _))| text.push_str(&format!("[link{at}]({way})\n")));
    let [soc, emea] = read(site.path(), "reports/a", &report("A", "configurations: [scid-2010]\n", &text));
    for (at, (way, href)) in ways.iter().enumerate() {
        for page in [&soc, &emea] {
            let link = page.split("<a ").find(|rest| rest.contains(&format!(">link{at}</a>")));
            let link = link.unwrap_or_else(|| panic!("{way} is no link"));
            let href = href.replace("%C3%BC", "ü");
            let written = link.replace("%C3%BC", "ü");
            assert!(written.starts_with(&format!("href=\"{href}\"")), "{way}: {link}");
        }
    }
    let dead: Vec<_> = told(site.path(), "TP0304").into_iter().filter(|told| !told.2.contains("?q=x#list")).collect();
    assert_eq!(dead, [], "none of them is dead");
}

#[test]
fn a_place_that_no_page_has_is_told() {
    let site = site();
    let ways = ["/about/#nowhere", "exposure/#nowhere", "/threats/b/#nowhere", "old-b.md#nowhere", "/about/#h-states"];
    let text: String = ways.iter().map(|way| format!("[x]({way})\n")).collect();
    put(site.path(), "content/reports/a.md", report("A", "", &text).as_bytes());
    let told = told(site.path(), "TP0304");
    let expected: Vec<(u64, String)> = ways
        .iter()
        .zip(8..)
        .map(|(way, line)| {
            let lacks = if way.contains("b.md") || way.contains("threats/b/#") {
                "no such heading"
            } else {
                "nothing with that id"
            };
            (line, format!("roles `emea`, `soc` have the page of `{way}`, but {lacks} on it"))
        })
        .collect();
    assert_eq!(told.into_iter().map(|told| (told.0, told.2)).collect::<Vec<_>>(), expected);
}

#[test]
fn each_footnote_is_told_where_it_stands() {
    let site = site();
    let text =
        "x[^n1] y[^n2]\r\n\r\na [^2 b] c[^n4]\r\n\r\n漢字 *a[^n5]* \\[^n6] `[^n7]`\r\n\r\n> [^un]: Not used.\r\n";
    put(site.path(), "content/reports/a.md", report("A", "", text).as_bytes());
    let told: Vec<_> = told(site.path(), "TP0304").into_iter().map(|told| (told.0, told.1, told.2)).collect();
    let undefined = |line, column, name| (line, column, format!("no footnote is defined as `[^{name}]`"));
    let expected = [
        undefined(8, 2, "n1"),
        undefined(8, 9, "n2"),
        undefined(10, 11, "n4"),
        undefined(12, 6, "n5"),
        (14, 3, "nothing refers to the footnote `[^un]`".to_owned()),
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_callout_of_no_known_word_is_told() {
    let site = site();
    let text = "> [!FOO]\n> a\n\n> [!NOTES]\n> a\n\n> [!NOTE] a\n\n- > [!WARNIN]\n  > a\n\n> [!NOTE]\n> a\n\n> \\[!BAR]\n\n> [!x](#a) [!y] z\n\n## A\n";
    put(site.path(), "content/reports/a.md", report("A", "", text).as_bytes());
    let told: Vec<_> = told(site.path(), "TP0300").into_iter().map(|told| (told.0, told.1, told.3)).collect();
    let all = "there are `[!NOTE]`, `[!TIP]`, `[!IMPORTANT]`, `[!WARNING]`, `[!CAUTION]`";
    let expected = [
        (8, 3, all),
        (11, 3, "did you mean `[!NOTE]`?"),
        (14, 3, "write it on a line of its own"),
        (16, 5, "did you mean `[!WARNING]`?"),
    ];
    assert_eq!(told, expected.map(|(line, column, hint)| (line, column, hint.to_owned())));
}

#[test]
fn a_misspelt_marker_is_called_one() {
    let site = site();
    let text = "::: scop tlp=\"red\"\n\nText.\n\n- ::: scope tlp=\"red\"\n\n::::\n";
    put(site.path(), "content/reports/a.md", report("A", "", text).as_bytes());
    let told = told(site.path(), "TP0301");
    let short: Vec<_> = told.iter().map(|told| (told.0, told.1, told.2.as_str())).collect();
    let misspelt = "a misspelt scope marker, which hides nothing";
    let expected = [(8, 1, misspelt), (12, 3, "a scope marker that hides nothing where it stands"), (14, 1, misspelt)];
    assert_eq!(short, expected);
    assert!(told[0].3.contains("did you mean `::: scope") && told[2].3.contains("did you mean `:::`?"), "{told:?}");
}

#[test]
fn a_heading_without_a_word_is_told_and_in_no_contents() {
    let site = site();
    let text = "## \n\na\n\n## {#only}\n\nb\n\n## :figure[devices.total]\n\n## Last\n";
    let [soc, _] = read(site.path(), "reports/a", &report("A", "", text));
    let contents = soc.split("class=\"contents\"").nth(1).map(|rest| rest.split("</nav>").next().unwrap());
    assert!(contents.is_none_or(|contents| !contents.contains("></a>")), "{contents:?}");
    assert!(!soc.contains("href=\"#h-only\"></a>") && soc.contains("id=\"h-only\""), "{soc}");
    let told: Vec<_> = told(site.path(), "TP0314").into_iter().map(|told| (told.0, told.1)).collect();
    assert_eq!(told, [(8, 1), (12, 1), (16, 1)]);
}

#[test]
fn figures_on_a_page_are_told() {
    let site = site();
    let text = "---\ntitle: P\ntlp: green\n---\nWe have :figure[devices.total] devices.\n\n::chart[device-states]\n";
    let [soc, _] = read(site.path(), "pages/p", text);
    assert_eq!(figures(&soc), ["not available"]);
    let told: Vec<_> = told(site.path(), "TP0303").into_iter().map(|told| (told.0, told.1)).collect();
    assert_eq!(told, [(5, 9), (7, 1)]);
}

#[test]
fn missing_sections_are_told_at_the_first_line_that_says_something() {
    let site = site();
    put(site.path(), "content/reports/a.md", report("A", "", "\n\n## Analysis\n\nText.\n").as_bytes());
    let told = told(site.path(), "TP0315");
    assert!(told.iter().any(|told| told.0 == 10), "{told:?}");
}

#[test]
fn a_clash_of_slugs_is_told_where_they_stand() {
    let site = site();
    put(site.path(), "content/reports/c.md", report("C", "slug: B\n", "Text.\n").as_bytes());
    put(site.path(), "content/reports/d.md", report("D", "redirects: [x1, x2, D]\n", "Text.\n").as_bytes());
    put(site.path(), "content/reports/e.md", report("E", "redirects:\n  - x3\n  - x1\n", "Text.\n").as_bytes());
    put(site.path(), "content/pages/q.md", b"---\ntitle: Q\nslug: P\ntlp: green\n---\nQ.\n");
    let clashes: Vec<_> = check(site.path()).into_iter().filter(|line| line["code"] == "TP0203").collect();
    let places: Vec<_> = clashes
        .iter()
        .map(|line| (line["file"].as_str().unwrap(), line["line"].as_u64().unwrap(), line["column"].as_u64().unwrap()))
        .collect();
    let expected = [
        ("content/reports/d.md", 7, 21),
        ("content/reports/e.md", 9, 5),
        ("content/reports/c.md", 7, 7),
        ("content/pages/q.md", 3, 7),
    ];
    let mut sorted = places.clone();
    sorted.sort_unstable();
    let mut wanted = expected.to_vec();
    wanted.sort_unstable();
    assert_eq!(sorted, wanted);
    let own = clashes.iter().find(|line| line["file"] == "content/reports/d.md").unwrap();
    assert_eq!(own["message"], "`D` is already the slug of this report, or a redirect of it");
}

#[cfg(unix)]
#[test]
fn a_text_that_is_a_link_is_told() {
    use std::os::unix::fs::symlink;
    let site = site();
    let elsewhere = site.path().join("elsewhere");
    put(&elsewhere, "index.md", report("L", "", "Text.\n").as_bytes());
    let content = site.path().join("content");
    symlink(elsewhere.join("index.md"), content.join("reports/l1.md")).unwrap();
    symlink(&elsewhere, content.join("reports/l2")).unwrap();
    fs::create_dir(content.join("reports/l3")).unwrap();
    symlink(elsewhere.join("index.md"), content.join("reports/l3/index.md")).unwrap();
    symlink("nowhere", content.join("pages/l4.md")).unwrap();
    symlink("nowhere", content.join("reports/.#l5.md")).unwrap();
    put(&content, "pages/notes.txt", b"x");
    let built = build(site.path(), &[]);
    assert_eq!(built.status.code(), Some(0));
    let told = messages(&built);
    let word = |line: &Value, key: &str| line[key].as_str().unwrap_or_default().to_owned();
    let told: Vec<_> = told
        .iter()
        .filter(|line| line["code"] == "TP0001")
        .map(|line| (word(line, "file"), word(line, "severity"), word(line, "message")))
        .collect();
    let link = "a symbolic link, which is not followed: it makes no page";
    let expected = [
        ("content/reports/l1.md", "warning", link),
        ("content/reports/l2", "warning", link),
        ("content/reports/l3/index.md", "warning", link),
        ("content/pages/l4.md", "warning", link),
        ("content/pages/notes.txt", "note", "not a page: neither NAME.md nor NAME/index.md"),
    ];
    assert_eq!(
        told,
        expected.map(|(file, severity, message)| (file.to_owned(), severity.to_owned(), message.to_owned()))
    );
    assert!(!site.path().join("output/soc/threats/l1").exists());
}
