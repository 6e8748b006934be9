//! Names and ids of devices in what authors wrote. Prose is where leaks happen: everybody who
//! reads the text reads the name, whichever devices they may see.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostics::{Code, Diagnostic, visible};
use crate::fleet::Fleet;
use crate::report::Origin;

/// What is shorter is found in texts that mean something else.
const SHORTEST: usize = 4;

/// A word in a text: which text, and its bytes.
type Place = (usize, Range<usize>);

/// Every word of these texts that is the name or id of a device of some snapshot. The whole file is
/// looked at, code and front matter included.
pub(super) fn named<'a>(origins: impl Iterator<Item = &'a Origin>, fleets: &[Arc<Fleet>]) -> Vec<Diagnostic> {
    let origins: Vec<&Origin> = origins.collect();
    let mut said: BTreeMap<String, Vec<Place>> = BTreeMap::new();
    for (text, origin) in origins.iter().enumerate() {
        for span in words(origin.source.text()) {
            said.entry(origin.source.text()[span.clone()].to_lowercase()).or_default().push((text, span));
        }
    }
    let mut found: BTreeMap<(usize, usize), (Range<usize>, &'static str)> = BTreeMap::new();
    // The texts are few and the devices may be a million, so each device is looked up in the texts.
    for device in fleets.iter().flat_map(|fleet| &fleet.devices) {
        let label = device.name.split('.').next().unwrap_or_default();
        for (name, kind) in [(device.id.as_str(), "id"), (&device.name, "name"), (label, "name")] {
            if !is_telling(name) {
                continue;
            }
            for (text, span) in said.get(&name.to_lowercase()).into_iter().flatten() {
                found.insert((*text, span.start), (span.clone(), kind));
            }
        }
    }
    let problem = |((text, _), (span, kind)): ((usize, usize), (Range<usize>, &str))| {
        let source = &origins.get(text)?.source;
        let message = format!("`{}` is the {kind} of a device", visible(source.text().get(span.clone())?));
        Some(
            Diagnostic::warning(Code::DeviceInText, message)
                .at(source, span)
                .hint("everybody who reads this text reads it: say it without the name, or in a scope block of the device's group")
                .strict(),
        )
    };
    found.into_iter().filter_map(problem).collect()
}

/// Whether a name says which device is meant, and is no ordinary word: it has a digit or a sign.
fn is_telling(name: &str) -> bool {
    name.len() >= SHORTEST
        && name.bytes().any(|b| b.is_ascii_digit() || matches!(b, b'-' | b'_' | b'.'))
        // A year or a number is said of other things too.
        && name.bytes().any(|b| b.is_ascii_alphabetic() || b >= 0x80)
}

/// The stretches of a text that could be such a name, as wide as they go.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let mut rest = 0;
    std::iter::from_fn(move || {
        loop {
            let start = rest + text.get(rest..)?.find(part)?;
            let end = start + text.get(start..)?.find(|c| !part(c)).unwrap_or(text.len() - start);
            rest = end;
            let word = text.get(start..end)?;
            let inner = word.trim_matches(['-', '_', '.']);
            let start = start + (word.len() - word.trim_start_matches(['-', '_', '.']).len());
            if is_telling(inner) {
                return Some(start..start + inner.len());
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_end_where_names_end() {
        let text = "Look at SRV-01.corp.example. Not `-ws_07-`, (abc-1) or 2025; é-1x.";
        let found: Vec<&str> = words(text).map(|span| &text[span]).collect();
        assert_eq!(found, ["SRV-01.corp.example", "ws_07", "abc-1", "é-1x"]);
    }

    #[test]
    fn ordinary_words_are_no_names() {
        for name in ["server", "one", "2025", "a-1", ""] {
            assert!(!is_telling(name), "{name}");
        }
    }
}
