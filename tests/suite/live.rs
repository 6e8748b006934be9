//! Nobody gets to an indicator by a click: links to one are text, wherever the text is shown.

use std::fs;
use std::path::Path;

use crate::bad_input::{A, REPORT, build, messages, put, site, tree};

const INDICATORS: &str = "indicators:\n  - {type: domain, value: evil.example}\n  - {type: url, value: \"hxxps://git[.]example/a/b\"}\n  - {type: email, value: a@b.example, tlp: red}";

fn written(text: &str) -> String {
    format!("{}\n{text}\n", REPORT.replace("tlp: amber", &format!("tlp: amber\n{INDICATORS}")))
}

fn page(site: &Path, role: &str, path: &str) -> String {
    fs::read_to_string(site.join("output").join(role).join(path)).unwrap()
}

const TEXT: &str = "\
### <https://evil.example/heading>

[the page](https://www.evil.example/x?a=b), <https://git.example/a/b>, [`evil.example`](http://evil.example),
[c][c], [d](mailto:desk@mail.evil.example?subject=x), <a@b.example> and [good](https://git.example/a).

Bare: https://evil.example/y hxxps://evil[.]example/z evil[.]example.[^n]

[c]: https://evil.example/c \"c\"
[^n]: [note](https://evil.example/n)";

#[test]
fn a_link_to_an_indicator_is_text() {
    let site = site();
    put(site.path(), A, written(TEXT).as_bytes());
    let page_of_another = "---\ntitle: P\ntlp: clear\n---\nSee [it](https://evil.example/p).\n";
    put(site.path(), "content/pages/p.md", page_of_another.as_bytes());
    let output = build(site.path(), &[]);
    assert!(output.status.success(), "{:?}", messages(&output));
    let text = page(site.path(), "soc", "threats/a/analyst-report/index.html");
    for expected in [
        "hxxps://evil[.]example/heading <a class=\"heading-anchor\"",
        "the page (hxxps://www[.]evil[.]example/x?a=b), hxxps://git[.]example/a/b, \
         <code>evil[.]example</code>",
        "c (hxxps://evil[.]example/c), d (desk[@]mail[.]evil[.]example?subject=x), a[@]b[.]example and <a href=\"https://git.example/a\"",
        "Bare: https://evil.example/y hxxps://evil[.]example/z evil[.]example.",
        "note (hxxps://evil[.]example/n)",
    ] {
        assert!(text.contains(expected), "{expected}\nis not in\n{text}");
    }
    for (name, bytes) in tree(&site.path().join("output/soc")) {
        let bytes = String::from_utf8_lossy(&bytes);
        for live in [
            "href=\"https://evil",
            "href=\"http://evil",
            "href=\"https://www.evil",
            "href=\"mailto:a@b",
            "href=\"mailto:desk@mail.evil",
            "git.example/a/b\"",
        ] {
            let download = name.ends_with(".csv") || name.ends_with(".json") || name.ends_with(".txt");
            assert!(download || !bytes.contains(live), "{live} stands in {name}");
        }
    }
    assert!(page(site.path(), "soc", "pages/p/index.html").contains("See it (hxxps://evil[.]example/p)."));
    // The list of contents says what the heading says.
    assert_eq!(text.matches("https://evil.example/heading").count(), 0, "{text}");
}

/// A role that may not see an indicator cannot learn of it by a link that is missing: its build is what
/// it would be without the indicator.
#[test]
fn an_indicator_that_a_role_does_not_see_changes_nothing() {
    let site = site();
    let of = |indicators: &str| {
        put(site.path(), A, written(TEXT).replace(", tlp: red}", indicators).as_bytes());
        assert!(build(site.path(), &[]).status.success());
        tree(&site.path().join("output/emea"))
    };
    let hidden = of(", tlp: red}");
    let text = String::from_utf8_lossy(&hidden["threats/a/analyst-report/index.html"]).into_owned();
    assert!(text.contains("<a href=\"mailto:a@b.example\">"), "{text}");
    let without = of(", tlp: red, description: x}");
    assert_eq!(hidden, without);
    let seen = of("}");
    let text = String::from_utf8_lossy(&seen["threats/a/analyst-report/index.html"]).into_owned();
    assert!(!text.contains("mailto:") && text.contains("a[@]b[.]example and"), "{text}");
}

const SOURCES: &str = "references:\n  - {title: Its page, url: \"https://www.evil%2Eexample/x\"}\n  - {title: Good, url: \"https://good.example/\"}";

/// The sources that front matter names are links too.
#[test]
fn a_source_that_is_an_indicator_is_text() {
    let site = site();
    let text = |indicators: &str| REPORT.replace("tlp: amber", &format!("tlp: amber\n{indicators}\n{SOURCES}"));
    put(site.path(), A, text("indicators: [{type: domain, value: evil.example, tlp: red}]").as_bytes());
    let output = build(site.path(), &[]);
    assert!(output.status.success(), "{:?}", messages(&output));
    let path = "threats/a/analyst-report/index.html";
    let seen = page(site.path(), "soc", path);
    assert!(seen.contains("<li><span lang=\"en\">Its page (hxxps://www[.]evil%2Eexample/x)"), "{seen}");
    assert!(seen.contains("href=\"https://good.example/\""), "{seen}");
    for (name, bytes) in tree(&site.path().join("output/soc")) {
        assert!(!String::from_utf8_lossy(&bytes).contains("href=\"https://www.evil"), "a live link stands in {name}");
    }
    let hidden = tree(&site.path().join("output/emea"));
    assert!(page(site.path(), "emea", path).contains("href=\"https://www.evil%2Eexample/x\""), "it says nothing");
    put(site.path(), A, text("").as_bytes());
    assert!(build(site.path(), &[]).status.success());
    assert_eq!(hidden, tree(&site.path().join("output/emea")));
}
