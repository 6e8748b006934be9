//! The files as CISA, FIRST, the CVE programme and MITRE publish them.

use std::fs;

use serde_json::Value;

use super::{built, index, page, published, site};
use crate::bench::note;

fn json(path: &std::path::Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

#[test]
fn the_catalogue_of_exploited_vulnerabilities() {
    let Some(path) = published("kev.json") else { return };
    let catalogue = json(&path);
    let entries = catalogue["vulnerabilities"].as_array().unwrap();
    // Every ninth of them, and one that nobody lists.
    let listed: Vec<&Value> = entries.iter().step_by(9).collect();
    let mut ids: Vec<String> = listed.iter().map(|entry| text(entry, "cveID").to_owned()).collect();
    ids.push("CVE-1999-9999".to_owned());
    let site = site(&ids);
    fs::create_dir_all(site.path().join("content/knowledge")).unwrap();
    fs::copy(&path, site.path().join("content/knowledge/kev.json")).unwrap();
    let told = built(site.path());
    assert!(told.iter().all(|line| line["code"] != "TP0500"), "{told:?}");
    let rows = index(site.path(), "soc");
    let released = &text(&catalogue, "dateReleased")[..10];
    for entry in &listed {
        let id = text(entry, "cveID");
        assert_eq!(rows[id]["Exploited since"], text(entry, "dateAdded"), "{id}");
        assert_eq!(rows[id]["Due"], text(entry, "dueDate"), "{id}");
        assert!(rows[id]["Product"].ends_with(text(entry, "product").trim()), "{id}: {:?}", rows[id]);
        let page = page(site.path(), "soc", &format!("vulnerabilities/{id}"));
        for key in ["vulnerabilityName", "shortDescription", "requiredAction", "dateAdded", "dueDate"] {
            let said = text(entry, key).trim();
            assert!(page.contains(said), "{id}: `{said}` is not in {page}");
        }
        let ransom = text(entry, "knownRansomwareCampaignUse") == "Known";
        assert_eq!(page.contains("Ransomware campaigns are known to use it."), ransom, "{id}");
        assert!(page.contains(released), "{id}: the date of the catalogue is not in {page}");
    }
    assert_eq!(rows["CVE-1999-9999"]["Exploited since"], "Not listed");
    assert!(
        page(site.path(), "soc", "vulnerabilities/CVE-1999-9999")
            .contains(&format!("Not in CISA's catalogue of {released}"))
    );
    let first = listed.iter().map(|entry| text(entry, "dueDate")).min().unwrap();
    let card = page(site.path(), "soc", "threats/open");
    let said = format!("{} known to be exploited, the first due {first} (CISA of {released})", listed.len());
    assert!(card.contains(&said), "`{said}` is not in {card}");
    let about = page(site.path(), "soc", "about");
    assert!(about.contains(text(&catalogue, "catalogVersion")) && about.contains(released), "{about}");
    note(&format!("{} of {} entries of CISA's catalogue as they are", listed.len(), entries.len()));
}

#[test]
fn scores_of_a_day() {
    let Some(path) = published("epss-format-sample.csv") else { return };
    let file = fs::read_to_string(&path).unwrap();
    let rows: Vec<Vec<&str>> = file.lines().skip(2).map(|line| line.split(',').collect()).collect();
    let mut ids: Vec<String> = rows.iter().map(|row| row[0].to_owned()).collect();
    ids.push("CVE-1999-9999".to_owned());
    let date = &file.lines().next().unwrap().split("score_date:").nth(1).unwrap()[..10];
    let packed = {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        std::io::Write::write_all(&mut encoder, file.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    for (name, bytes) in [("epss.csv", file.as_bytes()), ("epss.csv.gz", &packed)] {
        let site = site(&ids);
        crate::bad_input::put(site.path(), &format!("content/knowledge/{name}"), bytes);
        let told = built(site.path());
        assert!(told.iter().all(|line| line["code"] != "TP0500"), "{told:?}");
        let index = index(site.path(), "soc");
        for row in &rows {
            let (shown, published) = (&index[row[0]]["EPSS"], row[1].trim_end_matches('0'));
            assert_eq!(shown, published, "{name}: {}", row[0]);
            let page = page(site.path(), "soc", &format!("vulnerabilities/{}", row[0]));
            // Cut to a tenth of a per cent.
            let (whole, tenths) = (row[1][2..4].trim_start_matches('0'), &row[1][4..5]);
            let percent = format!("{}.{tenths} %", if whole.is_empty() { "0" } else { whole });
            assert!(page.contains(&format!("{percent} within 30 days of {date}")), "{percent}: {page}");
        }
        assert_eq!(index["CVE-1999-9999"]["EPSS"], "", "{name}");
        assert!(page(site.path(), "soc", "about").contains("v2025.03.14"), "{name}");
    }
}

#[test]
fn records_of_vulnerabilities() {
    let Some(folder) = published("cve") else { return };
    let paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    let ids: Vec<String> = paths.iter().map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    assert!(ids.len() > 20, "{} records", ids.len());
    let site = site(&ids);
    fs::create_dir_all(site.path().join("content/knowledge/cve")).unwrap();
    for path in &paths {
        fs::copy(path, site.path().join("content/knowledge/cve").join(path.file_name().unwrap())).unwrap();
    }
    let told = built(site.path());
    assert!(told.iter().all(|line| line["code"] != "TP0500"), "{told:?}");
    let rows = index(site.path(), "soc");
    for (path, id) in paths.iter().zip(&ids) {
        let record = json(path);
        assert_eq!(rows[id]["CVSS"], preferred(&record).unwrap_or_default(), "{id}");
        let page = page(site.path(), "soc", &format!("vulnerabilities/{id}"));
        let cna = &record["containers"]["cna"];
        let english = |one: &&Value| text(one, "lang").starts_with("en");
        let described = cna["descriptions"].as_array().unwrap().iter().filter(english).map(|one| text(one, "value"));
        let said = [text(cna, "title"), text(&record["cveMetadata"], "assignerShortName")];
        for said in said.into_iter().chain(described) {
            let said = said.trim().replace('\r', "\n");
            assert!(page.contains(&said), "{id}: `{said}` is not in {page}");
        }
        for product in
            cna["affected"].as_array().unwrap().iter().map(|one| text(one, "product")).filter(|name| *name != "n/a")
        {
            assert!(page.contains(product), "{id}: `{product}` is not in {page}");
        }
        let version = cna["affected"][0]["versions"][0]["lessThan"].as_str().filter(|version| !version.contains("://"));
        assert!(version.is_none_or(|version| page.contains(version)), "{id}: {version:?} is not in {page}");
    }
    note(&format!("{} CVE records as they are", ids.len()));
}

/// The score of the newest version of CVSS: the CNA's, else another's.
fn preferred(record: &Value) -> Option<String> {
    let containers = &record["containers"];
    let others = containers["adp"].as_array().cloned().unwrap_or_default();
    [containers["cna"].clone()].into_iter().chain(others).find_map(|container| {
        let metrics = container["metrics"].as_array().cloned().unwrap_or_default();
        ["cvssV4_0", "cvssV3_1", "cvssV3_0", "cvssV2_0"].into_iter().find_map(|key| {
            let score = metrics.iter().find_map(|metric| metric.get(key))?;
            Some(format!("{:.1} ({})", score["baseScore"].as_f64()?, text(score, "version")))
        })
    })
}

#[test]
fn groups_software_and_mitigations_of_a_bundle() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data/attack/stix20-campaign-C0024-solarwinds.json");
    if !path.exists() {
        println!("note: {} is not there, so no bundle is read", path.display());
        return;
    }
    let bundle = json(&path);
    let objects = bundle["objects"].as_array().unwrap();
    let called = |kind: &str, name: &str| {
        objects.iter().find(|object| object["type"] == kind && object["name"] == name).unwrap()
    };
    let group = called("intrusion-set", "APT29");
    let site = site(&[]);
    let keys = "tlp: clear\nactors: [cozy bear]\nmalware: [TEARDROP]\ntechniques: [T1059.001]";
    super::report(site.path(), "winds", keys, &[]);
    fs::create_dir_all(site.path().join("content/knowledge")).unwrap();
    fs::copy(&path, site.path().join("content/knowledge/attack.json")).unwrap();
    let told = built(site.path());
    assert!(told.iter().all(|line| line["code"] != "TP0500"), "{told:?}");
    let actor = page(site.path(), "soc", "actors/cozy-bear");
    assert!(actor.contains("G0016 APT29"), "{actor}");
    for alias in
        group["aliases"].as_array().unwrap().iter().filter_map(Value::as_str).filter(|alias| *alias != "Cozy Bear")
    {
        assert!(actor.contains(alias), "`{alias}` is not in {actor}");
    }
    assert!(page(site.path(), "soc", "malware/teardrop").contains("S0560 TEARDROP, malware"));
    let technique = objects
        .iter()
        .find(|object| {
            object["type"] == "attack-pattern" && object["external_references"][0]["external_id"] == "T1059.001"
        })
        .unwrap();
    let page = page(site.path(), "soc", "techniques/T1059.001");
    let mut advised = 0;
    for relation in objects
        .iter()
        .filter(|object| object["relationship_type"] == "mitigates" && object["target_ref"] == technique["id"])
    {
        let Some(mitigation) = objects.iter().find(|object| object["id"] == relation["source_ref"]) else { continue };
        if mitigation["x_mitre_deprecated"] == true {
            continue;
        }
        assert!(page.contains(text(mitigation, "name")), "{mitigation} is not in {page}");
        advised += 1;
    }
    assert!(advised > 2, "{advised} mitigations");
}
