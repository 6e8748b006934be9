//! One file of a build, made by itself.

use super::composed::Composed;
use super::{File, Renderer, beside, exports, search};
use crate::diagnostics::Diagnostic;
use crate::exchange;
use crate::pages::Route;

impl Renderer<'_> {
    /// The file at a path, the same as among all of them; nothing where the build has none there. The search index is
    /// made whole or not at all: see [`Renderer::search`].
    ///
    /// # Errors
    /// Where the theme's template cannot show the page.
    pub fn file(&self, path: &str) -> Result<Option<Vec<u8>>, Diagnostic> {
        if let Some(name) = path.strip_prefix("static/") {
            return Ok(self.theme.static_file(name).map(<[u8]>::to_vec));
        }
        if path == "feed.xml" {
            return Ok(Some(self.feed().into_bytes()));
        }
        if path == exchange::LAYER {
            return Ok(exchange::of_role(self.portal.slice()).map(|file| file.text.into_bytes()));
        }
        let (directory, _) = path.split_at(path.rfind('/').map_or(0, |slash| slash + 1));
        let route = if path == "404.html" { Some(Route::Missing) } else { self.portal.route_in(directory) };
        let Some(route) = route else { return Ok(None) };
        let Some(page) = self.portal.page(&route) else { return Ok(None) };
        if path == page.route.file() {
            return self.page(self.portal, &page, &mut Composed::default()).map(|file| Some(file.into_bytes()));
        }
        let mut beside = beside::of(&page).chain(exports(self.portal, &page.route));
        Ok(beside.find(|file| file.path == path).map(File::into_bytes))
    }

    /// Whether a path is one of the search index.
    #[must_use]
    pub fn is_of_search(path: &str) -> bool {
        path.strip_prefix("search/").is_some_and(|name| name.ends_with(search::ENDING))
    }
}
