//! Every number of every role's data files, held against the twin.

use std::fmt;

use proptest::strategy::Strategy;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::bench::{Bench, Run, cases, hold};
use crate::twin;
use crate::world::files::Layout;
use crate::world::{Role, World, calm_worlds, worlds};

#[test]
fn every_figure_is_the_twins() {
    held("every_figure_is_the_twins", worlds(), cases(1));
}

/// Levels turn at exact quotients and ranks at ties, which worlds full of troubles rarely hit.
#[test]
fn every_figure_of_a_calm_site_is_the_twins() {
    held("every_figure_of_a_calm_site_is_the_twins", calm_worlds(), cases(2));
}

fn held(name: &str, worlds: impl Strategy<Value = World>, cases: u32) {
    hold(
        name,
        worlds,
        cases,
        |world| vec![world.clone()],
        |world| {
            let bench = Bench::build(world, &Layout::plain(), Run::default())?;
            world.config.roles.iter().try_for_each(|role| same_role(world, role, &bench))
        },
    );
}

fn same_role(world: &World, role: &Role, bench: &Bench) -> Result<(), String> {
    let twin = twin::site(world, role);
    let mut slugs: Vec<String> = twin.reports.iter().map(|(slug, _)| slug.clone()).collect();
    slugs.sort();
    let found = bench.slugs(&role.name);
    if found != slugs {
        return Err(format!("reports of {}: engine {found:?}, twin {slugs:?}", role.name));
    }
    same_file(bench, &role.name, "data.json", &twin.dashboard)?;
    same_file(bench, &role.name, "threats/data.json", &twin.threats)?;
    for (slug, data) in &twin.reports {
        same_file(bench, &role.name, &format!("threats/{slug}/data.json"), data)?;
    }
    for (file, columns, rows) in &twin.files {
        let engine = csv(bench, &role.name, file, *columns)?;
        let same = match (&engine, rows) {
            (Some(engine), Some(rows)) => engine.len() == rows.len() && engine.iter().zip(rows).all(same_row),
            (engine, rows) => engine.is_none() == rows.is_none(),
        };
        if !same {
            return Err(format!("{}/{file}: engine {engine:?}, twin {rows:?}", role.name));
        }
    }
    Ok(())
}

/// An empty cell of the twin's stands for whatever the page says there: a device's name.
fn same_row((engine, twin): (&Vec<String>, &Vec<String>)) -> bool {
    engine.len() == twin.len() && engine.iter().zip(twin).all(|(engine, twin)| engine == twin || twin.is_empty())
}

/// The rows of a CSV file of a build, the first columns of each; nothing where there is no such file.
fn csv(bench: &Bench, role: &str, file: &str, columns: usize) -> Result<twin::Rows, String> {
    if !bench.role(role).join(file).exists() {
        return Ok(None);
    }
    let text = bench.text(role, file)?;
    let mut rows = Vec::new();
    for record in csv::Reader::from_reader(text.as_bytes()).records() {
        let record = record.map_err(|error| format!("{role}/{file}: {error}"))?;
        rows.push(record.iter().take(columns).map(str::to_owned).collect());
    }
    Ok(Some(rows))
}

fn same_file(bench: &Bench, role: &str, file: &str, twin: &Value) -> Result<(), String> {
    let engine = bench.json(role, file)?;
    if let Some(difference) = difference("", &engine, twin) {
        return Err(format!("{role}/{file}{difference}"));
    }
    let sorted: Result<SortedKeys, _> = serde_json::from_str(&bench.text(role, file)?);
    sorted.map(|_| ()).map_err(|error| format!("{role}/{file}: {error}"))
}

/// The first place where two values differ: its path, the engine's value and the twin's.
pub(crate) fn difference(path: &str, engine: &Value, twin: &Value) -> Option<String> {
    match (engine, twin) {
        (Value::Object(a), Value::Object(b)) => {
            let keys = a.keys().chain(b.keys());
            keys.into_iter().find_map(|key| {
                let path = format!("{path}.{key}");
                match (a.get(key), b.get(key)) {
                    (Some(a), Some(b)) => difference(&path, a, b),
                    (Some(a), None) => Some(format!(" {path}: engine {a}, twin has no such key")),
                    (_, b) => Some(format!(" {path}: engine has no such key, twin {b:?}")),
                }
            })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let mut pairs = a.iter().zip(b).enumerate();
            pairs.find_map(|(at, (a, b))| difference(&format!("{path}[{at}]"), a, b))
        }
        _ if engine == twin => None,
        _ => Some(format!(" {path}: engine {engine}, twin {twin}")),
    }
}

/// JSON all of whose objects have their keys in order.
struct SortedKeys;

impl<'de> Deserialize<'de> for SortedKeys {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<SortedKeys, D::Error> {
        from.deserialize_any(SortedKeys)
    }
}

impl<'de> Visitor<'de> for SortedKeys {
    type Value = SortedKeys;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<SortedKeys, A::Error> {
        let mut last: Option<String> = None;
        while let Some((key, SortedKeys)) = map.next_entry::<String, SortedKeys>()? {
            if last.as_ref().is_some_and(|last| *last >= key) {
                return Err(A::Error::custom(format!("key {key} stands after {last:?}")));
            }
            last = Some(key);
        }
        Ok(SortedKeys)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<SortedKeys, A::Error> {
        while list.next_element::<SortedKeys>()?.is_some() {}
        Ok(SortedKeys)
    }

    fn visit_unit<E>(self) -> Result<SortedKeys, E> {
        Ok(SortedKeys)
    }

    fn visit_bool<E>(self, _: bool) -> Result<SortedKeys, E> {
        Ok(SortedKeys)
    }

    fn visit_i64<E>(self, _: i64) -> Result<SortedKeys, E> {
        Ok(SortedKeys)
    }

    fn visit_u64<E>(self, _: u64) -> Result<SortedKeys, E> {
        Ok(SortedKeys)
    }

    fn visit_f64<E>(self, _: f64) -> Result<SortedKeys, E> {
        Ok(SortedKeys)
    }

    fn visit_str<E>(self, _: &str) -> Result<SortedKeys, E> {
        Ok(SortedKeys)
    }
}

#[test]
fn a_difference_is_told_by_its_path() {
    let engine = serde_json::json!({"devices": {"total": 3}, "groups": [{"name": "Alpha"}]});
    let twin = serde_json::json!({"devices": {"total": 3}, "groups": [{"name": "Beta"}]});
    assert_eq!(difference("", &engine, &engine), None);
    let told = difference("", &engine, &twin).unwrap();
    assert_eq!(told, " .groups[0].name: engine \"Alpha\", twin \"Beta\"");
}

#[test]
fn keys_out_of_order_are_found() {
    assert!(serde_json::from_str::<SortedKeys>(r#"{"a": [{"b": 1, "c": null}], "d": "x"}"#).is_ok());
    assert!(serde_json::from_str::<SortedKeys>(r#"{"a": [{"c": 1, "b": null}]}"#).is_err());
}
