//! What a build leaves behind for the next one, so that the same build is not made again.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::contents::program;
use super::{Cache, Imprint};
use crate::diagnostics::{Diagnostic, Diagnostics, Place, Position, Source};

/// What was asked for, how everything stood that was read, and what came of it.
///
/// It holds as long as the very same files stand there; nothing has to remove it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Receipt<T> {
    /// What was asked for, and the program that did it.
    asked: String,
    inputs: Vec<PathBuf>,
    read: Imprint,
    sources: Vec<Quoted>,
    told: Vec<Told>,
    outcome: T,
}

/// A text that messages quote.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Quoted {
    name: String,
    text: String,
    start: Position,
}

/// A message.
#[derive(Debug, Serialize, Deserialize)]
struct Told {
    /// The message, without the text that it quotes.
    diagnostic: Diagnostic,
    /// Which of the sources it quotes, and where.
    quoted: Option<(usize, Range<usize>)>,
}

impl<T> Receipt<T> {
    /// A receipt for what was asked for and read at `inputs` since `begun`; `None` where an input may have changed
    /// meanwhile.
    #[must_use]
    pub fn of(asked: &str, inputs: Vec<PathBuf>, begun: SystemTime, told: &Diagnostics, outcome: T) -> Option<Self> {
        let read = Imprint::settled(&inputs, begun)?;
        let mut sources = Vec::new();
        let told = told.iter().map(|diagnostic| Told::of(diagnostic, &mut sources)).collect();
        Some(Self { asked: signed(asked), inputs, read, sources, told, outcome })
    }

    /// Whether the same is asked for, and whatever was read stands as it did.
    #[must_use]
    pub fn holds_for(&self, asked: &str) -> bool {
        self.asked == signed(asked) && Imprint::of(&self.inputs).is_some_and(|read| read == self.read)
    }

    /// What was told, and what came of it.
    #[must_use]
    pub fn outcome(self) -> (Diagnostics, T) {
        let part = |Quoted { name, text, start }| Source::part(name, text, start);
        let sources: Vec<_> = self.sources.into_iter().map(part).collect();
        let mut diagnostics = Diagnostics::new();
        for Told { diagnostic, quoted } in self.told {
            let source = quoted.and_then(|(at, span)| Some((sources.get(at)?, span)));
            diagnostics.push(match source {
                Some((source, span)) => diagnostic.at(source, span),
                None => diagnostic,
            });
        }
        (diagnostics, self.outcome)
    }
}

impl Told {
    fn of(diagnostic: &Diagnostic, sources: &mut Vec<Quoted>) -> Self {
        let mut diagnostic = diagnostic.clone();
        let quoted = match &diagnostic.place {
            Place::Span { source, span } => {
                let is_it = |known: &Quoted| {
                    known.start == source.start() && known.name == source.name() && known.text == source.text()
                };
                let at = sources.iter().position(is_it).unwrap_or(sources.len());
                if at == sources.len() {
                    let (name, text) = (source.name().to_owned(), source.text().to_owned());
                    sources.push(Quoted { name, text, start: source.start() });
                }
                Some((at, span.clone()))
            }
            _ => None,
        };
        if quoted.is_some() {
            diagnostic.place = Place::Nowhere;
        }
        Self { diagnostic, quoted }
    }
}

fn signed(asked: &str) -> String {
    format!("{} {asked}", program())
}

impl Cache {
    /// The receipt of what was written last to a place.
    #[must_use]
    pub fn receipt<T: DeserializeOwned>(&self, place: &Path) -> Option<Receipt<T>> {
        self.kept_of(place, "receipt")
    }

    /// What this program printed last for a place.
    #[must_use]
    pub fn plates<T: DeserializeOwned>(&self, place: &Path) -> Option<T> {
        let (by, plates): (String, T) = self.kept_of(place, "plates")?;
        (by == program()).then_some(plates)
    }

    /// Keeps what was printed for a place.
    pub fn keep_plates<T: Serialize>(&self, place: &Path, plates: &T) {
        self.keep_of(place, "plates", &(program(), plates));
    }

    /// Keeps the receipt of what was written to a place.
    pub fn keep_receipt<T: Serialize>(&self, place: &Path, receipt: &Receipt<T>) {
        self.keep_of(place, "receipt", receipt);
    }
}
