//! Escapes undone: entities, percent signs, backslashes.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// Entities and percent signs decoded, and once more what that brings up.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    for _ in 0..2 {
        let mut has_changed = false;
        for step in [numeric_entities, named_entities, percent_signs] {
            if let Some(next) = step(&text) {
                text = Cow::Owned(next);
                has_changed = true;
            }
        }
        if !has_changed {
            break;
        }
    }
    text
}

/// `&amp;` and the like; `None` where nothing changes.
fn named_entities(text: &str) -> Option<String> {
    memchr::memchr(b'&', text.as_bytes())?;
    match html_escape::decode_html_entities(text) {
        Cow::Owned(decoded) => Some(decoded),
        Cow::Borrowed(_) => None,
    }
}

/// `%48`; `None` where nothing changes. Most percent signs are no escapes.
fn percent_signs(text: &str) -> Option<String> {
    let is_escape =
        |at: usize| text.as_bytes().get(at + 1..at + 3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
    let first = memchr::memchr_iter(b'%', text.as_bytes()).find(|at| is_escape(*at))?;
    let (before, rest) = text.split_at(first);
    Some(format!("{before}{}", percent_decode_str(rest).decode_utf8_lossy()))
}

/// `&#72;` and `&#x48;`, also without the semicolon, as browsers read them; `None` where nothing changes.
fn numeric_entities(text: &str) -> Option<String> {
    const START: &[u8] = b"&#";
    memchr::memmem::find(text.as_bytes(), START)?;
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = memchr::memmem::find(rest.as_bytes(), START) {
        let (before, found) = rest.split_at(at);
        out.push_str(before);
        let body = &found[2..];
        let (digits, radix) = match body.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16),
            None => (body, 10),
        };
        let length = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
        let (number, after) = digits.split_at(length);
        match u32::from_str_radix(number, radix).ok().and_then(char::from_u32) {
            Some(c) => {
                out.push(c);
                rest = after.strip_prefix(';').unwrap_or(after);
            }
            None => {
                out.push_str("&#");
                rest = body;
            }
        }
    }
    out.push_str(rest);
    Some(out)
}

/// Backslashes as JSON and scripts have them: `\u0048`, `\u{48}`, `\x48`, `\/`.
pub(super) fn script(text: &str) -> String {
    // Halves of a pair of surrogates are put together at the end.
    let mut out: Vec<u16> = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.extend(before.encode_utf16());
        let body = &escape[1..];
        if let Some((unit, after)) = hexadecimal(body) {
            out.extend(unit);
            rest = after;
        } else {
            let mut chars = body.chars();
            let c = match chars.next() {
                Some('n' | 'r' | 't' | 'b' | 'f' | 'v') => Some(' '),
                other => other,
            };
            out.extend(c.into_iter().flat_map(|c| c.encode_utf16(&mut [0; 2]).to_vec()));
            rest = chars.as_str();
        }
    }
    out.extend(rest.encode_utf16());
    String::from_utf16_lossy(&out)
}

/// A number in braces is looked for no further.
const LONGEST_NUMBER: usize = 16;

/// The character after `\`, and what follows it.
fn hexadecimal(body: &str) -> Option<(Vec<u16>, &str)> {
    let braced = body.strip_prefix("u{").and_then(|rest| {
        let end = rest.bytes().take(LONGEST_NUMBER).position(|byte| byte == b'}')?;
        Some((rest.get(..end)?, rest.get(end + 1..)?))
    });
    if let Some((digits, after)) = braced {
        let c = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)?;
        return Some((c.encode_utf16(&mut [0; 2]).to_vec(), after));
    }
    let (rest, length) =
        body.strip_prefix('u').map(|rest| (rest, 4)).or(body.strip_prefix('x').map(|rest| (rest, 2)))?;
    let digits = rest.get(..length).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
    Some((vec![u16::from_str_radix(digits, 16).ok()?], rest.get(length..)?))
}

/// Backslashes as style sheets have them: one to six hexadecimal digits and a space, or any
/// other character as itself.
pub(super) fn style(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let body = &escape[1..];
        let length = body.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
        let (digits, after) = body.split_at(length);
        match u32::from_str_radix(digits, 16).ok().and_then(char::from_u32) {
            Some(c) => {
                out.push(c);
                rest =
                    after.strip_prefix("\r\n").or(after.strip_prefix([' ', '\t', '\n', '\r', '\x0c'])).unwrap_or(after);
            }
            None => rest = body,
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_escape_is_undone() {
        for written in
            ["HOST-A01", "&#72;OST-A01", "&#x48;OST&#45A01", "H%4FST%2dA01", "H%254FST-A01", "HOST&#x2D;A&#48;1"]
        {
            assert_eq!(decode(written), "HOST-A01", "{written}");
        }
        assert_eq!(decode("HOST&shy;-&zwnj;A &uuml;&period;"), "HOST\u{ad}-\u{200c}A ü.");
        assert_eq!(script(r"\u0048O\x53T\/\u{41}"), "HOST/A");
        assert_eq!(script(r"\ud83d\ude00\n"), "😀 ");
        assert_eq!(style(r"\48 OS\000054-\.A"), "HOST-.A");
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "(&|#|x|%|\\\\|u|\\{|\\}|[0-9a-fA-F;]|\\PC)*") {
            decode(&text);
            script(&text);
            style(&text);
        }
    }
}
