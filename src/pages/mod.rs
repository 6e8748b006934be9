//! Page models: for every page of a build its route, and a value with ready numbers and no
//! markup. What a page shows of figures also stands beside it as `data.json`.
//!
//! A [`Portal`] knows every page of a slice and makes each when it is asked, so that pages can
//! be made and rendered in parallel and none is held for longer than it is needed.

mod about;
mod advice;
mod attack;
mod catalogue;
mod cell;
mod changes;
mod charts;
mod dashboard;
mod data;
mod devices;
mod entries;
mod evidence;
mod feed;
mod groups;
mod guide;
mod kin;
mod link;
mod listing;
mod matrix;
mod media;
mod missing;
mod names;
mod number;
mod page;
mod portal;
mod reason;
mod redirect;
mod report;
mod resolve;
mod route;
mod search;
mod since;
mod sources;
mod table;
mod techniques;
mod threats;
mod tile;
mod vulnerabilities;
mod worklist;

pub use cell::{Cell, Part, Share, shown};
pub use feed::{Feed, FeedEntry};
pub use link::Link;
pub use listing::Listing;
pub use number::{Number, counted, grouped, in_threes, percent};
pub use page::{Bar, BarPart, Chart, Crumb, Data, Drawing, Fact, Line, Page, Prose};
pub use portal::{Asked, Ground, Portal, Question, Same};
pub use resolve::Way;
pub use route::{Catalogue, Choice, Order, Route, Tab};
pub use search::{SearchDocument, SearchIndex, bare};
pub use since::Since;
pub use table::{Column, Kind, Limits, Rows, Table, columns};
pub use tile::Tile;
