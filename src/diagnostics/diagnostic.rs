//! One problem, and the list that a run gathers.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Code, Position, Source};

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// Something worth knowing; nothing is wrong with the result.
    Note,
    /// Probably not what was meant; the result stands.
    Warning,
    /// The input cannot be built.
    Error,
}

impl Severity {
    /// The word that messages use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Where a problem stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Place {
    /// No file in particular.
    Nowhere,
    /// A file or directory as a whole, named by its path.
    File(String),
    /// A row of a table: `row` counts data rows from 1, `line` is the line of a text format.
    Row {
        /// The file's path.
        file: String,
        /// The data row, from 1 (a header is not counted).
        row: u64,
        /// The line in a text file, from 1.
        line: Option<u64>,
    },
    /// Bytes of a text. It is never kept on disk: a message would quote a text that may have changed.
    #[serde(skip)]
    Span {
        /// The text.
        source: Arc<Source>,
        /// The bytes meant.
        span: Range<usize>,
    },
}

impl Place {
    /// The file's path, if there is one.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        match self {
            Self::Nowhere => None,
            Self::File(file) | Self::Row { file, .. } => Some(file),
            Self::Span { source, .. } => Some(source.name()),
        }
    }

    /// Line and column, where they are known.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        match self {
            Self::Nowhere | Self::File(_) => None,
            Self::Row { line, .. } => {
                line.and_then(|line| usize::try_from(line).ok()).map(|line| Position { line, column: 1 })
            }
            Self::Span { source, span } => Some(source.position(span.start)),
        }
    }
}

/// One problem.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Diagnostic {
    /// The stable code, `TP0123`.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// Where.
    pub place: Place,
    /// What to do about it.
    pub hint: Option<String>,
    /// Whether `--strict` makes an error of it.
    pub strict: bool,
}

impl Diagnostic {
    fn new(code: Code, severity: Severity, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { code, severity, message, place: Place::Nowhere, hint: None, strict: false }
    }

    /// A problem that stops the build.
    #[must_use]
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message)
    }

    /// A problem that does not stop the build.
    #[must_use]
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message)
    }

    /// Something the operator should know.
    #[must_use]
    pub fn note(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Note, message)
    }

    /// The same problem, standing at `span` of `source`.
    #[must_use]
    pub fn at(mut self, source: &Arc<Source>, span: Range<usize>) -> Self {
        self.place = Place::Span { source: Arc::clone(source), span };
        self
    }

    /// The same problem, of a file as a whole.
    #[must_use]
    pub fn in_file(mut self, file: impl Into<String>) -> Self {
        self.place = Place::File(file.into());
        self
    }

    /// The same problem, standing in a row of a table.
    #[must_use]
    pub fn in_row(mut self, file: impl Into<String>, row: u64, line: Option<u64>) -> Self {
        self.place = Place::Row { file: file.into(), row, line };
        self
    }

    /// The same problem with advice.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Whether it says the same of the same place.
    fn says(&self, other: &Self) -> bool {
        let row = |place: &Place| match place {
            Place::Row { row, .. } => Some(*row),
            _ => None,
        };
        let said = |told: &Self| (told.code, told.severity, row(&told.place));
        // To find a position means to count lines, and most differ in what they say.
        said(self) == said(other)
            && self.message == other.message
            && self.place.file() == other.place.file()
            && self.place.position() == other.place.position()
    }

    /// The same problem, which `--strict` turns into an error.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }
}

/// Every problem of a run, in the order in which the rooms found them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// An empty list.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Adds all of another list, after this one's.
    pub fn append(&mut self, mut other: Self) {
        self.list.append(&mut other.list);
    }

    /// Keeps those for which `keeps` holds.
    pub fn retain(&mut self, keeps: impl FnMut(&Diagnostic) -> bool) {
        self.list.retain(keeps);
    }

    /// Adds one unless this list says it already; answers whether it was new.
    pub fn push_new(&mut self, diagnostic: Diagnostic) -> bool {
        let is_new = !self.list.iter().any(|known| known.says(&diagnostic));
        if is_new {
            self.list.push(diagnostic);
        }
        is_new
    }

    /// Adds those of another list that this one does not say yet.
    pub fn append_new(&mut self, other: Self) {
        for diagnostic in other.list {
            self.push_new(diagnostic);
        }
    }

    /// Turns what `--strict` forbids into errors.
    pub fn escalate(&mut self) {
        for diagnostic in self.list.iter_mut().filter(|d| d.strict) {
            diagnostic.severity = Severity::Error;
        }
    }

    /// Whether anything stops the build.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }

    /// How many there are of a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.list.iter().filter(|d| d.severity == severity).count()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}
