//! What can go wrong between an engine and a table, told where snapshot.yaml asks for it.

use std::error::Error;
use std::io;
use std::time::Duration;

use arrow_flight::error::FlightError;
use tonic::{Code as GrpcCode, Status};

use super::Engine;
use super::session::LARGEST_MESSAGE;
use crate::diagnostics::{Code, Diagnostic, visible};

/// Why a table could not be read. Texts are an engine's or the system's own.
#[derive(Debug)]
pub(super) enum Fault {
    /// No connection came about.
    Unreachable(String),
    /// Nobody answers at that port, be it that an engine is being started there.
    Refused(String),
    /// The other side is not the one whose name it bears, or speaks no TLS.
    Untrusted(String),
    /// Credentials would have to be sent where others could read them, or are no credentials.
    Unsafe(String),
    /// The engine lets nobody of these credentials ask.
    LoginRefused(String),
    /// The engine does not answer this.
    QueryRefused(String),
    /// The connection ended before the answer did.
    Lost(String),
    /// Nothing came for so long.
    Silent(Duration),
    /// The engine promised another number of rows than came.
    Count { promised: u64, came: u64 },
    /// What came is not what was asked for.
    Strange(String),
    /// What is sent comes in a form that is not read, and how the engine is told to send another.
    Form(String, &'static str),
    /// The values of a column are none that a table has.
    Column(String),
    /// What is wrong with the table's columns, told already but for the place.
    Table(Diagnostic),
    /// What is wrong with its rows, told already.
    Told(Diagnostic),
    /// Whoever wanted the rows does not any more, and has told why.
    Unwanted,
}

impl Fault {
    /// Whether the same question may well be answered a moment later.
    pub(super) fn may_pass(&self) -> bool {
        matches!(self, Self::Lost(_) | Self::Refused(_))
    }

    /// Which table need not be asked for again, whoever wants to know what of it; the empty name stands for every
    /// table of the engine. What is wrong with one column is no matter to who reads the others.
    pub(super) fn concerned<'a>(&self, table: &'a str) -> Option<&'a str> {
        match self {
            Self::Unreachable(_) | Self::Refused(_) | Self::Untrusted(_) | Self::Unsafe(_) => Some(""),
            Self::Column(_) | Self::Table(_) | Self::Unwanted => None,
            _ => Some(table),
        }
    }

    /// The same before anything was answered: who hangs up then is no engine, or speaks another protocol.
    pub(super) fn at_first(self) -> Self {
        match self {
            Self::Lost(why) => Self::Unreachable(why),
            fault => fault,
        }
    }

    /// Why there is no connection.
    pub(super) fn of_connecting(error: &tonic::transport::Error) -> Self {
        let kinds = chain(error).filter_map(|error| error.downcast_ref::<io::Error>()).map(io::Error::kind);
        let kinds: Vec<io::ErrorKind> = kinds.collect();
        let why = innermost(error);
        if kinds.contains(&io::ErrorKind::InvalidData) {
            // What TLS refuses arrives as data that is not valid.
            Self::Untrusted(why)
        } else if kinds.contains(&io::ErrorKind::ConnectionRefused) {
            Self::Refused(why)
        } else {
            Self::Unreachable(why)
        }
    }

    /// What a refusal means. One that has a cause on this side comes from the connection, not from the engine.
    pub(super) fn of_status(status: &Status) -> Self {
        let said = status.message();
        if let Some(answer) = http_status(said) {
            return Self::of_http(answer);
        }
        match status.code() {
            _ if status.source().is_some() => Self::Lost(innermost(status)),
            _ if BREAKS_OFF.iter().any(|begin| said.starts_with(begin)) => {
                Self::Lost("the answer breaks off before its end".to_owned())
            }
            GrpcCode::Unavailable => Self::Lost(said.to_owned()),
            code @ (GrpcCode::Cancelled | GrpcCode::DeadlineExceeded) if said.is_empty() => {
                Self::Lost(code.to_string())
            }
            GrpcCode::Cancelled | GrpcCode::DeadlineExceeded => Self::Lost(said.to_owned()),
            GrpcCode::Unauthenticated | GrpcCode::PermissionDenied => Self::LoginRefused(said.to_owned()),
            GrpcCode::OutOfRange if said.ends_with(&format!("limit is: {LARGEST_MESSAGE} bytes")) => Self::Form(
                format!("comes in batches of more than {} MiB", LARGEST_MESSAGE >> 20),
                "let the engine send smaller ones: it has a setting for their rows or their bytes",
            ),
            code if said.is_empty() => Self::QueryRefused(code.to_string()),
            _ => Self::QueryRefused(said.to_owned()),
        }
    }

    /// What it means that somebody answered who speaks HTTP alone: a proxy on the way, or none of all this.
    fn of_http(answer: u16) -> Self {
        match answer {
            401 | 403 => Self::LoginRefused(format!("it is a proxy that does, with the HTTP status {answer}")),
            429 | 502..=504 => {
                Self::Lost(format!("a proxy says that the engine is away, with the HTTP status {answer}"))
            }
            _ => Self::Unreachable(format!("who answers there speaks HTTP and is no engine, with the status {answer}")),
        }
    }

    /// What an error of the protocol means.
    pub(super) fn of_flight(error: &FlightError) -> Self {
        match error {
            FlightError::Tonic(status) => Self::of_status(status),
            FlightError::ExternalError(error) => Self::Lost(innermost(error.as_ref())),
            FlightError::Arrow(error) if error.to_string().contains("IPC decompression requires") => Self::Form(
                "is compressed, which is not read".to_owned(),
                "let the engine send Arrow's batches without LZ4 or Zstandard in them",
            ),
            other => Self::Strange(other.to_string()),
        }
    }

    /// The problem, at the place in snapshot.yaml that it belongs to; `None` where it was told already.
    pub(super) fn told(self, engine: &Engine, table: &str) -> Option<Diagnostic> {
        let quoted = |text: &str| visible(&engine.hide(text));
        let at_engine = || engine.span.clone();
        let at_table = || engine.entry(table).map_or_else(at_engine, |entry| entry.span.clone());
        let shown = visible(table);
        let (code, span, message, hint) = match self {
            Self::Unreachable(why) | Self::Refused(why) => (
                Code::EngineUnreachable,
                at_engine(),
                format!("no connection to the engine at {}: {}", visible(&engine.address.to_string()), quoted(&why)),
                "is it running, and is this its host and port? One that speaks TLS is asked with grpc+tls://",
            ),
            Self::Untrusted(why) => (
                Code::EngineUnreachable,
                at_engine(),
                format!("the TLS of `{}` is not to be trusted: {}", visible(engine.address.host()), quoted(&why)),
                "name the authority that signed its certificate in `ca`, a PEM file beside snapshot.yaml; the \
                 certificate has to bear the host's name. One that speaks no TLS is asked with grpc://",
            ),
            Self::Unsafe(why) => (
                Code::EngineCredentials,
                at_engine(),
                quoted(&why),
                "give either THREATPRESS_FLIGHT_USER and THREATPRESS_FLIGHT_PASSWORD, or THREATPRESS_FLIGHT_TOKEN; \
                 they are sent to another host over grpc+tls:// only",
            ),
            Self::LoginRefused(why) => (
                Code::LoginRefused,
                at_engine(),
                format!("the engine refuses the login: {}", quoted(&why)),
                "give a user that may read these tables: THREATPRESS_FLIGHT_USER and THREATPRESS_FLIGHT_PASSWORD, or \
                 THREATPRESS_FLIGHT_TOKEN",
            ),
            Self::QueryRefused(why) => (
                Code::QueryRefused,
                at_table(),
                format!("the engine does not answer for `{shown}`: {}", quoted(&why)),
                "is there a table of this name, and does the query run on the engine by itself?",
            ),
            Self::Lost(why) => (
                Code::ConnectionLost,
                at_table(),
                format!("the connection was lost while `{shown}` was read: {}", quoted(&why)),
                "nothing of it was used; is the engine well, and the way to it? Then build again",
            ),
            Self::Silent(time) => (
                Code::ConnectionLost,
                at_table(),
                format!("the engine said nothing of `{shown}` for {} s", time.as_secs()),
                "nothing of it was used; where the query takes its time, set `timeout_seconds` beside `flight_sql`",
            ),
            Self::Count { promised, came } => (
                Code::IncompleteResult,
                at_table(),
                format!("the engine promised {promised} row(s) of `{shown}`, and sent {came}"),
                "nothing of it was used; build again, and look into the engine's log where it happens again",
            ),
            Self::Strange(why) => (
                Code::IncompleteResult,
                at_table(),
                format!("what the engine sent of `{shown}` cannot be used: {}", quoted(&why)),
                "nothing of it was used; does the query run on the engine by itself?",
            ),
            Self::Form(how, hint) => {
                (Code::IncompleteResult, at_table(), format!("what the engine sends of `{shown}` {how}"), hint)
            }
            Self::Column(why) => (
                Code::EngineColumn,
                at_table(),
                format!("{why}, in `{shown}`"),
                "ask for it by a query that gives one plain value a row: a text, a number or a time",
            ),
            Self::Table(told) | Self::Told(told) => return Some(told.at(&engine.source, at_table())),
            Self::Unwanted => return None,
        };
        Some(Diagnostic::error(code, message).at(&engine.source, span).hint(hint))
    }
}

/// How the library underneath begins to say that an answer came without its end: proxies cut one so.
const BREAKS_OFF: [&str; 2] = ["protocol error: missing grpc-status", "Unexpected EOF decoding stream"];

/// The status of an answer that is HTTP and not gRPC, in the words of the library underneath.
fn http_status(said: &str) -> Option<u16> {
    let page = said.strip_prefix("protocol error: ").and_then(|said| said.split_once("response with status: "));
    let bare = || said.strip_prefix("grpc-status header missing, mapped from HTTP status code ");
    page.map(|(_, status)| status).or_else(bare)?.split(' ').next()?.parse().ok()
}

/// An error and what caused it.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| (*error).source())
}

/// What caused it all, in the words of whoever met it.
fn innermost(error: &(dyn Error + 'static)) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_of_http_is_told_from_one_of_an_engine() {
        let page = |status: &str| {
            Status::internal(format!(
                "protocol error: received message with invalid compression flag: 60 (valid flags are 0 and 1) while \
                 receiving response with status: {status}"
            ))
        };
        for (status, may_pass) in
            [("502 Bad Gateway", true), ("503 Service Unavailable", true), ("404 Not Found", false)]
        {
            let fault = Fault::of_status(&page(status));
            assert_eq!(fault.may_pass(), may_pass, "{fault:?}");
            assert!(matches!(fault.at_first(), Fault::Unreachable(why) if why.contains(&status[..3])), "{status}");
        }
        assert!(matches!(Fault::of_status(&page("403 Forbidden")), Fault::LoginRefused(_)));
        let bare = Status::unknown("grpc-status header missing, mapped from HTTP status code 500");
        assert!(matches!(Fault::of_status(&bare), Fault::Unreachable(_)));
        let own = Status::internal("the HTTP catalogue of the lake: response with status: 404");
        assert!(matches!(Fault::of_status(&own), Fault::QueryRefused(_)));
    }

    #[test]
    fn what_is_cut_is_lost() {
        for status in [
            Status::unknown(
                "protocol error: missing grpc-status trailer, stream was terminated without a final status",
            ),
            Status::internal("Unexpected EOF decoding stream."),
            Status::cancelled(""),
            Status::deadline_exceeded("too slow"),
        ] {
            assert!(Fault::of_status(&status).may_pass(), "{status}");
        }
    }

    #[test]
    fn a_message_that_is_too_large_is_no_refusal() {
        let too_large = |limit: usize| {
            Status::out_of_range(format!(
                "Error, decoded message length too large: found 99999999 bytes, the limit is: {limit} bytes"
            ))
        };
        assert!(matches!(Fault::of_status(&too_large(LARGEST_MESSAGE)), Fault::Form(..)));
        // The engine's own limit, for what it is asked.
        assert!(matches!(Fault::of_status(&too_large(4 << 20)), Fault::QueryRefused(_)));
    }
}
