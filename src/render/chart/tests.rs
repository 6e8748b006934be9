use super::*;

const CAPTION: Caption<'_> = Caption { id: "a", title: "T & t", description: "D" };

fn bar(counts: [u64; 3]) -> String {
    let labels = [("Impacted", "state-impacted"), ("Exposed", "state-exposed"), ("Mitigated", "state-mitigated")];
    let parts: Vec<_> =
        labels.into_iter().zip(counts).map(|((label, class), count)| Part { label, class, count }).collect();
    states(&CAPTION, &parts).to_string()
}

fn lines(counts: &[(u64, u64)]) -> String {
    let days = (1..).zip(counts).map(|(day, (active, resolved))| Day {
        date: jiff::civil::date(2026, 11, day),
        active: *active,
        resolved: *resolved,
    });
    alerts(&CAPTION, &days.collect::<Vec<_>>()).to_string()
}

/// The numbers of an attribute, in order.
fn numbers(svg: &str, element: &str, attribute: &str) -> Vec<i32> {
    let tags = svg.split('<').filter(|tag| tag.starts_with(&format!("{element} ")));
    let values = tags.filter_map(|tag| tag.split_once(&format!(" {attribute}=\""))?.1.split_once('"')?.0.parse().ok());
    values.collect()
}

#[test]
fn every_chart_is_named_and_has_no_style_of_its_own() {
    for svg in
        [bar([1, 20, 0]), bar([0; 3]), lines(&[(1, 2), (3, 4)]), lines(&[]), lines(&[(0, 0); 5]), lines(&[(7, 1)])]
    {
        assert!(svg.starts_with("<svg class=\"chart\" role=\"img\" viewBox=\"0 0 720 "), "{svg}");
        assert!(svg.contains("<title id=\"a-title\">T &amp; t</title><desc id=\"a-desc\">D</desc>"), "{svg}");
        for forbidden in ["style=", "fill=", "stroke=", "font-", "NaN", "class=\"\"", "."] {
            assert!(!svg.contains(forbidden), "{forbidden} in {svg}");
        }
    }
}

#[test]
fn parts_fill_the_bar_and_none_is_lost() {
    let svg = bar([1, 1_000_000, 3]);
    let every_other = |numbers: Vec<i32>| numbers.into_iter().step_by(2).collect::<Vec<_>>();
    assert_eq!(every_other(numbers(&svg, "rect", "width")), [4, 708, 4]);
    assert_eq!(every_other(numbers(&svg, "rect", "x")), [0, 6, 716]);
    assert!(svg.contains(">1\u{202f}000\u{202f}000</text>"));
    assert!(!bar([1, 0, 1]).contains("state-exposed"));
    assert!(bar([0; 3]).contains("No devices"));
    assert!(bar([u64::MAX; 3]).contains("width=\"238\""));
}

#[test]
fn labels_do_not_touch_each_other() {
    let xs = numbers(&bar([1, 2, 1_000]), "text", "x");
    assert_eq!(xs.len(), 6);
    assert!(xs[2] - xs[0] >= 48 + 42 && xs[4] - xs[2] >= 42 + 54, "{xs:?}");
    let xs = numbers(&bar([1_000, 1, 2]), "text", "x");
    assert!(xs[4] <= 720 - 54 && xs[4] - xs[2] >= 42 + 54, "{xs:?}");
}

#[test]
fn lines_are_named_at_their_ends() {
    let svg = lines(&[(1, 0), (2, 5), (12, 8)]);
    for part in [
        ">12 active</text>",
        ">8 resolved</text>",
        ">1 Nov</text>",
        ">3 Nov</text>",
        ">15</text>",
        "class=\"line-active\" points=\"72,",
    ] {
        assert!(svg.contains(part), "{part} is missing in {svg}");
    }
    assert!(lines(&[]).contains("No days"));
    assert!(lines(&[(0, 0)]).contains(">0 active</text>"));
}

/// With `THREATPRESS_CHARTS` the charts are written to that file, to be looked at.
#[test]
fn charts_can_be_looked_at() {
    let Ok(path) = std::env::var("THREATPRESS_CHARTS") else { return };
    let all = |counts: [u64; 5]| {
        let labels = ["Impacted", "Exposed", "Unavailable", "Mitigated", "Not applicable"];
        let classes =
            ["state-impacted", "state-exposed", "state-unavailable", "state-mitigated", "state-not-applicable"];
        let parts = labels.into_iter().zip(classes).zip(counts);
        let parts: Vec<_> = parts.map(|((label, class), count)| Part { label, class, count }).collect();
        states(&CAPTION, &parts).to_string()
    };
    let month: Vec<(u64, u64)> = (0..30).map(|day| ((day * 7 % 13) + day / 4, day * 2 / 3)).collect();
    let charts = [
        all([12, 340, 55, 1200, 2400]),
        all([1, 2, 3, 4, 100_000]),
        all([9000, 1, 1, 1, 1]),
        all([0; 5]),
        all([0, 0, 7, 0, 0]),
        lines(&month),
        lines(&[(0, 0); 30]),
        lines(&[(1200, 1190), (1300, 1280)]),
        lines(&[(3, 1)]),
        lines(&[]),
    ];
    std::fs::write(path, charts.join("\n")).expect("the file is written");
}
