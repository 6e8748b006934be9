//! Tables that an engine holds: a server that speaks Arrow Flight SQL, in place of files.
//!
//! ```text
//! tables::… ── request ──> narrow ── SQL ──> session ══ network ══> the engine
//!                                                                      │
//!     fleet <── batches <── parcels <── delivery <══ record batches ═══┘
//! ```
//! What is asked for comes as the same batches that files come as; nothing after this knows the difference. Tables of
//! another program are asked for by a profile, under their own names and columns, and with all of their rows: which may
//! be left out is known of the contract's tables only. The network is served by a thread of its own for as long as one
//! table is read, and nothing of it outlives that.

mod address;
mod declared;
mod delivery;
mod fault;
mod login;
mod narrow;
mod query;
mod secrets;
mod session;
mod sql;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;

use address::Address;
use delivery::{Attempt, Delivery, Parcel};
use fault::Fault;
use login::Login;
use narrow::Question;
use session::Session;
use sql::Quote;

use super::read::{self, Batch, Harvest, Request, Seen};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source, visible};
use crate::fleet::Wanted;
use crate::terms::word;

pub(super) use declared::{Held, declared, passed_over};
pub(super) use secrets::secrets;

/// How many parcels may wait for their reader.
const WAITING: usize = 4;

/// What rows are read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// To be counted: once each, and those that no figure needs not at all.
    Figures,
    /// To be counted, where most of them repeat another in the columns that are read: each only once.
    Distinct,
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
    /// What each table is asked for as, by its folded name.
    tables: BTreeMap<String, Entry>,
    /// The findings that figures will be asked for; `None` for all there are.
    wanted: Option<Wanted>,
    quote: OnceLock<Quote>,
    /// What it handed out to be shown with every question.
    secrets: Mutex<BTreeSet<String>>,
    /// What came between an engine and its tables, by their folded names; the empty name stands for all of them. A
    /// profile looks at a table several times, and a look that succeeds would not go with one that failed.
    failed: Mutex<BTreeMap<String, Diagnostic>>,
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
        self.entry(table).is_some()
    }

    fn entry(&self, table: &str) -> Option<&Entry> {
        self.tables.get(&word(table))
    }

    /// Where a table stands, for messages.
    pub(super) fn place(&self, table: &str) -> String {
        format!("{}#{}", self.source.name(), visible(table))
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
        let entry = self.entry(request.table)?;
        let gathered = Harvest::default();
        let take = |attempt, batch| gathered.add((attempt, map(batch)));
        let read = self.attempt(request.table, || self.read(request, entry, purpose, &take));
        let attempts: Vec<Attempt> = self.with_note(read, request, diagnostics).unwrap_or_default();
        // What came of an attempt that failed later does not count.
        let counts = |(attempt, value)| attempts.contains(&attempt).then_some(value);
        Some(gathered.into_vec().into_iter().filter_map(counts).collect())
    }

    /// The columns of a table that nothing reads, as a note.
    pub(super) fn unread(&self, request: &Request<'_>, diagnostics: &mut Diagnostics) {
        let Some(entry) = self.entry(request.table) else { return };
        let columns = || {
            let login = Login::from_environment().map_err(Fault::Unsafe)?;
            serve(async {
                let session = Session::open(self, &login).await?;
                Ok(((), self.question(&session, request, entry).await?.seen))
            })
        };
        self.with_note(self.attempt(request.table, columns), request, diagnostics);
    }

    /// What `work` gives, unless it, or something that it depends on, has failed before.
    fn attempt<T>(&self, table: &str, work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Option<Diagnostic>> {
        let failed = || self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        let known = [String::new(), word(table)].iter().find_map(|name| failed().get(name).cloned());
        if known.is_some() {
            return Err(known);
        }
        work().map_err(|fault| {
            let concerned = fault.concerned(table);
            let told = fault.told(self, table);
            if let (Some(name), Some(told)) = (concerned, &told) {
                failed().insert(word(name), told.clone());
            }
            told
        })
    }

    /// The outcome of a look at a table, once it is told what came of it.
    fn with_note<T>(
        &self,
        outcome: Result<(T, Seen), Option<Diagnostic>>,
        request: &Request<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Option<T> {
        let (value, said) = match outcome {
            Ok((value, seen)) => (Some(value), read::note_unknown(&seen, request, &self.place(request.table))),
            Err(told) => (None, told),
        };
        // What came between an engine and one table is told once, and not for each that it came between.
        if let Some(told) = said {
            diagnostics.push_new(told);
        }
        value
    }

    /// Hands over every batch of a table with the number of the attempt that brought it; answers which attempts came to
    /// their end.
    fn read(
        &self,
        request: &Request<'_>,
        entry: &Entry,
        purpose: Use,
        take: &(dyn Fn(Attempt, Batch) + Sync),
    ) -> Result<(Vec<Attempt>, Seen), Fault> {
        let login = Login::from_environment().map_err(Fault::Unsafe)?;
        let shown: Arc<str> = self.place(request.table).into();
        let (sender, mut receiver) = mpsc::channel(WAITING);
        std::thread::scope(|scope| {
            let network = std::thread::Builder::new().name("engine".to_owned());
            let network = network
                .spawn_scoped(scope, || serve(self.fetch(request, entry, purpose, &login, sender)))
                .map_err(|error| Fault::Unreachable(error.to_string()))?;
            let mut parcels = std::iter::from_fn(move || receiver.blocking_recv().map(Ok));
            let opened = read::in_parallel(&mut parcels, &|parcel: Parcel| {
                let (attempt, at) = (parcel.attempt, parcel.first);
                match parcel.open(&shown, request.dialect) {
                    Ok(batch) => {
                        take(attempt, batch);
                        Ok(())
                    }
                    Err(fault) => Err(read::Fault { at, told: self.told(fault, request.table) }),
                }
            });
            // Who still sends has to see that nobody reads any more.
            drop(parcels);
            let delivered = network.join().unwrap_or_else(|_| Err(Fault::Strange("it is damaged".to_owned())));
            opened.map_err(|fault| Fault::Told(fault.told))?;
            let Delivered { attempts, seen } = delivered?;
            Ok((attempts, seen))
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
        let question = self.question(&session, request, entry).await?;
        let delivery = Delivery::new(&session, sender, purpose);
        let mut attempts = Vec::new();
        for query in question.queries(purpose).await? {
            attempts.extend(delivery.deliver(&query).await?);
        }
        Ok(Delivered { attempts, seen: question.seen })
    }

    /// A table as it can be asked for.
    async fn question<'a>(
        &'a self,
        session: &'a Session<'a>,
        request: &Request<'a>,
        entry: &Entry,
    ) -> Result<Question<'a>, Fault> {
        let quote = match self.quote.get() {
            Some(known) => *known,
            None => {
                let quote = session.quote().await?;
                *self.quote.get_or_init(|| quote)
            }
        };
        Question::of(session, quote, request, entry, self).await
    }

    fn told(&self, fault: Fault, table: &str) -> Diagnostic {
        let unknown = || Diagnostic::error(Code::IncompleteResult, "rows cannot be used");
        fault.told(self, table).unwrap_or_else(unknown)
    }

    /// A text that may repeat the credentials, without them.
    fn hide(&self, text: &str) -> String {
        let further = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        Login::from_environment().unwrap_or(Login::Nobody).hide(text, further.iter())
    }

    /// From now on this header's token is hidden too.
    fn keep_secret(&self, bearer: Option<&str>) {
        let token = bearer.and_then(|bearer| bearer.strip_prefix("Bearer ")).map(str::trim);
        let token = token.filter(|token| !token.is_empty()).map(str::to_owned);
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).extend(token);
    }
}

/// Does `work` on a runtime of its own.
fn serve<T>(work: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Fault::Unreachable(error.to_string()))?.block_on(work)
}
