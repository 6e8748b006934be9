//! What of a `snapshot.yaml` no message quotes: passwords and tokens that stand in it against all advice.
//!
//! The file may be no YAML at all, so its lines are looked at, and what is not known to be harmless is hidden.

use std::ops::Range;

use super::address::Address;

/// Under these keys, wherever they stand, is nothing but what is said of an engine.
const GUARDED: [&str; 5] = ["engine", "flight_sql", "password", "token", "authorization"];

/// The parts of the text that are hidden.
pub(in crate::snapshot) fn secrets(text: &str) -> Vec<Range<usize>> {
    let mut hidden = of_addresses(text);
    let mut block: Option<Block> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let from = match &block {
            Some(block) if block.goes_on(line) => Some(0),
            _ => {
                block = None;
                keys(line).find(|key| GUARDED.contains(&&line[key.clone()])).map(|key| key.start)
            }
        };
        if let Some(from) = from {
            let part = &line[from..];
            block.get_or_insert(Block { indent: indent(line), open: 0 }).add(part);
            hidden.extend(of_part(part).into_iter().map(|range| start + from + range.start..start + from + range.end));
        }
        start += line.len();
    }
    hidden
}

/// What stands between `//` and `@` in an address, wherever that is.
fn of_addresses(text: &str) -> Vec<Range<usize>> {
    let authority = |(at, _)| {
        let start: usize = at + 2;
        let rest = &text[start..];
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'')).unwrap_or(rest.len());
        rest[..end].rfind('@').map(|end| start..start + end)
    };
    text.match_indices("//").filter_map(authority).collect()
}

/// Lines that belong to a guarded key.
struct Block {
    indent: usize,
    /// How many brackets are still open.
    open: usize,
}

impl Block {
    fn goes_on(&self, line: &str) -> bool {
        let first = line.trim_start().chars().next();
        self.open > 0 || indent(line) > self.indent || first.is_none_or(|first| matches!(first, '#' | '-' | '}' | ']'))
    }

    fn add(&mut self, part: &str) {
        for c in part.chars() {
            match c {
                '{' | '[' => self.open += 1,
                '}' | ']' => self.open = self.open.saturating_sub(1),
                _ => {}
            }
        }
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Whether it stands around a value.
fn is_around(c: char) -> bool {
    c.is_whitespace() || matches!(c, '{' | '}' | '[' | ']' | ',' | '"' | '\'')
}

/// The keys in a line.
fn keys(line: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let is_quote = |c: char| matches!(c, '"' | '\'');
    line.match_indices(':').filter_map(move |(colon, _)| {
        let before = line[..colon].trim_end();
        let is_quoted = before.ends_with(is_quote);
        let ends = line[colon + 1..].chars().next().is_none_or(|c| c.is_whitespace() || is_quoted);
        let name = if is_quoted { &before[..before.len() - 1] } else { before };
        let start = name.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).len();
        let ahead = name[..start].trim_end_matches(is_quote).chars().next_back();
        let begins = ahead.is_none_or(|c| c.is_whitespace() || matches!(c, '{' | '[' | ','));
        (ends && begins && start < name.len()).then_some(start..name.len())
    })
}

/// What is hidden of a part of a line that speaks of an engine.
fn of_part(part: &str) -> Vec<Range<usize>> {
    let keys: Vec<Range<usize>> = keys(part).collect();
    let ends = keys.iter().skip(1).map(|next| next.start).chain([part.len()]);
    let mut hidden = vec![trimmed(part, 0..keys.first().map_or(part.len(), |first| first.start))];
    for (key, end) in keys.iter().zip(ends) {
        // Behind the key is its colon.
        let start = part[key.end..].find(':').map_or(end, |colon| key.end + colon + 1);
        hidden.extend(of_value(part, &part[key.clone()], trimmed(part, start..end)));
    }
    hidden.retain(|range| !range.is_empty());
    hidden
}

/// A range without white space at its ends; an empty one where brackets and quotes alone stand there.
fn trimmed(part: &str, range: Range<usize>) -> Range<usize> {
    let text = &part[range.clone()];
    if text.trim_matches(is_around).is_empty() {
        return range.start..range.start;
    }
    let start = range.start + text.len() - text.trim_start().len();
    start..start + text.trim().len()
}

/// What is hidden of the value of a key: all of it, unless it is known what it says.
fn of_value(part: &str, key: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let text = &part[range.clone()];
    let (said, comment) = text.split_at(text.find(" #").unwrap_or(text.len()));
    let end = range.start + said.len();
    let value = said.trim_matches(is_around);
    let hidden = match key {
        "ca" | "timeout_seconds" if !value.contains(char::is_whitespace) => end..end,
        "flight_sql" if Address::parse(value).is_ok() => end..end,
        // Scheme and host tell nothing, where it is clear which they are.
        "flight_sql" => {
            let is_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | ':' | '"' | '\'');
            let scheme = said.find("://").filter(|at| said[..*at].chars().all(is_scheme)).map_or(0, |at| at + 3);
            let host = |at: &usize| {
                let host = said[at + 1..].trim_matches(is_around);
                Address::parse(&format!("grpc://{host}")).is_ok()
            };
            range.start + scheme..said.rfind('@').filter(host).map_or(end, |at| range.start + at)
        }
        _ => range.start..end,
    };
    vec![hidden, end..end + comment.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let hidden = secrets(text);
        let is_hidden = |at: usize| hidden.iter().any(|range| range.contains(&at));
        text.char_indices().map(|(at, c)| if is_hidden(at) && c != '\n' { '*' } else { c }).collect()
    }

    #[test]
    fn what_is_harmless_is_shown() {
        let text = "as_of: 2026-11-16\nengine: { flight_sql: \"grpc+tls://engine.internal:1\", ca: a.pem }\n\
                    tables:\n  devices: \"SELECT * FROM d WHERE token = 'x'\"\n";
        assert_eq!(shown(text), text);
        let block = "engine:\n  flight_sql: grpc://[::1]:1\n  timeout_seconds: 30\ntables: {devices: d}\n";
        assert_eq!(shown(block), block);
    }

    #[test]
    fn a_password_in_an_address_is_hidden_in_any_form() {
        for (value, wanted) in [
            ("grpc://ada:hunter2@h:1", "grpc://***********@h:1"),
            ("grpc://ada:hun/ter2@h:1", "grpc://************@h:1"),
            ("grpc://ada:hun ter2@h:1", "grpc://************@h:1"),
            ("grpc://ada:hun@ter2@h:1", "grpc://************@h:1"),
            ("ada:hunter2@h:1", "***********@h:1"),
            ("grpc+tls://h:1?token=hunter2", "grpc+tls://*****************"),
            (
                "jdbc:arrow-flight-sql://h:1?user=ada&password=hunter2",
                "jdbc:arrow-flight-sql://*****************************",
            ),
            ("ada:hunter2", "***********"),
        ] {
            assert_eq!(
                shown(&format!("engine:\n  flight_sql: {value}\n")),
                format!("engine:\n  flight_sql: {wanted}\n")
            );
            let flow = shown(&format!("engine: {{flight_sql: \"{value}\"}}\n"));
            assert!(!flow.contains("ada") && !flow.contains("ter2"), "{flow}");
        }
    }

    #[test]
    fn a_secret_beside_the_address_is_hidden() {
        for (text, wanted) in [
            ("engine:\n  password: hunter2\nsource: x\n", "engine:\n  password: *******\nsource: x\n"),
            ("engine: {token: hunter2,\nx: y}\nsource: x\n", "engine: {token: ********\nx: **\nsource: x\n"),
            ("engine:\n  token: >-\n    hunter2\n", "engine:\n  token: **\n    *******\n"),
            ("engine:\n  ca: a.pem # hunter2\n", "engine:\n  ca: a.pem**********\n"),
            ("engine:\n- hunter2\n\n# hunter2\n  x: é\n", "engine:\n*********\n\n*********\n  x: *\n"),
            ("password: hunter2\n", "password: *******\n"),
        ] {
            assert_eq!(shown(text), wanted);
        }
        for text in ["engine:\n  headers: {authorization: Bearer hunter2}\n", "{\"engine\":{\"token\":\"hunter2\"}}\n"]
        {
            assert!(!shown(text).contains("hunter2"), "{text}");
        }
    }
}
