//! Markup in the making.

use std::fmt::Write as _;

use super::Html;
use super::html::escape_onto;

/// Markup that grows. What is not known when the program is compiled can only come in escaped,
/// or as [`Html`].
#[derive(Debug, Default)]
pub(super) struct Markup(String);

impl Markup {
    /// Adds tags.
    pub(super) fn tags(&mut self, tags: &'static str) -> &mut Self {
        self.0.push_str(tags);
        self
    }

    /// Adds text.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        escape_onto(text, &mut self.0);
        self
    }

    /// Adds a number.
    pub(super) fn number(&mut self, number: impl Into<i64>) -> &mut Self {
        // Writing to a string cannot fail.
        let _ = write!(self.0, "{}", number.into());
        self
    }

    /// Adds an attribute to the tag that is open.
    pub(super) fn attribute(&mut self, name: &'static str, value: &str) -> &mut Self {
        self.tags(" ").tags(name).tags("=\"").text(value).tags("\"")
    }

    /// Adds an attribute that is a whole number.
    pub(super) fn measure(&mut self, name: &'static str, value: impl Into<i64>) -> &mut Self {
        self.tags(" ").tags(name).tags("=\"").number(value).tags("\"")
    }

    /// Adds an attribute that holds a URL. What cannot stand in a URL is percent-encoded.
    pub(super) fn url(&mut self, name: &'static str, url: &str) -> &mut Self {
        const KEPT: &[u8] = b"-._~:/?#[]@!$&'()*+,;=%";
        let mut encoded = String::with_capacity(url.len());
        for byte in url.bytes() {
            if byte.is_ascii_alphanumeric() || KEPT.contains(&byte) {
                encoded.push(char::from(byte));
            } else {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
        self.attribute(name, &encoded)
    }

    /// Adds markup that is finished.
    pub(super) fn html(&mut self, html: &Html) -> &mut Self {
        self.0.push_str(html.as_str());
        self
    }

    /// The finished markup.
    pub(super) fn finish(self) -> Html {
        Html::trusted(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out_of_an_attribute() {
        let mut markup = Markup::default();
        markup.tags("<a").url("href", "/a b\"><é?x=1&y=%20").attribute("title", "\"'<&").measure("width", 3).tags(">");
        assert_eq!(
            markup.finish().as_str(),
            "<a href=\"/a%20b%22%3E%3C%C3%A9?x=1&amp;y=%20\" title=\"&quot;&#39;&lt;&amp;\" width=\"3\">"
        );
    }
}
