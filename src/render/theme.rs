//! Themes: the built-in one, and a site's own that shadows it file by file.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use walkdir::WalkDir;

use super::File;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source};
use crate::yaml::{self, Form, Key, Keys, Map};

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
    statics: BTreeMap<String, Vec<u8>>,
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
        match themes.map(|themes| themes.join(name)).filter(|own| own.is_dir()) {
            Some(own) => theme.shadow(name, &own, diagnostics),
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

    /// The static files, as the build holds them.
    pub fn static_files(&self) -> impl Iterator<Item = File> {
        self.statics.iter().map(|(path, bytes)| File { path: format!("static/{path}"), bytes: bytes.clone() })
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
            let Some(path) = relative.filter(|_| entry.file_type().is_file()) else { continue };
            let shown = format!("themes/{name}/{path}");
            if entry.metadata().is_ok_and(|metadata| metadata.len() > LONGEST) {
                diagnostics
                    .push(Diagnostic::error(Code::TooLarge, "a file of a theme is larger than 16 MiB").in_file(shown));
                continue;
            }
            match std::fs::read(entry.path()) {
                Ok(bytes) => self.add(&path, bytes, shown, diagnostics),
                Err(error) => diagnostics.push(unreadable(&shown, &error)),
            }
        }
    }

    /// Adds a file by its path in the theme. Hidden files (an editor's, a file manager's) are
    /// passed over.
    fn add(&mut self, path: &str, bytes: Vec<u8>, shown: String, diagnostics: &mut Diagnostics) {
        if path.split('/').any(|part| part.starts_with('.')) {
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
        if let Some(name) = path.strip_prefix("templates/") {
            self.templates.insert(name.to_owned(), Source::new(shown, text));
        } else if path == "theme.yaml" {
            check_manifest(&text, shown, diagnostics);
        }
    }

    #[cfg(test)]
    pub(super) fn of_templates<const N: usize>(templates: [(&str, &str); N]) -> Self {
        let templates = templates.into_iter().map(|(name, text)| (name.to_owned(), Source::new(name, text))).collect();
        Self { templates, statics: BTreeMap::new() }
    }
}

static MANIFEST: Keys =
    Keys { what: "theme.yaml", list: &[Key::new("name", Form::Given, "What the theme is called.").required()] };

/// `theme.yaml` holds the theme's name, and nothing else so far.
fn check_manifest(text: &str, shown: String, diagnostics: &mut Diagnostics) {
    let source = Source::new(shown, text);
    let Some(node) = yaml::parse(&source, 0..text.len(), diagnostics) else { return };
    let Some(mut manifest) = Map::open(&source, &node, &MANIFEST, diagnostics) else { return };
    manifest.required_text("name", "what the theme is called", diagnostics);
    manifest.finish(diagnostics);
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
    fn a_theme_that_is_not_there_is_an_error() {
        let mut diagnostics = Diagnostics::new();
        assert!(Theme::load("absent", None, &mut diagnostics).is_none());
        assert!(diagnostics.has_errors());
    }
}
