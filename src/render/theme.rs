//! Themes: the built-in one, and a site's own that shadows it file by file or block by block.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use walkdir::WalkDir;

use super::identity::{Identity, STYLES};
use super::{File, policy};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source};
use crate::terms::percent_encoded;

/// The built-in theme.
static DEFAULT: Dir = include_dir!("$CARGO_MANIFEST_DIR/themes/default");
/// Its name.
const NAME: &str = "default";
/// A file of a theme is at most this long.
const LONGEST: u64 = 16 << 20;

/// A theme: templates and static files.
#[derive(Clone, Debug, Default)]
pub struct Theme {
    templates: BTreeMap<String, Arc<Source>>,
    /// The names of those that are the site's own.
    own: BTreeSet<String>,
    statics: BTreeMap<String, Vec<u8>>,
    identity: Identity,
}

impl Theme {
    /// The theme of a name. `themes` is the site's own directory of themes, if it has one; a
    /// theme in it needs only the files that differ from the built-in theme's.
    #[must_use]
    pub fn load(name: &str, themes: Option<&Path>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let mut theme = Self::default();
        built_in(&DEFAULT, &mut |path, bytes| {
            theme.add(path, bytes.to_vec(), format!("themes/{NAME}/{path}"), diagnostics)
        });
        let own = themes.map(|themes| themes.join(name));
        // Where nobody may look, one may well stand: that is told when it is opened.
        let stands =
            |own: &PathBuf| own.metadata().map_or_else(|error| error.kind() != ErrorKind::NotFound, |own| own.is_dir());
        match own.filter(stands) {
            Some(own) => {
                theme.shadow(name, &own, diagnostics);
                theme.set(&format!("themes/{name}/theme.yaml"), diagnostics);
            }
            None if name == NAME => {}
            None => {
                diagnostics.push(
                    Diagnostic::error(Code::InvalidTheme, format!("there is no theme `{name}`")).hint(format!(
                        "write `theme: {NAME}` in threatpress.yaml, or put the theme under themes/{name}/"
                    )),
                );
                return None;
            }
        }
        Some(theme)
    }

    /// The templates, by name: their paths under `templates/`.
    #[must_use]
    pub fn templates(&self) -> &BTreeMap<String, Arc<Source>> {
        &self.templates
    }

    /// Whether a template is the site's own, and not built in.
    #[must_use]
    pub fn is_own(&self, template: &str) -> bool {
        self.own.contains(template)
    }

    /// Whether any template is.
    #[must_use]
    pub fn has_own_templates(&self) -> bool {
        !self.own.is_empty()
    }

    /// The static files, as the build holds them.
    pub fn static_files(&self) -> impl Iterator<Item = File<'_>> {
        self.statics.iter().map(|(path, bytes)| File::new(format!("static/{path}"), bytes.as_slice()))
    }

    /// One of them, by its path under `static/`.
    #[must_use]
    pub fn static_file(&self, path: &str) -> Option<&[u8]> {
        self.statics.get(path).map(Vec::as_slice)
    }

    /// The path of the logo in a build as an address has it, if the theme has one.
    #[must_use]
    pub fn logo(&self) -> Option<String> {
        self.identity.logo.as_ref().map(|logo| percent_encoded(&format!("static/{logo}"), b"/"))
    }

    /// The path of the style sheet in a build that sets the theme's own colours and fonts, if it
    /// has any.
    #[must_use]
    pub fn identity_styles(&self) -> Option<String> {
        self.statics.contains_key(STYLES).then(|| format!("static/{STYLES}"))
    }

    /// Checks what `theme.yaml` sets and writes its style sheet.
    fn set(&mut self, shown: &str, diagnostics: &mut Diagnostics) {
        let styles = self.statics.get("theme.css").map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        let there = |path: &str| self.statics.contains_key(path);
        self.identity.check(&styles.unwrap_or_default(), there, shown, diagnostics);
        if let Some(styles) = self.identity.styles() {
            self.statics.insert(STYLES.to_owned(), styles.into_bytes());
        }
    }

    fn shadow(&mut self, name: &str, own: &Path, diagnostics: &mut Diagnostics) {
        for entry in WalkDir::new(own).sort_by_file_name() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    diagnostics.push(unreadable(&format!("themes/{name}"), &error));
                    continue;
                }
            };
            let relative =
                entry.path().strip_prefix(own).ok().and_then(Path::to_str).map(|path| path.replace('\\', "/"));
            let Some(path) = relative.filter(|path| !entry.file_type().is_dir() && !is_hidden(path)) else { continue };
            let shown = format!("themes/{name}/{path}");
            if !entry.file_type().is_file() {
                let told =
                    Diagnostic::error(Code::Unreadable, "a theme's file has to be a plain file: no link is followed");
                diagnostics.push(told.in_file(shown).hint("put the file itself there, or remove it"));
                continue;
            }
            if entry.metadata().is_ok_and(|metadata| metadata.len() > LONGEST) {
                diagnostics
                    .push(Diagnostic::error(Code::TooLarge, "a file of a theme is larger than 16 MiB").in_file(shown));
                continue;
            }
            match std::fs::read(entry.path()) {
                Ok(bytes) => {
                    policy::check(&path, &bytes, &shown, diagnostics);
                    self.add(&path, bytes, shown, diagnostics);
                    let template = path.strip_prefix("templates/").filter(|name| self.templates.contains_key(*name));
                    self.own.extend(template.map(str::to_owned));
                }
                Err(error) => diagnostics.push(unreadable(&shown, &error)),
            }
        }
    }

    /// Adds a file by its path in the theme.
    fn add(&mut self, path: &str, bytes: Vec<u8>, shown: String, diagnostics: &mut Diagnostics) {
        if is_hidden(path) {
            return;
        }
        if let Some(path) = path.strip_prefix("static/") {
            self.statics.insert(path.to_owned(), bytes);
            return;
        }
        let Ok(text) = String::from_utf8(bytes) else {
            diagnostics.push(Diagnostic::error(Code::NotUtf8, "a file of a theme is not UTF-8").in_file(shown));
            return;
        };
        // Some editors begin a text with a mark of its encoding, which would stand before the page's first tag.
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        if let Some(name) = path.strip_prefix("templates/") {
            self.keep_built_in(name, text);
            self.templates.insert(name.to_owned(), Source::new(shown, text));
        } else if path == "theme.yaml" {
            self.identity = Identity::read(text, shown, diagnostics);
        }
    }

    /// A template that extends the one it shadows finds it under `default/`.
    fn keep_built_in(&mut self, name: &str, text: &str) {
        let kept = format!("{NAME}/{name}");
        if ['"', '\'', '`'].iter().any(|quote| text.contains(&format!("{quote}{kept}{quote}")))
            && let Some(built_in) = self.templates.get(name).cloned()
        {
            self.templates.insert(kept, built_in);
        }
    }

    #[cfg(test)]
    pub(super) fn of_templates<const N: usize>(templates: [(&str, &str); N]) -> Self {
        let templates = templates.into_iter().map(|(name, text)| (name.to_owned(), Source::new(name, text))).collect();
        Self { templates, ..Self::default() }
    }
}

/// An editor's files, or a file manager's, are passed over.
fn is_hidden(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('.'))
}

fn unreadable(shown: &str, error: &dyn std::error::Error) -> Diagnostic {
    Diagnostic::error(Code::Unreadable, format!("a theme's file cannot be read: {error}"))
        .in_file(shown)
        .hint("make the file readable, or remove it")
}

fn built_in(dir: &Dir, add: &mut impl FnMut(&str, &[u8])) {
    for file in dir.files() {
        if let Some(path) = file.path().to_str() {
            add(&path.replace('\\', "/"), file.contents());
        }
    }
    for inner in dir.dirs() {
        built_in(inner, add);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_shadows_the_built_in_theme_file_by_file() {
        let site = tempfile::tempdir().expect("a directory");
        let own = site.path().join("own");
        std::fs::create_dir_all(own.join("templates")).expect("a directory");
        std::fs::write(own.join("templates/404.html"), "mine").expect("written");
        std::fs::write(own.join("theme.yaml"), "name: Own\n").expect("written");
        let mut diagnostics = Diagnostics::new();
        let theme = Theme::load("own", Some(site.path()), &mut diagnostics).expect("a theme");
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        assert_eq!(theme.templates()["404.html"].text(), "mine");
        assert!(theme.templates().contains_key("dashboard.html"));
        assert!(theme.static_files().any(|file| file.path == "static/theme.css"));
    }

    #[test]
    fn a_site_changes_one_block_and_sets_its_colours() {
        let site = tempfile::tempdir().expect("a directory");
        let put = |path: &str, text: &str| {
            let path = site.path().join("house").join(path);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
            std::fs::write(path, text).expect("written");
        };
        put(
            "theme.yaml",
            "name: House\nlogo: logo.svg\ncolours: { accent: { light: \"#7a1fa2\", dark: \"#c88bea\" } }\n",
        );
        put("static/logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
        put(
            "templates/base.html",
            "{% extends \"default/base.html\" %}{% block footer %}{{ super() }} Ours{% endblock footer %}",
        );
        let mut diagnostics = Diagnostics::new();
        let theme = Theme::load("house", Some(site.path()), &mut diagnostics).expect("a theme");
        assert!(crate::render::Templates::compile(&theme, &mut diagnostics).is_some(), "{diagnostics:?}");
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        assert_eq!(theme.logo().as_deref(), Some("static/logo.svg"));
        assert_eq!(theme.identity_styles().as_deref(), Some("static/identity.css"));
        assert!(theme.templates()["default/base.html"].text().contains("<!doctype html>"));
    }

    #[test]
    fn a_theme_that_is_not_there_is_an_error() {
        let mut diagnostics = Diagnostics::new();
        assert!(Theme::load("absent", None, &mut diagnostics).is_none());
        assert!(diagnostics.has_errors());
    }
}
