//! A page as a browser reads it, held against what a page may be made of.

use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

use html5ever::tendril::TendrilSink as _;
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// Elements that show text and drawings.
static ELEMENTS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    listed(
        "html head meta link title body header nav main footer section article aside div span bdi p h1 h2 \
    h3 h4 h5 h6 a em strong del code pre ul ol li dl dt dd blockquote table caption thead tbody tr th td figure \
    figcaption details summary data time sup img br hr small abbr noscript script svg g rect path line text tspan desc \
    circle polyline polygon",
    )
});
/// Attributes that say what something is, where it leads, and how it is drawn.
static ATTRIBUTES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    listed(
        "lang dir charset name content http-equiv rel type href src alt title id class role tabindex \
    scope start value datetime width height loading decoding download hidden open colspan rowspan aria-label \
    aria-labelledby aria-describedby aria-hidden aria-current aria-live aria-level aria-sort data-language integrity \
    crossorigin defer sizes focusable viewBox preserveAspectRatio x y x1 y1 x2 y2 cx cy r d points transform \
    text-anchor dominant-baseline xmlns blocking data-as-of data-fresh-hours data-stale-hours data-age-of data-age-text \
    data-scripted data-search data-whole data-rows",
    )
});

fn listed(words: &str) -> HashSet<&str> {
    words.split_whitespace().collect()
}

/// What a page says: its text nodes, and the values of its attributes.
#[derive(Default)]
pub(crate) struct Said {
    pub(crate) texts: Vec<String>,
    pub(crate) values: Vec<(String, String)>,
    pub(crate) headings: Vec<String>,
}

/// Parses a page and holds it against the lists.
///
/// # Errors
/// What is wrong with it first.
pub(crate) fn read(html: &str) -> Result<Said, String> {
    let dom = html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(html);
    let mut page = Page { said: Said::default(), ids: BTreeSet::new() };
    page.node(&dom.document)?;
    Ok(page.said)
}

struct Page {
    said: Said,
    ids: BTreeSet<String>,
}

impl Page {
    fn node(&mut self, node: &Handle) -> Result<(), String> {
        match &node.data {
            NodeData::Text { contents } => self.said.texts.push(contents.borrow().to_string()),
            NodeData::Comment { contents } => return Err(format!("a comment: {contents}")),
            NodeData::ProcessingInstruction { target, .. } => return Err(format!("<?{target}")),
            NodeData::Element { name, attrs, .. } => {
                let element = name.local.to_string();
                if !ELEMENTS.contains(element.as_str()) {
                    return Err(format!("<{element}>"));
                }
                let attributes: Vec<(String, String)> =
                    attrs.borrow().iter().map(|a| (a.name.local.to_string(), a.value.to_string())).collect();
                if element == "script"
                    && (!attributes.iter().any(|(name, _)| name == "src") || !node.children.borrow().is_empty())
                {
                    return Err("an inline script".to_owned());
                }
                for (name, value) in attributes {
                    self.attribute(&element, name, value)?;
                }
            }
            _ => {}
        }
        let before = self.said.texts.len();
        for child in node.children.borrow().iter() {
            self.node(child)?;
        }
        // The colours of code are elements around its words, and a drawing has one for each line of a
        // name: a reader sees one text.
        let between = match &node.data {
            NodeData::Element { name, .. } if &*name.local == "code" => "",
            NodeData::Element { name, .. } if &*name.local == "svg" => " ",
            _ => return Ok(()),
        };
        let words = self.said.texts.drain(before..).collect::<Vec<_>>().join(between);
        self.said.texts.push(words);
        Ok(())
    }

    fn attribute(&mut self, element: &str, name: String, value: String) -> Result<(), String> {
        if !ATTRIBUTES.contains(name.as_str()) {
            return Err(format!("<{element} {name}={value:?}>"));
        }
        match name.as_str() {
            "href" | "src" if !is_harmless(&value) => return Err(format!("<{element} {name}={value:?}>")),
            "name" if element != "meta" => return Err(format!("<{element} name={value:?}>")),
            "http-equiv" if !["Content-Security-Policy", "refresh"].contains(&value.as_str()) => {
                return Err(format!("http-equiv={value:?}"));
            }
            "id" => {
                // A form's or window's own names could be taken by an element with such an id.
                const TAKEN: [&str; 6] = ["__proto__", "constructor", "location", "document", "window", "name"];
                if TAKEN.contains(&value.as_str()) || !self.ids.insert(value.clone()) {
                    return Err(format!("the id {value:?} is taken"));
                }
                if matches!(element, "h1" | "h2" | "h3" | "h4" | "h5" | "h6") {
                    self.said.headings.push(value.clone());
                }
            }
            _ => {}
        }
        self.said.values.push((name, value));
        Ok(())
    }
}

/// Whether a browser that follows `url` stays on the site or goes to the web or a mail program:
/// read as the URL standard reads it, in our own words.
pub(crate) fn is_harmless(url: &str) -> bool {
    let url: String =
        url.trim_matches(|c: char| c <= ' ').chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    let lower = url.to_ascii_lowercase();
    let scheme: String =
        lower.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')).collect();
    let has_scheme = lower.starts_with(|c: char| c.is_ascii_alphabetic()) && lower[scheme.len()..].starts_with(':');
    if has_scheme {
        return ["http", "https"].contains(&scheme.as_str()) && lower[scheme.len()..].starts_with("://")
            || scheme == "mailto";
    }
    let mut start = lower.chars().take(2).map(|c| if c == '\\' { '/' } else { c });
    !(start.next() == Some('/') && start.next() == Some('/'))
}

#[test]
fn the_judge_can_say_no() {
    for bad in [
        "<script>x</script>",
        "<p onclick=x>",
        "<p style=x>",
        "<a href='javascript:x'>",
        "<a href=' java\nscript:x'>",
        "<a href='//h'>",
        "<a href='\\\\h'>",
        "<a href='/\\h'>",
        "<img src='data:x'>",
        "<p id=a><p id=a>",
        "<p id=location>",
        "<!-- x -->",
        "<iframe></iframe>",
        "<svg><a xlink:href='x'></a><foreignObject/></svg>",
        "<form></form>",
        "<a name=x>",
        "<meta http-equiv=Set-Cookie>",
    ] {
        assert!(read(bad).is_err(), "{bad}");
    }
    let said = read("<title>a &amp; b</title><p id=a>x<b>y").err();
    assert_eq!(said.as_deref(), Some("<b>"));
    assert_eq!(read("<title>a &amp; b</title>").unwrap().texts, ["a & b"]);
}
