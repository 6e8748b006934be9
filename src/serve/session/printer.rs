//! The theme that pages are printed with.

use crate::config::Site;
use crate::diagnostics::Diagnostics;
use crate::render::{Templates, Theme};

/// A theme, ready for use.
pub(super) struct Printer {
    pub(super) name: String,
    pub(super) theme: Theme,
    pub(super) templates: Templates,
}

impl Printer {
    /// The theme of a site; `None` where it does not load.
    pub(super) fn set(site: &Site, diagnostics: &mut Diagnostics) -> Option<Self> {
        let theme = Theme::load(&site.theme, Some(&site.root.join("themes")), diagnostics)?;
        let templates = Templates::compile(&theme, diagnostics)?;
        Some(Self { name: site.theme.clone(), theme, templates })
    }
}
