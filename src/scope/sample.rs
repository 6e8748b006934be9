//! A small hand-made slice, so that later rooms can be tested without the earlier ones.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::{FleetSlice, Links, Prose, Report, RoleView, SiteView, Slice};
use crate::diagnostics::{Diagnostics, Source};
use crate::fleet::{
    Alert, AlertStatus, AntivirusMode, CatalogueEntry, Classification, Criticality, Device, DeviceSet, Fleet, Group,
    Health, Onboarding, Tables,
};
use crate::knowledge::{Knowledge, Tactic, Technique};
use crate::report::blocks::CutText;
use crate::report::{
    Change, Detection, Document, Facts, Indicator, Mitigation, Reference, Selectors, TrackedConfiguration,
};
use crate::terms::{
    ChangeKind, ConfigurationId, CveId, IndicatorType, Moment, ReportType, Severity, TechniqueId, Tlp, instant,
};

/// A slice with three groups, four reports, two snapshots and names of every unpleasant kind.
pub(crate) fn sample() -> Slice {
    let as_of = time("2026-11-16T06:00:00Z");
    Slice {
        site: SiteView {
            title: "Contoso threat portal".to_owned(),
            language: "en".to_owned(),
            theme: "default".to_owned(),
            freshness_days: 7,
            trend_days: 30,
            antivirus_configurations: BTreeSet::new(),
            device_rows: 20,
            download_rows: 30,
            links: Links {
                device: Some("https://security.example/machines/{id}".to_owned()),
                incident: Some("https://security.example/incidents/{id}".to_owned()),
                technique: Some("https://attack.example/techniques/{id}/".to_owned()),
                ..Links::default()
            },
        },
        role: RoleView {
            name: "emea-it".to_owned(),
            title: "EMEA IT operations".to_owned(),
            clearance: Tlp::AmberStrict,
            sees_all: false,
            groups: ["EMEA Servers", "EMEA Workstations", "Plant Floor", "Zürich Research"].map(str::to_owned).to_vec(),
            base_url: "https://emea.threats.contoso.example/portal/".to_owned(),
        },
        as_of,
        reports: [clickfix(), octo_tempest(), storm(), volt_typhoon()].map(Arc::new).to_vec(),
        pages: vec![Prose {
            name: "how-to-read".to_owned(),
            title: "How to read a report".to_owned(),
            tlp: Tlp::Clear,
            document: Arc::default(),
            media: Vec::new(),
        }],
        fleets: [time("2026-11-09T06:00:00Z"), as_of].map(|as_of| Arc::new(FleetSlice(fleet(as_of)))).to_vec(),
        knowledge: Arc::new(knowledge()),
    }
}

fn time(text: &str) -> Timestamp {
    instant(text).expect("a time")
}

fn moment(text: &str) -> Moment {
    Moment::parse(text).expect("a moment")
}

fn strings<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).to_vec()
}

fn techniques<const N: usize>(ids: [&str; N]) -> Vec<TechniqueId> {
    ids.map(|id| TechniqueId::parse(id).expect("a technique")).to_vec()
}

fn cves<const N: usize>(ids: [&str; N]) -> Vec<CveId> {
    ids.map(|id| CveId::parse(id).expect("a CVE")).to_vec()
}

fn configurations<const N: usize>(ids: [&str; N]) -> Vec<TrackedConfiguration> {
    ids.map(|id| TrackedConfiguration { id: ConfigurationId::fold(id), spelling: id.to_owned(), name: None }).to_vec()
}

fn facts(slug: &str, title: &str, kind: ReportType, published: &str) -> Facts {
    Facts {
        slug: slug.to_owned(),
        title: title.to_owned(),
        kind,
        summary: "What it is, why it matters to us and what to do about it, in one paragraph that a manager can act on before the day begins.".to_owned(),
        published: moment(published),
        updated: None,
        severity: None,
        tlp: Tlp::Clear,
        authors: strings(["Contoso Threat Research"]),
        tags: Vec::new(),
        aliases: Vec::new(),
        actors: Vec::new(),
        malware: Vec::new(),
        sectors: Vec::new(),
        attack_surfaces: Vec::new(),
        regions: Vec::new(),
        techniques: Vec::new(),
        vulnerabilities: Vec::new(),
        configurations: Vec::new(),
        selectors: Selectors::default(),
        detections: Vec::new(),
        mitigations: Vec::new(),
        indicators: Vec::new(),
        references: Vec::new(),
        changes: Vec::new(),
        redirects: Vec::new(),
    }
}

fn report(facts: Facts) -> Report {
    Report { facts, review_overdue: None, document: Arc::new(Document::default()), media: Vec::new() }
}

/// A text in which stands what other tabs show: a chart, a table of another page, a figure.
fn text() -> Document {
    const TEXT: &str = "## Executive summary\n\nOf our devices :figure[devices.exposed] are exposed to T1190.\n\n\
        ::chart[device-states]\n\n::table[devices.exposed]\n\n::table[indicators]\n";
    let source = Source::new("storm.md", TEXT);
    let mut told = Diagnostics::new();
    let document = Document::parse(&CutText::whole(&source, 0..TEXT.len()), &mut told);
    assert!(told.is_empty(), "{told:?}");
    document
}

fn storm() -> Report {
    let facts = Facts {
        updated: Some(moment("2026-11-15")),
        severity: Some(Severity::Critical),
        tlp: Tlp::Amber,
        tags: strings(["ransomware", "vulnerability"]),
        aliases: strings(["Gold Salem"]),
        actors: strings(["Storm-2603"]),
        malware: strings(["Warlock", "LockBit"]),
        sectors: strings(["government", "manufacturing"]),
        attack_surfaces: strings(["internet-facing server"]),
        regions: strings(["emea"]),
        techniques: techniques(["T1190", "T1059.001", "T1505.003"]),
        vulnerabilities: cves(["CVE-2025-53770", "CVE-2025-53771"]),
        configurations: configurations(["scid-2012", "SCID-96"]),
        selectors: Selectors { families: strings(["warlock"]), ..Selectors::default() },
        detections: vec![
            Detection {
                name: "Suspicious IIS worker process behaviour".to_owned(),
                product: Some("Defender for Endpoint".to_owned()),
                generic: false,
            },
            Detection { name: "Suspicious PowerShell".to_owned(), product: None, generic: true },
        ],
        mitigations: vec![
            Mitigation {
                action: "Rotate the ASP.NET machine keys".to_owned(),
                owner: Some("SharePoint team".to_owned()),
                due: Some(moment("2026-12-01")),
            },
            Mitigation { action: "Take SharePoint off the internet".to_owned(), owner: None, due: None },
        ],
        indicators: vec![
            indicator(IndicatorType::Url, "https://update.evil.example/spinstall0.aspx", None),
            indicator(IndicatorType::Ipv4, "192.0.2.17", Some(Tlp::AmberStrict)),
            indicator(IndicatorType::FileName, "=spinstall0.aspx", None),
        ],
        references: vec![Reference {
            title: "Vendor advisory".to_owned(),
            url: Some("https://vendor.example/advisory?a=1&b=2".to_owned()),
            accessed: Some(moment("2026-11-10")),
        }],
        changes: vec![
            Change {
                date: moment("2026-11-15"),
                summary: "Added two hunting queries".to_owned(),
                kind: Some(ChangeKind::Content),
            },
            Change {
                date: moment("2026-11-05"),
                summary: "Corrected the patch level".to_owned(),
                kind: Some(ChangeKind::Correction),
            },
        ],
        redirects: strings(["toolshell"]),
        ..facts(
            "storm-2603-toolshell",
            "Storm-2603: ransomware through SharePoint (ToolShell)",
            ReportType::Activity,
            "2026-11-02",
        )
    };
    Report { review_overdue: Some(moment("2026-11-12")), document: Arc::new(text()), ..report(facts) }
}

/// A report of indicators.
pub(crate) fn of_indicators(tlp: Tlp, indicators: Vec<Indicator>) -> Report {
    let facts = facts("of-indicators", "Of indicators", ReportType::Osint, "2026-11-02");
    report(Facts { tlp, malware: strings(["Warlock"]), indicators, ..facts })
}

fn indicator(kind: IndicatorType, value: &str, tlp: Option<Tlp>) -> Indicator {
    Indicator {
        kind,
        value: value.to_owned(),
        description: Some("Web shell host".to_owned()),
        first_seen: Some(moment("2026-10-01")),
        last_seen: None,
        confidence: Some(80),
        tlp,
    }
}

fn clickfix() -> Report {
    report(Facts {
        severity: Some(Severity::Medium),
        tags: strings(["Phishing", "phishing"]),
        malware: strings(["Lumma"]),
        techniques: techniques(["T1059.001", "T1204"]),
        configurations: configurations(["scid-96"]),
        ..facts(
            "clickfix",
            "ClickFix: people who paste commands <script>alert(1)</script>",
            ReportType::Technique,
            "2026-10-01",
        )
    })
}

fn octo_tempest() -> Report {
    report(Facts {
        severity: Some(Severity::High),
        actors: strings(["Octo Tempest"]),
        mitigations: vec![Mitigation {
            action: "Call back before a password reset".to_owned(),
            owner: None,
            due: None,
        }],
        ..facts("octo-tempest", "Octo Tempest at the help desk", ReportType::Osint, "2026-09-12T08:00:00Z")
    })
}

fn volt_typhoon() -> Report {
    report(Facts {
        severity: Some(Severity::High),
        tlp: Tlp::AmberStrict,
        actors: strings(["Volt Typhoon"]),
        malware: strings(["Warlock"]),
        techniques: techniques(["T1190"]),
        vulnerabilities: cves(["CVE-2024-40711"]),
        selectors: Selectors { actors: strings(["volt typhoon"]), ..Selectors::default() },
        ..facts("volt-typhoon", "Volt Typhoon living off the land", ReportType::Actor, "2026-08-01")
    })
}

fn knowledge() -> Knowledge {
    let tactic = |id: &str, shortname: &str, name: &str| Tactic {
        id: id.to_owned(),
        shortname: shortname.to_owned(),
        name: name.to_owned(),
    };
    let technique = |id: &str, name: &str, tactic: &str| {
        let technique =
            Technique { name: name.to_owned(), tactics: strings([tactic]), deprecated: false, revoked_by: None };
        (TechniqueId::parse(id).expect("a technique"), technique)
    };
    Knowledge {
        attack_version: Some("18.1".to_owned()),
        notice: Some("© The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation.".to_owned()),
        tactics: vec![tactic("TA0001", "initial-access", "Initial Access"), tactic("TA0002", "execution", "Execution"), tactic("TA0003", "persistence", "Persistence")],
        techniques: BTreeMap::from([
            technique("T1190", "Exploit Public-Facing Application", "initial-access"),
            technique("T1059", "Command and Scripting Interpreter", "execution"),
            technique("T1059.001", "PowerShell", "execution"),
            technique("T1505.003", "Web Shell", "persistence"),
        ]),
        ..Knowledge::default()
    }
}

/// Sixty devices: 8 servers, 40 workstations, 12 of research.
fn fleet(as_of: Timestamp) -> Fleet {
    let groups = [("EMEA Servers", 0..8), ("EMEA Workstations", 8..48), ("Zürich Research", 48..60)];
    Fleet {
        as_of,
        tables: Tables {
            vulnerabilities: true,
            configurations: true,
            configuration_catalog: true,
            alerts: true,
            incidents: true,
            ..Tables::default()
        },
        groups: groups.into_iter().map(|(name, range)| Group { name: name.to_owned(), range }).collect(),
        devices: (0..60).map(|at| device(at, as_of)).collect(),
        catalogue: BTreeMap::from([(
            ConfigurationId::fold("scid-2012"),
            CatalogueEntry {
                name: "Turn on real-time protection".to_owned(),
                category: Some("Security controls".to_owned()),
                subcategory: Some("Antivirus".to_owned()),
                impact_tenths: Some(95),
                remediation: Some(
                    "Set the policy \"Turn off real-time protection\" to Disabled and deploy it to the device group."
                        .to_owned(),
                ),
            },
        )]),
        alerts: (0..6).map(|at| alert(at, as_of)).collect(),
        ..Fleet::default()
    }
}

fn device(at: u32, as_of: Timestamp) -> Device {
    let name = match at {
        3 => "=cmd|' /C calc'!A0".to_owned(),
        4 => "<img src=x onerror=alert(1)>".to_owned(),
        0..8 => format!("EMEA-SRV-{at:03}"),
        8..48 => format!("EMEA-WS-{at:03}"),
        _ => format!("ZRH-LAB-{at:03}"),
    };
    Device {
        id: format!("{at:04}c0ffee").into(),
        name: name.into(),
        os: Some(if at < 8 { "Windows Server" } else { "Windows 11" }.into()),
        os_version: Some(if at < 8 { "2022" } else { "24H2" }.into()),
        onboarding: Some(if at == 59 { Onboarding::CanBeOnboarded } else { Onboarding::Onboarded }),
        health: Some(if at % 20 == 19 { Health::Inactive } else { Health::Active }),
        last_seen: Some(as_of),
        antivirus_mode: Some(if at % 10 == 2 { AntivirusMode::Passive } else { AntivirusMode::Active }),
        excluded: false,
        criticality: (at < 8).then_some(Criticality::High),
        internet_facing: (at < 8).then_some(at.is_multiple_of(2)),
    }
}

fn alert(at: u32, as_of: Timestamp) -> Alert {
    let resolved = at >= 4;
    Alert {
        id: format!("al-{at:06}"),
        title: "Suspicious IIS worker process behaviour".to_owned(),
        status: [AlertStatus::New, AlertStatus::InProgress, AlertStatus::Resolved][(at / 2) as usize],
        created: as_of - jiff::SignedDuration::from_hours(i64::from(at) * 30 + 2),
        resolved: resolved.then_some(as_of),
        severity: if at.is_multiple_of(2) { Severity::High } else { Severity::Medium },
        classification: (at == 5).then_some(Classification::FalsePositive),
        incident_id: Some(format!("{}", 40 + at / 3)),
        detector_id: None,
        threat_family: Some("Warlock".to_owned()),
        actor: None,
        techniques: Vec::new(),
        devices: DeviceSet::range(at..at + 2),
        names_no_device: false,
    }
}
