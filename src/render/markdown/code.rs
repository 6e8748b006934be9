//! Code blocks: their language, a way to link to them, and the text in colours.

use pulldown_cmark::CodeBlockKind;

use super::writer::Writer;
use crate::highlight;
use crate::render::markup::Markup;
use crate::scope::markdown::language_of;

/// The name of a code block's language, in lower case; empty where it has none that is safe to
/// use as the name of a class.
pub(super) fn language(kind: &CodeBlockKind<'_>) -> String {
    const LONGEST: usize = 32;
    let word = language_of(kind);
    let safe = word.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'+' | b'#' | b'.'));
    if safe && word.len() <= LONGEST { word.to_ascii_lowercase() } else { String::new() }
}

impl Writer<'_> {
    pub(super) fn code_block(&mut self, language: &str, text: &str) {
        let id = self.code_ids.next();
        self.out.tags("<figure class=\"code\"");
        if let Some(id) = id {
            self.out.attribute("id", id);
        }
        if !language.is_empty() {
            self.out.attribute("data-language", language);
        }
        self.out.tags(">\n<figcaption><span>").text(if language.is_empty() { "code" } else { language });
        if let Some(id) = id {
            self.out.tags(" <a class=\"heading-anchor\"").url("href", &format!("#{id}"));
            self.out.tags(" aria-label=\"Link to this code\">#</a>");
        }
        self.out.tags("</span></figcaption>\n<pre tabindex=\"0\"><code");
        if !language.is_empty() {
            self.out.attribute("class", &format!("language-{language}"));
        }
        coloured(self.out.tags(">"), language, text);
        self.out.tags("</code></pre>\n</figure>\n");
    }
}

/// Writes code, with a class for each piece that has one. The text stays what it is.
fn coloured(out: &mut Markup, language: &str, text: &str) {
    let mut rest = text;
    for piece in highlight::pieces(language, text).iter().flat_map(|pieces| pieces.iter()) {
        let Some((part, after)) = rest.split_at_checked(piece.length) else { break };
        rest = after;
        match piece.class {
            Some(class) => {
                out.tags("<span").attribute("class", &format!("hl-{class}")).tags(">").text(part).tags("</span>")
            }
            None => out.text(part),
        };
    }
    out.text(rest);
}
