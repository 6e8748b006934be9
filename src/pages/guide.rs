//! Free pages.

use serde_json::json;

use super::cell::Part;
use super::page::{Page, Prose};
use super::portal::{Portal, to};
use super::route::Route;

/// A link to each of them, in their order.
pub(super) fn links(portal: &Portal) -> Vec<Part> {
    let pages = portal.ground.pages().iter();
    pages.map(|page| Part::linked(&page.title, Some(to(&Route::Guide(page.name.clone()))))).collect()
}

/// `/pages/NAME/`.
pub(super) fn page(portal: &Portal, name: &str) -> Option<Page<'static>> {
    let found = portal.ground.pages().iter().find(|page| page.name == name)?;
    let route = Route::Guide(name.to_owned());
    let base = route.directory();
    let mut page = Page::new(route, "guide.html", &found.title, "about", &json!({}))
        .tlp(found.tlp)
        .under("Dashboard", &Route::Dashboard);
    page.prose = Some(Prose { document: found.document.clone(), base, media: found.media.clone() });
    Some(page)
}
