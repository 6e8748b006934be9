use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::scope::Indicator;
use crate::scope::sample::{of_indicators, sample};
use crate::terms::{IndicatorType, Tlp};

fn bundle(slug: &str) -> Value {
    let slice = sample();
    let report = slice.report(slug).unwrap_or_else(|| panic!("no {slug}"));
    stix::bundle(&slice, report)
}

fn objects(bundle: &Value) -> &[Value] {
    bundle["objects"].as_array().map_or(&[], Vec::as_slice)
}

/// What the specification asks of every bundle, as far as it can be said in a few lines. That others
/// read it is for the suite, with their own library.
#[test]
fn every_reference_leads_to_an_object_of_the_bundle() {
    let slice = sample();
    assert!(!slice.reports().is_empty());
    for report in slice.reports() {
        let bundle = stix::bundle(&slice, report);
        let ids: Vec<&str> = objects(&bundle).iter().filter_map(|object| object["id"].as_str()).collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "an id stands for one object");
        for object in objects(&bundle) {
            let kind = object["type"].as_str().unwrap_or_default();
            assert!(object["id"].as_str().is_some_and(|id| id.starts_with(&format!("{kind}--"))), "{object}");
            for key in ["source_ref", "target_ref", "created_by_ref"] {
                assert!(object[key].as_str().is_none_or(|id| unique.contains(id)), "{key} of {object}");
            }
            for key in ["object_refs", "object_marking_refs"] {
                let refs = object[key].as_array().map_or(&[][..], Vec::as_slice);
                assert!(refs.iter().all(|id| id.as_str().is_some_and(|id| unique.contains(id))), "{key} of {object}");
                assert!(object.get(key).is_none() || !refs.is_empty(), "{key} of {object}");
            }
        }
        let refers = objects(&bundle).iter().find(|object| object["type"] == "report").expect("a report");
        assert!(refers["object_refs"].as_array().is_some_and(|refs| !refs.contains(&refers["id"])));
    }
}

/// One object says what all of them say, so it is as strict as the strictest.
#[test]
fn several_indicators_of_one_value_are_one_object() {
    let of = |tlp, description: &str| Indicator {
        description: Some(description.to_owned()),
        tlp,
        ..Indicator::new(IndicatorType::Domain, "evil.example")
    };
    let indicators = vec![of(None, "One"), of(Some(Tlp::Red), "Two"), of(Some(Tlp::Clear), "One")];
    let bundle = stix::bundle(&sample(), &of_indicators(Tlp::Green, indicators));
    let found: Vec<_> = objects(&bundle).iter().filter(|object| object["type"] == "indicator").collect();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["description"], "One; Two");
    assert_eq!(found[0]["object_marking_refs"][0], Tlp::Red.stix_marking());
    let related = objects(&bundle).iter().find(|object| object["source_ref"] == found[0]["id"]).expect("the malware");
    assert_eq!(related["object_marking_refs"][0], Tlp::Red.stix_marking());
}

#[test]
fn indicators_that_mean_the_same_are_one() {
    let of = |kind, value: &str, tlp| Indicator { tlp, ..Indicator::new(kind, value) };
    let (lower, upper) = ("ab".repeat(16), "AB".repeat(16));
    let indicators = vec![
        of(IndicatorType::Domain, "Evil.example", Some(Tlp::Clear)),
        of(IndicatorType::Domain, "evil.EXAMPLE.", Some(Tlp::Red)),
        of(IndicatorType::Domain, "other.example", Some(Tlp::Clear)),
        of(IndicatorType::Md5, &lower, None),
        of(IndicatorType::Md5, &upper, Some(Tlp::Red)),
        of(IndicatorType::Process, "# Domain, TLP:CLEAR", None),
    ];
    let report = of_indicators(Tlp::Green, indicators);
    let list = "# Domain, TLP:CLEAR\nother.example\n# Domain, TLP:RED\nEvil.example\n# MD5, TLP:RED\n";
    assert_eq!(list::indicators(&report), format!("{list}{lower}\n"));
    let bundle = stix::bundle(&sample(), &report);
    let found = objects(&bundle).iter().filter(|object| object["type"] == "indicator");
    let found: Vec<_> = found.map(|object| (object["pattern"].as_str(), &object["object_marking_refs"][0])).collect();
    let md5 = format!("[file:hashes.MD5 = '{lower}']");
    let (red, clear) = (json!(Tlp::Red.stix_marking()), json!(Tlp::Clear.stix_marking()));
    let process = "[process:command_line = '# Domain, TLP:CLEAR']";
    let expected = [
        (Some("[domain-name:value = 'evil.example']"), &red),
        (Some("[domain-name:value = 'other.example']"), &clear),
        (Some(md5.as_str()), &red),
        (Some(process), &json!(Tlp::Green.stix_marking())),
    ];
    assert_eq!(found, expected);
}

#[test]
fn the_same_report_gives_the_same_bundle() {
    let slug = sample().reports()[0].slug.clone();
    assert_eq!(bundle(&slug), bundle(&slug));
}

#[test]
fn patterns_say_what_tools_see() {
    let thumbprint = ["0a"; 20].join(":");
    let digest = "ab".repeat(20);
    for (kind, value, expected) in [
        (IndicatorType::Domain, "a.example", "[domain-name:value = 'a.example']"),
        (IndicatorType::FileName, r"a'b\c", r"[file:name = 'a\'b\\c']"),
        (
            IndicatorType::FilePath,
            r"C:\Users\x.exe",
            r"[file:name = 'x.exe' AND file:parent_directory_ref.path = 'C:\\Users']",
        ),
        (IndicatorType::FilePath, r"C:\x.exe", r"[file:name = 'x.exe' AND file:parent_directory_ref.path = 'C:\\']"),
        (IndicatorType::FilePath, "/x", "[file:name = 'x' AND file:parent_directory_ref.path = '/']"),
        (IndicatorType::FilePath, r"C:\Users\", r"[directory:path = 'C:\\Users']"),
        (IndicatorType::FilePath, "/", "[directory:path = '/']"),
        (IndicatorType::FilePath, "x.exe", "[file:name = 'x.exe']"),
        (IndicatorType::Domain, "A.Example", "[domain-name:value = 'a.example']"),
        (IndicatorType::RegistryKey, r"hklm\A", r"[windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\A']"),
        (IndicatorType::RegistryKey, r"HKCU:\A", r"[windows-registry-key:key = 'HKEY_CURRENT_USER\\A']"),
        (IndicatorType::RegistryKey, "HKU", "[windows-registry-key:key = 'HKEY_USERS']"),
        (IndicatorType::RegistryKey, r"HKEY_X\A", r"[windows-registry-key:key = 'HKEY_X\\A']"),
        (IndicatorType::Sha1, &digest, &format!("[file:hashes.'SHA-1' = '{digest}']")),
        (IndicatorType::Certificate, "0a:1b", "[x509-certificate:serial_number = '0a:1b']"),
        (
            IndicatorType::Certificate,
            &thumbprint,
            &format!("[x509-certificate:hashes.'SHA-1' = '{}']", "0a".repeat(20)),
        ),
        (
            IndicatorType::Certificate,
            &thumbprint[..47],
            &format!("[x509-certificate:serial_number = '{}']", &thumbprint[..47]),
        ),
    ] {
        assert_eq!(pattern::of(kind, value).as_deref(), Some(expected), "{value}");
    }
    assert_eq!(pattern::of(IndicatorType::Other, "x"), None);
    assert_eq!(pattern::of(IndicatorType::Sha1, "ab"), None, "no digest is so short");
}

#[test]
fn markings_are_those_of_tlp_2_and_read_back() {
    for tlp in Tlp::ALL {
        assert_eq!(Tlp::of_stix_marking(tlp.stix_marking()), Some(tlp));
    }
}

#[test]
fn a_layer_counts_reports() {
    let slice = sample();
    let layer = of_role(&slice).map(|file| serde_json::from_str::<Value>(&file.text).expect("JSON")).expect("a layer");
    assert_eq!(layer["versions"]["layer"], "4.5");
    for technique in layer["techniques"].as_array().expect("techniques") {
        let id = technique["techniqueID"].as_str().expect("an id");
        let count =
            slice.reports().iter().filter(|report| report.all_techniques().iter().any(|known| known.as_str() == id));
        let count = count.count();
        assert_eq!(technique["score"].as_u64().unwrap_or_default(), count as u64, "{id}");
    }
}
