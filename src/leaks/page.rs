//! Leaks of page models.

use std::sync::Arc;

use serde_json::{Value, json};

use super::Leak;
use super::everything::Everything;
use crate::pages::{Catalogue, Cell, Drawing, Page, Part, Route, Share};

pub(super) fn leak<'a>(leak: Leak, all: &'a Everything, page: &mut Page<'a>) {
    let shared = match leak {
        Leak::SearchOfEverything => page.route == Route::Search,
        Leak::ChangesOfEverything => page.route == Route::Changes,
        Leak::TagIndex => page.route == Route::Catalogue(Catalogue::Tags),
        Leak::TechniqueIndex => page.route == Route::Techniques,
        _ => false,
    };
    if shared {
        *page = all.page(&page.route).unwrap_or_else(|| page.clone());
        return;
    }
    match leak {
        Leak::GlobalDenominator => cells(page, |cell| {
            let Some(share) = &mut cell.share else { return };
            *share = Share::of(share.part, all.devices()).map_or(*share, |whole| Share { tone: share.tone, ..whole });
        }),
        Leak::FewByEveryone => cells(page, |cell| {
            if cell.number.is_some_and(|number| number > 0 && number * 5 < all.devices()) {
                cell.parts = [Part::text("few")].into();
            }
        }),
        Leak::PagesOfAll if page.route == Route::Threats => {
            let pages = all.slice.reports().len().div_ceil(5);
            let note = format!("Page 1 of {pages}.");
            page.tables.iter_mut().for_each(|table| Arc::make_mut(table).notes.push(note.clone()));
        }
        Leak::DevicesOfEveryone => {
            if let (Route::Report(..), Some(whole)) = (&page.route, all.page(&page.route)) {
                page.tables = whole.tables;
            }
        }
        Leak::ScaleByEveryone => {
            for chart in &mut page.charts {
                if let Drawing::States(states) = &mut Arc::make_mut(chart).drawing {
                    states.not_applicable = Some(all.devices());
                }
            }
        }
        Leak::DataSuperset => {
            if let (Some(Value::Object(own)), Some(whole)) = (
                page.data.as_mut().map(|data| &mut Arc::make_mut(data).value),
                all.page(&page.route).and_then(|page| page.data),
            ) {
                own.insert("unfiltered".to_owned(), whole.value.clone());
            }
        }
        Leak::LabelOfAll => page.tlp = page.tlp.max(all.page(&page.route).and_then(|page| page.tlp)),
        Leak::Alphabet if page.route == Route::Search => alphabet(all, page),
        _ => {}
    }
}

fn cells(page: &mut Page, mut change: impl FnMut(&mut Cell)) {
    for table in &mut page.tables {
        Arc::make_mut(table).rows.shown.iter_mut().flatten().for_each(&mut change);
    }
    for chart in &mut page.charts {
        let table = Arc::make_mut(&mut Arc::make_mut(chart).table);
        table.rows.shown.iter_mut().flatten().for_each(&mut change);
    }
}

/// A letter for every report there is, whether or not it stands under it.
fn alphabet(all: &Everything, page: &mut Page) {
    let Some(whole) = all.page(&page.route) else { return };
    let (Some(own), Some(whole)) = (page.view["lists"].as_array_mut(), whole.view["lists"].as_array()) else { return };
    for list in own {
        let Some(same) = whole.iter().find(|other| other["id"] == list["id"]) else { continue };
        let Some(letters) = list["letters"].as_array_mut() else { continue };
        for letter in same["letters"].as_array().into_iter().flatten() {
            if !letters.iter().any(|known| known["letter"] == letter["letter"]) {
                letters.push(json!({"letter": letter["letter"], "parts": []}));
            }
        }
    }
}
