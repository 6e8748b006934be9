use proptest::prelude::*;

use super::*;

fn drawn(inner: &str) -> String {
    let text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 9.5 4\">{inner}</svg>"
    );
    let picture = clean(text.as_bytes()).unwrap_or_else(|fault| panic!("{}", fault.what));
    assert_eq!(picture.size, Some((10, 4)));
    let again = clean(&picture.bytes).map(|picture| picture.bytes);
    let bytes = String::from_utf8(picture.bytes).expect("UTF-8");
    assert_eq!(again.as_deref(), Ok(bytes.as_bytes()), "it changes when it is cleaned twice");
    let inner = bytes.strip_prefix("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9.5 4\"");
    inner.unwrap_or_else(|| panic!("{bytes}")).trim_end().trim_start_matches('>').trim_end_matches("</svg>").to_owned()
}

fn refused(text: &str) -> Fault {
    clean(text.as_bytes()).expect_err(text)
}

#[test]
fn what_draws_is_kept() {
    for same in [
        "<path d=\"M0 0L1 1\" fill=\"#fff\"/>",
        "<g transform=\"translate(1 2)\"><text font-family=\"'A B', serif\" x=\"1\">a &lt; b &amp; c<tspan>d</tspan></text></g>",
        "<linearGradient id=\"a1\"><stop offset=\"0\" stop-color=\"rgb(1,2,3)\"/></linearGradient><rect fill=\"url(#a1) red\"/>",
        "<path id=\"a1\" d=\"M0 0\"/><use href=\"#a1\" x=\"3\"/>",
    ] {
        assert_eq!(drawn(same), same);
    }
}

#[test]
fn what_neither_draws_nor_acts_goes() {
    for (with, without) in [
        ("<!-- SECRET --><?x SECRET?><title>SECRET</title><desc>S</desc><metadata><a/></metadata><g/>", "<g/>"),
        ("<g id=\"SECRET\" class=\"SECRET\" data-x=\"SECRET\" aria-label=\"S\"/>", "<g/>"),
        ("<e:x xmlns:e=\"urn:editor\"><g/></e:x><g xmlns:e=\"urn:editor\" e:label=\"SECRET\"/>", "<g/>"),
        ("<s xmlns=\"http://www.w3.org/1999/xhtml\"><script>x</script></s><g/>", "<g/>"),
        ("<g display=\"none\"><text>SECRET</text></g><g style=\"visibility: hidden\"><text>S</text></g><g/>", "<g/>"),
        ("<g display=\"NONE\"><text>SECRET</text></g><g style=\"visibility:Hidden\"><text>S</text></g><g/>", "<g/>"),
        (
            "<g style=\"fill: #fff !important; -x-y: z; stroke:red\" fill=\"blue\"/>",
            "<g fill=\"#fff\" stroke=\"red\"/>",
        ),
        ("<g>SECRET<![CDATA[SECRET]]></g><text><![CDATA[<b>]]></text>", "<g/><text>&lt;b&gt;</text>"),
        (
            "<g id=\"a\"/><path id=\"b\"/><use href=\"#b\" xlink:href=\"#a\"/><use xlink:href=\"#a\" href=\"#b\"/>",
            "<g/><path id=\"a1\"/><use href=\"#a1\"/><use href=\"#a1\"/>",
        ),
        ("<path id=\"SECRET\"/><use xlink:href=\"#SECRET\"/>", "<path id=\"a1\"/><use href=\"#a1\"/>"),
    ] {
        assert_eq!(drawn(with), without, "{with}");
    }
}

#[test]
fn what_could_act_is_refused_with_its_place() {
    for inner in [
        "<script>alert(1)</script>",
        "<foreignObject><p/></foreignObject>",
        "<style>@import 'https://evil.example/'</style>",
        "<image href=\"https://evil.example/a.png\"/>",
        "<a href=\"javascript:alert(1)\"><g/></a>",
        "<set attributeName=\"href\" to=\"javascript:alert(1)\"/>",
        "<animate attributeName=\"href\"/>",
        "<g onclick=\"alert(1)\"/>",
        "<g ONLOAD=\"alert(1)\"/>",
        "<g fill=\"url(https://evil.example/#a)\"/>",
        "<g style=\"fill: url(//evil.example/)\"/>",
        "<g style=\"fill: u\\72l(//evil.example/)\"/>",
        "<use href=\"https://evil.example/a.svg#b\"/>",
        "<use href=\"data:image/svg+xml,x#a\"/>",
        "<filter><feImage href=\"https://evil.example/\"/></filter>",
    ] {
        let fault = refused(&format!("<svg xmlns=\"http://www.w3.org/2000/svg\">\n  {inner}</svg>"));
        assert!(fault.active && fault.what.contains("line 2, column "), "{inner}: {}", fault.what);
    }
    let fault = refused("<?xml version=\"1.0\"?>\n<!DOCTYPE svg [<!ENTITY a \"b\">]><svg/>");
    assert!(fault.active && fault.what.contains("line 2, column 1"), "{}", fault.what);
    let typed = "<?xml version=\"1.0\"?><!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"svg11.dtd\"><svg xmlns=\"http://www.w3.org/2000/svg\"/>";
    let plain = clean(typed.as_bytes()).map(|picture| picture.bytes);
    assert_eq!(plain.as_deref(), Ok(&b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n"[..]));
}

#[test]
fn what_is_no_drawing_is_refused() {
    for text in [
        "<svg/>",
        "<svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\">&x;</svg>",
        "<?xml version=\"1.0\"?><html/>",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" display=\"none\"/>",
    ] {
        refused(text);
    }
    let hidden = "<svg xmlns=\"http://www.w3.org/2000/svg\">\n<g visibility=\"hidden\"><g><text visibility=\"visible\"/></g></g></svg>";
    let fault = refused(hidden);
    assert!(!fault.active && fault.what.contains("shows some of it again (line 2, column 1)"), "{}", fault.what);
    let bad = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><text>\xff</text></svg>";
    assert!(clean(bad).expect_err("not UTF-8").what.contains("UTF-8"));
}

#[test]
fn a_drawing_that_would_hang_its_reader_is_refused() {
    let svg = |inner: &str| format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{inner}</svg>");
    let mut laughs = "<g id=\"l0\"/>".to_owned();
    for level in 1..20 {
        let uses = format!("<use href=\"#l{}\"/>", level - 1).repeat(10);
        laughs.push_str(&format!("<g id=\"l{level}\">{uses}</g>"));
    }
    assert!(refused(&svg(&laughs)).what.contains("very often"));
    assert!(refused(&svg("<g id=\"a\"><use href=\"#a\"/></g>")).what.contains("with itself"));
    assert!(refused(&svg("<use href=\"#gone\"/>")).what.contains("`#gone`"));
    // Deeper than the stack of a parser that calls itself.
    let deep = format!("{}{}", "<g>".repeat(90_000), "</g>".repeat(90_000));
    assert!(refused(&svg(&deep)).what.contains("nested"));
    let chain: String = (0..30_000).map(|n| format!("<g id=\"c{n}\"><use href=\"#c{}\"/></g>", n + 1)).collect();
    assert!(refused(&svg(&chain)).what.contains("through another"));
    let wide = format!("<g {}/>", (0..100_000).map(|n| format!("a{n}=\"\" ")).collect::<String>());
    assert!(refused(&svg(&wide)).what.contains("attributes"));
}

proptest! {
    #[test]
    fn what_is_written_is_well_formed(inner in "(<g|<path|<use|<text|<script| id=\"a\"| href=\"#a\"| fill=\"url\\(#a\\)\"| onx=\"\"| style=\"fill:red\"|>|/>|</g>|</text>|&amp;|&#x1;|<!--x-->|[a\"<&\u{202e}é])*") {
        let text = format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{inner}</svg>");
        if let Ok(picture) = clean(text.as_bytes()) {
            let written = String::from_utf8(picture.bytes.clone()).expect("UTF-8");
            prop_assert!(roxmltree::Document::parse(&written).is_ok(), "{written}");
            prop_assert!(!written.contains("script") && !written.contains(" on"), "{written}");
            prop_assert_eq!(clean(&picture.bytes).map(|again| again.bytes), Ok(picture.bytes));
        }
    }
}
