//! What `snapshot.yaml` says of an engine.

use std::collections::BTreeMap;
use std::path::{Component, Path};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use super::address::Address;
use super::{Engine, Entry};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source, read_plain, visible};
use crate::snapshot::keys::{ENGINE, MOST_SECONDS, TABLES};
use crate::snapshot::profile::Profile;
use crate::snapshot::read::{TableFile, foreign_files, table_files};
use crate::terms::word;
use crate::yaml::{Kind, Map, Node, entries, unknown, value};

/// A certificate is no longer than this.
const LARGEST: u64 = 1 << 20;
/// How long an engine may say nothing, where nobody says otherwise.
const PATIENCE: Duration = Duration::from_secs(300);

/// What is known of a snapshot before its engine is.
#[derive(Clone, Copy)]
pub(in crate::snapshot) struct Held<'a> {
    pub(in crate::snapshot) directory: &'a Path,
    /// Its path as messages show it.
    pub(in crate::snapshot) shown: &'a str,
    /// Whose tables they are; `None` where they are those of the contract.
    pub(in crate::snapshot) profile: Option<&'a Profile>,
}

/// Takes note of the keys, and of nothing that stands there.
pub(in crate::snapshot) fn passed_over(map: &mut Map<'_>) -> Option<Engine> {
    ["engine", "tables"].into_iter().for_each(|key| _ = map.get(key));
    None
}

/// Reads the keys `engine` and `tables` of a snapshot. `None` when it is held in files, or something is wrong with
/// the keys.
pub(in crate::snapshot) fn declared(
    map: &mut Map<'_>,
    held: Held<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Engine> {
    let source = map.source();
    let (named, listed) = both(map, diagnostics)?;
    let mut keys = Map::open(source, named, &ENGINE, diagnostics)?;
    let address = address(&mut keys, diagnostics);
    let authority = authority(&mut keys, held.directory, address.as_ref(), diagnostics);
    let patience =
        keys.value("timeout_seconds", "a whole number of seconds, from 1 to 86400 (a day)", diagnostics, |text| {
            text.parse().ok().filter(|seconds| (1..=MOST_SECONDS).contains(seconds))
        });
    keys.finish(diagnostics);
    let tables = match held.profile {
        Some(profile) => raw_tables(source, listed, profile, diagnostics),
        None => tables(source, listed, diagnostics),
    };
    for file in held.files() {
        let message = format!("{} stands beside an engine", visible(&file));
        let hint = "a snapshot is held in files or by an engine: remove one of the two";
        complain(source, named, message, hint, diagnostics);
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
        secrets: Mutex::default(),
        failed: Mutex::default(),
    })
}

impl Held<'_> {
    /// For each table of which there are files in the directory, one of these.
    fn files(self) -> Vec<String> {
        let file = |table: &str| {
            let files = match self.profile {
                Some(_) => foreign_files(self.directory, self.shown, &[table.to_owned()], &mut Diagnostics::new()),
                None => table_files(self.directory, self.shown, table, &mut Diagnostics::new()),
            };
            let first = |files: Vec<TableFile>| files.first().map(|file| file.shown().to_owned());
            files.map(|files| first(files).unwrap_or_else(|| format!("{}/{table}", self.shown)))
        };
        match self.profile {
            Some(profile) => profile.names().into_iter().filter_map(file).collect(),
            None => TABLES.names().filter_map(file).collect(),
        }
    }
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
        true => read_plain(&directory.join(&name), LARGEST).map_err(|error| format!("cannot read it: {error}")),
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
            tables.insert(word(key), Entry { text, span: node.span.clone() });
        }
    }
    map.finish(diagnostics);
    Some(tables)
}

/// The same of the tables of another program: any of those that its profile reads, by whatever spelling their files
/// would be found, and one at least that devices come from.
fn raw_tables(
    source: &Arc<Source>,
    listed: &Node,
    profile: &Profile,
    diagnostics: &mut Diagnostics,
) -> Option<BTreeMap<String, Entry>> {
    const ENTRY: &str = "the name of the engine's table, or a query";
    let known = profile.names();
    let mut tables = BTreeMap::new();
    for (name, key, node) in entries(source, listed, TABLES.what, diagnostics)? {
        let Some(table) = known.iter().find(|table| word(table) == word(name)) else {
            diagnostics.push(unknown(source, (name, key, node), &known));
            continue;
        };
        let text = match &node.kind {
            Kind::Null => Some(String::new()),
            _ => value(source, node, name, ENTRY, diagnostics, |text| Some(text.to_owned())),
        };
        let Some(text) = text else { continue };
        if text.is_empty() {
            let problem = Diagnostic::error(Code::MissingKey, format!("`{}` is empty", visible(name)));
            diagnostics.push(problem.at(source, key.span.clone()).hint(format!("write {ENTRY}, or remove the key")));
        } else if tables.insert(word(name), Entry { text, span: node.span.clone() }).is_some() {
            let hint = "capitals, `_` and spaces do not count: remove one of them";
            complain(source, key, format!("the table `{}` is named twice", visible(table)), hint, diagnostics);
        }
    }
    let of_devices = profile.sources("devices");
    if !of_devices.iter().any(|table| tables.contains_key(&word(table))) {
        let problem = Diagnostic::error(Code::MissingKey, "no table that `devices` come from is named");
        let names: Vec<String> = of_devices.iter().map(|table| format!("`{}:`", visible(table))).collect();
        let hint = format!("add {}, {ENTRY}", names.join(" or "));
        diagnostics.push(problem.at(source, listed.span.start..listed.span.start).hint(hint));
    }
    Some(tables)
}
