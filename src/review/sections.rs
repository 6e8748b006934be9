//! Sections that readers of a type of report look for.

use crate::diagnostics::{Code, Diagnostic};
use crate::report::{Document, Facts, Report};
use crate::start;

/// A section: its heading in a new report, words of other headings that serve as well, and the
/// front matter that fills it without one.
struct Section {
    heading: &'static str,
    words: &'static [&'static str],
    filled: fn(&Facts) -> bool,
}

const SECTIONS: [Section; 8] = [
    Section {
        heading: "Executive summary",
        words: &["summary", "overview", "introduction", "at a glance", "key points", "bottom line"],
        filled: |_| false,
    },
    Section {
        heading: "Analysis",
        words: &["analysis", "attack chain", "details", "technical", "timeline", "what happen", "how it works"],
        filled: |_| false,
    },
    Section {
        heading: "Techniques observed",
        words: &["technique", "att&ck", "ttp", "tactic"],
        filled: |facts| !facts.techniques.is_empty(),
    },
    Section {
        heading: "Mitigations",
        words: &[
            "mitigat",
            "recommend",
            "remediat",
            "what to do",
            "protect",
            "harden",
            "defen",
            "response",
            "workaround",
        ],
        filled: |facts| {
            !(facts.mitigations.is_empty() && facts.configurations.is_empty() && facts.vulnerabilities.is_empty())
        },
    },
    Section {
        heading: "Detections",
        words: &["detect", "alert", "yara", "sigma"],
        filled: |facts| !facts.detections.is_empty(),
    },
    Section { heading: "Hunting", words: &["hunt", "quer"], filled: |_| false },
    Section {
        heading: "References",
        words: &["reference", "source", "reading", "see also", "related", "link"],
        filled: |facts| !facts.references.is_empty(),
    },
    Section {
        heading: "Change log",
        words: &["change", "histor", "revision", "update"],
        filled: |facts| !facts.changes.is_empty(),
    },
];

/// One warning that names the sections which a new report of this type has and this one lacks. The
/// words are English: of texts in other languages nothing is said.
pub(super) fn missing(report: &Report, document: &Document, language: &str) -> Option<Diagnostic> {
    let english = language == "en" || language.starts_with("en-");
    if !english || report.admission.draft {
        return None;
    }
    let headings: Vec<String> = document.headings().iter().map(|heading| heading.text.to_lowercase()).collect();
    let says = |word: &str| headings.iter().any(|heading| heading.contains(word));
    let lacks = |section: &&Section| {
        start::headings(report.facts.kind).any(|heading| heading == section.heading)
            && !(section.filled)(&report.facts)
            && !section.words.iter().any(|word| says(word))
    };
    let missing: Vec<&str> = SECTIONS.iter().filter(lacks).map(|section| section.heading).collect();
    if missing.is_empty() {
        return None;
    }
    let kind = report.facts.kind.word();
    let names = missing.join("`, `");
    let message = format!("sections that readers of a report of type `{kind}` look for are missing: `{names}`");
    let source = &report.origin.source;
    let text = source.text().get(report.origin.body.clone()).unwrap_or_default();
    // The first line that says something.
    let blank = text.find(|c: char| !c.is_whitespace()).unwrap_or_default();
    let at = source.position(report.origin.body.start + blank).line;
    Some(Diagnostic::warning(Code::MissingSection, message).at(source, source.line(at)).hint(format!(
        "write what is missing, or fill the keys of front matter that it is made of; \
         `threatpress new report NAME --type {kind}` shows what each is for"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::ReportType;

    #[test]
    fn every_section_stands_in_some_new_report_and_answers_to_its_own_name() {
        for section in &SECTIONS {
            let known =
                ReportType::ALL.iter().any(|kind| start::headings(*kind).any(|heading| heading == section.heading));
            assert!(known, "no new report has `{}`", section.heading);
            let own = section.heading.to_lowercase();
            assert!(section.words.iter().any(|word| own.contains(word)), "{own}");
        }
    }
}
