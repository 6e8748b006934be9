//! The theme that pages are printed with.

use std::path::Path;

use super::{Templates, Theme};
use crate::diagnostics::Diagnostics;

/// A theme, ready for use.
#[derive(Debug)]
pub struct Printer {
    /// Its name.
    pub name: String,
    /// Its files.
    pub theme: Theme,
    /// Its templates, compiled.
    pub templates: Templates,
}

impl Printer {
    /// The theme of a name for the site in `root`, whose own themes come first; `None` where it does not load.
    #[must_use]
    pub fn set(name: &str, root: &Path, diagnostics: &mut Diagnostics) -> Option<Self> {
        let theme = Theme::load(name, Some(&root.join("themes")), diagnostics)?;
        let templates = Templates::compile(&theme, diagnostics)?;
        Some(Self { name: name.to_owned(), theme, templates })
    }
}
