//! The values of attributes: nothing in them may lead out of the file.

/// The functions that colours and places are written with.
const FUNCTIONS: [&str; 10] =
    ["rgb", "rgba", "hsl", "hsla", "matrix", "translate", "scale", "rotate", "skewx", "skewy"];

/// A value that may stand in a drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// As it is.
    Plain(String),
    /// What is drawn with the thing of this id, `url(#id)`, and what follows it.
    Reference(String, String),
}

/// Reads a value; `None` is one that may not be there.
pub(super) fn read(text: &str) -> Option<Value> {
    let text = text.trim();
    if let Some((id, rest)) = reference(text) {
        return is_plain(rest).then(|| Value::Reference(id.to_owned(), rest.trim().to_owned()));
    }
    is_plain(text).then(|| Value::Plain(text.to_owned()))
}

/// The id in `url(#id)`, which the value begins with, and what follows.
fn reference(text: &str) -> Option<(&str, &str)> {
    let head = text.get(..4).filter(|head| head.eq_ignore_ascii_case("url("))?;
    let (inner, rest) = text[head.len()..].split_once(')')?;
    let inner = inner.trim();
    let inner = ['"', '\''].iter().find_map(|quote| inner.strip_prefix(*quote)?.strip_suffix(*quote)).unwrap_or(inner);
    anchor(inner).map(|id| (id, rest))
}

/// The id in `#id`.
pub(super) fn anchor(text: &str) -> Option<&str> {
    let id = text.trim().strip_prefix('#')?;
    let is_odd = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '(' | ')' | '\\' | '#');
    (!id.is_empty() && !id.contains(is_odd)).then_some(id)
}

/// Whether a value has no escapes, which could spell anything, and only known functions.
fn is_plain(text: &str) -> bool {
    if text.contains(['\\', '@', ';', '{', '}']) {
        return false;
    }
    text.match_indices('(').all(|(at, _)| {
        let before = text.get(..at).unwrap_or_default().trim_end();
        let start = before.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '-').map_or(0, |at| at + 1);
        let name = before.get(start..).unwrap_or_default().to_ascii_lowercase();
        FUNCTIONS.contains(&name.as_str())
    })
}

/// The properties of a `style` attribute.
pub(super) fn declarations(style: &str) -> impl Iterator<Item = (String, &str)> {
    style.split(';').filter_map(|declaration| {
        let (name, value) = declaration.split_once(':')?;
        let value = value.trim();
        let value = value.strip_suffix("!important").unwrap_or(value);
        Some((name.trim().to_ascii_lowercase(), value.trim()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_stay_in_the_file_are_read() {
        for plain in
            ["#fff", "none", "0 0 10 10", "rgb(1, 2,3)", "translate(1 2) rotate(3)", "'Segoe UI', sans-serif", ""]
        {
            assert_eq!(read(plain), Some(Value::Plain(plain.to_owned())), "{plain}");
        }
        for text in ["url(#a)", " URL( '#a' ) ", "url(\"#a\")"] {
            assert_eq!(read(text), Some(Value::Reference("a".to_owned(), String::new())), "{text}");
        }
        assert_eq!(read("url(#a) #fff"), Some(Value::Reference("a".to_owned(), "#fff".to_owned())));
    }

    #[test]
    fn what_leads_out_is_not() {
        for bad in [
            "url(https://evil.example/)",
            "url(//evil.example/#a)",
            "url(a.svg#b)",
            "url(#a) url(https://evil.example/)",
            "\\75rl(https://evil.example/)",
            "image-set('https://evil.example/' 1x)",
            "expression(alert(1))",
            "var(--x)",
            "url (https://evil.example/)",
            "url(#)",
            "url(#a",
            "é(1)",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
