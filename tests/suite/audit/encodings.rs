//! The ways to write a name so that a plain search does not see it, and a reader does.

/// A way to write a name.
pub(super) struct Encoding {
    pub(super) name: &'static str,
    pub(super) write: fn(&str) -> String,
}

pub(super) const ENCODINGS: [Encoding; 24] = [
    Encoding { name: "plain", write: str::to_owned },
    Encoding { name: "other case", write: |name| swap_case(name) },
    Encoding { name: "decimal entities", write: |name| each(name, |c| format!("&#{};", u32::from(c))) },
    Encoding { name: "hexadecimal entities", write: |name| each(name, |c| format!("&#x{:X};", u32::from(c))) },
    Encoding { name: "entities of other names", write: |name| each(name, named) },
    Encoding { name: "percent signs", write: |name| each(name, percent) },
    Encoding { name: "percent signs twice", write: |name| each(name, percent).replace('%', "%25") },
    Encoding { name: "entities for percent signs", write: |name| each(name, percent).replace('%', "&#37;") },
    Encoding { name: "JSON escapes", write: |name| each(name, |c| format!("\\u{:04x}", u32::from(c))) },
    Encoding { name: "script escapes", write: |name| each(name, |c| format!("\\x{:02x}", u32::from(c))) },
    Encoding { name: "style escapes", write: |name| each(name, |c| format!("\\{:06X}", u32::from(c))) },
    Encoding { name: "style escapes with spaces", write: |name| each(name, |c| format!("\\{:x} ", u32::from(c))) },
    Encoding { name: "bold", write: |name| split(name, "<b>", "</b>") },
    Encoding { name: "spans", write: |name| split(name, "<span class=\"a\">", "</span>") },
    Encoding { name: "escaped tags", write: |name| split(name, "&lt;b&gt;", "&lt;/b&gt;") },
    Encoding { name: "places to break", write: |name| insert(name, "<wbr>") },
    Encoding { name: "soft hyphens", write: |name| insert(name, "&shy;") },
    Encoding { name: "soft hyphens as such", write: |name| insert(name, "\u{ad}") },
    Encoding { name: "comments", write: |name| insert(name, "<!-- x -->") },
    Encoding { name: "spaces without width", write: |name| insert(name, "\u{200b}") },
    Encoding { name: "joiners", write: |name| insert(name, "&zwj;\u{200c}\u{2060}\u{feff}") },
    Encoding { name: "wide letters", write: |name| each(name, |c| wide(c).to_string()) },
    Encoding { name: "other dashes and spaces", write: |name| name.replace('-', "\u{2013}").replace(' ', "&nbsp;") },
    Encoding { name: "wrapped lines", write: |name| name.replacen('-', "-\n    ", 1).replacen(' ', "\n    ", 1) },
];

fn each(name: &str, write: impl Fn(char) -> String) -> String {
    name.chars().map(write).collect()
}

fn swap_case(name: &str) -> String {
    let swapped = |c: char| if c.is_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    name.chars().map(swapped).collect()
}

fn percent(c: char) -> String {
    format!("%{:02X}", u32::from(c))
}

fn named(c: char) -> String {
    match c {
        '-' => "&hyphen;".to_owned(),
        '_' => "&lowbar;".to_owned(),
        ' ' => "&nbsp;".to_owned(),
        c => c.to_string(),
    }
}

fn wide(c: char) -> char {
    match c {
        '!'..='~' => char::from_u32(u32::from(c) - 0x21 + 0xff01).unwrap(),
        c => c,
    }
}

/// The third letter in an element of its own.
fn split(name: &str, open: &str, close: &str) -> String {
    let (before, rest) = name.split_at(2);
    let (one, after) = rest.split_at(1);
    format!("{before}{open}{one}{close}{after}")
}

fn insert(name: &str, between: &str) -> String {
    let (before, after) = name.split_at(3);
    format!("{before}{between}{after}")
}
