//! From a request that the fences let in to its response.

use std::sync::Arc;

use hyper::body::Bytes;
use hyper::http::request::Parts;
use hyper::{Method, Response, StatusCode, Uri};
use include_dir::{Dir, include_dir};

use super::body::Body;
use super::connections::Seat;
use super::events::Events;
use super::fences::{Admitted, Fences, Refusal};
use super::path::plain;
use super::response;
use crate::serve::{Answer, Preview};

/// Where everything stands that is the preview's own; no role's name begins with a dot.
const OWN: &str = "/.threatpress/";

/// What preview adds to pages, and the style sheet of its own pages.
static ADDED: Dir = include_dir!("$CARGO_MANIFEST_DIR/src/serve/preview");
const PAGE_STYLE: (&str, &str) = ("page.css", include_str!("pages/page.css"));

const NO_PATH: Refusal = Refusal { status: StatusCode::BAD_REQUEST, why: "this is no path of a page" };

/// What is behind the fences.
#[derive(Clone)]
pub(super) struct Site {
    pub(super) fences: Arc<Fences>,
    pub(super) preview: Arc<dyn Preview>,
    pub(super) events: Events,
}

impl Site {
    /// The response to a request on the connection `seat`, which came to the address `local`.
    pub(super) async fn respond(&self, request: Parts, local: std::net::IpAddr, seat: &Seat) -> Response<Body> {
        match self.fences.admit(&request, local) {
            Err(refusal) => response::refused(refusal),
            Ok(Admitted::Newcomer) => response::welcome(self.fences.token.as_ref().and_then(|token| token.cookie())),
            Ok(Admitted::Reader) => self.answer(request, seat).await,
        }
    }

    async fn answer(&self, request: Parts, seat: &Seat) -> Response<Body> {
        let Some(path) = plain(request.uri.path()) else { return response::refused(NO_PATH) };
        match path.strip_prefix(OWN) {
            Some("events") if request.method == Method::HEAD => response::events(Body::of("")),
            Some("events") => self.stream(seat),
            Some("state") => self.state(&request.uri).await,
            Some(own) => added(own),
            None => self.page(path).await,
        }
    }

    async fn page(&self, path: String) -> Response<Body> {
        // Before it is asked: a page newer than it says is looked at once more than needed, an older one never.
        let revision = self.events.present();
        let asked = path.clone();
        let response = match self.ask(move |preview| preview.answer(&asked)).await {
            Some(Answer::File(bytes)) => response::file(&path, Bytes::from_owner(bytes)),
            Some(Answer::Moved(path)) => response::moved(&path),
            Some(Answer::Missing) => response::missing(),
            Some(Answer::NotYet) => response::not_yet(),
            Some(Answer::Unmade(why)) => response::unmade(&why),
            None => response::failed(),
        };
        response::of_revision(response, &revision)
    }

    async fn state(&self, uri: &Uri) -> Response<Body> {
        let asked = uri.query().and_then(|query| query.strip_prefix("path=")).and_then(plain);
        let Some(path) = asked else { return response::refused(NO_PATH) };
        self.ask(move |preview| preview.state(&path)).await.map_or_else(response::failed, response::state)
    }

    fn stream(&self, seat: &Seat) -> Response<Body> {
        let Some(events) = self.events.subscribe(seat) else { return response::no_more_streams() };
        seat.stream();
        response::events(Body::Events(events))
    }

    /// Asks the preview on a thread of its own: connections go on while it thinks. `None` where it panicked.
    async fn ask<T: Send + 'static>(&self, question: impl FnOnce(&dyn Preview) -> T + Send + 'static) -> Option<T> {
        let preview = Arc::clone(&self.preview);
        tokio::task::spawn_blocking(move || question(&*preview)).await.ok()
    }
}

fn added(name: &str) -> Response<Body> {
    let is_sent = name.ends_with(".js") || name.ends_with(".css");
    let file = ADDED.get_file(name).filter(|_| is_sent).map(|file| file.contents());
    let own = (name == PAGE_STYLE.0).then_some(PAGE_STYLE.1.as_bytes());
    file.or(own).map_or_else(response::missing, |bytes| response::file(name, Bytes::from_static(bytes)))
}
