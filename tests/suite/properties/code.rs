//! Code in colours: the pieces are the text.

use threatpress::highlight::pieces;

use super::{markdown, shown};

/// The first byte of an input chooses the language. Ours come first.
const LANGUAGES: [&str; 12] =
    ["kql", "spl", "yara", "powershell", "sigma", "python", "c", "bash", "sql", "json", "xml", "diff"];

pub(super) fn hold(input: &[u8]) {
    let Some((first, text)) = input.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let language = LANGUAGES[usize::from(*first) % LANGUAGES.len()];
    let mut at = 0;
    for piece in pieces(language, text).iter().flat_map(|pieces| pieces.iter()) {
        assert!(piece.length > 0, "an empty piece");
        at += piece.length;
        assert!(text.is_char_boundary(at), "a piece of {language} ends inside a character");
    }
    assert!(at == text.len() || pieces(language, text).is_none(), "pieces of {language} are not the text");
    is_shown_whole(language, text);
}

/// The same on a page: tags taken out, the text stands there.
fn is_shown_whole(language: &str, text: &str) {
    let plain = |c: char| (!c.is_control() || matches!(c, '\n' | '\t')) && !is_replaced(c);
    if text.contains("~~~") || !text.chars().all(plain) {
        return;
    }
    let markup = markdown::rendered(&format!("~~~{language}\n{text}\n~~~\n"));
    assert_eq!(shown::text(&markup).trim(), format!("{text}\n").trim(), "{language}");
}

/// Characters that pages replace, since they turn the direction of what follows or are none.
fn is_replaced(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}')
}
