//! The text of HTML, XML and SVG as a reader sees it.

use std::borrow::Cow;

/// The text without the tags of inline elements, so that what stands on both sides of one is
/// joined; other tags stay, and part. Comments are moved to the end.
///
/// Tags are taken out wherever they stand, in the values of attributes too.
pub(super) fn joined(text: &str) -> Cow<'_, str> {
    let (mut out, mut comments) = (String::new(), String::new());
    let (mut kept, mut at) = (0, 0);
    // Where no comment ends any more, none is looked for again.
    let mut is_open = false;
    while let Some(found) = text.get(at..).and_then(|rest| memchr::memchr(b'<', rest.as_bytes())) {
        let start = at + found;
        let markup = text.get(start..).unwrap_or_default();
        at = start + 1;
        let length = if let Some(comment) = markup.strip_prefix("<!--").filter(|_| !is_open) {
            let Some(length) = comment.find("-->") else {
                is_open = true;
                continue;
            };
            comments.push('\n');
            comments.push_str(comment.get(..length).unwrap_or_default());
            length + "<!---->".len()
        } else {
            let Some(length) = inline_tag(markup) else { continue };
            length
        };
        out.push_str(text.get(kept..start).unwrap_or_default());
        at = start + length;
        kept = at;
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(text.get(kept..).unwrap_or_default());
    out.push_str(&joined(&comments));
    Cow::Owned(out)
}

/// Whether an element stands inside a line: a word may go on over its tags.
fn is_inline(name: &[u8]) -> bool {
    const LONGEST: usize = 6;
    let mut lower = [0; LONGEST];
    let Some(lower) = lower.get_mut(..name.len()) else { return false };
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    #[rustfmt::skip]
    let is_inline = matches!(
        &*lower,
        b"a" | b"abbr" | b"b" | b"bdi" | b"bdo" | b"cite" | b"code" | b"del" | b"dfn" | b"em" | b"font" | b"i" | b"ins"
            | b"kbd" | b"mark" | b"q" | b"s" | b"samp" | b"small" | b"span" | b"strong" | b"sub" | b"sup" | b"tspan"
            | b"u" | b"var" | b"wbr"
    );
    is_inline
}

/// How long the tag is that `markup` begins with, if it is an inline element's.
fn inline_tag(markup: &str) -> Option<usize> {
    let name = markup.strip_prefix("</").or(markup.strip_prefix('<'))?;
    let length = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
    if !is_inline(name.as_bytes().get(..length)?) {
        return None;
    }
    let end = memchr::memchr2(b'<', b'>', markup.as_bytes().get(1..)?)? + 1;
    (markup.as_bytes().get(end) == Some(&b'>')).then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn inline_tags_join_and_others_part() {
        for (markup, text) in [
            ("HO<b>ST</b>-<wbr>A<!-- x -->01", "HOST-A01\n x "),
            ("<td>host-1</td><td>2</td>", "<td>host-1</td><td>2</td>"),
            ("<p title='ho<b>st</b>'>", "<p title='host'>"),
            ("<!-- ho<b>st</b> -->", "\n host "),
            ("a < b", "a < b"),
            ("<tspan>a</tspan><TSPAN x=\"1\">b</TSPAN>", "ab"),
            ("x<b", "x<b"),
            ("x<br>y<!-- z", "x<br>y<!-- z"),
        ] {
            assert_eq!(joined(markup), text, "{markup}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "(<|>|/|!--|-->|\"|'|b|é|\\PC)*") {
            joined(&text);
        }
    }
}
