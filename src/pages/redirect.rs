//! Pages that stand where a report once stood.

use serde_json::json;

use super::page::Page;
use super::portal::to;
use super::route::{Route, Tab};
use crate::scope::Facts;

/// `/threats/OLD/`.
pub(super) fn page(from: &str, report: &Facts) -> Page<'static> {
    let target = to(&Route::Report(report.slug.clone(), Tab::Overview));
    let route = Route::Redirect(from.to_owned(), report.slug.clone());
    Page::new(route, "redirect.html", &report.title, "threats", &json!({ "target": target })).tlp(report.tlp)
}
