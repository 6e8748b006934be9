//! Templates: checked when they are loaded, strict when they are rendered.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::ops::Range;
use std::sync::Arc;

use tera::{Context, ErrorKind, Kwargs, State, Tera, Value};

use super::Theme;
use super::html::escape_into;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source, visible};

/// The templates of a theme.
#[derive(Debug)]
pub struct Templates {
    tera: Tera,
    shelf: Shelf,
}

/// The texts of the templates, for what is told of them.
#[derive(Debug)]
struct Shelf {
    /// By name.
    sources: BTreeMap<String, Arc<Source>>,
    /// The names of those that are the site's own.
    own: BTreeSet<String>,
}

impl Templates {
    /// Compiles a theme's templates. Every name they use must exist.
    #[must_use]
    pub fn compile(theme: &Theme, diagnostics: &mut Diagnostics) -> Option<Self> {
        let mut tera = Tera::new();
        // Every template is markup, whatever its suffix.
        tera.autoescape_on([""]);
        tera.set_escape_fn(escape_into);
        tera.register_filter("safe", safe);
        let sources = theme.templates().clone();
        let own = sources.keys().filter(|name| theme.is_own(name)).cloned().collect();
        let shelf = Shelf { sources, own };
        let texts = shelf.sources.iter().map(|(name, source)| (name.as_str(), source.text()));
        match tera.add_raw_templates(texts) {
            Ok(()) => Some(Self { tera, shelf }),
            Err(error) => {
                for problem in shelf.problems(Code::InvalidTheme, &error, None) {
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
        let mut page = Written(Vec::new());
        let written = self.tera.render_to(name, context, &mut page);
        let written = written.and_then(|()| String::from_utf8(page.0).map_err(tera::Error::from));
        written.map_err(|error| self.unrenderable(name, &error))
    }

    fn unrenderable(&self, name: &str, error: &tera::Error) -> Diagnostic {
        if matches!(error.kind(), ErrorKind::Io(io::ErrorKind::FileTooLarge)) {
            let told = format!("the template `{name}` makes more than {} MiB of a page", LONGEST >> 20);
            return self
                .shelf
                .placed(Code::Unrenderable, &told, Some(name), 0..0)
                .hint("a loop in it, or in what it includes, goes round far too often: mend it");
        }
        let problem = self.shelf.problems(Code::Unrenderable, error, Some(name)).into_iter().next();
        problem.unwrap_or_else(|| Diagnostic::error(Code::Unrenderable, format!("the template `{name}` failed")))
    }

    /// The default theme's components, and one template, `alike.html`, that calls them.
    #[cfg(test)]
    pub(super) fn alike(text: &str) -> Self {
        let mut diagnostics = Diagnostics::new();
        let theme = Theme::load("default", None, &mut diagnostics).expect("a theme");
        let components = theme.templates()["components.html"].text();
        let theme = Theme::of_templates([("components.html", components), ("alike.html", text)]);
        Self::compile(&theme, &mut diagnostics).expect("templates")
    }
}

/// A page is at most this long: no reader can open more, and loops within loops of a theme would fill any memory.
const LONGEST: usize = 256 << 20;

/// A page while it is written.
struct Written(Vec<u8>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > LONGEST {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Stands in place of the engine's filter `safe`: what is markup says its type, and no theme may say it of a text.
fn safe(_: &Value, _: Kwargs, _: &State) -> tera::TeraResult<Value> {
    Err(tera::Error::message(
        "`safe` is not for themes: what is markup is put into the page as such, and all else is escaped",
    ))
}

impl Shelf {
    /// What the template engine says, with the places it means. What it says of none is of the page that is `rendered`.
    fn problems(&self, code: Code, error: &tera::Error, rendered: Option<&str>) -> Vec<Diagnostic> {
        match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
                vec![self.placed(code, report.message(), Some(report.filename()), report.span().range.clone())]
            }
            kind => reports(&kind.to_string())
                .into_iter()
                .map(|(message, place)| match place {
                    Some((file, line)) => {
                        let span = self.sources.get(&file).map_or(0..0, |source| source.line(line));
                        self.placed(code, &message, Some(&file), span)
                    }
                    None if rendered.is_some() => self.placed(code, &message, rendered, 0..0),
                    None => self.of_several(code, &message),
                })
                .collect(),
        }
    }

    /// What is told of several templates without a place: that they lead back to themselves, or define one component
    /// twice. It stands in the first one that the message names, the site's own before others, where that leads on or
    /// defines it.
    fn of_several(&self, code: Code, message: &str) -> Diagnostic {
        let place =
            |name: &str| ['\'', '`'].iter().filter_map(|mark| message.find(&format!("{mark}{name}{mark}"))).min();
        let named = self.sources.iter().filter_map(|(name, source)| Some((place(name)?, name, source)));
        let first = named.min_by_key(|(at, name, _)| (!self.own.contains(*name), *at));
        let component = message.strip_prefix("Component `").and_then(|rest| rest.split('`').next());
        let tags = match component {
            Some(name) => vec![format!("component {name}")],
            None => vec!["{% extends".to_owned(), "{% include".to_owned()],
        };
        let leads = |source: &Arc<Source>| tags.iter().filter_map(|tag| source.text().find(tag)).min();
        let at = first.and_then(|(.., source)| leads(source)).unwrap_or_default();
        self.placed(code, message, first.map(|(_, name, _)| name.as_str()), at..at)
    }

    /// A problem in a template. One that is built in is sound by itself: a file of the site's theme stands in the place
    /// of one that it needs.
    fn placed(&self, code: Code, message: &str, template: Option<&str>, span: Range<usize>) -> Diagnostic {
        let problem = Diagnostic::error(code, message);
        let source = template.and_then(|name| self.sources.get(name));
        let problem = match source {
            Some(source) => problem.at(source, span),
            None => problem,
        };
        let is_built_in = source.is_some() && template.is_some_and(|name| !self.own.contains(name));
        if is_built_in && !self.own.is_empty() {
            let own: Vec<String> = self.own.iter().filter_map(|name| self.sources.get(name)).map(quoted).collect();
            return problem.hint(format!(
                "this template is built in; what it needs may be missing in {}, if that was copied from another version \
                 than {}: copy it anew, or change single blocks as docs/themes.md shows",
                own.join(", "),
                env!("CARGO_PKG_VERSION"),
            ));
        }
        problem.hint("mend the theme's template, or remove it to use the built-in one")
    }
}

fn quoted(source: &Arc<Source>) -> String {
    format!("`{}`", visible(source.name()))
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
    fn no_text_is_said_to_be_markup() {
        for text in ["\n{{ x | safe }}", "\n{% filter safe %}{{ x }}{% endfilter %}"] {
            let mut context = Context::new();
            context.insert("x", "<b>");
            let (templates, _) = compiled(text);
            let problem = templates.expect("it compiles").render("page.html", &context).expect_err("refused");
            assert_eq!(problem.place.position().map(|position| position.line), Some(2), "{problem:?}");
        }
    }

    #[test]
    fn a_page_without_end_is_an_error_before_memory_is_full() {
        let around = |inner: &str| format!("{{% for i in range(end=100000) %}}{inner}{{% endfor %}}");
        let (templates, _) = compiled(&around(&around("0123456789")));
        let problem = templates.expect("it compiles").render("page.html", &Context::new()).expect_err("too long");
        assert_eq!(problem.place.file(), Some("page.html"));
        assert!(problem.message.contains("256 MiB"), "{problem:?}");
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
