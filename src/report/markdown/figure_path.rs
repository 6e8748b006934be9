//! Paths into a report's `data.json`, checked against its shape before there is any data.

use serde_json::Value;

use crate::diagnostics::nearest;

/// A path to one number or word of a report's `data.json`, as `devices.exposed`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigurePath {
    text: String,
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
    /// An id, else a name. A reader's list may lack it, so that a place in the list never stands in for it: another's
    /// number would be shown.
    Name(String),
}

impl FigurePath {
    /// The longest path, in bytes. Names of groups may hold full stops, so that every split of a
    /// path is tried.
    pub(super) const LONGEST: usize = 300;

    /// Reads a path; the error is what to do about one that leads nowhere.
    ///
    /// # Errors
    /// When no report's data can have a number or word there.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.len() > Self::LONGEST {
            return Err("a path is shorter than that".to_owned());
        }
        let Some(mut steps) = REPORT.steps(Some(text)) else { return Err(advice(text)) };
        steps.reverse();
        Ok(Self { text: text.to_owned(), steps })
    }

    /// The path as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The number or word that stands there in `data`; `None` where it is not known or there is no such element.
    #[must_use]
    pub fn read<'a>(&self, data: &'a Value) -> Option<&'a Value> {
        let found = self.steps.iter().try_fold(data, |value, step| match step {
            Step::Key(key) => value.get(key),
            Step::Index(index) => value.get(index),
            Step::Name(name) => named(value.as_array()?, name),
        });
        found.filter(|value| value.is_string() || value.is_number())
    }
}

fn named<'a>(list: &'a [Value], name: &str) -> Option<&'a Value> {
    let text = |value: &'a Value, key| value.get(key).and_then(Value::as_str);
    list.iter()
        .find(|value| text(value, "id").is_some_and(|id| id.eq_ignore_ascii_case(name)))
        .or_else(|| list.iter().find(|value| text(value, "name") == Some(name)))
}

/// The shape of contract section 7.
enum Shape {
    Leaf,
    Object(&'static [(&'static str, Shape)]),
    /// A list whose elements are told by index.
    List(&'static Shape),
    /// A list whose elements are told by `id` or `name`.
    Named(&'static Shape),
}

use Shape::{Leaf, List, Named, Object};

macro_rules! object {
    ($($key:ident $(: $shape:expr)?),* $(,)?) => { Object(&[$((stringify!($key), object!(@ $($shape)?))),*]) };
    (@) => { Leaf };
    (@ $shape:expr) => { $shape };
}

const DEVICES: Shape = object! { total, impacted, exposed, unavailable, mitigated, not_applicable };

const REPORT: Shape = object! {
    schema,
    as_of,
    report: object! { slug, title, type, severity, tlp, published, updated },
    devices: DEVICES,
    unavailable_reasons: object! { not_onboarded, inactive, no_sensor_data, never_seen, stale, not_assessed },
    alerts: object! { total, active, resolved, false_positive },
    devices_with_alerts: object! { total, active, resolved },
    incidents: object! {
        total,
        active,
        active_by_severity: object! { critical, high, medium, low, informational, unknown },
    },
    configuration: object! {
        implemented, applicable, pairs_secure, pairs_exposed, other_antivirus,
        devices: object! { secure, exposed, unavailable, not_applicable },
    },
    vulnerability: object! {
        devices: object! { patched, exposed, unavailable, not_exposed, not_applicable },
    },
    exposure: object! { level, score, weight, population },
    mitigations: object! {
        configurations: Named(&object! { id, name, secure, exposed, unavailable, not_applicable, other_antivirus }),
        vulnerabilities: Named(&object! {
            id, severity, patched, exposed, unavailable, not_exposed, not_applicable, no_update, pending_restart,
        }),
        updates: Named(&object! { id, name, exposed, vulnerabilities: List(&Leaf) }),
    },
    groups: Named(&object! { name, devices: DEVICES }),
    trend: List(&object! { date, alerts_active, alerts_resolved, devices_active, devices_resolved }),
    history: List(&object! {
        as_of,
        devices: DEVICES,
        configuration: object! { pairs_secure, pairs_exposed },
        vulnerability: object! { exposed },
    }),
};

impl Shape {
    /// The steps of a path below this shape, the last first; `None` is the path's end.
    fn steps(&self, rest: Option<&str>) -> Option<Vec<Step>> {
        let (step, mut below) = match (self, rest) {
            (Leaf, None) => return Some(Vec::new()),
            (Object(keys), Some(rest)) => {
                let (key, after) = split(rest);
                let (_, shape) = keys.iter().find(|(name, _)| *name == key)?;
                (Step::Key(key.to_owned()), shape.steps(after)?)
            }
            (List(item), Some(rest)) => {
                let (index, after) = split(rest);
                (Step::Index(index.parse().ok()?), item.steps(after)?)
            }
            (Named(item), Some(rest)) => rest
                .match_indices('.')
                .filter(|(at, _)| *at > 0)
                .find_map(|(at, _)| Some((Step::Name(rest[..at].to_owned()), item.steps(Some(&rest[at + 1..]))?)))?,
            _ => return None,
        };
        below.push(step);
        Some(below)
    }
}

/// The first step of a path, and the path after it.
fn split(path: &str) -> (&str, Option<&str>) {
    path.split_once('.').map_or((path, None), |(step, rest)| (step, Some(rest)))
}

/// What to write in place of a path that leads nowhere.
fn advice(path: &str) -> String {
    let (mut shape, mut rest, mut walked) = (&REPORT, Some(path), String::new());
    loop {
        let here = if walked.is_empty() { "a report's data" } else { walked.trim_end_matches('.') };
        let step = rest.map(split);
        (shape, rest) = match (shape, step) {
            (Leaf, _) => return format!("`{here}` has nothing below it"),
            (Object(keys), step) => {
                let (key, after) = step.unwrap_or_default();
                let names = keys.iter().map(|(name, _)| *name);
                match keys.iter().find(|(name, _)| *name == key) {
                    Some((_, below)) => (below, after),
                    None => return unknown(&walked, here, key, after, names),
                }
            }
            (List(_), None) => return format!("say which of `{here}`: `{here}.0`"),
            (Named(_), None) => return format!("say which of `{here}`, by id or name"),
            (List(item) | Named(item), Some((_, after))) => (*item, after),
        };
        walked.push_str(step.unwrap_or_default().0);
        walked.push('.');
    }
}

fn unknown<'a>(
    walked: &str,
    here: &str,
    key: &str,
    after: Option<&str>,
    names: impl Iterator<Item = &'a str> + Clone,
) -> String {
    if let Some(name) = nearest(key, names.clone()) {
        let rest = after
            .map(|rest| format!(".{rest}"))
            .filter(|rest| FigurePath::parse(&format!("{walked}{name}{rest}")).is_ok());
        return format!("did you mean `{walked}{name}{}`?", rest.unwrap_or_default());
    }
    format!("`{here}` has: {}", names.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_is_read_from_the_data() {
        let data = json!({
            "devices": {"exposed": 12, "impacted": null},
            "exposure": {"level": "high"},
            "mitigations": {"vulnerabilities": [{"id": "CVE-2025-53770", "exposed": 3}]},
            "groups": [
                {"name": "EMEA v2.0 Servers", "devices": {"exposed": 5}},
                {"name": "007", "devices": {"exposed": 7}},
            ],
            "trend": [{"alerts_active": 1}, {"alerts_active": 2}],
        });
        for (path, value) in [
            ("devices.exposed", Some(json!(12))),
            ("devices.impacted", None),
            ("exposure.level", Some(json!("high"))),
            ("mitigations.vulnerabilities.cve-2025-53770.exposed", Some(json!(3))),
            ("mitigations.vulnerabilities.0.exposed", None),
            ("groups.EMEA v2.0 Servers.devices.exposed", Some(json!(5))),
            ("groups.007.name", Some(json!("007"))),
            ("groups.7.devices.exposed", None),
            ("groups.1.devices.exposed", None),
            ("groups.APAC.devices.exposed", None),
            ("trend.1.alerts_active", Some(json!(2))),
            ("trend.2.alerts_active", None),
            ("history.0.devices.exposed", None),
            ("mitigations.updates.KB1.vulnerabilities.0", None),
        ] {
            assert_eq!(FigurePath::parse(path).expect(path).read(&data), value.as_ref(), "{path}");
        }
    }

    #[test]
    fn a_wrong_path_gets_advice() {
        let advice = |path: &str| FigurePath::parse(path).expect_err(path);
        assert_eq!(advice("devices.exposd"), "did you mean `devices.exposed`?");
        assert_eq!(advice("device.exposed"), "did you mean `devices.exposed`?");
        assert_eq!(advice("groups.A.device.exposed"), "did you mean `groups.A.devices.exposed`?");
        assert_eq!(
            advice("devices"),
            "`devices` has: total, impacted, exposed, unavailable, mitigated, not_applicable"
        );
        assert_eq!(advice("exposure.level.x"), "`exposure.level` has nothing below it");
        assert_eq!(advice("trend"), "say which of `trend`: `trend.0`");
        for wrong in ["", ".", "devices.", "trend.x.date", "groups..name", "mitigations.updates.KB1.vulnerabilities"] {
            assert!(FigurePath::parse(wrong).is_err(), "{wrong}");
        }
        assert!(FigurePath::parse(&"a.".repeat(1000)).is_err());
    }
}
