//! Images from the report's directory to the build: without secrets, with their measures, and only
//! where a visible text names them.

use std::fs;

use crate::bad_input::{build, messages, put, refused, site, tree};
use crate::png::{chunk, grey};

const SECRET: &[u8] = b"SECRET-HOST-01";
const I: &str = "content/reports/i/index.md";

fn front(body: &str) -> String {
    format!("---\ntitle: I\ntype: activity\nsummary: S\npublished: 2026-11-02\ntlp: amber\n---\n{body}\n")
}

/// A grey picture of 3 × 2 pixels that names a host in its text and behind its end.
fn png() -> Vec<u8> {
    [grey(3, 2, 0, &chunk(b"tEXt", &[b"Comment\0", SECRET].concat())), SECRET.to_vec()].concat()
}

#[test]
fn an_image_loses_what_does_not_draw_and_says_its_measures() {
    let site = site();
    let body = "![a](a.png)\n\n![b](./b.svg)\n\n::: scope tlp=\"red\"\n![c](c.png)\n:::\n";
    put(site.path(), I, front(body).as_bytes());
    for name in ["a.png", "c.png", "unnamed.png"] {
        put(site.path(), &format!("content/reports/i/{name}"), &png());
    }
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"8\" height=\"4\"><!-- SECRET-HOST-01 --><g id=\"SECRET-HOST-01\"/></svg>";
    put(site.path(), "content/reports/i/b.svg", svg.as_bytes());
    let output = build(site.path(), &[]);
    assert!(output.status.success(), "{:?}", messages(&output));
    let media = |role: &str| {
        tree(&site.path().join("output").join(role).join("threats/i/media")).into_keys().collect::<Vec<_>>()
    };
    assert_eq!(media("emea"), ["a.png", "b.svg"]);
    assert_eq!(media("soc"), ["a.png", "b.svg", "c.png"]);
    for (name, bytes) in tree(&site.path().join("output")) {
        assert!(!bytes.windows(SECRET.len()).any(|window| window == SECRET), "{name} holds the secret");
    }
    let page = fs::read_to_string(site.path().join("output/emea/threats/i/analyst-report/index.html")).unwrap();
    for part in ["media/a.png\" alt=\"a\" width=\"3\" height=\"2\"", "media/b.svg\" alt=\"b\" width=\"8\" height=\"4\""]
    {
        assert!(page.contains(part), "{part} is not in {page}");
    }
}

#[test]
fn an_image_that_cannot_be_published_is_told_where_the_text_names_it() {
    let wrong = |name: &str, bytes: &[u8], code: &str, message: &str| {
        let site = site();
        assert!(build(site.path(), &[]).status.success());
        let before = tree(&site.path().join("output"));
        put(site.path(), I, front(&format!("x\n\n![a]({name})")).as_bytes());
        put(site.path(), &format!("content/reports/i/{name}"), bytes);
        let output = build(site.path(), &[]);
        let told = messages(&output);
        assert_eq!((output.status.code(), told.len()), (Some(1), 1), "{told:?}");
        assert_eq!(
            (&told[0]["code"], &told[0]["file"], &told[0]["line"]),
            (&code.into(), &I.into(), &10.into()),
            "{told:?}"
        );
        assert!(told[0]["message"].as_str().unwrap().contains(message), "{told:?}");
        assert!(told[0]["hint"].is_string(), "{told:?}");
        assert_eq!(tree(&site.path().join("output")), before);
    };
    wrong("a.png", b"GIF89a", "TP0310", "it is GIF");
    wrong("a.jpg", &png(), "TP0310", "it is PNG");
    wrong("a.png", &png()[..40], "TP0310", "breaks off");
    wrong("a.png", b"", "TP0310", "does not begin as PNG");
    wrong(
        "a.svg",
        b"<svg xmlns=\"http://www.w3.org/2000/svg\">\n <script/></svg>",
        "TP0311",
        "`script` (line 2, column 2)",
    );
    wrong("a.bmp", b"BM", "TP0306", "not an image that is published");
    wrong("con.png", &png(), "TP0306", "device");
    wrong("sub//a.png", &png(), "TP0306", "not a plain path");
}

#[test]
fn an_image_beside_a_plain_report_is_refused() {
    let text = front("![a](a.png)");
    refused("content/reports/b.md", text.as_bytes(), "TP0306", ("content/reports/b.md", Some(8)), "among other texts");
}

#[test]
fn images_that_many_disks_hold_for_one_are_told_where_the_second_is_named() {
    let site = site();
    put(
        site.path(),
        I,
        front("x\n\n![a](d/a.png)\n\n![b](D/b.png) ![b](D/b.png)\n\n![c](A.png) ![d](a.png)\n").as_bytes(),
    );
    for name in ["d/a.png", "D/b.png", "A.png", "a.png"] {
        put(site.path(), &format!("content/reports/i/{name}"), &png());
    }
    let check = crate::command::threatpress(["check", "--format", "json", "--site", site.path().to_str().unwrap()]);
    for output in [check, build(site.path(), &[])] {
        let mut told = messages(&output);
        told.retain(|line| line["severity"] == "error");
        let places: Vec<_> =
            told.iter().map(|line| (&line["code"], line["line"].as_u64(), line["column"].as_u64())).collect();
        let code = serde_json::Value::from("TP0600");
        assert_eq!(
            places,
            [(&code, Some(12), Some(1)), (&code, Some(12), Some(15)), (&code, Some(14), Some(13))],
            "{told:?}"
        );
        assert_eq!(output.status.code(), Some(1));
    }
}
