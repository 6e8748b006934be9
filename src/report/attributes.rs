//! `name="value"` pairs, as scope blocks and images carry them.

use std::ops::Range;

/// One pair, with the bytes of its parts in the text it was read from.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Attribute<'a> {
    pub(super) name: &'a str,
    pub(super) value: &'a str,
    pub(super) name_span: Range<usize>,
    pub(super) value_span: Range<usize>,
}

/// Reads the pairs that `line` begins with and tells where the first thing stands that is no
/// pair (the end, if nothing is left). White space before it is skipped.
pub(super) fn read(line: &str) -> (Vec<Attribute<'_>>, usize) {
    let mut attributes = Vec::new();
    let mut at = skip_blank(line, 0);
    while let Some(attribute) = pair(line, at) {
        at = skip_blank(line, attribute.value_span.end + 1);
        attributes.push(attribute);
    }
    (attributes, at)
}

fn skip_blank(line: &str, at: usize) -> usize {
    line.len() - line[at..].trim_start_matches([' ', '\t']).len()
}

fn pair(line: &str, at: usize) -> Option<Attribute<'_>> {
    let rest = &line[at..];
    let name = &rest[..rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-')?];
    let value = rest[name.len()..].strip_prefix("=\"").filter(|_| !name.is_empty())?;
    let value = &value[..value.find(['"', '\n', '\r']).filter(|end| value.as_bytes()[*end] == b'"')?];
    let start = at + name.len() + 2;
    Some(Attribute { name, value, name_span: at..at + name.len(), value_span: start..start + value.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_read_up_to_the_first_other_thing() {
        let (pairs, rest) = read(r#" a="1 = é" loc-scope="" :::"#);
        assert_eq!(pairs.iter().map(|p| (p.name, p.value)).collect::<Vec<_>>(), [("a", "1 = é"), ("loc-scope", "")]);
        assert_eq!(rest, 25);
    }

    #[test]
    fn what_is_not_a_pair_is_left() {
        for (line, at) in
            [(r#"a="1"#, 0), ("a='1'", 0), ("=\"1\"", 0), ("a=\"1\" b", 6), ("a=\"1\n\"", 0), ("", 0), ("é", 0)]
        {
            assert_eq!(read(line).1, at, "{line}");
        }
    }
}
