//! SQL that every engine understands alike: names in its own quotes, values that mean the same everywhere.

/// The sign that an engine quotes names with. The standard's is `"`, which for some is the sign of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quote {
    Backtick,
    Double,
}

impl Quote {
    /// A query that costs nothing, and that only an engine which quotes names with backticks takes.
    pub(super) const PROBE: &str = "SELECT `a` FROM (SELECT 1 AS `a`) AS t";

    /// A name as it stands in a query, whatever characters it has.
    pub(super) fn name(self, name: &str) -> String {
        let sign = match self {
            Self::Backtick => '`',
            Self::Double => '"',
        };
        let mut out = String::from(sign);
        for c in name.chars() {
            out.extend(std::iter::repeat_n(c, if c == sign { 2 } else { 1 }));
        }
        out.push(sign);
        out
    }
}

/// What a table's entry in `tables` is as the source of a query: its name, or its query in brackets.
pub(super) fn relation(entry: &str, quote: Quote) -> String {
    if is_query(entry) {
        let query = entry.trim().trim_end_matches(';').trim_end();
        // A comment at its end would go on behind it.
        let may_end_in_comment = query.lines().last().is_some_and(|line| line.contains("--") || line.contains('#'));
        return format!("({query}{}) AS t", if may_end_in_comment { "\n" } else { "" });
    }
    // Somebody who quotes knows how the engine wants it.
    if entry.contains(['`', '"', '\'', '(', '[']) {
        return entry.to_owned();
    }
    // Without quotes the engine's rules about capitals hold, with them they do not.
    let is_plain = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let part = |part: &str| if is_plain(part) { part.to_owned() } else { quote.name(part) };
    entry.split('.').map(part).collect::<Vec<_>>().join(".")
}

/// Whether it is a query, and not the name of a table.
fn is_query(entry: &str) -> bool {
    let entry = without_comments(entry);
    let first = entry.split(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    entry.starts_with('(') || first.eq_ignore_ascii_case("select") || first.eq_ignore_ascii_case("with")
}

/// What stands behind the comments that a text begins with.
fn without_comments(text: &str) -> &str {
    let mut rest = text.trim_start();
    loop {
        let behind = match (rest.strip_prefix("--"), rest.strip_prefix("/*")) {
            (Some(comment), _) => comment.split_once('\n'),
            (_, Some(comment)) => comment.split_once("*/"),
            _ => return rest,
        };
        rest = behind.map_or("", |(_, behind)| behind.trim_start());
    }
}

/// The condition that a column holds one of these values; `None` where it cannot be written so that every engine
/// reads the same: some take a backslash for the beginning of an escape, and `''` for nothing at all.
pub(super) fn is_one_of(column: &str, values: &[String]) -> Option<String> {
    /// More of them would make a query that engines refuse for its length.
    const MOST: usize = 20_000;
    const LONGEST: usize = 1 << 20;
    let is_safe = |value: &String| !value.contains(|c: char| c == '\'' || c == '\\' || c.is_control());
    let length: usize = values.iter().map(|value| value.len() + "'', ".len()).sum();
    if values.len() > MOST || length > LONGEST || !values.iter().all(is_safe) {
        return None;
    }
    let values: Vec<String> = values.iter().map(|value| format!("'{value}'")).collect();
    Some(format!("{column} IN ({})", values.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_a_name_is_doubled() {
        assert_eq!(Quote::Backtick.name("a`b\"c"), "`a``b\"c`");
        assert_eq!(Quote::Double.name("a`b\"c"), "\"a`b\"\"c\"");
    }

    #[test]
    fn an_entry_is_a_name_or_a_query() {
        for (entry, wanted) in [
            ("security.devices", "security.devices"),
            ("my-lake.2026.Devices", "`my-lake`.`2026`.Devices"),
            ("parquet.`/a b.parquet`", "parquet.`/a b.parquet`"),
            ("read('x')", "read('x')"),
            ("selected", "selected"),
            ("SELECT * FROM d;", "(SELECT * FROM d) AS t"),
            ("select\n1", "(select\n1) AS t"),
            ("SELECT 1 -- all;", "(SELECT 1 -- all\n) AS t"),
            ("-- all\n/* of\nthem */ SELECT 1", "(-- all\n/* of\nthem */ SELECT 1) AS t"),
            ("/* no end", "`/* no end`"),
            ("With x AS (SELECT 1) SELECT * FROM x", "(With x AS (SELECT 1) SELECT * FROM x) AS t"),
        ] {
            assert_eq!(relation(entry, Quote::Backtick), wanted);
        }
    }

    #[test]
    fn values_that_engines_read_differently_are_not_written() {
        let values = |list: &[&str]| list.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
        assert_eq!(is_one_of("`c`", &values(&["a", "b \u{e9}"])).as_deref(), Some("`c` IN ('a', 'b \u{e9}')"));
        for value in ["it's", "a\\", "a\nb"] {
            assert_eq!(is_one_of("`c`", &values(&["a", value])), None, "{value}");
        }
        assert_eq!(is_one_of("`c`", &values(&["a", &"b".repeat(1 << 20)])), None);
    }
}
