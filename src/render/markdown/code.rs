//! Code blocks.

use pulldown_cmark::CodeBlockKind;

use super::writer::Writer;

/// The name of a code block's language, in lower case; empty where it has none that is safe to
/// use as the name of a class.
pub(super) fn language(kind: &CodeBlockKind<'_>) -> String {
    const LONGEST: usize = 32;
    let CodeBlockKind::Fenced(info) = kind else { return String::new() };
    let word = info.split([' ', '\t', ',', '{']).next().unwrap_or_default();
    let safe = word.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'+' | b'#' | b'.'));
    if safe && word.len() <= LONGEST { word.to_ascii_lowercase() } else { String::new() }
}

impl Writer<'_> {
    pub(super) fn code_block(&mut self, language: &str, text: &str) {
        self.out.tags("<figure class=\"code\"");
        if language.is_empty() {
            self.out.tags(">\n<pre tabindex=\"0\"><code>");
        } else {
            self.out.attribute("data-language", language).tags(">\n<figcaption>").text(language);
            self.out.tags("</figcaption>\n<pre tabindex=\"0\"><code class=\"language-").text(language).tags("\">");
        }
        let highlighted = Some(language).filter(|name| !name.is_empty()).and_then(|name| self.context.code(name, text));
        match highlighted {
            Some(html) => self.out.html(&html),
            None => self.out.text(text),
        };
        self.out.tags("</code></pre>\n</figure>\n");
    }
}
