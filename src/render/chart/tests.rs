use super::*;

const CAPTION: Caption<'_> = Caption { id: "a", title: "T & t", description: "D" };

fn bar(counts: [u64; 3]) -> String {
    let labels = [("Impacted", "state-impacted"), ("Exposed", "state-exposed"), ("Mitigated", "state-mitigated")];
    let parts: Vec<_> =
        labels.into_iter().zip(counts).map(|((label, class), count)| Part { label, class, count }).collect();
    states(&CAPTION, &parts).to_string()
}

fn course(counts: &[(u64, u64)]) -> String {
    let days: Vec<_> = (1..).zip(counts).map(|(day, _)| jiff::civil::date(2026, 11, day)).collect();
    let line = |look, counts: Vec<u64>| Line {
        look,
        word: look,
        counts: counts.into_iter().map(Some).collect(),
        stands: true,
    };
    let resolved = line("resolved", counts.iter().map(|(_, resolved)| *resolved).collect());
    let active = line("active", counts.iter().map(|(active, _)| *active).collect());
    lines(&CAPTION, &days, &[resolved, active]).to_string()
}

fn table(rows: &[(&str, [u64; 2])]) -> String {
    let part = |label, class, count| Part { label, class, count };
    let parts = |counts: [u64; 2]| {
        vec![part("impacted", "state-impacted", counts[0]), part("exposed", "state-exposed", counts[1])]
    };
    let rows: Vec<_> =
        rows.iter().map(|(label, counts)| Bar { label: (*label).to_owned(), parts: parts(*counts) }).collect();
    bars(&CAPTION, &rows).to_string()
}

/// The numbers of an attribute, in order.
fn numbers(svg: &str, element: &str, attribute: &str) -> Vec<i32> {
    let tags = svg.split('<').filter(|tag| tag.starts_with(&format!("{element} ")));
    let values = tags.filter_map(|tag| tag.split_once(&format!(" {attribute}=\""))?.1.split_once('"')?.0.parse().ok());
    values.collect()
}

#[test]
fn every_chart_is_named_and_has_no_style_of_its_own() {
    for svg in [
        bar([1, 20, 0]),
        bar([0; 3]),
        course(&[(1, 2), (3, 4)]),
        course(&[]),
        course(&[(0, 0); 5]),
        course(&[(7, 1)]),
        table(&[("One", [1, 2]), ("Two", [0, 0])]),
        table(&[]),
    ] {
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
    let svg = course(&[(1, 0), (2, 5), (12, 8)]);
    for part in [
        ">12 active</text>",
        ">8 resolved</text>",
        ">1 Nov</text>",
        ">3 Nov</text>",
        ">15</text>",
        "class=\"line-active\" points=\"88,",
    ] {
        assert!(svg.contains(part), "{part} is missing in {svg}");
    }
    assert!(course(&[]).contains("No days"));
    assert!(course(&[(0, 0)]).contains(">0 active</text>"));
}

#[test]
fn counts_each_of_a_week_are_named_without_the_last() {
    let days = [2, 9].map(|day| jiff::civil::date(2026, 11, day));
    let begun = Line { look: "resolved", word: "begun", counts: vec![Some(3), Some(1)], stands: false };
    let svg = lines(&CAPTION, &days, &[begun]).to_string();
    assert!(svg.contains(">begun</text>"), "{svg}");
}

#[test]
fn a_line_is_broken_where_its_count_is_not_known() {
    let days = [1, 8, 15, 22, 29].map(|day| jiff::civil::date(2026, 11, day));
    let line =
        |counts: [Option<u64>; 5]| Line { look: "exposed", word: "exposed", counts: counts.to_vec(), stands: true };
    let svg = lines(&CAPTION, &days, &[line([Some(9), Some(8), None, Some(4), Some(3)])]).to_string();
    assert_eq!(svg.matches("class=\"line-exposed\"").count(), 2, "{svg}");
    let unknown_today = lines(&CAPTION, &days, &[line([Some(9), None, None, Some(4), None])]).to_string();
    assert!(!unknown_today.contains("line-exposed"), "{unknown_today}");
}

#[test]
fn bars_share_a_scale_and_say_their_numbers() {
    let svg = table(&[("One", [10, 90]), ("Two", [0, 50]), ("Three", [0, 0])]);
    let widths = numbers(&svg, "rect", "width");
    // A track and the parts, row by row.
    assert_eq!(widths[0], 370);
    assert_eq!(widths.len(), 3 + 3, "{widths:?}");
    assert!(widths[4] <= 186 && widths[4] >= 183, "{widths:?}");
    for part in [">One</text>", ">10 impacted, 90 exposed</text>", ">50 exposed</text>", ">none</text>"] {
        assert!(svg.contains(part), "{part} is missing in {svg}");
    }
    let long = table(&[(&"n".repeat(200), [1, 1])]);
    assert!(long.contains(&format!("{}…</text>", "n".repeat(57))), "{long}");
}

#[test]
fn no_part_of_a_bar_is_lost_and_bars_of_one_count_are_of_one_length() {
    let svg = table(&[("One", [100_000, 1]), ("Two", [1, 100_000]), ("Three", [100_001, 0]), ("Four", [1, 1])]);
    let spans: Vec<_> = numbers(&svg, "rect", "x").into_iter().zip(numbers(&svg, "rect", "width")).collect();
    let track = (0, 370);
    let expected = [
        vec![track, (0, 364), (366, 4)],
        vec![track, (0, 4), (6, 364)],
        vec![track, track],
        vec![track, (0, 4), (6, 4)],
    ];
    assert_eq!(spans, expected.concat());
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
        course(&month),
        course(&[(0, 0); 30]),
        course(&[(1200, 1190), (1300, 1280)]),
        course(&[(3, 1)]),
        course(&[]),
        table(&[("EMEA Servers", [12, 80]), ("A title that is too long for a narrow screen", [0, 7])]),
    ];
    std::fs::write(path, charts.join("\n")).expect("the file is written");
}
