//! Every figure of a slice, as set algebra on integers.
//!
//! The only place where counting rules live; one file per section of `docs/figures.md`.
//! A census holds what every report shares of a snapshot; an assessment is one report over one
//! snapshot; [`Figures`] puts them together, each when it is asked for, or [`count`] all at once.

mod alerts;
mod assessment;
mod census;
mod configuration;
mod contradictions;
mod counter;
mod dashboard;
mod detail;
mod figures;
mod funnel;
mod headline;
mod level;
mod made;
mod newest;
mod reporting;
#[cfg(test)]
pub(crate) mod sample;
mod seats;
mod together;
mod trend;
mod vulnerability;
mod weeks;

pub use contradictions::Contradiction;
pub use counter::{Figures, OfReport, count};
pub use detail::{Detail, StatusCounts};
pub use figures::*;
pub use funnel::Funnel;
pub use newest::Newest;
pub use together::Together;
pub use weeks::Week;
