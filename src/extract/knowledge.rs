//! What the world knows of the ids and names that the texts of a slice name.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::Named;
use super::folder::Folder;
use crate::config::Site;
use crate::diagnostics::Diagnostic;
use crate::knowledge::{self, Knowledge};
use crate::terms::{TechniqueId, url_name};

/// Writes what each source says of them, in the form in which it is published or, of ATT&CK, in the
/// compact one. Nothing is written of a source that says nothing, so that a build which depends on its
/// date differs from the one that the slice gives. Where a vulnerability is named, that a catalogue does
/// not list it is said, too.
pub(super) fn write(site: &Site, all: &Knowledge, named: &Named, folder: &Folder) -> Result<(), Diagnostic> {
    if let Some(attack) = attack(all, named) {
        folder.write(knowledge::ATTACK, format!("{attack:#}\n").as_bytes())?;
    }
    let asks = !named.vulnerabilities.is_empty();
    if let Some(kev) = all.kev.as_ref().filter(|_| asks) {
        folder.write(knowledge::KEV, format!("{:#}\n", catalogue(kev, named)).as_bytes())?;
    }
    if let Some(epss) = all.epss.as_ref().filter(|_| asks) {
        folder.write(knowledge::EPSS, scores(epss, named).as_bytes())?;
    }
    // A record is about one vulnerability, so that all of it may be known to who may know of that.
    let mut records = all.records.iter().filter(|(id, _)| named.vulnerabilities.contains(*id));
    records.try_for_each(|(id, record)| {
        folder.copy(&format!("{}/{id}.json", knowledge::CVE), &site.root.join(&record.file))
    })
}

/// The compact form, where there is an entry. A technique brings the one it belongs to, and the tactics
/// of both.
fn attack(all: &Knowledge, named: &Named) -> Option<Value> {
    let mut ids: BTreeSet<TechniqueId> = named.techniques.clone();
    ids.extend(named.techniques.iter().filter_map(TechniqueId::parent));
    let told: Vec<_> = all.techniques.iter().filter(|(id, _)| ids.contains(*id)).collect();
    let techniques: Vec<Value> = told
        .iter()
        .map(|(id, technique)| {
            json!({
                "id": id, "name": technique.name, "tactics": technique.tactics,
                "deprecated": technique.deprecated, "revoked_by": technique.revoked_by,
            })
        })
        .collect();
    let used = |shortname| told.iter().any(|(_, technique)| technique.tactics.contains(shortname));
    let tactics = all.tactics.iter().filter(|tactic| used(&tactic.shortname));
    // Counted anew: the places of other tactics say nothing here.
    let tactics: Vec<Value> = (0..)
        .zip(tactics)
        .map(|(order, tactic): (u32, _)| {
            json!({"id": tactic.id, "shortname": tactic.shortname, "name": tactic.name, "order": order})
        })
        .collect();
    let says = |names: &BTreeSet<String>, name: &String, aliases: &[String]| {
        aliases.iter().chain([name]).any(|one| names.contains(&url_name(one)))
    };
    let groups = all.groups.iter().filter(|group| says(&named.actors, &group.name, &group.aliases));
    let groups: Vec<Value> =
        groups.map(|group| json!({"id": group.id, "name": group.name, "aliases": group.aliases})).collect();
    let software = all.software.iter().filter(|one| says(&named.malware, &one.name, &one.aliases));
    let software: Vec<Value> =
        software.map(|one| json!({"id": one.id, "name": one.name, "aliases": one.aliases, "type": one.kind})).collect();
    let mitigations = all.mitigations.iter().filter_map(|mitigation| {
        let answered: Vec<_> = mitigation.techniques.iter().filter(|id| named.techniques.contains(*id)).collect();
        (!answered.is_empty()).then(|| json!({"id": mitigation.id, "name": mitigation.name, "techniques": answered}))
    });
    let mitigations: Vec<Value> = mitigations.collect();
    let is_silent = [&techniques, &groups, &software, &mitigations].iter().all(|entries| entries.is_empty());
    let told = json!({
        "attack_version": all.attack_version, "domain": all.attack_domain.word(), "notice": all.notice, "tactics": tactics, "techniques": techniques,
        "groups": groups, "software": software, "mitigations": mitigations,
    });
    (!is_silent).then_some(told)
}

/// CISA's catalogue, as if it listed nothing else.
fn catalogue(kev: &knowledge::Catalogue, named: &Named) -> Value {
    let day = |date: Option<Date>| date.map(|date| date.to_string());
    let listed = kev.entries.iter().filter(|(id, _)| named.vulnerabilities.contains(*id));
    let entries: Vec<Value> = listed
        .map(|(id, entry)| {
            json!({
                "cveID": id, "vendorProject": entry.vendor, "product": entry.product,
                "vulnerabilityName": entry.name, "shortDescription": entry.description,
                "requiredAction": entry.action, "dateAdded": day(entry.added), "dueDate": day(entry.due),
                "knownRansomwareCampaignUse": if entry.ransomware { "Known" } else { "Unknown" },
            })
        })
        .collect();
    json!({
        "catalogVersion": kev.version, "dateReleased": kev.released.map(|time| time.to_string()),
        "count": entries.len(), "vulnerabilities": entries,
    })
}

/// FIRST's file, as if nothing else had a score.
fn scores(epss: &knowledge::Scores, named: &Named) -> String {
    let model = epss.model.iter().map(|model| format!("model_version:{model}"));
    let date = epss.scored.iter().map(|time| format!("score_date:{time}"));
    let remark = model.chain(date).collect::<Vec<_>>().join(",");
    let mut text = if remark.is_empty() { String::new() } else { format!("#{remark}\n") };
    text.push_str("cve,epss,percentile\n");
    for (id, score) in epss.scores.iter().filter(|(id, _)| named.vulnerabilities.contains(*id)) {
        text.push_str(&format!("{id},{},{}\n", score.probability, score.percentile));
    }
    text
}
