//! What a careful editor says of the texts before they are published: what is well formed and
//! still not true, not safe, not complete or not up to date.
//!
//! It looks at each author's file as a whole, whoever may read which part of it, and at what the
//! rest of the site knows. Nothing of it reaches a build.

mod dates;
mod devices;
mod figures;
mod headings;
mod indicators;
mod knowledge;
mod named;
mod sections;
mod tags;
mod techniques;
mod tracked;
mod vulnerabilities;

use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;

use crate::config::Site;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::fleet::Fleet;
use crate::knowledge::Knowledge;
use crate::report::{Blocks, Document, Library, LiveIndicators, Origin, Report};
use crate::terms::CveId;

/// What there is to compare the texts with.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The configuration.
    pub site: &'a Site,
    /// The snapshots.
    pub fleets: &'a [Arc<Fleet>],
    /// What the world knows.
    pub knowledge: &'a Knowledge,
    /// "Now" for every date.
    pub as_of: Timestamp,
}

/// Tells what is doubtful about each text of `library`, in the order of the texts.
pub fn review(library: &Library, known: Known<'_>, diagnostics: &mut Diagnostics) {
    let usual = tags::Usual::of(library);
    let live = LiveIndicators::of(library.reports.iter().flat_map(|report| &report.facts.indicators));
    let reports = library.reports.par_iter().map(|report| {
        let document = whole(&report.origin);
        let mut told = of_report(report, &document, known, &usual);
        told.extend(indicators::cited(&live, report));
        told.extend(of_text(&report.origin, &report.places.vulnerabilities, &document, known, &live));
        told
    });
    let mut told: Vec<Vec<Diagnostic>> = reports.collect();
    told.extend(library.pages.iter().map(|page| {
        let document = whole(&page.origin);
        let mut told = figures::homeless(&page.origin, &document);
        told.extend(of_text(&page.origin, &[], &document, known, &live));
        told
    }));
    let origins =
        library.reports.iter().map(|report| &report.origin).chain(library.pages.iter().map(|page| &page.origin));
    told.push(devices::named(origins, known.fleets));
    told.push(knowledge::old(known.knowledge, known.as_of));
    told.into_iter().flatten().for_each(|problem| diagnostics.push(problem));
}

/// The whole text, as nobody sees it who does not see every scope block. What is wrong with it as
/// Markdown has been told for each of its forms.
fn whole(origin: &Origin) -> Document {
    let mut told = Diagnostics::new();
    let blocks = Blocks::find(&origin.source, origin.body.clone(), &mut told);
    let everything = blocks.signature(|_| true);
    Document::parse(&blocks.cut(&origin.source, &everything), &mut told)
}

fn of_report(report: &Report, document: &Document, known: Known<'_>, usual: &tags::Usual<'_>) -> Vec<Diagnostic> {
    let mut told = dates::future(report, known.as_of);
    told.extend(techniques::doubtful(report, document, known.knowledge));
    told.extend(tracked::unknown(report, known.fleets));
    told.extend(usual.misspelt(report));
    told.extend(sections::missing(report, document, &known.site.language));
    told
}

/// What is said of reports and pages alike; `listed` are the vulnerabilities of front matter.
fn of_text(
    origin: &Origin,
    listed: &[(CveId, Range<usize>)],
    document: &Document,
    known: Known<'_>,
    live: &LiveIndicators,
) -> Vec<Diagnostic> {
    let mut told = headings::skipped(origin, document);
    told.extend(headings::empty(origin, document));
    told.extend(vulnerabilities::rejected(origin, listed, document, known.knowledge));
    told.extend(indicators::linked(live, origin, document));
    told
}
