//! What `snapshot.yaml` says of an engine.

use std::collections::BTreeMap;
use std::path::{Component, Path};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::address::Address;
use super::{Engine, Entry};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source, visible};
use crate::snapshot::keys::{ENGINE, MOST_SECONDS, TABLES};
use crate::snapshot::read::table_files;
use crate::yaml::{Map, Node};

/// How long an engine may say nothing, where nobody says otherwise.
const PATIENCE: Duration = Duration::from_secs(300);

/// Reads the keys `engine` and `tables` of the snapshot in `directory`. `None` when the snapshot is held in files,
/// or something is wrong with the keys.
pub(in crate::snapshot) fn declared(
    map: &mut Map<'_>,
    directory: &Path,
    shown: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Engine> {
    let source = map.source();
    let (named, listed) = (map.get("engine"), map.get("tables"));
    let complain = |node: &Node, message: &str, hint: &str, diagnostics: &mut Diagnostics| {
        let problem = Diagnostic::error(Code::InvalidEngine, message).at(source, node.span.clone());
        diagnostics.push(problem.hint(hint));
    };
    let (named, listed) = match (named, listed) {
        (Some(named), Some(listed)) => (named, listed),
        (Some(named), None) => {
            complain(named, "the engine is asked for no table", "add `tables:`, with the name of each", diagnostics);
            return None;
        }
        (None, Some(listed)) => {
            complain(listed, "`tables` are those of an engine", "add `engine:`, or remove the key", diagnostics);
            return None;
        }
        (None, None) => return None,
    };
    let mut keys = Map::open(source, named, &ENGINE, diagnostics)?;
    let address = address(&mut keys, diagnostics);
    let patience = keys.value("timeout_seconds", "a whole number of seconds, at least 1", diagnostics, |text| {
        text.parse().ok().filter(|seconds| (1..=MOST_SECONDS).contains(seconds))
    });
    let authority =
        authority(&mut keys, directory, address.as_ref().is_some_and(|address| !address.is_secure), diagnostics);
    keys.finish(diagnostics);
    let tables = tables(source, listed, diagnostics)?;
    for key in TABLES.names() {
        let files = table_files(directory, shown, key, &mut Diagnostics::new());
        if let Some(file) = files.as_ref().and_then(|files| files.first()) {
            let message = format!("{} stands beside an engine", visible(file.shown()));
            let hint = "a snapshot is held in files or by an engine: remove one of the two";
            complain(named, &message, hint, diagnostics);
        }
    }
    Some(Engine {
        source: Arc::clone(source),
        span: keys_span(named),
        address: address?,
        authority: authority.ok()?,
        patience: patience.map_or(PATIENCE, |seconds| Duration::from_secs(seconds.into())),
        tables,
        wanted: None,
        quote: OnceLock::new(),
    })
}

/// The bytes to point at where the engine itself is to blame: its address.
fn keys_span(named: &Node) -> std::ops::Range<usize> {
    named.get("flight_sql").unwrap_or(named).span.clone()
}

fn address(keys: &mut Map<'_>, diagnostics: &mut Diagnostics) -> Option<Address> {
    let node = keys.require("flight_sql", "the address of the engine: grpc://host:port", diagnostics)?;
    let text = keys.required_text("flight_sql", "grpc://host:port", diagnostics)?;
    match Address::parse(&text) {
        Ok(address) => Some(address),
        Err((what, hint)) => {
            diagnostics.push(
                Diagnostic::error(Code::InvalidEngine, format!("`flight_sql` {what}"))
                    .at(keys.source(), node.span.clone())
                    .hint(hint),
            );
            None
        }
    }
}

/// The certificate of the authority that `ca` names, a file beside `snapshot.yaml`.
fn authority(
    keys: &mut Map<'_>,
    directory: &Path,
    is_plain: bool,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Vec<u8>>, ()> {
    let Some(node) = keys.get("ca") else { return Ok(None) };
    let name = keys.text("ca", diagnostics).ok_or(())?;
    let mut parts = Path::new(&name).components();
    let is_plain_name = matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None));
    let read = match is_plain_name {
        true => std::fs::read(directory.join(&name)).map_err(|error| format!("cannot read it: {error}")),
        false => Err("it has to be a file beside snapshot.yaml".to_owned()),
    };
    let is_certificate = |pem: &Vec<u8>| pem.windows(27).any(|window| window == b"-----BEGIN CERTIFICATE-----");
    let why = match read {
        Ok(_) if is_plain => "nothing is signed where the engine is asked with grpc://".to_owned(),
        Ok(pem) if is_certificate(&pem) => return Ok(Some(pem)),
        Ok(_) => "it holds no certificate in PEM form".to_owned(),
        Err(why) => why,
    };
    let message = format!("`ca` cannot be `{}`: {why}", visible(&name));
    diagnostics.push(
        Diagnostic::error(Code::InvalidEngine, message)
            .at(keys.source(), node.span.clone())
            .hint("name the PEM file of the authority that signed the engine's certificate, as `ca: authority.pem`"),
    );
    Err(())
}

/// What each table is asked for as.
fn tables(source: &Arc<Source>, listed: &Node, diagnostics: &mut Diagnostics) -> Option<BTreeMap<String, Entry>> {
    let mut map = Map::open(source, listed, &TABLES, diagnostics)?;
    let mut tables = BTreeMap::new();
    map.forbid_empty(diagnostics);
    map.require("devices", "the name of the engine's table of devices, or a query", diagnostics);
    for key in TABLES.names() {
        if let Some(node) = map.get(key)
            && let Some(text) = map.text(key, diagnostics)
        {
            tables.insert(key.to_owned(), Entry { text, span: node.span.clone() });
        }
    }
    map.finish(diagnostics);
    Some(tables)
}
