//! The text of a report or page as markup.
//!
//! The seam to `render::markdown`. What its context needs stands here: links lead where
//! [`Portal::resolve`] says, each after `root`; images are at `{root}{base}media/NAME`; live
//! figures are paths into `page.data`; tables and charts are those of the page, by name.

use super::Html;
use crate::pages::{Page, Portal, Prose};

/// The markup of a page's text. `root` is the way from the page to the root.
pub(super) fn html(_portal: &Portal<'_>, _page: &Page, prose: &Prose, _root: &str) -> Html {
    let _ = (&prose.document, &prose.base);
    Html::trusted(STAND_IN.to_owned())
}

/// What stands in the place of text until Markdown is rendered.
const STAND_IN: &str = include_str!("prose_stand_in.html");
