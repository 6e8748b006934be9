//! The images of a build.

use super::portal::Portal;
use super::route::{Route, Tab};
use crate::scope::Attachment;

impl<'a> Portal<'a> {
    /// The images that visible texts name, each with its path in the build.
    pub fn media(&self) -> impl Iterator<Item = (String, &'a Attachment)> + use<'a> {
        let portal = *self;
        let of_reports = self.threats().map(move |threat| portal.text(threat)).flat_map(|report| {
            let home = Route::Report(report.slug.clone(), Tab::Overview).directory();
            report.media.iter().map(move |media| (format!("{home}media/{}", media.name), media))
        });
        let of_pages = self.ground.pages().iter().flat_map(|page| {
            let home = Route::Guide(page.name.clone()).directory();
            page.media.iter().map(move |media| (format!("{home}media/{}", media.name), media))
        });
        of_reports.chain(of_pages)
    }
}
