//! Markup that is safe to put into a page as it is.

use std::fmt;
use std::io;

/// Markup that this room made. Text becomes it only by being escaped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Markup that was put together from escaped text and known tags.
    pub(crate) fn trusted(markup: String) -> Self {
        Self(markup)
    }

    /// Text, escaped.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self(escape(text))
    }

    /// The markup.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Text that can stand in an element or a quoted attribute. Control characters and those that
/// turn the direction of what follows are replaced: names come from strangers, and a page must
/// read as it is.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape_onto(text, &mut out);
    out
}

/// [`escape`], to the end of a text.
pub(super) fn escape_onto(text: &str, out: &mut String) {
    // Most texts are as they have to be.
    if text.bytes().all(is_plain) {
        out.push_str(text);
        return;
    }
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(printable(c)),
        }
    }
}

/// Whether a byte is a character that stands for itself wherever text may stand.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\n' | b'\t') && !matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'')
}

/// The character as a page or feed shows it: control characters, those that turn the direction of
/// what follows, and those that XML does not know are replaced.
pub(super) fn printable(c: char) -> char {
    match c {
        '\n' | '\t' => c,
        // The end of a line, alone or before another.
        '\r' => '\n',
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        c if c.is_control() => '\u{fffd}',
        c => c,
    }
}

/// [`escape`], as the templates call it.
pub(super) fn escape_into(text: &str, out: &mut dyn io::Write) -> io::Result<()> {
    out.write_all(escape(text).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_become_markup_or_turn_its_neighbours() {
        assert_eq!(escape("<b a=\"'&\u{0}\u{202e}x\n"), "&lt;b a=&quot;&#39;&amp;\u{fffd}\u{fffd}x\n");
    }
}
