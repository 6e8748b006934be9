//! The server itself: a listener, the tasks of its connections, and how they end.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

use super::connections::{Connections, Taken};
use super::events::Events;
use super::fences::Fences;
use super::hosts::Hosts;
use super::interrupt::Interrupt;
use super::listen::listen;
use super::site::Site;
use super::token::Token;
use crate::diagnostics::{Code, Diagnostic};
use crate::serve::Preview;

/// How long a connection may take for the head of its next request.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// The longest head, in bytes.
const HEAD_SIZE: usize = 16 * 1024;
/// The most header lines in one.
const HEAD_LINES: usize = 100;
/// What is buffered of a connection at most, each way.
const BUFFER: usize = 64 * 1024;
/// How often a stream without events says that it is there.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// How many requests ask the preview at once; others wait for a moment.
const WORKERS: usize = 8;
/// How long a fault of accepting connections is waited out, which is that there are no descriptors left.
const BREATH: Duration = Duration::from_millis(50);

/// A server that listens; [`Server::run`] makes it answer.
pub struct Server {
    listener: TcpListener,
    pub(super) port: u16,
    fences: Fences,
    events: Events,
    runtime: Runtime,
    interrupt: Option<Interrupt>,
}

impl Server {
    /// Listens at `bind`, at the port given or the next free one, or at any for port 0. Where that is not an address
    /// of loopback, whoever asks needs a token, which is part of [`Server::address`].
    ///
    /// # Errors
    /// No port is free, the system refuses the address or has no randomness.
    pub fn open(bind: IpAddr, port: u16) -> Result<Self, Diagnostic> {
        let listener = listen(bind, port)?;
        let opened = || -> io::Result<Self> {
            listener.set_nonblocking(true)?;
            let port = listener.local_addr()?.port();
            let token = if bind.is_loopback() { None } else { Some(Token::new(port)?) };
            let fences = Fences { hosts: Hosts::new(bind, port), token };
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(WORKERS).build()?;
            Ok(Self { listener, port, fences, events: Events::default(), runtime, interrupt: None })
        };
        opened().map_err(|error| broken(&error))
    }

    /// The address to open in a browser, with the token where one is needed.
    #[must_use]
    pub fn address(&self) -> String {
        let query = self.fences.token.as_ref().map(|token| format!("?{}", token.query())).unwrap_or_default();
        format!("http://{}:{}/{query}", self.fences.hosts.printed, self.port)
    }

    /// Tells open pages of changes.
    #[must_use]
    pub fn events(&self) -> Events {
        self.events.clone()
    }

    /// From now on Ctrl-C, or the signal that ends services, ends [`Server::run`] and not the process.
    ///
    /// # Errors
    /// The system does not let us listen for it.
    pub fn end_when_interrupted(&mut self) -> Result<(), Diagnostic> {
        let _inside = self.runtime.enter();
        self.interrupt = Some(Interrupt::listen().map_err(|error| broken(&error))?);
        Ok(())
    }

    /// Answers requests until it is interrupted. Then every connection is closed, streams too.
    ///
    /// # Errors
    /// The system takes the listener away.
    pub fn run(self, preview: Arc<dyn Preview>) -> Result<(), Diagnostic> {
        let Self { listener, fences, events, runtime, interrupt, .. } = self;
        let site = Site { fences: Arc::new(fences), preview, events: events.clone() };
        let outcome = runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            let accepting = tokio::spawn(accept(listener, site, Connections::default()));
            let beating = tokio::spawn(beat(events));
            match interrupt {
                Some(interrupt) => interrupt.comes().await,
                None => std::future::pending().await,
            }
            accepting.abort();
            beating.abort();
            Ok(())
        });
        // A question that the preview still thinks about is not waited for.
        runtime.shutdown_background();
        outcome.map_err(|error: io::Error| broken(&error))
    }
}

fn broken(error: &io::Error) -> Diagnostic {
    Diagnostic::error(Code::CannotListen, format!("cannot answer requests: {error}"))
        .hint("the system refuses what every server needs: look at its limits (`ulimit -a`)")
}

async fn beat(events: Events) {
    loop {
        tokio::time::sleep(HEARTBEAT).await;
        events.beat();
    }
}

/// Takes connections, each with a task of its own.
async fn accept(listener: tokio::net::TcpListener, site: Site, connections: Connections) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => serve(stream, &site, connections.seat()),
            Err(_) => {
                connections.make_room();
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

/// Answers the requests of a connection, in their order, until either side closes it.
fn serve(stream: TcpStream, site: &Site, taken: Taken) {
    // A connection that is gone already has no address.
    let Ok(local) = stream.local_addr() else { return };
    // Small answers go out at once.
    let _ = stream.set_nodelay(true);
    let (site, seat) = (site.clone(), taken.0.clone());
    let asked = seat.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let (site, seat) = (site.clone(), asked.clone());
        async move {
            let busy = seat.busy();
            // A body is refused by what its head says of it, and never read.
            let (head, _) = request.into_parts();
            let response = site.respond(head, local.ip(), &seat).await;
            Ok::<_, Infallible>(response.map(|body| body.keep(busy)))
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_header_size(HEAD_SIZE)
        .max_headers(HEAD_LINES)
        .max_buf_size(BUFFER)
        .serve_connection(TokioIo::new(stream), service);
    let task: JoinHandle<()> = tokio::spawn(async move {
        let _taken = taken;
        // How a connection ends is its own affair.
        let _ = connection.await;
    });
    seat.served_by(task.abort_handle());
}
