//! Indicators of a STIX 2.1 bundle beside the report.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use serde_json::Value;

use super::Indicator;
use super::json::Unique;
use super::markings::Markings;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source, json_place, json_said, visible};
use crate::terms::{IndicatorType, Moment};

/// The paths of patterns that say what an indicator is.
const PATHS: [(&str, IndicatorType); 21] = [
    ("ipv4-addr:value", IndicatorType::Ipv4),
    ("ipv6-addr:value", IndicatorType::Ipv6),
    ("domain-name:value", IndicatorType::Domain),
    ("url:value", IndicatorType::Url),
    ("email-addr:value", IndicatorType::Email),
    ("email-message:from_ref.value", IndicatorType::Email),
    ("email-message:sender_ref.value", IndicatorType::Email),
    ("file:name", IndicatorType::FileName),
    ("file:hashes.MD5", IndicatorType::Md5),
    ("file:hashes.'MD5'", IndicatorType::Md5),
    ("file:hashes.'SHA-1'", IndicatorType::Sha1),
    ("file:hashes.SHA1", IndicatorType::Sha1),
    ("file:hashes.'SHA-256'", IndicatorType::Sha256),
    ("file:hashes.SHA256", IndicatorType::Sha256),
    ("windows-registry-key:key", IndicatorType::RegistryKey),
    ("process:command_line", IndicatorType::Process),
    ("x509-certificate:hashes.MD5", IndicatorType::Certificate),
    ("x509-certificate:hashes.'MD5'", IndicatorType::Certificate),
    ("x509-certificate:hashes.'SHA-1'", IndicatorType::Certificate),
    ("x509-certificate:hashes.'SHA-256'", IndicatorType::Certificate),
    ("x509-certificate:serial_number", IndicatorType::Certificate),
];

/// The indicators of a bundle. Its other objects are passed over: the report says the rest.
pub(super) fn read(file: &Arc<Source>, diagnostics: &mut Diagnostics) -> Vec<Indicator> {
    let Unique(bundle) = match serde_json::from_str(file.text()) {
        Ok(bundle) => bundle,
        Err(error) => {
            let at = json_place(file.text(), &error);
            let problem = Diagnostic::error(Code::Indicators, format!("not a STIX bundle: {}", json_said(&error)));
            diagnostics.push(problem.at(file, at..at).hint("export it again as STIX 2.1 JSON"));
            return Vec::new();
        }
    };
    let Some(objects) = bundle.get("objects").and_then(Value::as_array) else {
        let problem = Diagnostic::error(Code::Indicators, "not a STIX bundle: it has no list of `objects`");
        diagnostics.push(problem.in_file(file.name()).hint("export it again as STIX 2.1 JSON"));
        return Vec::new();
    };
    let markings = Markings::of(&bundle);
    let (mut indicators, mut wrong) = (Vec::new(), Vec::new());
    for object in objects.iter().filter(|object| object["type"] == "indicator" && object["revoked"] != true) {
        match indicator(object, &markings) {
            Ok(read) => indicators.extend(read),
            Err(problem) => wrong.push((object["id"].as_str(), problem)),
        }
    }
    if !wrong.is_empty() {
        let places = places(file.text());
        for (id, problem) in wrong {
            let shown = visible(id.unwrap_or("without an id"));
            let problem = Diagnostic::error(Code::Indicators, format!("the indicator {shown} {problem}"));
            let problem = match id.and_then(|id| places.get(id)) {
                Some(place) => problem.at(file, place.clone()),
                None => problem.in_file(file.name()),
            };
            diagnostics.push(problem.hint("correct it, or take it out of the bundle"));
        }
    }
    indicators
}

/// Where a bundle gives its objects their ids: JSON that is read as values keeps no places.
fn places(text: &str) -> HashMap<&str, Range<usize>> {
    let ids = text.match_indices("\"id\"").filter_map(|(at, key)| {
        let value = text.get(at + key.len()..)?.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
        let start = text.len() - value.len();
        let (id, _) = value.split_once('"')?;
        Some((id, start..start + id.len()))
    });
    ids.collect()
}

/// What an indicator object says: one of ours for each of the alternatives that its pattern has.
fn indicator(object: &Value, markings: &Markings<'_>) -> Result<Vec<Indicator>, String> {
    let pattern = object["pattern"].as_str().map(str::trim).filter(|pattern| !pattern.is_empty());
    let pattern = pattern.ok_or("has no `pattern`")?;
    let first_seen = match &object["valid_from"] {
        Value::Null => None,
        time => Some(time.as_str().and_then(Moment::parse).ok_or("has a `valid_from` that is no time")?),
    };
    let confidence = match &object["confidence"] {
        Value::Null => None,
        number => {
            let number = number.as_u64().and_then(|number| u8::try_from(number).ok()).filter(|number| *number <= 100);
            Some(number.ok_or("has a `confidence` that is not 0 to 100")?)
        }
    };
    let tlp = markings.tlp(object)?;
    let text = |key: &str| object[key].as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let stix = object["pattern_type"].as_str().is_none_or(|language| language == "stix");
    let meant = stix.then(|| alternatives(pattern)).flatten();
    let meant = meant.unwrap_or_else(|| vec![(IndicatorType::Other, pattern.to_owned())]);
    let one = |(kind, value)| Indicator {
        kind,
        value,
        description: text("description").or_else(|| text("name")),
        first_seen,
        last_seen: None,
        confidence,
        tlp,
    };
    Ok(meant.into_iter().map(one).collect())
}

/// The values of a pattern that is nothing but comparisons with `=`, of which one has to hold; `None`
/// for any other pattern, and for a value that its type cannot have. The pattern then stands for itself.
fn alternatives(pattern: &str) -> Option<Vec<(IndicatorType, String)>> {
    let mut found = Vec::new();
    let mut rest = pattern;
    loop {
        rest = rest.trim_start().strip_prefix('[')?;
        loop {
            let (indicator, after) = comparison(rest)?;
            found.push(indicator);
            rest = after;
            match rest.strip_prefix("OR ") {
                Some(next) => rest = next,
                None => break,
            }
        }
        rest = rest.strip_prefix(']')?.trim_start();
        if rest.is_empty() {
            return Some(found);
        }
        rest = rest.strip_prefix("OR")?;
    }
}

/// What a comparison says at the beginning of a text, and what follows it. A file's name and its directory, in two
/// comparisons, are one path.
fn comparison(text: &str) -> Option<((IndicatorType, String), &str)> {
    let (path, value, rest) = equality(text)?;
    if path == "directory:path" {
        return Some(((IndicatorType::FilePath, joined(&value, "")), rest));
    }
    if let ("file:name", Some(next)) = (path, rest.strip_prefix("AND ")) {
        let (path, directory, rest) = equality(next)?;
        let path = (path == "file:parent_directory_ref.path").then(|| joined(&directory, &value))?;
        return Some(((IndicatorType::FilePath, path), rest));
    }
    let (_, kind) = PATHS.iter().find(|(known, _)| *known == path)?;
    kind.fits(&value).then_some(((*kind, value), rest))
}

/// The path, the value and what follows of `path = 'value'`.
fn equality(text: &str) -> Option<(&str, String, &str)> {
    let (path, rest) = text.split_once('=')?;
    let (value, rest) = string(rest.trim_start())?;
    Some((path.trim(), value, rest.trim_start()))
}

/// The path of what is called `name` in a directory, with the separator that the directory has.
fn joined(directory: &str, name: &str) -> String {
    let separator = if directory.contains('\\') { "\\" } else { "/" };
    let bare = directory.strip_suffix(separator).unwrap_or(directory);
    format!("{bare}{separator}{name}")
}

/// A string of the pattern language at the beginning of a text, and what follows it.
fn string(text: &str) -> Option<(String, &str)> {
    let text = text.strip_prefix('\'')?;
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '\'' => return Some((value, &text[at + 1..])),
            '\\' => value.push(characters.next()?.1),
            c => value.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marking_that_is_not_understood_is_told_where_it_stands() {
        let text = "{\"objects\": [\n{\"type\": \"report\", \"object_refs\": [\"indicator--1\"]},\n\
            {\"type\": \"indicator\", \"id\": \"indicator--1\", \"pattern\": \"x\",\n\
            \"object_marking_refs\": [\"marking-definition--x\"]},\n\
            {\"type\": \"indicator\", \"id\": \"indicator--2\", \"pattern\": \"y\"}]}";
        let mut told = Diagnostics::new();
        let read = read(&Source::new("a.json", text), &mut told);
        let values: Vec<_> = read.iter().map(|indicator| (indicator.value.as_str(), indicator.tlp)).collect();
        assert_eq!(values, [("y", None)], "what may be secret is not read");
        let lines: Vec<_> = told.iter().map(|problem| problem.place.position().map(|position| position.line)).collect();
        assert_eq!(lines, [Some(3)]);
        assert!(told.has_errors());
    }

    #[test]
    fn simple_patterns_are_taken_apart_and_others_stand_for_themselves() {
        let kinds = |pattern: &str| alternatives(pattern).map(|found| found.into_iter().collect::<Vec<_>>());
        assert_eq!(
            kinds(r"[file:name = 'a\'b\\c' OR domain-name:value='x.example'] OR [ipv4-addr:value = '192.0.2.1']"),
            Some(vec![
                (IndicatorType::FileName, r"a'b\c".to_owned()),
                (IndicatorType::Domain, "x.example".to_owned()),
                (IndicatorType::Ipv4, "192.0.2.1".to_owned()),
            ])
        );
        assert_eq!(
            kinds(
                r"[file:name = 'a' AND file:parent_directory_ref.path = 'C:\\b' OR directory:path = '/c' OR x509-certificate:hashes.MD5 = 'd']"
            ),
            Some(vec![
                (IndicatorType::FilePath, r"C:\b\a".to_owned()),
                (IndicatorType::FilePath, "/c/".to_owned()),
                (IndicatorType::Certificate, "d".to_owned()),
            ])
        );
        for other in [
            "",
            "[domain-name:value LIKE '%.example']",
            "[file:name = 'a' AND file:size = 3]",
            "[file:name = 'a'] FOLLOWEDBY [file:name = 'b']",
            "[file:name != 'a']",
            "[file:name = 'a",
            "[file:name = 'a\\",
            "[mutex:name = 'a']",
            "[ipv4-addr:value = 'a']",
            "[file:name = 'a' AND file:name = 'b']",
            "[file:parent_directory_ref.path = '/a']",
        ] {
            assert_eq!(kinds(other), None, "{other}");
        }
    }
}
