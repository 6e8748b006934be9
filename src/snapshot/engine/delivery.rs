//! Rows on their way from an engine: all parts of an answer side by side, never more of them in memory than the
//! reader has room for.
//!
//! A connection may be lost half way. Then a part is read again from its start, under another number; what came
//! under the old one is not among the numbers that count in the end. Some engines hand out each part only once:
//! there the whole question is asked again.

use std::cell::Cell;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch};
use arrow::compute::{cast, concat};
use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use arrow_flight::FlightEndpoint;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use tokio::sync::mpsc::Sender;

use super::Use;
use super::fault::Fault;
use super::query::{Columns, Query};
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

/// Some rows.
pub(super) struct Parcel {
    pub(super) attempt: Attempt,
    /// The number of the first row, among all that came.
    pub(super) first: u64,
    rows: Vec<RecordBatch>,
    columns: Arc<Columns>,
}

impl Parcel {
    /// The rows as a table's reader wants them.
    pub(super) fn open(self, shown: &Arc<str>, dialect: Dialect<'_>) -> Result<Batch, Fault> {
        let Some(schema) = self.rows.first().map(RecordBatch::schema) else {
            return Ok(Batch::of_columns(shown, self.first, 0, Vec::new()));
        };
        self.columns.check(&schema)?;
        let count = number(&self.rows);
        let column = |place: &Option<usize>| match place.and_then(|place| schema.fields().get(place).zip(Some(place))) {
            Some((field, place)) => {
                // What comes need not be what was promised.
                no_text(field, dialect).map_or(Ok(()), |why| Err(Fault::Column(why)))?;
                let column = self.column(place).map_err(|error| Fault::Strange(error.to_string()))?;
                encode(&column).map_err(Fault::Strange)
            }
            None => Ok(DictionaryColumn::empty(count)),
        };
        let columns = self.columns.places.iter().map(column).collect::<Result<Vec<_>, _>>()?;
        Ok(Batch::of_columns(shown, self.first, count, columns))
    }

    /// A column of all the rows.
    fn column(&self, place: usize) -> Result<ArrayRef, ArrowError> {
        let columns = self.rows.iter().filter_map(|rows| rows.columns().get(place)).map(with_room);
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        concat(&columns.iter().map(|column| column.as_ref()).collect::<Vec<_>>())
    }
}

/// A column whose dictionary can take in those of others: with short keys it has no room for them, and each batch may
/// bring its own.
fn with_room(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    match column.data_type() {
        DataType::Dictionary(keys, values) if keys.primitive_width().is_some_and(|bytes| bytes < 4) => {
            cast(column, &DataType::Dictionary(Box::new(DataType::Int32), values.clone()))
        }
        _ => Ok(Arc::clone(column)),
    }
}

fn number(rows: &[RecordBatch]) -> usize {
    rows.iter().map(RecordBatch::num_rows).sum()
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
    pub(super) async fn deliver(&self, query: &Query) -> Result<Vec<Attempt>, Fault> {
        let mut waits = WAITS.into_iter();
        loop {
            let fault = match self.attempt(query).await {
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

    async fn attempt(&self, query: &Query) -> Result<Vec<Attempt>, Failure> {
        let info = self.session.ask(&query.text).await.map_err(Failure::of)?;
        let parts: Vec<(Attempt, u64)> = stream::iter(&info.endpoint)
            .map(|endpoint| self.part(endpoint, &query.columns))
            .buffer_unordered(SIDE_BY_SIDE)
            .try_collect()
            .await?;
        is_complete(&info, parts.iter().map(|(_, rows)| rows).sum()).map_err(Failure::Final)?;
        Ok(parts.into_iter().map(|(attempt, _)| attempt).collect())
    }

    /// Delivers one part, and gives the attempt that came to its end, with the number of its rows.
    async fn part(&self, endpoint: &FlightEndpoint, columns: &Arc<Columns>) -> Result<(Attempt, u64), Failure> {
        let mut lost: Option<Fault> = None;
        for tries in 0.. {
            let attempt = self.next_attempt.replace(self.next_attempt.get() + 1);
            let fault = match self.read(endpoint, tries, attempt, columns).await {
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
        columns: &Arc<Columns>,
    ) -> Result<u64, Fault> {
        let mut stream = self.session.stream(endpoint, tries).await?;
        let mut came = 0;
        loop {
            let rows = self.gather(&mut stream).await?;
            if rows.is_empty() {
                return Ok(came);
            }
            came += number(&rows) as u64;
            for rows in apart(rows) {
                let first = self.delivered.replace(self.delivered.get() + number(&rows) as u64) + 1;
                let parcel = Parcel { attempt, first, rows, columns: Arc::clone(columns) };
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
            // However many come without a row, and however large their dictionaries are: they end nothing.
            if rows.num_rows() == 0 {
                continue;
            }
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

#[cfg(test)]
mod tests {
    use arrow::array::DictionaryArray;
    use arrow::datatypes::Int8Type;

    use super::*;

    fn parcel(batches: [Vec<String>; 2], asked: &str) -> Parcel {
        let rows = batches.map(|texts| {
            let column: DictionaryArray<Int8Type> = texts.iter().map(String::as_str).collect();
            RecordBatch::try_from_iter([("Name", Arc::new(column) as ArrayRef)]).expect("a batch")
        });
        let columns = Columns { names: vec![asked.to_owned()], places: vec![None, Some(0)] };
        Parcel { attempt: 0, first: 1, rows: rows.to_vec(), columns: Arc::new(columns) }
    }

    #[test]
    fn dictionaries_with_short_keys_are_united() {
        let texts = |from: usize| (from..from + 100).map(|number| format!("d{number}")).collect::<Vec<_>>();
        let batch = parcel([texts(0), texts(100)], "name").open(&"d".into(), Dialect::Own).expect("rows");
        let column = &batch.columns[1];
        let all: Vec<&String> = column.keys.iter().map(|key| &column.values[*key as usize]).collect();
        assert_eq!((batch.rows, all[0].as_str(), all[199].as_str()), (200, "d0", "d199"));
    }

    #[test]
    fn a_column_is_the_one_that_was_asked_for() {
        let parcel = parcel([vec!["a".to_owned()], vec!["b".to_owned()]], "owner");
        let refused = parcel.open(&"d".into(), Dialect::Own).err();
        assert!(matches!(refused, Some(Fault::Strange(why)) if why.contains("`Name`") && why.contains("`owner`")));
    }
}
