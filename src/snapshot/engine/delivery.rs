//! Rows on their way from an engine: all parts of an answer side by side, never more of them in memory than the
//! reader has room for.
//!
//! A connection may be lost half way. Then a part is read again from its start, under another number; what came
//! under the old one is not among the numbers that count in the end. Some engines hand out each part only once:
//! there the whole question is asked again.

use std::cell::Cell;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use arrow_flight::FlightEndpoint;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use tokio::sync::mpsc::Sender;

use super::Use;
use super::fault::Fault;
use super::session::{Rows, Session, WAITS, is_complete};
use crate::snapshot::read::{Batch, Dialect, DictionaryColumn, NESTED_ROWS, encode, no_text};

/// How many parts of an answer are read side by side.
const SIDE_BY_SIDE: usize = 8;
/// Engines send a few thousand rows at a time. So many go on together, since each batch understands its values anew.
const ROWS: usize = 1 << 16;
/// Or rows of so many bytes, whatever their number.
const BYTES: usize = 16 << 20;

/// The number of an attempt to read a part of an answer.
pub(super) type Attempt = u32;

/// For each column of a batch, its place in an answer, where it has one.
pub(super) type Places = Arc<[Option<usize>]>;

/// Some rows.
pub(super) struct Parcel {
    pub(super) attempt: Attempt,
    /// The number of the first row, among all that came.
    pub(super) first: u64,
    rows: Vec<RecordBatch>,
    places: Places,
}

impl Parcel {
    /// The rows as a table's reader wants them.
    pub(super) fn open(self, shown: &Arc<str>, dialect: Dialect<'_>) -> Result<Batch, Fault> {
        let strange = |why: String| Fault::Strange(why);
        let Some(schema) = self.rows.first().map(RecordBatch::schema) else {
            return Ok(Batch::of_columns(shown, self.first, 0, Vec::new()));
        };
        let rows = concat_batches(&schema, &self.rows).map_err(|error| strange(error.to_string()))?;
        let column = |place: &Option<usize>| match place {
            Some(place) => {
                let column = rows.columns().get(*place).ok_or_else(|| strange("a column is missing".to_owned()))?;
                // What comes need not be what was promised.
                no_text(schema.field(*place), dialect).map_or(Ok(()), |why| Err(Fault::Column(why)))?;
                encode(column).map_err(strange)
            }
            None => Ok(DictionaryColumn::empty(rows.num_rows())),
        };
        let columns = self.places.iter().map(column).collect::<Result<Vec<_>, _>>()?;
        Ok(Batch::of_columns(shown, self.first, rows.num_rows(), columns))
    }
}

/// The way from a session to whoever reads the rows.
pub(super) struct Delivery<'a> {
    session: &'a Session<'a>,
    reader: Sender<Parcel>,
    purpose: Use,
    next_attempt: Cell<Attempt>,
    delivered: Cell<u64>,
}

impl<'a> Delivery<'a> {
    pub(super) fn new(session: &'a Session<'a>, reader: Sender<Parcel>, purpose: Use) -> Self {
        Self { session, reader, purpose, next_attempt: Cell::new(0), delivered: Cell::new(0) }
    }

    /// Delivers every row of the answer to a query, and gives the attempts that count.
    pub(super) async fn deliver(&self, query: &str, places: &Places) -> Result<Vec<Attempt>, Fault> {
        let mut waits = WAITS.into_iter();
        loop {
            let fault = match self.attempt(query, places).await {
                Ok(attempts) => return Ok(attempts),
                Err(Failure::Again(fault)) => fault,
                Err(Failure::Final(fault)) => return Err(fault),
            };
            match waits.next() {
                Some(wait) if self.may_repeat() => tokio::time::sleep(wait).await,
                _ => return Err(fault),
            }
        }
    }

    /// Whether rows may come twice: whoever copies them has no way to take one back.
    fn may_repeat(&self) -> bool {
        self.purpose != Use::Rows || self.delivered.get() == 0
    }

    async fn attempt(&self, query: &str, places: &Places) -> Result<Vec<Attempt>, Failure> {
        let info = self.session.ask(query).await.map_err(Failure::of)?;
        let parts: Vec<(Attempt, u64)> = stream::iter(&info.endpoint)
            .map(|endpoint| self.part(endpoint, places))
            .buffer_unordered(SIDE_BY_SIDE)
            .try_collect()
            .await?;
        is_complete(&info, parts.iter().map(|(_, rows)| rows).sum()).map_err(Failure::Final)?;
        Ok(parts.into_iter().map(|(attempt, _)| attempt).collect())
    }

    /// Delivers one part, and gives the attempt that came to its end, with the number of its rows.
    async fn part(&self, endpoint: &FlightEndpoint, places: &Places) -> Result<(Attempt, u64), Failure> {
        let mut lost: Option<Fault> = None;
        for tries in 0.. {
            let attempt = self.next_attempt.replace(self.next_attempt.get() + 1);
            let fault = match self.read(endpoint, tries, attempt, places).await {
                Ok(rows) => return Ok((attempt, rows)),
                Err(fault) => fault,
            };
            match (fault, lost.take()) {
                (fault, _) if fault.may_pass() => match WAITS.get(tries) {
                    Some(wait) if self.may_repeat() => {
                        tokio::time::sleep(*wait).await;
                        lost = Some(fault);
                    }
                    _ => return Err(Failure::Final(fault)),
                },
                // It was given out before the connection was lost, and is not given out again.
                (Fault::QueryRefused(_), Some(lost)) => return Err(Failure::Again(lost)),
                (fault, _) => return Err(Failure::Final(fault)),
            }
        }
        Err(Failure::Final(Fault::Unwanted))
    }

    async fn read(
        &self,
        endpoint: &FlightEndpoint,
        tries: usize,
        attempt: Attempt,
        places: &Places,
    ) -> Result<u64, Fault> {
        let mut stream = self.session.stream(endpoint, tries).await?;
        let mut came = 0;
        loop {
            let rows = self.gather(&mut stream).await?;
            let count: u64 = rows.iter().map(|rows| rows.num_rows() as u64).sum();
            if count == 0 {
                return Ok(came);
            }
            came += count;
            for rows in apart(rows) {
                let count = rows.iter().map(|rows| rows.num_rows() as u64).sum::<u64>();
                let first = self.delivered.replace(self.delivered.get() + count) + 1;
                let parcel = Parcel { attempt, first, rows, places: Arc::clone(places) };
                // The reader hangs up when it has met something that it cannot use.
                self.reader.send(parcel).await.map_err(|_| Fault::Unwanted)?;
            }
        }
    }

    /// As many rows as go on together; none at the end.
    async fn gather(&self, stream: &mut Rows) -> Result<Vec<RecordBatch>, Fault> {
        let (mut all, mut count, mut bytes) = (Vec::new(), 0, 0);
        while count < ROWS && bytes < BYTES {
            let Some(rows) = self.session.next(stream).await? else { break };
            count += rows.num_rows();
            bytes += rows.get_array_memory_size();
            all.push(rows);
        }
        Ok(all)
    }
}

/// The rows, in so many parcels as it takes: what has lists and structures grows a lot when it is opened.
fn apart(rows: Vec<RecordBatch>) -> Vec<Vec<RecordBatch>> {
    let is_nested = |rows: &RecordBatch| rows.schema().fields().iter().any(|field| field.data_type().is_nested());
    if !rows.first().is_some_and(is_nested) {
        return vec![rows];
    }
    let part = |rows: &RecordBatch, at: usize| vec![rows.slice(at, (rows.num_rows() - at).min(NESTED_ROWS))];
    let parts = rows.iter().flat_map(|rows| (0..rows.num_rows()).step_by(NESTED_ROWS).map(move |at| part(rows, at)));
    parts.collect()
}

/// Why a question was not answered to its end.
enum Failure {
    /// To ask it once more may help.
    Again(Fault),
    /// Nothing helps, or everything was tried.
    Final(Fault),
}

impl Failure {
    fn of(fault: Fault) -> Self {
        if fault.may_pass() { Self::Again(fault) } else { Self::Final(fault) }
    }
}
