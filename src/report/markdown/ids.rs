//! Technique and CVE ids in prose.

use crate::terms::{CveId, TechniqueId};

/// A stretch of prose.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Text(&'a str),
    Technique(TechniqueId),
    Cve(CveId),
}

/// Splits prose at the ids that stand in it as words of their own: not inside a longer name, a
/// file's name or a URL.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut done, mut in_url, mut before) = (0, false, None);
    for (at, c) in text.char_indices() {
        in_url = !c.is_whitespace() && (in_url || text[at..].starts_with("://"));
        let starts = at >= done && !in_url && !before.is_some_and(continues);
        before = Some(c);
        if let Some((length, piece)) = starts.then(|| id(&text[at..])).flatten() {
            pieces.extend((done < at).then(|| Piece::Text(&text[done..at])));
            pieces.push(piece);
            done = at + length;
        }
    }
    pieces.extend((done < text.len()).then(|| Piece::Text(&text[done..])));
    pieces
}

/// The vulnerabilities that a source text seems to name. Markup may hide one, or show one where there is none.
pub fn seeming_vulnerabilities(source: &str) -> impl Iterator<Item = CveId> {
    pieces(source).into_iter().filter_map(|piece| match piece {
        Piece::Cve(id) => Some(id),
        Piece::Text(_) | Piece::Technique(_) => None,
    })
}

/// Whether a name goes on from `c` into what follows it.
fn continues(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '\\' | '@' | '=' | '%' | '#' | '$' | '&')
}

fn id(text: &str) -> Option<(usize, Piece<'static>)> {
    let digits = |at: usize| text[at..].bytes().take_while(u8::is_ascii_digit).count();
    let (length, piece) = match text.as_bytes().first()? {
        b'T' if digits(1) == 4 => {
            let sub = text[5..].starts_with('.') && digits(6) == 3;
            let length = if sub { 9 } else { 5 };
            (length, Piece::Technique(TechniqueId::parse(&text[..length])?))
        }
        b'C' | b'c' => {
            let prefix = text.get(..4).filter(|prefix| prefix.eq_ignore_ascii_case("CVE-"))?;
            let number = prefix.len() + digits(4) + 1;
            let length = number + text.get(number..).map(|_| digits(number))?;
            (length, Piece::Cve(CveId::parse(&text[..length])?))
        }
        _ => return None,
    };
    ends(&text[length..]).then_some((length, piece))
}

/// Whether a name that was read up to here is over: a full stop ends it unless the name of a
/// file or a longer number goes on after it.
fn ends(rest: &str) -> bool {
    let mut rest = rest.chars();
    match rest.next() {
        Some('.') => !rest.next().is_some_and(|c| c.is_ascii_alphanumeric()),
        Some(c) => !(c.is_ascii_alphanumeric() || c == '_'),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Vec<String> {
        let ids = pieces(text).into_iter().filter_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Technique(id) => Some(id.to_string()),
            Piece::Cve(id) => Some(id.to_string()),
        });
        ids.collect()
    }

    #[test]
    fn ids_are_found_as_words() {
        assert_eq!(ids("T1059, (T1059.001) T1003."), ["T1059", "T1059.001", "T1003"]);
        assert_eq!(ids("cve-2025-53770/CVE-2025-53771-style"), ["CVE-2025-53770", "CVE-2025-53771"]);
        assert_eq!(ids("使用T1059技术"), ["T1059"]);
    }

    #[test]
    fn parts_of_other_names_are_no_ids() {
        for text in [
            "T10590",
            "AT1059",
            "T1059.0011",
            "T1059_x",
            "SRV-T1059",
            "https://h/techniques/T1059/",
            "T1059.exe",
            "CVE-2025-537",
            "XCVE-2025-53770",
            "CVE-2025-53770.py",
            "CVE-",
            "c",
            "cvé-2025-53770",
            "C:\\T1059",
        ] {
            assert_eq!(ids(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn the_text_between_is_kept() {
        assert_eq!(
            pieces("a T1059 b"),
            [Piece::Text("a "), Piece::Technique(TechniqueId::parse("T1059").expect("an id")), Piece::Text(" b")]
        );
    }
}
