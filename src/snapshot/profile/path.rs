//! Where a value stands in a source: a column, and the way into the JSON that stands there.
//!
//! `device.groups[0].name` is the column `device`, in it the member `groups`, of that the first element, of that the
//! member `name`. `[]` is every element. Names are compared in any case, with or without `_` and spaces; a name that
//! has a full stop or a bracket itself stands in single quotes.

use std::fmt;

use serde_json::Value;

use crate::terms::word;

/// What a list of values is written with, in one text.
pub(super) const BETWEEN: &str = ";";

/// A way to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path {
    text: String,
    /// The column, as the profile spells it.
    pub(super) column: String,
    pub(super) steps: Vec<Step>,
}

/// A step into JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The member of this name, folded.
    Member(String),
    /// The element at this place.
    Element(usize),
    /// Every element.
    All,
}

impl Path {
    /// Reads a path.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (column, mut rest) = name(text)?;
        let mut steps = Vec::new();
        while !rest.is_empty() {
            if let Some(inner) = rest.strip_prefix('[') {
                let (place, after) = inner.split_once(']')?;
                steps.push(if place.is_empty() { Step::All } else { Step::Element(place.parse().ok()?) });
                rest = after;
            } else {
                let (member, after) = name(rest.strip_prefix('.')?)?;
                steps.push(Step::Member(word(member)));
                rest = after;
            }
        }
        Some(Self { text: text.to_owned(), column: column.to_owned(), steps })
    }

    /// The way on from `before`, where this path goes into the elements of the array there.
    pub(super) fn within(&self, before: &Self) -> Option<&[Step]> {
        let rest = self.steps.strip_prefix(before.steps.as_slice())?;
        (word(&self.column) == word(&before.column)).then_some(())?;
        rest.strip_prefix(&[Step::All])
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The name that a text begins with, and what follows it.
fn name(text: &str) -> Option<(&str, &str)> {
    if let Some(quoted) = text.strip_prefix('\'') {
        return quoted.split_once('\'').filter(|(name, _)| !name.is_empty());
    }
    let end = text.find(['.', '[']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let is_name = !name.trim().is_empty() && !name.contains([']', '\'']);
    is_name.then_some((name, rest))
}

/// The text at the end of the steps; empty where they lead nowhere. A text on the way is read as JSON.
pub(super) fn text_at(value: &Value, steps: &[Step]) -> String {
    let Some((step, rest)) = steps.split_first() else { return plain(value) };
    match (value, step) {
        (Value::Object(members), Step::Member(name)) => {
            let found = members.iter().find(|(member, _)| word(member) == *name);
            found.map(|(_, value)| text_at(value, rest)).unwrap_or_default()
        }
        (Value::Array(elements), Step::Element(at)) => {
            elements.get(*at).map(|element| text_at(element, rest)).unwrap_or_default()
        }
        (Value::String(text), Step::Member(_) | Step::Element(_)) => {
            nested(text).map(|value| text_at(&value, steps)).unwrap_or_default()
        }
        (value, Step::All) => {
            let texts = elements(value).into_iter().map(|element| text_at(&element, rest));
            texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(BETWEEN)
        }
        _ => String::new(),
    }
}

/// What a text holds, where it is a JSON list or object.
pub(super) fn nested(text: &str) -> Option<Value> {
    let is_nested = text.trim_start().starts_with(['{', '[']);
    is_nested.then(|| serde_json::from_str(text).ok()).flatten()
}

/// The elements of a list. A text that is no JSON is a list of what stands between commas, semicolons and line ends;
/// anything else is its only element.
pub(super) fn elements(value: &Value) -> Vec<Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(elements) => elements.clone(),
        Value::String(text) => match nested(text) {
            Some(value) => elements(&value),
            None => {
                let parts = text.split([',', ';', '\n', '\r']).map(str::trim);
                parts.filter(|part| !part.is_empty()).map(Value::from).collect()
            }
        },
        single => vec![single.clone()],
    }
}

/// The value that steps lead to, for its elements.
pub(super) fn value_at(value: &Value, steps: &[Step]) -> Value {
    let Some((step, rest)) = steps.split_first() else { return value.clone() };
    match (value, step) {
        (Value::Object(members), Step::Member(name)) => {
            let found = members.iter().find(|(member, _)| word(member) == *name);
            found.map(|(_, value)| value_at(value, rest)).unwrap_or_default()
        }
        (Value::Array(elements), Step::Element(at)) => {
            elements.get(*at).map(|element| value_at(element, rest)).unwrap_or_default()
        }
        (Value::String(text), _) => nested(text).map(|value| value_at(&value, steps)).unwrap_or_default(),
        _ => Value::Null,
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(json: &str, path: &str) -> String {
        let path = Path::parse(path).expect("a path");
        text_at(&Value::from(json), &path.steps)
    }

    #[test]
    fn a_path_leads_into_json_and_json_in_texts() {
        let json = r#"{"groups": [{"Name": "A"}, {"name": "B"}], "n": 7.5, "inner": "[[\"4\", \"x\"]]", "none": null}"#;
        for (path, wanted) in [
            ("d.groups[1].name", "B"),
            ("d.groups[].name", "A;B"),
            ("d.N", "7.5"),
            ("d.inner[0][0]", "4"),
            ("d.none", ""),
            ("d.groups[5].name", ""),
            ("d.n.name", ""),
            ("d", json),
        ] {
            assert_eq!(at(json, path), wanted, "{path}");
        }
        assert_eq!(at("CVE-1, CVE-2\nCVE-3", "cves[]"), "CVE-1;CVE-2;CVE-3");
        assert_eq!(at("[broken", "a[0]"), "");
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for bad in ["", " ", ".a", "a.", "a[x]", "a[", "a]", "a[0]b", "''", "'a"] {
            assert_eq!(Path::parse(bad), None, "{bad}");
        }
        let quoted = Path::parse("'Plugin.Name'.x").expect("a path");
        assert_eq!((quoted.column.as_str(), quoted.steps.len()), ("Plugin.Name", 1));
    }

    #[test]
    fn a_path_within_another_goes_on_in_its_elements() {
        let (path, array) = (Path::parse("a.b_c[].d"), Path::parse("A.bc"));
        assert_eq!(path.zip(array).and_then(|(path, array)| path.within(&array).map(<[Step]>::len)), Some(1));
        let (path, other) = (Path::parse("a.b[0].d"), Path::parse("a.b"));
        assert_eq!(path.zip(other).and_then(|(path, other)| path.within(&other).map(<[Step]>::len)), None);
    }
}
