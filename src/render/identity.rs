//! `theme.yaml`: a house's name, logo, colours and fonts, without a style sheet of its own.
//!
//! A colour is a token of the theme's `static/theme.css`, one for light and one for dark pages.
//! Those that are set are held against each other: text needs a contrast of 4.5 to what it stands
//! on, lines and areas need 3 (WCAG 2.2, 1.4.3 and 1.4.11).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use super::colour::Colour;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source, nearest};
use crate::yaml::{self, Form, Key, Keys, Kind, Map, Node};

/// The style sheet that is written from `theme.yaml`.
pub(super) const STYLES: &str = "identity.css";

static MANIFEST: Keys = Keys {
    what: "theme.yaml",
    list: &[
        Key::new("name", Form::Given, "What the theme is called.").required(),
        Key::new("logo", Form::Text, "A file of the theme's `static/`."),
        Key::new("colours", Form::Named("", &SHADES), "Tokens of the style sheet, with a colour each."),
        Key::new("fonts", Form::Mapping(&FONTS), "Font families."),
    ],
};

static SHADES: Keys = Keys {
    what: "a colour",
    list: &[
        Key::new("light", Form::Text, "The colour on light pages."),
        Key::new("dark", Form::Text, "The colour on dark pages."),
    ],
};

static FONTS: Keys = Keys {
    what: "`fonts`",
    list: &[
        Key::new("text", Form::Text, "Font families of text."),
        Key::new("code", Form::Text, "Font families of code."),
    ],
};

/// What a house sets.
#[derive(Clone, Debug, Default)]
pub(super) struct Identity {
    /// The logo's path under `static/`.
    pub(super) logo: Option<String>,
    colours: BTreeMap<String, (Shades, Place)>,
    fonts: Vec<(&'static str, String)>,
}

/// A colour on light and on dark pages.
type Shades = [Colour; 2];

/// Where it is written.
type Place = (Arc<Source>, std::ops::Range<usize>);

/// A colour, what it stands on, and the least contrast between them.
type Pair = (&'static str, &'static str, f64);

const TEXT: f64 = 4.5;
const GRAPHIC: f64 = 3.0;
/// Everything that stands on something else.
const PAIRS: &[Pair] = &[
    ("ink", "ground", TEXT),
    ("ink", "surface", TEXT),
    ("ink", "sunken", TEXT),
    ("ink-soft", "ground", TEXT),
    ("ink-soft", "surface", TEXT),
    ("ink-soft", "sunken", TEXT),
    ("ink-faint", "ground", TEXT),
    ("ink-faint", "surface", TEXT),
    ("link", "ground", TEXT),
    ("link", "surface", TEXT),
    ("link", "accent-soft", TEXT),
    ("link-hover", "surface", TEXT),
    ("accent", "surface", GRAPHIC),
    ("focus", "ground", GRAPHIC),
    ("focus", "surface", GRAPHIC),
    ("impacted", "surface", GRAPHIC),
    ("exposed", "surface", GRAPHIC),
    ("unavailable", "surface", GRAPHIC),
    ("mitigated", "surface", GRAPHIC),
    ("critical-ink", "critical-ground", TEXT),
    ("high-ink", "high-ground", TEXT),
    ("medium-ink", "medium-ground", TEXT),
    ("low-ink", "low-ground", TEXT),
    ("plain-ink", "plain-ground", TEXT),
    ("good-ink", "good-ground", TEXT),
    ("banner-ink", "banner-ground", TEXT),
];

impl Identity {
    /// Reads `theme.yaml`.
    pub(super) fn read(text: &str, shown: String, diagnostics: &mut Diagnostics) -> Self {
        let mut identity = Self::default();
        let source = Source::new(shown, text);
        let Some(node) = yaml::parse(&source, 0..text.len(), diagnostics) else { return identity };
        let Some(mut manifest) = Map::open(&source, &node, &MANIFEST, diagnostics) else { return identity };
        manifest.required_text("name", "what the theme is called", diagnostics);
        identity.logo = manifest.value("logo", "a file of the theme's static/, as `logo.svg`", diagnostics, |path| {
            let path = path.strip_prefix("static/").unwrap_or(path);
            (!path.starts_with('/') && path.split('/').all(|part| part != "..")).then(|| path.to_owned())
        });
        if let Some(colours) = manifest.get("colours") {
            identity.read_colours(&source, colours, diagnostics);
        }
        if let Some(mut fonts) = manifest.get("fonts").and_then(|node| Map::open(&source, node, &FONTS, diagnostics)) {
            for (key, token) in [("text", "font"), ("code", "mono")] {
                let families = fonts.value(key, "font families with commas between them", diagnostics, families);
                identity.fonts.extend(families.map(|families| (token, families)));
            }
            fonts.finish(diagnostics);
        }
        manifest.finish(diagnostics);
        identity
    }

    fn read_colours(&mut self, source: &Arc<Source>, node: &Node, diagnostics: &mut Diagnostics) {
        const EXPECTED: &str =
            "a colour as `#1748b0`, for dark pages another: `{ light: \"#1748b0\", dark: \"#8fb4ff\" }`";
        let Some(colours) = yaml::entries(source, node, "`colours`", diagnostics) else { return };
        for (name, _, value) in colours {
            let shades = if let Kind::Map(_) = value.kind {
                let Some(mut pair) = Map::open(source, value, &SHADES, diagnostics) else { continue };
                let light = pair.value("light", EXPECTED, diagnostics, Colour::parse);
                let dark = pair.value("dark", EXPECTED, diagnostics, Colour::parse);
                pair.finish(diagnostics);
                light.zip(dark).map(|(light, dark)| [light, dark])
            } else {
                yaml::value(source, value, name, EXPECTED, diagnostics, Colour::parse).map(|colour| [colour; 2])
            };
            if let Some(shades) = shades {
                self.colours.insert(name.to_owned(), (shades, (source.clone(), value.span.clone())));
            }
        }
    }

    /// Holds what is set against the theme's files: the logo is one, each colour is a token of its
    /// style sheet, and what stands on something else can be read.
    pub(super) fn check(&self, styles: &str, files: impl Fn(&str) -> bool, shown: &str, diagnostics: &mut Diagnostics) {
        if let Some(logo) = self.logo.as_ref().filter(|logo| !files(logo)) {
            let message = format!("there is no logo `static/{logo}`");
            let problem = Diagnostic::error(Code::InvalidTheme, message).in_file(shown);
            diagnostics.push(problem.hint("put the file into the theme's directory `static/`, or remove `logo`"));
        }
        let tokens = tokens(styles);
        for (name, (_, (source, span))) in &self.colours {
            if !tokens.contains_key(name) {
                let problem = Diagnostic::error(Code::InvalidTheme, format!("the theme has no colour `{name}`"));
                diagnostics.push(
                    problem.at(source, span.clone()).hint(match nearest(name, tokens.keys().map(String::as_str)) {
                        Some(known) => format!("did you mean `{known}`?"),
                        None if tokens.is_empty() => "its static/theme.css sets none: a colour is a line of it, as \
                                                      `--accent: light-dark(#1748b0, #8fb4ff);`"
                            .to_owned(),
                        None => format!("it has: {}", tokens.keys().cloned().collect::<Vec<_>>().join(", ")),
                    }),
                );
            }
        }
        let shades = |name: &str| self.colours.get(name).map(|(shades, _)| *shades).or(tokens.get(name).copied());
        for (name, ground, least) in PAIRS {
            let set = self.colours.get(*name).or_else(|| self.colours.get(*ground));
            let (Some((_, place)), Some(one), Some(other)) = (set, shades(name), shades(ground)) else { continue };
            for ((one, other), pages) in one.into_iter().zip(other).zip(["light", "dark"]) {
                let contrast = one.contrast(other);
                if contrast < *least {
                    diagnostics.push(unreadable(name, ground, (contrast, *least), pages, place));
                }
            }
        }
    }

    /// The style sheet that sets it, where anything is set.
    pub(super) fn styles(&self) -> Option<String> {
        if self.colours.is_empty() && self.fonts.is_empty() {
            return None;
        }
        let mut styles = "/* Written from theme.yaml. */\n:root {\n".to_owned();
        // Writing to a string cannot fail.
        for (name, ([light, dark], _)) in &self.colours {
            let _ = writeln!(styles, "  --{name}: light-dark({light}, {dark});");
        }
        for (token, families) in &self.fonts {
            let _ = writeln!(styles, "  --{token}: {families};");
        }
        styles.push_str("}\n");
        Some(styles)
    }
}

fn unreadable(name: &str, ground: &str, (contrast, least): (f64, f64), pages: &str, place: &Place) -> Diagnostic {
    let message =
        format!("`{name}` on `{ground}` has a contrast of {contrast:.2} on {pages} pages; {least} is the least");
    Diagnostic::error(Code::InvalidTheme, message)
        .at(&place.0, place.1.clone())
        .hint("make one of them darker or lighter, or give one for light and one for dark pages")
}

/// The colours of a style sheet: its lines `--name: light-dark(#…, #…);`.
fn tokens(styles: &str) -> BTreeMap<String, Shades> {
    let token = |line: &str| {
        let (name, value) = line.trim().strip_prefix("--")?.split_once(':')?;
        let (light, dark) = value.trim().strip_prefix("light-dark(")?.strip_suffix(");")?.split_once(',')?;
        Some((name.to_owned(), [Colour::parse(light.trim())?, Colour::parse(dark.trim())?]))
    };
    let mut tokens = BTreeMap::new();
    for (name, shades) in styles.lines().filter_map(token) {
        // What stands first holds on the screen; what print says comes after.
        tokens.entry(name).or_insert(shades);
    }
    tokens
}

/// Font families, if nothing in them could end the rule they are written into.
fn families(text: &str) -> Option<String> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | ',' | '-' | '_' | '"' | '\'');
    let quotes = |mark| text.matches(mark).count().is_multiple_of(2);
    (!text.is_empty() && text.chars().all(plain) && quotes('"') && quotes('\'')).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::Theme;

    /// What is wrong with a `theme.yaml` beside the built-in theme.
    fn problems(text: &str) -> Vec<String> {
        let theme = Theme::load("default", None, &mut Diagnostics::new()).expect("the built-in theme");
        let styles = theme.static_files().find(|file| file.path == "static/theme.css").expect("a style sheet");
        let mut diagnostics = Diagnostics::new();
        let identity = Identity::read(text, "theme.yaml".to_owned(), &mut diagnostics);
        let styles = String::from_utf8(styles.into_bytes()).expect("UTF-8");
        identity.check(&styles, |path| path == "logo.svg", "theme.yaml", &mut diagnostics);
        diagnostics.iter().map(|problem| problem.message.clone()).collect()
    }

    #[test]
    fn every_pair_is_of_tokens_that_the_built_in_theme_has_and_keeps_apart() {
        let theme = Theme::load("default", None, &mut Diagnostics::new()).expect("the built-in theme");
        let styles = theme.static_files().find(|file| file.path == "static/theme.css").expect("a style sheet");
        let tokens = tokens(std::str::from_utf8(&styles.into_bytes()).expect("UTF-8"));
        for (name, ground, least) in PAIRS {
            for (one, other) in tokens[*name].into_iter().zip(tokens[*ground]) {
                assert!(one.contrast(other) >= *least, "{name} on {ground}: {}", one.contrast(other));
            }
        }
    }

    #[test]
    fn colours_that_cannot_be_read_are_told_with_their_contrast() {
        assert!(problems("name: A\nlogo: logo.svg\ncolours: { accent: { light: \"#7a1fa2\", dark: \"#c88bea\" }, exposed: \"#c2571a\" }\n").is_empty());
        let told = problems("name: A\ncolours:\n  link: \"#aaaaaa\"\n  lnik: \"#000\"\nlogo: other.svg\n");
        assert!(told.contains(&"there is no logo `static/other.svg`".to_owned()), "{told:?}");
        assert!(told.contains(&"the theme has no colour `lnik`".to_owned()), "{told:?}");
        let contrast = "`link` on `surface` has a contrast of 2.32 on light pages; 4.5 is the least".to_owned();
        assert!(told.contains(&contrast), "{told:?}");
    }

    #[test]
    fn nothing_that_is_set_can_leave_its_rule() {
        for text in [
            "name: A\nfonts: { text: \"a; } body { display: none\" }",
            "name: A\nfonts: { code: \"url(x)\" }",
            "name: A\ncolours: { link: \"red; } a {\" }",
            "name: A\nlogo: ../secret.svg",
        ] {
            assert_eq!(problems(text).len(), 1, "{text}");
        }
        let mut diagnostics = Diagnostics::new();
        let text =
            "name: A\nfonts: { text: \"'Inter', system-ui\" }\ncolours: { link: { light: \"#124\", dark: \"#fff\" } }";
        let identity = Identity::read(text, "theme.yaml".to_owned(), &mut diagnostics);
        let styles = identity.styles().expect("styles");
        assert!(
            styles.contains("  --link: light-dark(#112244, #ffffff);\n  --font: 'Inter', system-ui;\n}"),
            "{styles}"
        );
    }
}
