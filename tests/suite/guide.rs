//! The guide for authors is true: every example in it builds without a word and shows what it is about.

use std::fs;

use threatpress::highlight;
use threatpress::report::markdown::Embedded;

use crate::bad_input::{build, put, site};
use crate::png;

const GUIDE: &str = include_str!("../../docs/front-matter.md");

/// The chapter on Markdown.
fn chapter() -> &'static str {
    GUIDE.split_once("\n## Markdown\n").unwrap().1
}

/// Every text in a fence of `language`, whichever its fence.
fn examples(language: &str) -> Vec<String> {
    let mut examples = Vec::new();
    let mut lines = chapter().lines();
    while let Some(line) = lines.next() {
        let name = line.trim_start_matches('`');
        let fence = &line[..line.len() - name.len()];
        if fence.len() >= 3 {
            let text: Vec<&str> = lines.by_ref().take_while(|line| *line != fence).collect();
            examples.extend((name == language).then(|| text.join("\n")));
        }
    }
    examples
}

#[test]
fn every_example_is_built_and_shows_what_it_is_about() {
    let site = site();
    let front = "title: E\ntype: osint\nsummary: S\npublished: 2026-11-02\ntlp: clear\nvulnerabilities: [CVE-2025-53770]\n\
                 alerts: {titles: [x]}\n\
                 indicators: [{type: domain, value: storm-2603.example}]";
    put(site.path(), "content/reports/storm-2603.md", format!("---\n{front}\n---\n## Hunting\n").as_bytes());
    let groups = "device_id,name,device_group\nd1,one,EMEA Servers\nd2,two,EMEA Workstations\n";
    put(site.path(), "content/snapshots/1/devices.csv", groups.as_bytes());
    let alerts = "alert_id,title,status,created,device_id\na1,x,new,2026-11-15T00:00:00Z,d1\n";
    put(site.path(), "content/snapshots/1/alerts.csv", alerts.as_bytes());
    let examples = examples("markdown");
    for (number, text) in examples.iter().enumerate() {
        let home = format!("content/reports/example-{number}");
        put(site.path(), &format!("{home}/index.md"), format!("---\n{front}\n---\n{text}\n").as_bytes());
        for file in ["attack-chain.png", "attack-chain-large.png"] {
            put(site.path(), &format!("{home}/{file}"), &png::grey(4, 2, 128, b""));
        }
    }
    let configuration = fs::read_to_string(site.path().join("threatpress.yaml")).unwrap();
    put(site.path(), "threatpress.yaml", configuration.replace("[EMEA]", "[EMEA Servers]").as_bytes());
    let output = build(site.path(), &["--strict"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && said.is_empty(), "{said}");
    let pages: Vec<String> = (0..examples.len())
        .map(|number| format!("output/soc/threats/example-{number}/analyst-report/index.html"))
        .map(|path| fs::read_to_string(site.path().join(path)).unwrap())
        .collect();
    for shown in [
        "<h2 id=\"h-sum\"",
        "<a href=\"#h-hunting-in-process-events\"",
        "<a href=\"../../../threats/storm-2603/analyst-report/#h-hunting\"",
        "class=\"external\"",
        "<a href=\"mailto:desk@contoso.example\"",
        "hxxps://login[.]storm-2603[.]example/owa",
        "class=\"task task-done\"",
        "<caption>Builds that have the fix",
        "<a href=\"#h-builds-that-have-the-fix\"",
        "<th scope=\"col\" class=\"align-end\">Build</th>",
        "role=\"doc-noteref\"",
        "A footnote can have several paragraphs.",
        "<strong>机器密钥</strong>",
        "<strong>مفاتيح</strong>",
        "callout-note",
        "callout-tip",
        "callout-important",
        "callout-warning",
        "callout-caution",
        "For the owners of these servers",
        "<a class=\"lightbox\"",
        "<span class=\"figure\">",
        "<svg",
        "download",
        "<span class=\"hl-keyword\">where</span>",
    ] {
        assert!(pages.iter().any(|page| page.contains(shown)), "no example shows {shown}");
    }
    let emea = site.path().join("output/emea/threats");
    let hidden = (0..examples.len())
        .map(|number| fs::read_to_string(emea.join(format!("example-{number}/analyst-report/index.html"))).unwrap());
    assert!(hidden.into_iter().all(|page| !page.contains("For the owners of these servers")));
}

#[test]
fn everything_there_is_has_its_place_in_the_guide() {
    let examples = examples("markdown").join("\n");
    for form in [":figure[", "::chart[", "::table[", ":::image ", "::: scope ", "Table: ", "{#", "[^", "- [ ]"] {
        assert!(examples.contains(form), "no example has {form}");
    }
    for name in Embedded::CHARTS.iter().chain(Embedded::TABLES) {
        assert!(chapter().contains(&format!("`{name}`")), "the guide has no {name}");
    }
}

#[test]
fn the_languages_of_the_guide_are_known() {
    let (_, table) = chapter().split_once("| languages | names |").unwrap();
    let (table, _) = table.split_once("\n\n").unwrap();
    let names: Vec<&str> = table.split('`').skip(1).step_by(2).collect();
    assert!(names.len() > 30, "{names:?}");
    for name in names {
        assert!(highlight::pieces(name, "x\n").is_some(), "{name}");
    }
}
