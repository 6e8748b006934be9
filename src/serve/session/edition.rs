//! One role's build, each file of it made when somebody asks for it.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::exposure::Figures;
use crate::pages::{Listing, Portal};
use crate::render::{File, Printer, Renderer};
use crate::scope::{RoleView, Slice};

/// What one role sees, at one moment of the writing.
pub struct Edition {
    slice: Slice,
    figures: Figures,
    listing: Listing,
    printer: Arc<Printer>,
    /// Made of all texts together.
    search: OnceLock<BTreeMap<String, Vec<u8>>>,
}

impl Edition {
    /// The edition of a slice. `before` is the role's last one, from which it takes what is the same.
    pub(super) fn of(
        slice: Slice,
        printer: Arc<Printer>,
        before: Option<&Self>,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let figures = Figures::of(&slice, before.map(|before| &before.figures));
        let listing = match before {
            Some(before) => before.listing.again(&before.slice, &slice, diagnostics),
            None => Listing::of(&slice, diagnostics),
        };
        Self { slice, figures, listing, printer, search: OnceLock::new() }
    }

    /// The role.
    #[must_use]
    pub fn role(&self) -> &RoleView {
        self.slice.role()
    }

    /// The file at a path of the build, byte for byte as a build has it; nothing where it has none.
    ///
    /// # Errors
    /// Where the theme's template cannot show the page.
    pub fn file(&self, path: &str) -> Result<Option<Arc<[u8]>>, Diagnostic> {
        let portal = self.portal();
        let renderer = Renderer::new(&portal, &self.printer.theme, &self.printer.templates);
        if Renderer::is_of_search(path) {
            let all = || renderer.search().map(File::into_parts).collect();
            return Ok(self.search.get_or_init(all).get(path).map(|bytes| Arc::from(bytes.as_slice())));
        }
        if let Some(bytes) = renderer.file(path)? {
            return Ok(Some(bytes.into()));
        }
        let media = portal.media().find(|(place, _)| place == path);
        // It was kept when it was read.
        media.map(|(_, media)| media.published()).transpose()
    }

    /// Whether the build has a page in a directory, which ends in `/` or is empty.
    #[must_use]
    pub fn has_page(&self, directory: &str) -> bool {
        self.portal().route_in(directory).is_some()
    }

    fn portal(&self) -> Portal<'_> {
        Portal::new(&self.slice, &self.figures, &self.listing)
    }
}
