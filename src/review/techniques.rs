//! Techniques that ATT&CK does not have, or has no more.

use std::ops::Range;

use super::named::named;
use crate::diagnostics::{Code, Diagnostic};
use crate::knowledge::{Knowledge, Technique};
use crate::report::{Document, Report};
use crate::terms::TechniqueId;

/// What is doubtful about the techniques that a report names.
pub(super) fn doubtful(report: &Report, document: &Document, knowledge: &Knowledge) -> Vec<Diagnostic> {
    if knowledge.techniques.is_empty() {
        return Vec::new();
    }
    let judge = |(id, span): (&TechniqueId, &Range<usize>)| {
        let problem = problem(id, knowledge)?;
        Some(problem.at(&report.origin.source, span.clone()).strict())
    };
    named(&report.places.techniques, document.technique_mentions()).filter_map(judge).collect()
}

fn problem(id: &TechniqueId, knowledge: &Knowledge) -> Option<Diagnostic> {
    let Some(technique) = knowledge.techniques.get(id) else {
        let version = knowledge.attack_version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
        let known = id.parent().filter(|parent| knowledge.techniques.contains_key(parent));
        let instead = known.map(|parent| format!("name `{parent}`, ")).unwrap_or_default();
        let hint = format!("correct it, {instead}or bring content/knowledge/attack.json up to date");
        let message = format!("the site's ATT&CK{version} has no technique `{id}`");
        return Some(Diagnostic::warning(Code::UnknownTechnique, message).hint(hint));
    };
    if !technique.deprecated {
        return None;
    }
    let name = &technique.name;
    Some(match successor(technique, knowledge) {
        Some((successor, known)) => {
            Diagnostic::warning(Code::RevokedTechnique, format!("ATT&CK has revoked `{id}` ({name})"))
                .hint(format!("write `{successor}` ({}) in its place", known.name))
        }
        None => Diagnostic::warning(Code::RevokedTechnique, format!("ATT&CK has deprecated `{id}` ({name})"))
            .hint("name the technique that says it now, or leave it out"),
    })
}

/// The technique that stands at the end of a chain of revocations.
fn successor<'a>(technique: &'a Technique, knowledge: &'a Knowledge) -> Option<(&'a TechniqueId, &'a Technique)> {
    let step = |technique: &'a Technique| {
        let id = technique.revoked_by.as_ref()?;
        Some((id, knowledge.techniques.get(id)?))
    };
    // As long as any chain without a circle.
    let chain = std::iter::successors(step(technique), |(_, technique)| step(technique));
    chain.take(knowledge.techniques.len()).last()
}
