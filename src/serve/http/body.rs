//! The bodies of responses.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body as HttpBody, Bytes, Frame, SizeHint};
use tokio::sync::mpsc::Receiver;

use super::connections::Busy;

/// What is handed over at once. The rest is kept back until a reader has taken it, so that a connection is
/// at work for as long as its answer is read.
const PIECE: usize = 64 * 1024;

/// A body: bytes that are there, or events that come.
pub(super) enum Body {
    /// What is left of a file.
    Bytes {
        /// Not handed over yet.
        rest: Bytes,
        /// Ends with the body.
        busy: Option<Busy>,
    },
    /// Events, for as long as somebody reads them.
    Events(Receiver<Bytes>),
}

impl Body {
    /// A body of bytes.
    pub(super) fn of(bytes: impl Into<Bytes>) -> Self {
        Self::Bytes { rest: bytes.into(), busy: None }
    }

    /// The same body, as the answer of a connection.
    pub(super) fn keep(mut self, answering: Busy) -> Self {
        if let Self::Bytes { busy, .. } = &mut self {
            *busy = Some(answering);
        }
        self
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match &mut *self {
            Self::Bytes { rest, .. } if rest.is_empty() => Poll::Ready(None),
            Self::Bytes { rest, .. } => {
                let piece = rest.split_to(rest.len().min(PIECE));
                Poll::Ready(Some(Ok(Frame::data(piece))))
            }
            Self::Events(events) => events.poll_recv(context).map(|event| event.map(|event| Ok(Frame::data(event)))),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Bytes { rest, .. } if rest.is_empty())
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Bytes { rest, .. } => SizeHint::with_exact(rest.len() as u64),
            Self::Events(_) => SizeHint::default(),
        }
    }
}
