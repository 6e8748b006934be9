//! What documentation says of a code.

use super::Code;

const MANUAL: &str = include_str!("../../docs/diagnostics.md");

/// The section of `docs/diagnostics.md` on a code, in Markdown, without its heading.
#[must_use]
pub fn explanation(code: Code) -> Option<&'static str> {
    let heading = format!("\n### {code}\n");
    let (_, section) = MANUAL.split_once(&heading)?;
    let ends = ["\n### ", "\n## "].into_iter().filter_map(|next| section.find(next));
    let section = ends.min().and_then(|end| section.get(..end)).unwrap_or(section);
    Some(section.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_section_of_its_own() {
        for code in Code::ALL {
            let section = explanation(*code).unwrap_or_else(|| panic!("{code} is not in docs/diagnostics.md"));
            assert!(!section.contains("\n#"), "{code} runs into the next section");
            if section.contains("not told in the present version") {
                continue;
            }
            assert!(section.contains(&format!("[{code}]")), "{code} has no example of its own");
            let after = section.split(&format!("[{code}]")).nth(1).and_then(|rest| rest.split_once("\n\n"));
            assert!(after.is_some_and(|(_, advice)| !advice.trim().is_empty()), "{code} does not say what to do");
        }
    }

    #[test]
    fn every_section_is_of_a_code() {
        for heading in MANUAL.lines().filter_map(|line| line.strip_prefix("### ")) {
            assert!(Code::parse(heading).is_some(), "{heading} is in docs/diagnostics.md and no code");
        }
    }
}
