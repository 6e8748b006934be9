//! Pictures are of the build whose pages are shown: for a request no file is opened.

use std::fs;
use std::os::unix::fs::symlink;

use super::following::Writing;
use super::running::Running;
use crate::bad_input::put;
use crate::png::grey;

const REPORT: &str = "content/reports/pictured/index.md";
const PICTURE: &str = "content/reports/pictured/chart.png";
const SHOWN: &str = "/emea-it/threats/pictured/media/chart.png";

fn text(tlp: &str) -> String {
    format!(
        "---\ntitle: P\ntype: activity\nsummary: S\npublished: 2026-11-02\ntlp: {tlp}\n---\nWords.\n\n![a chart](chart.png)\n"
    )
}

/// A preview of a site with a report that shows a picture of 3 × 2 pixels.
fn pictured() -> Writing {
    Writing::begin_with(Running::start_with(&[], |prepared| {
        put(&prepared.site, REPORT, text("green").as_bytes());
        put(&prepared.site, PICTURE, &grey(3, 2, 0, &[]));
    }))
}

fn shown(writing: &Writing) -> Option<Vec<u8>> {
    let answer = writing.preview.get(SHOWN);
    (answer.status == Some(200)).then_some(answer.body)
}

#[test]
fn a_picture_that_becomes_a_link_stays_the_one_that_was_read() {
    let mut writing = pictured();
    let good = shown(&writing);
    assert!(good.is_some());
    let (site, outside) = (writing.preview.site.clone(), writing.preview.site.join("../outside.png"));
    fs::write(&outside, grey(7, 7, 0, &[])).unwrap();
    fs::remove_file(site.join(PICTURE)).unwrap();
    symlink(&outside, site.join(PICTURE)).unwrap();
    assert_eq!(writing.told().last().map(String::as_str), Some("problem"));
    assert_eq!(shown(&writing), good);
    fs::remove_file(site.join(PICTURE)).unwrap();
    fs::write(site.join(PICTURE), grey(5, 5, 0, &[])).unwrap();
    assert_eq!(writing.told().last().map(String::as_str), Some("revision"));
    assert!(shown(&writing).is_some_and(|picture| Some(picture) != good), "the newest picture is shown");
}

#[test]
fn beside_the_last_good_page_stands_its_picture() {
    let mut writing = pictured();
    let good = shown(&writing);
    let site = writing.preview.site.clone();
    fs::write(&writing.report, writing.text.replacen("\nseverity:", "\nseverty:", 1)).unwrap();
    assert_eq!(writing.told().last().map(String::as_str), Some("problem"));
    put(&site, REPORT, text("red").as_bytes());
    put(&site, PICTURE, &grey(7, 7, 0, &[]));
    assert_eq!(writing.told().last().map(String::as_str), Some("problem"));
    assert_eq!(shown(&writing), good, "a role is shown a picture of a build that it never had");
    fs::write(&writing.report, &writing.text).unwrap();
    assert_eq!(writing.told().last().map(String::as_str), Some("revision"));
    assert_eq!(shown(&writing), None);
}
