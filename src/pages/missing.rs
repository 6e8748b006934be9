//! The page for what is not there. It is the same in every role.

use serde_json::json;

use super::page::Page;
use super::route::Route;

/// `/404.html`.
pub(super) fn page() -> Page<'static> {
    Page::new(Route::Missing, "404.html", "Page not found", "", &json!({}))
}
