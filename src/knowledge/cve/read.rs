//! Records, from their files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rayon::prelude::*;
use serde_json::value::RawValue;

use super::written::{Container, Metric, Product, Score, Text, Version, Written};
use super::{Affected, Cvss, Record, Versions};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, visible};
use crate::knowledge::decimal::units;
use crate::knowledge::file::Json;
use crate::knowledge::kev::said;
use crate::knowledge::load::CVE;
use crate::knowledge::problems::Problems;
use crate::terms::{CveId, Severity, instant, word};

/// Several times what the largest record was in 2026.
const LARGEST: u64 = 32 << 20;

/// Reads the records of the `named` vulnerabilities. Of files that are called as the id of their record the others are not
/// opened, however many there are.
pub(in crate::knowledge) fn load(
    root: &Path,
    named: &BTreeSet<CveId>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<CveId, Record> {
    let files = files(root, diagnostics);
    let wanted: Vec<(&CveId, &String)> = files.iter().filter(|(id, _)| named.contains(id)).collect();
    let read = |(id, name): &(&CveId, &String)| {
        let mut told = Diagnostics::new();
        let record = record(root, name, id, &mut told);
        (record.map(|record| ((*id).clone(), record)), told)
    };
    let outcomes: Vec<_> = wanted.par_iter().map(read).collect();
    let mut records = BTreeMap::new();
    for (record, told) in outcomes {
        records.extend(record);
        diagnostics.append(told);
    }
    records
}

/// The files, by the id that each is called as, or else holds the record of.
fn files(root: &Path, diagnostics: &mut Diagnostics) -> BTreeMap<CveId, String> {
    let entries = match std::fs::read_dir(root.join(CVE)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return BTreeMap::new(),
        Err(error) => {
            diagnostics.push(Diagnostic::error(Code::Unreadable, format!("cannot read it: {error}")).in_file(CVE));
            return BTreeMap::new();
        }
    };
    let names: BTreeSet<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    let records = names.iter().filter(|name| !name.starts_with('.'));
    let records = records.filter_map(|name| Some((CveId::parse(name.strip_suffix(".json")?), format!("{CVE}/{name}"))));
    let (called, others): (Vec<_>, Vec<_>) = records.partition(|(id, _)| id.is_some());
    let mut problems = Problems::of(CVE, diagnostics);
    let mut files: BTreeMap<CveId, String> = BTreeMap::new();
    for (id, path) in called.into_iter().chain(others) {
        let id = match id.map_or_else(|| id_of(root, &path), Ok) {
            Ok(id) => id,
            Err(problem) => {
                problems.tell(problem);
                continue;
            }
        };
        match files.get(&id) {
            None => drop(files.insert(id, path)),
            Some(other) => {
                let message = format!("the record of {id} is read from {other}");
                let told = Diagnostic::warning(Code::InvalidKnowledge, message).in_file(path);
                problems.tell(told.hint("remove one of the files; as it is, nothing reads this one").strict());
            }
        }
    }
    files
}

/// The id of the record in a file.
fn id_of(root: &Path, path: &str) -> Result<CveId, Diagnostic> {
    let no_record = || {
        Diagnostic::warning(Code::InvalidKnowledge, "there is no CVE record in this file")
            .in_file(path)
            .hint("remove it, or fetch it anew: docs/knowledge.md says what it has to be; as it is, nothing reads it")
            .strict()
    };
    let json = Json::read(root, path, LARGEST)?.ok_or_else(no_record)?;
    let written: Written = json.whole("a CVE record").map_err(|_| no_record())?;
    CveId::parse(&written.cve_metadata.cve_id).ok_or_else(no_record)
}

fn record(root: &Path, name: &str, id: &CveId, diagnostics: &mut Diagnostics) -> Option<Record> {
    let json = Json::read(root, name, LARGEST).map_err(|told| diagnostics.push(told)).ok()??;
    let written: Written = json.whole("a CVE record").map_err(|told| diagnostics.push(told)).ok()?;
    let mut problems = Problems::of(name, diagnostics);
    if !written.data_version.starts_with("5.") {
        let version = visible(&written.data_version);
        problems.tell(json.about(format!("the record is of version {version}: versions 5.x are read")));
        return None;
    }
    let metadata = written.cve_metadata;
    if CveId::parse(&metadata.cve_id).as_ref() != Some(id) {
        let other = visible(&metadata.cve_id);
        problems.tell(json.about(format!("the file is called as {id}, and holds the record of `{other}`")));
        return None;
    }
    let mut containers = vec![written.containers.cna];
    let others = written.containers.adp.iter();
    containers.extend(others.filter_map(|raw| problems.sound(json.part(raw, "a container of a record"))));
    let mut record = Record {
        file: name.to_owned(),
        assigner: said(metadata.assigner_short_name),
        updated: metadata.date_updated.as_deref().and_then(instant),
        ..Record::default()
    };
    match word(&metadata.state).as_str() {
        "published" => published(&mut record, &containers, &json, &mut problems),
        "rejected" => {
            let cna = containers.first();
            let reason = cna.and_then(|cna| english(&cna.rejected_reasons));
            record.rejected = Some(reason.unwrap_or_else(|| "The record gives no reason.".to_owned()));
            let others = cna.into_iter().flat_map(|cna| &cna.replaced_by);
            record.replaced_by = others.filter_map(|id| CveId::parse(id)).filter(|other| other != id).collect();
        }
        _ => {
            let state = visible(&metadata.state);
            problems.tell(json.about(format!("the record is neither PUBLISHED nor REJECTED: `{state}`")));
            return None;
        }
    }
    Some(record)
}

fn published(record: &mut Record, containers: &[Container<'_>], json: &Json, problems: &mut Problems<'_>) {
    if let Some(cna) = containers.first() {
        record.title = said(cna.title.clone());
    }
    record.description = containers.iter().find_map(|container| english(&container.descriptions));
    for container in containers {
        record.scores.extend(scores(container, json, problems));
        let affected = affected(&container.affected, json, problems);
        if record.affected.is_empty() {
            record.affected = affected;
        }
    }
}

/// The text in English, else the first that says anything.
fn english(texts: &[Text]) -> Option<String> {
    let is_english = |text: &&Text| text.lang.to_lowercase().split(['-', '_']).next() == Some("en");
    let value = |text: &Text| said(Some(text.value.clone()));
    texts.iter().filter(is_english).find_map(value).or_else(|| texts.iter().find_map(value))
}

/// A container's scores, the newest version of CVSS first; of equals the higher.
fn scores(container: &Container<'_>, json: &Json, problems: &mut Problems<'_>) -> Vec<Cvss> {
    let mut scores = Vec::new();
    for raw in &container.metrics {
        let Some(metric) = problems.sound(json.part::<Metric>(raw, "a metric of a record")) else { continue };
        let versions = [("4.0", metric.v4_0), ("3.1", metric.v3_1), ("3.0", metric.v3_0), ("2.0", metric.v2_0)];
        for (version, score) in versions.into_iter().filter_map(|(version, score)| Some((version, score?))) {
            let number = score.base_score.to_string();
            match units(&number, 1).filter(|tenths| *tenths <= 100) {
                Some(tenths) => scores.push(cvss(version, tenths, score, &container.provider_metadata.short_name)),
                None => problems.tell(json.mistake(raw, format!("`baseScore` is no number from 0 to 10: {number}"))),
            }
        }
    }
    scores.sort_by(|a, b| (b.version, b.tenths).cmp(&(a.version, a.tenths)));
    scores
}

fn cvss(version: &'static str, tenths: u64, score: Score, by: &Option<String>) -> Cvss {
    let severity = score.base_severity.as_deref().map(word).and_then(|word| Severity::parse(&word));
    let (vector, by) = (said(score.vector_string), said(by.clone()));
    Cvss { version, tenths, severity: severity.unwrap_or_default(), vector, by }
}

/// The products of a container, each once; those that are called "n/a" are none.
fn affected(list: &[&RawValue], json: &Json, problems: &mut Problems<'_>) -> Vec<Affected> {
    let mut affected: Vec<Affected> = Vec::new();
    let mut places: BTreeMap<(Option<String>, String), usize> = BTreeMap::new();
    for raw in list {
        let product = problems.sound(json.part(raw, "an affected product of a record"));
        let Some(one) = product.and_then(understood) else { continue };
        // A record may name a product once for each range of its versions.
        let place = *places.entry((one.vendor.clone(), one.product.clone())).or_insert(affected.len());
        match affected.get_mut(place) {
            Some(same) => unite(&mut same.versions, one.versions),
            None => affected.push(one),
        }
    }
    for one in &mut affected {
        let mut seen = BTreeSet::new();
        one.versions.fixed.retain(|version| seen.insert(version.clone()));
    }
    affected
}

/// Adds what is said of more versions of a product.
fn unite(versions: &mut Versions, more: Versions) {
    versions.affected.extend(more.affected);
    versions.all_others |= more.all_others;
    versions.fixed.extend(more.fixed);
}

/// A word that names something.
fn named(text: Option<String>) -> Option<String> {
    said(text).filter(|text| !["n/a", "unspecified", "unknown"].contains(&text.to_lowercase().as_str()))
}

fn understood(product: Product) -> Option<Affected> {
    let name = named(product.product).or_else(|| named(product.package_name))?;
    let mut versions = Versions {
        all_others: product.default_status.as_deref().map(word).as_deref() == Some("affected"),
        ..Versions::default()
    };
    for version in &product.versions {
        add(&mut versions, version);
    }
    Some(Affected { vendor: named(product.vendor), product: name, versions })
}

/// Adds what one entry says: a version, or the range from it on.
fn add(versions: &mut Versions, entry: &Version) {
    let is = |status: &str, wanted: &str| word(status) == wanted;
    let some = |text: &Option<String>| named(text.clone()).filter(|text| text != "*");
    let from = some(&Some(entry.version.clone())).filter(|version| version != "0");
    if is(&entry.status, "unaffected") {
        versions.fixed.extend(from);
        return;
    }
    if !is(&entry.status, "affected") {
        return;
    }
    let (before, to) = (some(&entry.less_than), some(&entry.less_than_or_equal));
    let is_range = entry.less_than.is_some() || entry.less_than_or_equal.is_some();
    let range = match (&from, &before, &to) {
        (None, Some(before), _) => Some(format!("before {before}")),
        (None, None, Some(to)) => Some(format!("up to {to}")),
        (None, None, None) => (is_range || entry.version.trim() == "*").then(|| "all".to_owned()),
        (Some(from), Some(before), _) if from == before => Some(format!("before {before}")),
        (Some(from), Some(before), _) => Some(format!("from {from}, before {before}")),
        (Some(from), None, Some(to)) if from == to => Some(format!("up to {to}")),
        (Some(from), None, Some(to)) => Some(format!("from {from} up to {to}")),
        (Some(from), None, None) if is_range => Some(format!("from {from}")),
        (Some(from), None, None) => Some(from.clone()),
    };
    versions.affected.extend(range);
    let ends = entry.changes.iter().filter(|change| is(&change.status, "unaffected"));
    let ends = ends.map(|change| change.at.clone()).chain(before);
    // Some vendors put the address of their advisory where a version should stand.
    versions.fixed.extend(ends.filter(|end| !end.contains("://")));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_told_in_words() {
        for (entry, affected, fixed) in [
            (r#"{"version": "1", "status": "affected"}"#, vec!["1"], vec![]),
            (r#"{"version": "*", "status": "affected"}"#, vec!["all"], vec![]),
            (r#"{"version": "0", "status": "affected", "lessThan": "*"}"#, vec!["all"], vec![]),
            (r#"{"version": "*", "status": "affected", "lessThanOrEqual": "2"}"#, vec!["up to 2"], vec![]),
            (r#"{"version": "1", "status": "affected", "lessThan": "2"}"#, vec!["from 1, before 2"], vec!["2"]),
            (r#"{"version": "n/a", "status": "affected"}"#, vec![], vec![]),
            (r#"{"version": "3", "status": "unaffected"}"#, vec![], vec!["3"]),
        ] {
            let mut versions = Versions::default();
            add(&mut versions, &serde_json::from_str(entry).expect("an entry"));
            assert_eq!((versions.affected, versions.fixed), (owned(affected), owned(fixed)), "{entry}");
        }
    }

    fn owned(texts: Vec<&str>) -> Vec<String> {
        texts.into_iter().map(str::to_owned).collect()
    }
}
