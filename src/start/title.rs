//! What a name says of its text.

use crate::terms::CveId;

/// The words of a name; the three parts of a CVE id are one word.
fn words(name: &str) -> Vec<String> {
    let parts: Vec<&str> = name.split(['-', '_', '.']).filter(|part| !part.is_empty()).collect();
    let mut words = Vec::new();
    let mut rest = parts.as_slice();
    while let [first, after @ ..] = rest {
        let id = rest.get(..3).and_then(|three| CveId::parse(&three.join("-")));
        rest = if id.is_some() { after.get(2..).unwrap_or_default() } else { after };
        words.push(id.map_or_else(|| (*first).to_owned(), |id| id.as_str().to_owned()));
    }
    words
}

/// A title for people: `storm-2603-toolshell` is `Storm 2603 toolshell`.
pub(super) fn title(name: &str) -> String {
    let title = words(name).join(" ");
    let mut letters = title.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The CVE ids in a name.
pub(super) fn vulnerabilities(name: &str) -> Vec<String> {
    words(name).into_iter().filter(|word| CveId::parse(word).is_some()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_a_title() {
        for (name, expected) in [
            ("storm-2603-toolshell", "Storm 2603 toolshell"),
            ("wsus-cve-2025-59287", "Wsus CVE-2025-59287"),
            ("cve-2021-44228_and_more", "CVE-2021-44228 and more"),
            ("cve-2021", "Cve 2021"),
            ("a", "A"),
        ] {
            assert_eq!(title(name), expected);
        }
        assert_eq!(vulnerabilities("x-cve-2021-44228-cve-2021-45046"), ["CVE-2021-44228", "CVE-2021-45046"]);
    }
}
