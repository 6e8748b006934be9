//! `:::image …:::`, as Microsoft Learn writes images.

use std::ops::Range;

use super::directives::{Directive, Kind, Read, starts_line};
use super::{Image, ImageKind};
use crate::diagnostics::{Code, Diagnostic, nearest};
use crate::report::attributes::{self, Attribute};

const FORM: &str = r#"write it as `:::image type="content" source="a.png" alt-text="What it shows":::`"#;

/// Reads the image whose `:::image` stands at `opening`.
pub(super) fn read(text: &str, opening: Range<usize>) -> Read {
    let rest = &text[opening.end..];
    let (attributes, end) = attributes::read(rest);
    let Some(after) = rest[end..].strip_prefix(":::") else {
        let problem = Diagnostic::error(Code::InvalidDirective, "an image that is not written as it must be");
        return Read::Problem(problem.hint(FORM), opening.start..opening.end + rest[..end].trim_end().len());
    };
    let span = opening.start..opening.end + end + 3;
    let ends_line = after.trim_start_matches([' ', '\t']).chars().next().is_none_or(|c| matches!(c, '\n' | '\r'));
    let block = ends_line && starts_line(text, span.start);
    match image(&attributes, block) {
        Ok(image) => Read::Directive(Directive { span, kind: Kind::Image(image) }),
        Err((problem, attribute)) => {
            let at = |range: &Range<usize>| opening.end + range.start..opening.end + range.end;
            Read::Problem(problem, attribute.map_or(span, |attribute| at(&attribute.name_span)))
        }
    }
}

type Wrong<'a> = (Diagnostic, Option<&'a Attribute<'a>>);

fn image<'a>(attributes: &'a [Attribute<'a>], block: bool) -> Result<Image, Wrong<'a>> {
    const KNOWN: [&str; 6] = ["type", "source", "alt-text", "lightbox", "border", "loc-scope"];
    let error = |message: String| Diagnostic::error(Code::InvalidDirective, message);
    if let Some(attribute) = attributes.iter().find(|attribute| !KNOWN.contains(&attribute.name)) {
        let hint = match nearest(attribute.name, KNOWN) {
            Some(known) => format!("did you mean `{known}`?"),
            None => format!("an image takes {}", KNOWN.join(", ")),
        };
        return Err((error(format!("unknown attribute `{}`", attribute.name)).hint(hint), Some(attribute)));
    }
    let get = |name: &str| attributes.iter().find(|a| a.name == name).map(|a| a.value.trim());
    let needs = |name: &str| (error(format!("an image without `{name}`")).hint(FORM), None);
    let kind = match get("type") {
        None | Some("content") => ImageKind::Content,
        Some("complex") => ImageKind::Complex,
        Some("icon") => ImageKind::Icon,
        Some(_) => {
            let problem = error("an image's type is content, icon or complex".to_owned());
            return Err((problem.hint(FORM), attributes.iter().find(|a| a.name == "type")));
        }
    };
    let source = get("source").filter(|source| !source.is_empty()).ok_or_else(|| needs("source"))?;
    let alt = get("alt-text").filter(|alt| !alt.is_empty());
    let alt = if kind == ImageKind::Icon { alt.unwrap_or_default() } else { alt.ok_or_else(|| needs("alt-text"))? };
    // Learn writes `b.png#lightbox` there.
    let lightbox = get("lightbox").map(|path| path.split('#').next().unwrap_or(path)).filter(|path| !path.is_empty());
    Ok(Image {
        source: source.to_owned(),
        alt: alt.to_owned(),
        caption: String::new(),
        lightbox: lightbox.map(str::to_owned),
        kind,
        block: block && kind != ImageKind::Icon,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_image(text: &str) -> Result<Image, (Code, String)> {
        match read(text, 0..8) {
            Read::Directive(Directive { kind: Kind::Image(image), .. }) => Ok(image),
            Read::Problem(problem, span) => Err((problem.code, text[span].to_owned())),
            _ => panic!("an image or a problem"),
        }
    }

    #[test]
    fn attributes_come_in_any_order() {
        let text = ":::image alt-text=\"A [chain] | of *steps*\" lightbox=\"b_c.png#lightbox\" border=\"false\" source=\"../a_b.png\" type=\"content\":::  ";
        let image = read_image(text).expect("an image");
        assert_eq!((image.source.as_str(), image.alt.as_str()), ("../a_b.png", "A [chain] | of *steps*"));
        assert_eq!(image.lightbox.as_deref(), Some("b_c.png"));
        assert!(image.block);
        assert!(!read_image(":::image source=\"a\" alt-text=\"b\"::: text").expect("an image").block);
    }

    #[test]
    fn mistakes_are_told_where_they_stand() {
        for (text, at) in [
            (":::image source=\"a\":::", ":::image source=\"a\":::"),
            (":::image alt-text=\"a\":::", ":::image alt-text=\"a\":::"),
            (":::image source=\"a\" alt=\"b\":::", "alt"),
            (":::image type=\"x\" source=\"a\" alt-text=\"b\":::", "type"),
            (":::image source=\"a\" alt-text=\"b\"", ":::image source=\"a\" alt-text=\"b\""),
            (":::image source=\"a\" alt-text=\"b\n\":::", ":::image source=\"a\""),
        ] {
            assert_eq!(read_image(text), Err((Code::InvalidDirective, at.to_owned())), "{text}");
        }
    }
}
