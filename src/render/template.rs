//! Templates: checked when they are loaded, strict when they are rendered.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use tera::{Context, ErrorKind, Tera};

use super::Theme;
use super::html::escape_into;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source};

/// The templates of a theme.
#[derive(Debug)]
pub struct Templates {
    tera: Tera,
    sources: BTreeMap<String, Arc<Source>>,
}

impl Templates {
    /// Compiles a theme's templates. Every name they use must exist.
    #[must_use]
    pub fn compile(theme: &Theme, diagnostics: &mut Diagnostics) -> Option<Self> {
        let mut tera = Tera::new();
        // Every template is markup, whatever its suffix.
        tera.autoescape_on([""]);
        tera.set_escape_fn(escape_into);
        let sources = theme.templates().clone();
        let texts = sources.iter().map(|(name, source)| (name.as_str(), source.text()));
        match tera.add_raw_templates(texts) {
            Ok(()) => Some(Self { tera, sources }),
            Err(error) => {
                for problem in problems(Code::InvalidTheme, &error, &sources) {
                    diagnostics.push(problem);
                }
                None
            }
        }
    }

    /// A page from its template.
    ///
    /// # Errors
    /// Where there is no such template, or it uses what the page does not have.
    pub fn render(&self, name: &str, context: &Context) -> Result<String, Diagnostic> {
        self.tera.render(name, context).map_err(|error| {
            let problem = problems(Code::Unrenderable, &error, &self.sources).into_iter().next();
            problem.unwrap_or_else(|| Diagnostic::error(Code::Unrenderable, format!("the template `{name}` failed")))
        })
    }
}

/// What the template engine says, with the places it means.
fn problems(code: Code, error: &tera::Error, sources: &BTreeMap<String, Arc<Source>>) -> Vec<Diagnostic> {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            vec![placed(code, report.message(), sources.get(report.filename()), report.span().range.clone())]
        }
        kind => reports(&kind.to_string())
            .into_iter()
            .map(|(message, place)| {
                let Some((file, line)) = place else { return circular(code, &message, sources) };
                let source = sources.get(&file);
                placed(code, &message, source, source.map_or(0..0, |source| source.line(line)))
            })
            .collect(),
    }
}

/// What is told without a place: templates that lead back to themselves. It stands in the first one that the message names,
/// where that leads on.
fn circular(code: Code, message: &str, sources: &BTreeMap<String, Arc<Source>>) -> Diagnostic {
    let place = |name: &String| message.find(&format!("'{name}'"));
    let first = sources.iter().filter_map(|(name, source)| Some((place(name)?, source))).min_by_key(|(at, _)| *at);
    let source = first.map(|(_, source)| source);
    let leads =
        |source: &Arc<Source>| ["{% extends", "{% include"].iter().filter_map(|tag| source.text().find(tag)).min();
    let at = source.and_then(leads).unwrap_or_default();
    placed(code, message, source, at..at)
}

fn placed(code: Code, message: &str, source: Option<&Arc<Source>>, span: Range<usize>) -> Diagnostic {
    let problem =
        Diagnostic::error(code, message).hint("mend the theme's template, or remove it to use the built-in one");
    match source {
        Some(source) => problem.at(source, span),
        None => problem,
    }
}

/// Problems that the engine tells as text only: `error: MESSAGE`, then ` --> FILE:LINE:COLUMN`.
fn reports(text: &str) -> Vec<(String, Option<(String, usize)>)> {
    let mut found: Vec<(String, Option<(String, usize)>)> = Vec::new();
    for line in text.lines() {
        if let Some(message) = line.strip_prefix("error: ") {
            found.push((message.to_owned(), None));
        } else if let (Some(place), Some((_, slot @ None))) = (line.trim_start().strip_prefix("--> "), found.last_mut())
        {
            let mut parts = place.rsplitn(3, ':');
            let line = parts.nth(1).and_then(|line| line.parse().ok());
            *slot = parts.next().map(str::to_owned).zip(line);
        }
    }
    if found.is_empty() {
        found.push((text.lines().next().unwrap_or_default().to_owned(), None));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compiled(text: &str) -> (Option<Templates>, Diagnostics) {
        let mut diagnostics = Diagnostics::new();
        let theme = Theme::of_templates([("page.html", text)]);
        (Templates::compile(&theme, &mut diagnostics), diagnostics)
    }

    #[test]
    fn mistakes_are_told_with_file_and_line() {
        for text in ["\n{{ a | nothing }}", "\n{% if %}", "\n{{ <absent/> }}"] {
            let (templates, diagnostics) = compiled(text);
            assert!(templates.is_none(), "{text}");
            let place = &diagnostics.iter().next().expect("a problem").place;
            assert_eq!(place.file(), Some("page.html"), "{text}");
            assert_eq!(place.position().map(|position| position.line), Some(2), "{text}");
        }
    }

    #[test]
    fn templates_that_lead_back_to_themselves_are_told_with_file_and_line() {
        for text in ["\n{% include \"page.html\" %}", "\n{% extends \"page.html\" %}"] {
            let (templates, diagnostics) = compiled(text);
            assert!(templates.is_none(), "{text}");
            let place = &diagnostics.iter().next().expect("a problem").place;
            assert_eq!((place.file(), place.position().map(|position| position.line)), (Some("page.html"), Some(2)));
        }
    }

    #[test]
    fn nothing_undefined_is_passed_over() {
        let (templates, _) = compiled("a\n{{ absent }}");
        let problem = templates.expect("it compiles").render("page.html", &Context::new()).expect_err("strict");
        assert_eq!(problem.place.position().map(|position| position.line), Some(2));
    }

    #[test]
    fn values_are_escaped_whatever_the_suffix() {
        let mut diagnostics = Diagnostics::new();
        let theme = Theme::of_templates([("a.svg", "{{ x }}"), ("a.txt", "{{ x }}")]);
        let templates = Templates::compile(&theme, &mut diagnostics).expect("it compiles");
        let mut context = Context::new();
        context.insert("x", "<b>");
        for name in ["a.svg", "a.txt"] {
            assert_eq!(templates.render(name, &context).expect("it renders"), "&lt;b&gt;");
        }
    }
}
