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
    let (named, listed) = both(map, diagnostics)?;
    let mut keys = Map::open(source, named, &ENGINE, diagnostics)?;
    let address = address(&mut keys, diagnostics);
    let authority = authority(&mut keys, directory, address.as_ref(), diagnostics);
    let patience = keys.value("timeout_seconds", "a whole number of seconds, at least 1", diagnostics, |text| {
        text.parse().ok().filter(|seconds| (1..=MOST_SECONDS).contains(seconds))
    });
    keys.finish(diagnostics);
    let tables = tables(source, listed, diagnostics);
    for table in TABLES.names() {
        if let Some(files) = table_files(directory, shown, table, &mut Diagnostics::new()) {
            let file = files.first().map_or_else(|| format!("{shown}/{table}"), |file| file.shown().to_owned());
            let message = format!("{} stands beside an engine", visible(&file));
            let hint = "a snapshot is held in files or by an engine: remove one of the two";
            complain(source, named, message, hint, diagnostics);
        }
    }
    Some(Engine {
        source: Arc::clone(source),
        // Where the engine itself is to blame, its address is pointed at.
        span: named.get("flight_sql").unwrap_or(named).span.clone(),
        address: address?,
        authority: authority?,
        patience: patience.map_or(PATIENCE, |seconds| Duration::from_secs(seconds.into())),
        tables: tables?,
        wanted: None,
        quote: OnceLock::new(),
    })
}

fn complain(source: &Arc<Source>, node: &Node, message: impl Into<String>, hint: &str, diagnostics: &mut Diagnostics) {
    let problem = Diagnostic::error(Code::InvalidEngine, message).at(source, node.span.clone());
    diagnostics.push(problem.hint(hint));
}

/// What `engine` and `tables` say; neither stands without the other.
fn both<'a>(map: &mut Map<'a>, diagnostics: &mut Diagnostics) -> Option<(&'a Node, &'a Node)> {
    let source = map.source();
    match (map.get("engine"), map.get("tables")) {
        (Some(named), Some(listed)) => return Some((named, listed)),
        (Some(named), None) => {
            let hint = "add `tables:`, with the name of each";
            complain(source, named, "the engine is asked for no table", hint, diagnostics);
        }
        (None, Some(listed)) => {
            let hint = "add `engine:`, or remove the key";
            complain(source, listed, "`tables` are those of an engine", hint, diagnostics);
        }
        (None, None) => {}
    }
    None
}

fn address(keys: &mut Map<'_>, diagnostics: &mut Diagnostics) -> Option<Address> {
    let node = keys.require("flight_sql", "the address of the engine: grpc://host:port", diagnostics)?;
    let text = keys.required_text("flight_sql", "grpc://host:port", diagnostics)?;
    match Address::parse(&text) {
        Ok(address) => Some(address),
        Err((what, hint)) => {
            complain(keys.source(), node, format!("`flight_sql` {what}"), hint, diagnostics);
            None
        }
    }
}

/// The certificate of the authority that `ca` names, a file beside `snapshot.yaml`; `Some(None)` where it names
/// none.
fn authority(
    keys: &mut Map<'_>,
    directory: &Path,
    address: Option<&Address>,
    diagnostics: &mut Diagnostics,
) -> Option<Option<Vec<u8>>> {
    const HEAD: &[u8] = b"-----BEGIN CERTIFICATE-----";
    let Some(node) = keys.get("ca") else { return Some(None) };
    let name = keys.text("ca", diagnostics)?;
    let mut parts = Path::new(&name).components();
    let stands_beside = matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None));
    let read = match stands_beside {
        true => std::fs::read(directory.join(&name)).map_err(|error| format!("cannot read it: {error}")),
        false => Err("it has to be a file beside snapshot.yaml".to_owned()),
    };
    let why = match read {
        Ok(_) if address.is_some_and(|address| !address.is_secure) => {
            "nothing is signed where the engine is asked with grpc://".to_owned()
        }
        Ok(pem) if memchr::memmem::find(&pem, HEAD).is_some() => return Some(Some(pem)),
        Ok(_) => "it holds no certificate in PEM form".to_owned(),
        Err(why) => why,
    };
    let message = format!("`ca` cannot be `{}`: {why}", visible(&name));
    let hint = "name the PEM file of the authority that signed the engine's certificate, as `ca: authority.pem`";
    complain(keys.source(), node, message, hint, diagnostics);
    None
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
