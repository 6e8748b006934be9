//! The preview: a site shown to the person who writes it, while it is written.
//!
//! ```text
//! browser ── request ──> http (fences) ── path ──> Preview ── Answer ──> http ──> browser
//!                         ^ events, when what is shown changes
//! ```
//! It runs on the analyst's machine and reads every role's pages, so that what may ask it matters
//! more than what it answers: `docs/preview.md` says each fence and why it stands.

mod editor;
pub mod http;
pub mod session;
pub mod watch;

use std::sync::Arc;

pub use editor::Editor;

/// What the server shows. It is asked on worker threads, and may take milliseconds.
pub trait Preview: Send + Sync + 'static {
    /// The answer to a `GET` of `path`, which is absolute, percent-decoded, without a query, and plain: no `.` or
    /// `..`, no empty part but the last, no control character and no `\`.
    fn answer(&self, path: &str) -> Answer;

    /// The state of the page at `path` as JSON, for the script that preview adds to it.
    fn state(&self, path: &str) -> Vec<u8>;
}

/// What a [`Preview`] has at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A file of a build. Its type follows from the path's ending; a page gets the preview's script and style
    /// sheet from the server.
    File(Arc<[u8]>),
    /// Another path of this server, as the preview itself writes it, percent-decoded.
    Moved(String),
    /// Nothing.
    Missing,
    /// Nothing yet: the site was never built without errors.
    NotYet,
    /// A page that is there and cannot be made; the text says why.
    Unmade(String),
}
