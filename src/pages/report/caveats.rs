//! What a reader must know beside the figures, with its numbers.

use crate::pages::number::{agreeing, counted, grouped};
use crate::pages::portal::Threat;
use crate::pages::reason;

/// Every caveat that holds for a report.
pub(super) fn of(threat: Threat) -> Vec<String> {
    let figures = threat.figures;
    let mut caveats = Vec::new();
    caveats.extend(unavailable(threat));
    caveats.extend(antivirus(threat));
    caveats.extend(not_exposed(threat));
    if let Some(false_positive) = figures.alerts.map(|alerts| alerts.false_positive).filter(|count| *count > 0) {
        let what = agreeing(
            false_positive,
            "resolved alert turned out to be a false positive",
            "resolved alerts turned out to be false positives",
        );
        caveats.push(format!("{} {what}.", grouped(false_positive)));
    }
    let generic = threat.report.detections.iter().filter(|detection| detection.generic).count() as u64;
    if generic > 0 {
        let what = agreeing(
            generic,
            "generic detection of the report also fires on other threats and is",
            "generic detections of the report also fire on other threats and are",
        );
        caveats.push(format!("{} {what} not counted in any figure.", grouped(generic)));
    }
    let untracked = threat.report.mitigations.len() as u64;
    if untracked > 0 {
        let what = agreeing(
            untracked,
            "mitigation of the report cannot be measured on devices and is",
            "mitigations of the report cannot be measured on devices and are",
        );
        caveats.push(format!("{} {what} in no figure.", grouped(untracked)));
    }
    if threat.tracks_anything() {
        caveats.push(
            "The figures rest on what this report tracks. A device that has all of it is not proof against the threat."
                .to_owned(),
        );
    }
    caveats
}

/// How many devices are unavailable, and why.
fn unavailable(threat: Threat) -> Option<String> {
    let count = threat.figures.devices.unavailable.filter(|count| *count > 0)?;
    let reasons: Vec<String> = reason::why_unavailable(&threat.figures.unavailable_reasons)
        .into_iter()
        .filter_map(|(word, count)| Some(format!("{} {word}", grouped(count.filter(|count| *count > 0)?))))
        .collect();
    let which = agreeing(count, "device is", "devices are");
    Some(format!("{} {which} unavailable, and may be exposed: {}.", grouped(count), reasons.join(", ")))
}

/// How many devices may only look misconfigured.
fn antivirus(threat: Threat) -> Option<String> {
    let axis = threat.figures.configuration.as_ref()?;
    (axis.other_antivirus > 0).then(|| {
        format!(
            "Of {}, {} another antivirus and nothing but settings of the vendor's own exposed: {} may only look exposed, and {} counted so all the same.",
            counted(axis.devices.exposed, "misconfigured device", "misconfigured devices"),
            counted(axis.other_antivirus, "has", "have"),
            agreeing(axis.other_antivirus, "it", "they"),
            agreeing(axis.other_antivirus, "is", "are"),
        )
    })
}

/// How many devices are patched or were never affected.
fn not_exposed(threat: Threat) -> Option<String> {
    let count = threat.figures.vulnerability.as_ref()?.devices.not_exposed;
    let which = agreeing(count, "device is", "devices are");
    (count > 0).then(|| {
        format!("{} {which} not exposed to the tracked vulnerabilities: patched or never affected, the data cannot tell which.", grouped(count))
    })
}
