//! What `serde_json` finds wrong, and where.

/// What an error says, without the place: that is told in the file's own lines.
#[must_use]
pub fn json_said(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).map(str::to_owned).unwrap_or(text)
}

/// The byte of `text` that an error means.
#[must_use]
pub fn json_place(text: &str, error: &serde_json::Error) -> usize {
    let mut ends = memchr::memchr_iter(b'\n', text.as_bytes());
    let line = match error.line() {
        0 | 1 => 0,
        line => ends.nth(line - 2).map_or(text.len(), |end| end + 1),
    };
    // It counts the bytes of a line, from 1.
    text.floor_char_boundary(line + error.column().saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_stands_where_its_line_says() {
        for (text, said, at) in [
            ("{\n \"é\": x}", "expected value", 9),
            ("[1,\r\n2", "EOF while parsing a list", 5),
            ("", "EOF while parsing a value", 0),
        ] {
            let error = serde_json::from_str::<serde_json::Value>(text).expect_err("no JSON");
            assert_eq!((json_said(&error).as_str(), json_place(text, &error)), (said, at), "{text}");
        }
    }
}
