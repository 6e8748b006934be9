//! A connection to an engine, on which it is asked.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use arrow::array::RecordBatch;
use arrow::datatypes::Schema;
use arrow_flight::flight_service_client::FlightServiceClient;
use arrow_flight::sql::client::FlightSqlServiceClient;
use arrow_flight::{FlightEndpoint, FlightInfo, HandshakeRequest};
use futures::{TryStreamExt as _, stream};
use tonic::Request;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint};

use super::Engine;
use super::address::Address;
use super::fault::Fault;
use super::login::Login;
use super::sql::Quote;

pub(super) type Client = FlightSqlServiceClient<Channel>;

/// A host that does not even take a connection for so long, or says nothing of TLS, is not there.
const CONNECT: Duration = Duration::from_secs(10);
/// A connection on which nothing comes is tried this often, by the system: gRPC has pings of its own, for which many
/// servers hang up.
const KEEP_ALIVE: Duration = Duration::from_secs(20);
/// How long to wait before what failed is tried again, one after the other.
pub(super) const WAITS: [Duration; 3] =
    [Duration::from_millis(300), Duration::from_millis(1000), Duration::from_millis(3000)];
/// The same where nobody answers: an engine that is being started again takes a moment.
const WAITS_TO_CONNECT: [Duration; 3] =
    [Duration::from_millis(200), Duration::from_millis(600), Duration::from_millis(1600)];
/// How much may be under way on one stream, and on all of a connection: what is read slowly is sent slowly.
const STREAM_WINDOW: u32 = 2 << 20;
const CONNECTION_WINDOW: u32 = 8 << 20;
/// The largest message that is taken. Engines send batches of far less.
pub(super) const LARGEST_MESSAGE: usize = 64 << 20;
/// What Flight calls the place where a client is already.
const HERE: &str = "arrow-flight-reuse-connection://";

/// An engine that was reached, and let us in.
pub(super) struct Session<'a> {
    engine: &'a Engine,
    login: &'a Login,
    client: Client,
    /// What every question is asked with, where the engine knows who asks.
    authorization: Option<String>,
    /// Other hosts that parts of answers are at.
    others: RefCell<BTreeMap<Address, Client>>,
}

impl<'a> Session<'a> {
    pub(super) async fn open(engine: &'a Engine, login: &'a Login) -> Result<Self, Fault> {
        let channel = again(WAITS_TO_CONNECT, async |_| connect(engine, login, &engine.address).await).await?;
        let authorization = match login {
            Login::Nobody => None,
            Login::Token(token) => Some(format!("Bearer {token}")),
            Login::Password(user, password) => {
                let basic = Login::basic(user, password);
                let bearer = within(engine.patience, handshake(channel.clone(), &basic)).await;
                let bearer = bearer.map_err(Fault::at_first)?;
                engine.keep_secret(bearer.as_deref());
                Some(bearer.unwrap_or(basic))
            }
        };
        let client = client(channel, authorization.as_ref());
        Ok(Self { engine, login, client, authorization, others: RefCell::default() })
    }

    /// What `work` gives, which is done again, after a wait, where the connection was lost: to read changes nothing.
    /// It is told how often that was tried before.
    pub(super) async fn again<T>(&self, work: impl AsyncFn(usize) -> Result<T, Fault>) -> Result<T, Fault> {
        again(WAITS, work).await
    }

    /// How the engine quotes names.
    pub(super) async fn quote(&self) -> Result<Quote, Fault> {
        match self.again(async |_| self.ask(Quote::PROBE).await).await {
            Ok(_) => Ok(Quote::Backtick),
            Err(Fault::QueryRefused(_)) => Ok(Quote::Double),
            Err(fault) => Err(fault.at_first()),
        }
    }

    /// Where the answer to a query is to be had.
    pub(super) async fn ask(&self, query: &str) -> Result<FlightInfo, Fault> {
        let mut client = self.client.clone();
        let asked = async { client.execute(query.to_owned(), None).await.map_err(|error| Fault::of_flight(&error)) };
        within(self.engine.patience, asked).await
    }

    /// The columns of what a query gives. Not every engine knows them before it sends rows.
    pub(super) async fn schema(&self, query: &str, tries: usize) -> Result<Schema, Fault> {
        let info = self.ask(query).await?;
        match info.clone().try_decode_schema() {
            Ok(schema) if !schema.fields().is_empty() => Ok(schema),
            _ => {
                let first =
                    info.endpoint.first().ok_or_else(|| Fault::Strange("it is nowhere to be had".to_owned()))?;
                let mut stream = self.stream(first, tries).await?;
                self.next(&mut stream).await?;
                Ok(stream.schema().map(|schema| schema.as_ref().clone()).unwrap_or_else(Schema::empty))
            }
        }
    }

    /// All rows of a small answer.
    pub(super) async fn rows(&self, query: &str, tries: usize) -> Result<Vec<RecordBatch>, Fault> {
        let info = self.ask(query).await?;
        let mut all = Vec::new();
        for endpoint in &info.endpoint {
            let mut stream = self.stream(endpoint, tries).await?;
            while let Some(rows) = self.next(&mut stream).await? {
                all.push(rows);
            }
        }
        is_complete(&info, all.iter().map(|rows| rows.num_rows() as u64).sum())?;
        Ok(all)
    }

    /// Begins to read a part of an answer, at the next place at each try where it is to be had at several.
    pub(super) async fn stream(&self, endpoint: &FlightEndpoint, tries: usize) -> Result<Rows, Fault> {
        let ticket = endpoint.ticket.clone().ok_or_else(|| Fault::Strange("a part of it has no ticket".to_owned()))?;
        let mut client = self.client_at(endpoint, tries).await?;
        let got = async { client.do_get(ticket).await.map_err(|error| Fault::of_flight(&error)) };
        within(self.engine.patience, got).await
    }

    /// The next rows of a part; `None` behind the last.
    pub(super) async fn next(&self, stream: &mut Rows) -> Result<Option<RecordBatch>, Fault> {
        let next = async { stream.try_next().await.map_err(|error| Fault::of_flight(&error)) };
        within(self.engine.patience, next).await
    }

    /// A connection to where a part is.
    async fn client_at(&self, endpoint: &FlightEndpoint, tries: usize) -> Result<Client, Fault> {
        let places = endpoint.location.len();
        if places == 0 {
            return Ok(self.client.clone());
        }
        let mut last = Fault::Strange("a part of it is at no address that can be asked".to_owned());
        for place in 0..places {
            let Some(location) = endpoint.location.get((tries + place) % places) else { continue };
            if location.uri.starts_with(HERE) {
                return Ok(self.client.clone());
            }
            match Address::parse(&location.uri) {
                Ok(address) if address == self.engine.address => return Ok(self.client.clone()),
                // What began encrypted stays so.
                Ok(address) if address.is_secure == self.engine.address.is_secure => match self.other(&address).await {
                    Ok(client) => return Ok(client),
                    Err(fault) => last = fault,
                },
                Ok(_) => last = Fault::Strange("a part of it is at an address of another scheme".to_owned()),
                Err(_) => {}
            }
        }
        Err(last)
    }

    /// A connection to another host, with the same credentials.
    async fn other(&self, address: &Address) -> Result<Client, Fault> {
        if let Some(known) = self.others.borrow().get(address) {
            return Ok(known.clone());
        }
        let channel = connect(self.engine, self.login, address).await.map_err(|fault| match fault {
            // The place in snapshot.yaml is not to blame.
            Fault::Unreachable(why) | Fault::Refused(why) | Fault::Untrusted(why) => {
                Fault::Lost(format!("{}: {why}", address.host()))
            }
            fault => fault,
        })?;
        let other = client(channel, self.authorization.as_ref());
        self.others.borrow_mut().insert(address.clone(), other.clone());
        Ok(other)
    }
}

/// The rows of a part of an answer.
pub(super) type Rows = arrow_flight::decode::FlightRecordBatchStream;

/// Complains where another number of rows came than was promised. Who does not know how many there are says -1, or
/// nothing, which is 0.
pub(super) fn is_complete(info: &FlightInfo, came: u64) -> Result<(), Fault> {
    match u64::try_from(info.total_records) {
        Ok(promised) if promised > 0 && promised != came => Err(Fault::Count { promised, came }),
        _ => Ok(()),
    }
}

/// Reaches a host, unless credentials could be read on the way to it.
async fn connect(engine: &Engine, login: &Login, address: &Address) -> Result<Channel, Fault> {
    if login.is_secret() && !address.keeps_secrets() {
        return Err(Fault::Unsafe(format!("credentials for `{}` would be sent in plain text", address.host())));
    }
    let unreachable = |error: tonic::transport::Error| Fault::of_connecting(&error);
    let mut endpoint = Endpoint::from_shared(address.url())
        .map_err(unreachable)?
        .connect_timeout(CONNECT)
        .tcp_nodelay(true)
        .tcp_keepalive(Some(KEEP_ALIVE))
        .tcp_keepalive_interval(Some(KEEP_ALIVE))
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW);
    if address.is_secure {
        let tls = ClientTlsConfig::new().domain_name(address.host());
        let tls = match &engine.authority {
            Some(pem) => tls.ca_certificate(Certificate::from_pem(pem)),
            None => tls.with_native_roots(),
        };
        endpoint = endpoint.tls_config(tls).map_err(|error| match Fault::of_connecting(&error) {
            Fault::Unreachable(why) => Fault::Untrusted(why),
            fault => fault,
        })?;
    }
    // Its own limit does not reach as far as TLS: a host may take the connection and say nothing.
    match tokio::time::timeout(CONNECT, endpoint.connect()).await {
        Ok(reached) => reached.map_err(unreachable),
        Err(_) => Err(Fault::Unreachable(format!("it said nothing for {} s", CONNECT.as_secs()))),
    }
}

fn client(channel: Channel, authorization: Option<&String>) -> Client {
    let inner = FlightServiceClient::new(channel).max_decoding_message_size(LARGEST_MESSAGE);
    let mut client = Client::new_from_inner(inner);
    if let Some(header) = authorization {
        client.set_header("authorization", header);
    }
    client
}

/// Shows user and password once. An engine may give a token for the questions that follow; one that knows no
/// handshake is shown them with every question.
async fn handshake(channel: Channel, basic: &str) -> Result<Option<String>, Fault> {
    let header = basic.parse().map_err(|_| Fault::Unsafe("user and password cannot be sent".to_owned()))?;
    let mut request = Request::new(stream::iter([HandshakeRequest::default()]));
    request.metadata_mut().insert("authorization", header);
    let mut answer = match FlightServiceClient::new(channel).handshake(request).await {
        Ok(answer) => answer,
        Err(status) if status.code() == tonic::Code::Unimplemented => return Ok(None),
        Err(status) => {
            return Err(match Fault::of_status(&status) {
                Fault::QueryRefused(why) => Fault::LoginRefused(why),
                fault => fault,
            });
        }
    };
    let bearer = answer.metadata().get("authorization").and_then(|value| value.to_str().ok());
    let bearer = bearer.filter(|value| value.starts_with("Bearer ")).map(str::to_owned);
    // The engine is done with it when the stream ends; some refuse only then.
    while answer.get_mut().message().await.map_err(|status| Fault::of_status(&status))?.is_some() {}
    Ok(bearer)
}

/// What `work` gives, which is done again after each of these waits where it may come out otherwise.
async fn again<T>(waits: [Duration; 3], work: impl AsyncFn(usize) -> Result<T, Fault>) -> Result<T, Fault> {
    for (tries, wait) in waits.into_iter().enumerate() {
        match work(tries).await {
            Err(fault) if fault.may_pass() => tokio::time::sleep(wait).await,
            outcome => return outcome,
        }
    }
    work(waits.len()).await
}

/// Gives up on what says nothing for so long.
pub(super) async fn within<T>(patience: Duration, asked: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    tokio::time::timeout(patience, asked).await.unwrap_or(Err(Fault::Silent(patience)))
}
