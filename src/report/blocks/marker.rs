//! The marker lines of a scope block.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source, nearest};
use crate::report::attributes::{self, Attribute};
use crate::terms::Tlp;

/// What a line means for scope blocks.
#[derive(Clone, Copy)]
pub(super) enum Marker {
    /// `::: scope …`: where in the line its attributes begin.
    Opening(usize),
    /// `:::` alone.
    Closing,
}

impl Marker {
    /// Reads a line without its line end.
    pub(super) fn of(line: &str) -> Option<Self> {
        let blank = [' ', '\t'];
        let rest = line.strip_prefix(":::")?.trim_start_matches(blank);
        if rest.is_empty() {
            return Some(Self::Closing);
        }
        let rest = rest.strip_prefix("scope")?;
        (rest.is_empty() || rest.starts_with(blank)).then_some(Self::Opening(line.len() - rest.len()))
    }
}

/// Who may see a block.
pub(super) struct Condition {
    pub(super) groups: BTreeSet<String>,
    pub(super) tlp: Option<Tlp>,
}

/// Reads what the opening line `line` of a file demands, whose attributes begin at `at`. A line
/// with an error demands the strictest TLP, so that a mistake never shows more than was meant.
pub(super) fn condition(
    source: &Arc<Source>,
    line: &Range<usize>,
    at: usize,
    diagnostics: &mut Diagnostics,
) -> Condition {
    let mut found = Condition { groups: BTreeSet::new(), tlp: None };
    let problems = read(source.text().get(at..line.end).unwrap_or_default(), &mut found);
    if !problems.is_empty() {
        found.tlp = Some(Tlp::Red);
    }
    for (problem, span) in problems {
        let span = span.map_or(line.clone(), |span| at + span.start..at + span.end);
        diagnostics.push(problem.at(source, span));
    }
    found
}

type Problem = (Diagnostic, Option<Range<usize>>);

fn read(text: &str, found: &mut Condition) -> Vec<Problem> {
    const FORM: &str = r#"write `::: scope groups="First group; Second group" tlp="amber"`, or one of the two"#;
    let error = |message: &str| Diagnostic::error(Code::InvalidDirective, message).hint(FORM);
    let mut problems = Vec::new();
    let (attributes, rest) = attributes::read(text);
    let end = text.trim_end().len();
    if rest < end {
        problems.push((error("a scope block takes `name=\"value\"` pairs only"), Some(rest..end)));
    } else if attributes.is_empty() {
        problems.push((error("a scope block needs `groups` or `tlp`"), None));
    }
    for (index, attribute) in attributes.iter().enumerate() {
        if attributes[..index].iter().any(|earlier| earlier.name == attribute.name) {
            problems.push((error("said twice"), Some(attribute.name_span.clone())));
        }
        problems.extend(apply(attribute, found));
    }
    problems
}

fn apply(attribute: &Attribute<'_>, found: &mut Condition) -> Option<Problem> {
    let error = |message: String, hint: String| Diagnostic::error(Code::InvalidDirective, message).hint(hint);
    match attribute.name {
        "groups" => {
            let names: Vec<_> = attribute.value.split(';').map(str::trim).collect();
            if names.iter().any(|name| name.is_empty()) {
                let hint = "name at least one group, with `;` only between two".to_owned();
                return Some((error("an empty group name".into(), hint), Some(attribute.value_span.clone())));
            }
            found.groups.extend(names.into_iter().map(str::to_owned));
            None
        }
        "tlp" => {
            found.tlp = Tlp::parse(attribute.value);
            let hint = format!("one of {}", Tlp::ALL.map(Tlp::word).join(", "));
            let problem = error(format!("`{}` is no TLP", attribute.value), hint);
            found.tlp.is_none().then(|| (problem, Some(attribute.value_span.clone())))
        }
        name => {
            let hint = match nearest(name, ["groups", "tlp"]) {
                Some(known) => format!("did you mean `{known}`?"),
                None => "a scope block takes `groups` and `tlp`".to_owned(),
            };
            let problem = error(format!("unknown attribute `{name}`"), hint);
            Some((problem, Some(attribute.name_span.clone())))
        }
    }
}
