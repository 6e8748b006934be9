//! Tables that an engine holds: a server that speaks Arrow Flight SQL, in place of files.
//!
//! ```text
//! tables::… ── request ──> narrow ── SQL ──> session ══ network ══> the engine
//!                                                                      │
//!     fleet <── batches <── parcels <── delivery <══ record batches ═══┘
//! ```
//! What is asked for comes as the same batches that files come as; nothing after this knows the difference. The
//! network is served by a thread of its own for as long as one table is read, and nothing of it outlives that.

mod address;
mod declared;
mod delivery;
mod fault;
mod login;
mod narrow;
mod session;
mod sql;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::mpsc;

use address::Address;
use delivery::{Attempt, Delivery, Parcel};
use fault::Fault;
use login::Login;
use session::Session;
use sql::Quote;

use super::read::{self, Batch, Request, Seen};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source};
use crate::fleet::Wanted;

pub(super) use declared::declared;

/// How many parcels may wait for their reader.
const WAITING: usize = 4;

/// What rows are read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// To be counted: once each, and those that no figure needs not at all.
    Figures,
    /// To be copied or shown as they are.
    Rows,
}

/// An engine, as a `snapshot.yaml` names it.
#[derive(Debug)]
pub struct Engine {
    /// The text it is named in, and where.
    source: Arc<Source>,
    span: Range<usize>,
    address: Address,
    /// The authority that its certificate has to be signed by, as PEM; left out, one that the system knows.
    authority: Option<Vec<u8>>,
    /// How long it may say nothing.
    patience: Duration,
    /// What each table is asked for as.
    tables: BTreeMap<String, Entry>,
    /// The findings that figures will be asked for; `None` for all there are.
    wanted: Option<Wanted>,
    quote: OnceLock<Quote>,
}

/// What a table is asked for as: its name there, or a query.
#[derive(Debug)]
struct Entry {
    text: String,
    span: Range<usize>,
}

/// What reading a table gave beside rows.
struct Delivered {
    /// The attempts whose rows count.
    attempts: Vec<Attempt>,
    seen: Seen,
}

impl Engine {
    /// Whether there is a table of this name.
    pub(super) fn has(&self, table: &str) -> bool {
        self.tables.contains_key(table)
    }

    /// Where a table stands, for messages.
    pub(super) fn place(&self, table: &str) -> String {
        format!("{}#{table}", self.source.name())
    }

    /// From now on only what figures of these findings need is asked for.
    pub(super) fn narrow(&mut self, wanted: Wanted) {
        self.wanted = Some(wanted);
    }

    /// The findings that figures are asked for; `None` for all there are.
    pub(super) fn wanted(&self) -> Option<&Wanted> {
        self.wanted.as_ref()
    }

    /// Whether the other one is named, and asked, with the same words.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.source.text() == other.source.text() && self.authority == other.authority && self.wanted == other.wanted
    }

    /// What `map` makes of every batch of a table, in no particular order; `None` when the table is absent. Where
    /// there are errors the values are not of the whole table.
    pub(super) fn supply<T: Send>(
        &self,
        request: &Request<'_>,
        purpose: Use,
        diagnostics: &mut Diagnostics,
        map: impl Fn(Batch) -> T + Sync,
    ) -> Option<Vec<T>> {
        let entry = self.tables.get(request.table)?;
        match self.read(request, entry, purpose, &map) {
            Ok((values, seen)) => {
                let note = read::note_unknown(&seen, request, &self.place(request.table));
                note.into_iter().for_each(|note| diagnostics.push(note));
                Some(values)
            }
            Err(fault) => {
                fault.told(self, request.table).into_iter().for_each(|problem| diagnostics.push(problem));
                Some(Vec::new())
            }
        }
    }

    fn read<T: Send>(
        &self,
        request: &Request<'_>,
        entry: &Entry,
        purpose: Use,
        map: &(impl Fn(Batch) -> T + Sync),
    ) -> Result<(Vec<T>, Seen), Fault> {
        let login = Login::from_environment().map_err(Fault::Unsafe)?;
        let shown: Arc<str> = self.place(request.table).into();
        let (sender, mut receiver) = mpsc::channel(WAITING);
        std::thread::scope(|scope| {
            let network = std::thread::Builder::new().name("engine".to_owned());
            let network = network
                .spawn_scoped(scope, || serve(self.fetch(request, entry, purpose, &login, sender)))
                .map_err(|error| Fault::Unreachable(error.to_string()))?;
            let parcels = std::iter::from_fn(move || receiver.blocking_recv().map(Ok));
            let opened = read::in_parallel(parcels, |parcel: Parcel| {
                let (attempt, at) = (parcel.attempt, parcel.first);
                match parcel.open(&shown) {
                    Ok(batch) => Ok((attempt, map(batch))),
                    Err(fault) => Err(read::Fault { at, told: self.told(fault, request.table) }),
                }
            });
            let delivered = network.join().unwrap_or_else(|_| Err(Fault::Strange("it is damaged".to_owned())));
            let values = opened.map_err(|fault| Fault::Table(fault.told))?;
            let Delivered { attempts, seen } = delivered?;
            let counts = |(attempt, value)| attempts.contains(&attempt).then_some(value);
            Ok((values.into_iter().filter_map(counts).collect(), seen))
        })
    }

    /// Asks for a table and delivers its rows.
    async fn fetch(
        &self,
        request: &Request<'_>,
        entry: &Entry,
        purpose: Use,
        login: &Login,
        sender: mpsc::Sender<Parcel>,
    ) -> Result<Delivered, Fault> {
        let session = Session::open(self, login).await?;
        let quote = match self.quote.get() {
            Some(known) => *known,
            None => {
                let quote = session.quote().await?;
                *self.quote.get_or_init(|| quote)
            }
        };
        let question = narrow::Question::of(&session, quote, request, entry, self).await?;
        let delivery = Delivery::new(&session, sender, purpose);
        let mut attempts = Vec::new();
        for (query, places) in question.queries(purpose).await? {
            attempts.extend(delivery.deliver(&query, &places).await?);
        }
        Ok(Delivered { attempts, seen: question.seen })
    }

    fn told(&self, fault: Fault, table: &str) -> Diagnostic {
        let unknown = || Diagnostic::error(Code::IncompleteResult, "rows cannot be used");
        fault.told(self, table).unwrap_or_else(unknown)
    }

    /// A text that may repeat the credentials, without them.
    fn hide(&self, text: &str) -> String {
        Login::from_environment().map_or_else(|_| text.to_owned(), |login| login.hide(text))
    }
}

/// Does `work` on a runtime of its own.
fn serve<T>(work: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Fault::Unreachable(error.to_string()))?.block_on(work)
}
