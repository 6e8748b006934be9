//! A server that speaks Flight SQL, as far as it is asked here, and misbehaves where it is told to.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::{Pin, pin};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::thread;

use arrow::array::{ArrayRef, Int32Array, ListArray, RecordBatch, StringArray};
use arrow::datatypes::Int32Type;
use arrow_flight::encode::FlightDataEncoderBuilder;
use arrow_flight::flight_service_server::{FlightService, FlightServiceServer};
use arrow_flight::sql::server::FlightSqlService;
use arrow_flight::sql::{CommandStatementQuery, ProstMessageExt as _, SqlInfo, TicketStatementQuery};
use arrow_flight::utils::batches_to_flight_data;
use arrow_flight::{
    FlightDescriptor, FlightEndpoint, FlightInfo, HandshakeRequest, HandshakeResponse, Location, Ticket,
};
use futures::future::select;
use futures::{Stream, StreamExt as _, TryStreamExt as _, stream};
use prost::Message as _;
use regex::Regex;
use tokio::sync::oneshot;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Identity, Server, ServerTlsConfig};
use tonic::{Request, Response, Status, Streaming};

/// How a lake behaves.
#[derive(Clone, Default)]
pub(super) struct Manner {
    /// In how many parts each answer comes; 0 is one.
    pub(super) parts: usize,
    /// Where the parts are to be had, as it says.
    pub(super) places: Vec<String>,
    /// How many rows it promises beyond those it has.
    pub(super) too_many: Option<i64>,
    /// Who may ask, and the token that they get for it.
    pub(super) login: Option<(&'static str, &'static str, &'static str)>,
    /// Whether somebody who knows the token needs no handshake.
    pub(super) knows_no_handshake: bool,
    /// The column that holds lists instead of texts.
    pub(super) nested: Option<&'static str>,
    /// Whether it begins an answer and never goes on.
    pub(super) falls_silent: bool,
    /// What it refuses every query of a table with.
    pub(super) refuses: Option<String>,
    /// The column that it refuses to be asked for by name.
    pub(super) refuses_column: Option<&'static str>,
    /// Whether its answers have their columns in another order than it was asked for.
    pub(super) turns_columns: bool,
    /// How many batches without a row come before the devices.
    pub(super) empty_batches: usize,
    /// Its certificate and key, as PEM.
    pub(super) identity: Option<(String, String)>,
}

/// A lake that answers, until it is dropped.
pub(super) struct Lake {
    pub(super) port: u16,
    asked: Arc<Mutex<Vec<String>>>,
    end: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Lake {
    /// A lake with these tables, each as CSV.
    pub(super) fn start(tables: &[(&str, &str)], manner: Manner) -> Self {
        Self::of(tables.iter().map(|(name, text)| ((*name).to_owned(), table(text, manner.nested))).collect(), manner)
    }

    /// A lake with these tables.
    pub(super) fn of(tables: BTreeMap<String, RecordBatch>, manner: Manner) -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (end, ended) = oneshot::channel();
        let (sender, port) = mpsc::channel();
        let identity = manner.identity.clone();
        let service = Service { tables, manner, asked: Arc::clone(&asked) };
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let incoming = TcpIncoming::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).unwrap();
                sender.send(incoming.local_addr().unwrap().port()).unwrap();
                let mut server = Server::builder();
                if let Some((certificate, key)) = identity {
                    let tls = ServerTlsConfig::new().identity(Identity::from_pem(certificate, key));
                    server = server.tls_config(tls).unwrap();
                }
                let service = server.add_service(FlightServiceServer::new(service));
                let serving = service.serve_with_incoming(incoming);
                // Connections are dropped with the runtime: somebody may hold one open for good.
                let _ = select(pin!(serving), ended).await;
            });
        });
        Self { port: port.recv().unwrap(), asked, end: Some(end), thread: Some(thread) }
    }

    /// Every query so far.
    pub(super) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Lake {
    fn drop(&mut self) {
        let _ = self.end.take().map(|end| end.send(()));
        let _ = self.thread.take().map(thread::JoinHandle::join);
    }
}

/// A CSV as a table of texts; the `nested` column, if there is one, holds lists.
pub(super) fn table(text: &str, nested: Option<&str>) -> RecordBatch {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.unwrap()).collect();
    let column = |(at, name): (usize, &String)| {
        let array: ArrayRef = match nested {
            Some(nested) if nested == name => {
                let lists = rows.iter().map(|_| Some(vec![Some(1), Some(2)]));
                Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(lists))
            }
            _ => {
                let texts = rows.iter().map(|row| row.get(at).filter(|text| !text.is_empty()));
                Arc::new(texts.collect::<StringArray>())
            }
        };
        (name.clone(), array, true)
    };
    RecordBatch::try_from_iter_with_nullable(names.iter().enumerate().map(column)).unwrap()
}

struct Service {
    tables: BTreeMap<String, RecordBatch>,
    manner: Manner,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Service {
    /// The rows that a query asks for, and perhaps more of them: what stands behind WHERE is passed over, but for
    /// what no row fulfils, and so is DISTINCT.
    fn answer(&self, query: &str) -> Result<RecordBatch, Status> {
        if query.contains("1 AS `a`") {
            let one: ArrayRef = Arc::new(Int32Array::from(vec![1]));
            return Ok(RecordBatch::try_from_iter([("a", one)]).unwrap());
        }
        let form = Regex::new(r"^SELECT (?:DISTINCT )?(.+) FROM (\S+)(?: WHERE (.+))?$").unwrap();
        let parts = form.captures(query).ok_or_else(|| Status::invalid_argument(format!("no such SQL: {query}")))?;
        if let Some(why) = &self.manner.refuses {
            return Err(Status::internal(why.clone()));
        }
        let table = self.tables.get(&parts[2]).ok_or_else(|| Status::internal(format!("no table {}", &parts[2])))?;
        let rows = if parts.get(3).is_some_and(|filter| filter.as_str() == "1 = 0") { 0 } else { table.num_rows() };
        let columns: Vec<usize> = match &parts[1] {
            "*" => (0..table.num_columns()).collect(),
            names if self.manner.refuses_column.is_some_and(|column| names.contains(&format!("`{column}`"))) => {
                return Err(Status::internal(format!("no columns {names}")));
            }
            names => names.split(", ").map(|name| table.schema().index_of(name.trim_matches('`')).unwrap()).collect(),
        };
        let columns = match self.manner.turns_columns && &parts[1] != "*" {
            true => columns.into_iter().rev().collect(),
            false => columns,
        };
        Ok(table.slice(0, rows).project(&columns).unwrap())
    }

    fn admit(&self, metadata: &tonic::metadata::MetadataMap) -> Result<(), Status> {
        let Some((user, password, token)) = self.manner.login else { return Ok(()) };
        let shown = metadata.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let accepted = match self.manner.knows_no_handshake {
            true => basic(user, password),
            false => format!("Bearer {token}"),
        };
        if shown == accepted { Ok(()) } else { Err(Status::unauthenticated(format!("who is `{shown}`?"))) }
    }

    fn parts(&self) -> usize {
        self.manner.parts.max(1)
    }
}

fn basic(user: &str, password: &str) -> String {
    use base64::Engine as _;
    format!("Basic {}", base64::prelude::BASE64_STANDARD.encode(format!("{user}:{password}")))
}

type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

#[tonic::async_trait]
impl FlightSqlService for Service {
    type FlightService = Service;

    async fn do_handshake(
        &self,
        request: Request<Streaming<HandshakeRequest>>,
    ) -> Result<Response<Answers<HandshakeResponse>>, Status> {
        let Some((user, password, token)) = self.manner.login.filter(|_| !self.manner.knows_no_handshake) else {
            return Err(Status::unimplemented("no handshake"));
        };
        let shown = request.metadata().get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
        if shown != basic(user, password) {
            return Err(Status::unauthenticated(format!("`{shown}` may not ask")));
        }
        let mut response = Response::new(stream::iter([Ok(HandshakeResponse::default())]).boxed() as Answers<_>);
        response.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        Ok(response)
    }

    async fn get_flight_info_statement(
        &self,
        query: CommandStatementQuery,
        request: Request<FlightDescriptor>,
    ) -> Result<Response<FlightInfo>, Status> {
        self.admit(request.metadata())?;
        self.asked.lock().unwrap().push(query.query.clone());
        let rows = self.answer(&query.query)?;
        let mut info = FlightInfo::new().try_with_schema(&rows.schema()).unwrap();
        for part in 0..self.parts() {
            let handle = format!("{part} {}", query.query).into_bytes().into();
            let ticket = TicketStatementQuery { statement_handle: handle };
            let mut endpoint = FlightEndpoint::new().with_ticket(Ticket::new(ticket.as_any().encode_to_vec()));
            endpoint.location = self.manner.places.iter().map(|uri| Location { uri: uri.clone() }).collect();
            info = info.with_endpoint(endpoint);
        }
        if let Some(more) = self.manner.too_many {
            info = info.with_total_records(rows.num_rows() as i64 + more);
        }
        Ok(Response::new(info))
    }

    async fn do_get_statement(
        &self,
        ticket: TicketStatementQuery,
        request: Request<Ticket>,
    ) -> Result<Response<<Self as FlightService>::DoGetStream>, Status> {
        self.admit(request.metadata())?;
        let handle = String::from_utf8(ticket.statement_handle.to_vec()).unwrap();
        let (part, query) = handle.split_once(' ').unwrap();
        let (part, rows) = (part.parse::<usize>().unwrap(), self.answer(query)?);
        let bound = |part: usize| rows.num_rows() * part / self.parts();
        let rows = rows.slice(bound(part), bound(part + 1) - bound(part));
        let schema = rows.schema();
        // Many small batches, as engines send them.
        let batches: Vec<RecordBatch> =
            (0..rows.num_rows()).step_by(100).map(|at| rows.slice(at, (rows.num_rows() - at).min(100))).collect();
        let rows = stream::iter(batches.into_iter().map(Ok));
        let rows = match self.manner.falls_silent {
            true => rows.chain(stream::pending()).boxed(),
            false => rows.boxed(),
        };
        let without = match query.ends_with("FROM devices") {
            true => vec![RecordBatch::new_empty(Arc::clone(&schema)); self.manner.empty_batches],
            false => Vec::new(),
        };
        // The encoder passes over what has no row.
        let begin = batches_to_flight_data(&schema, &without).unwrap();
        let data = FlightDataEncoderBuilder::new().with_schema(schema).build(rows).map_err(Status::from);
        let data = stream::iter(begin.into_iter().map(Ok)).chain(data.skip(1)).boxed();
        Ok(Response::new(data))
    }

    async fn register_sql_info(&self, _: i32, _: &SqlInfo) {}
}
