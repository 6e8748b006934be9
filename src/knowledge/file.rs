//! A JSON file, read whole, whose parts are understood one by one, so that what is wrong with one of
//! them is told with its place and leaves the others.

use std::io::ErrorKind;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::diagnostics::{Code, Diagnostic, Source, json_place, json_said, read_plain};

/// What to do with a file that is not what was expected.
const ANEW: &str = "fetch it anew from where it is published, or remove it: docs/knowledge.md says what it has to be";

/// The file.
pub(super) struct Json {
    source: Arc<Source>,
}

impl Json {
    /// Reads a file of at most so many bytes; `None` where there is none.
    pub(super) fn read(root: &Path, name: &str, most: u64) -> Result<Option<Self>, Diagnostic> {
        let told = |code, message: String| Diagnostic::error(code, message).in_file(name);
        let bytes = match read_plain(&root.join(name), most) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) if error.kind() == ErrorKind::FileTooLarge => {
                return Err(told(Code::TooLarge, error.to_string()).hint(ANEW));
            }
            Err(error) => return Err(told(Code::Unreadable, format!("cannot read it: {error}"))),
        };
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let line = memchr::memchr_iter(b'\n', error.as_bytes().get(..at).unwrap_or_default()).count() + 1;
            told(Code::NotUtf8, format!("the text is not UTF-8: byte {at} on line {line}")).hint(ANEW)
        })?;
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        Ok(Some(Self { source: Source::new(name, text) }))
    }

    /// The whole file, the parts of it still as they are written.
    pub(super) fn whole<'a, T: Deserialize<'a>>(&'a self, what: &str) -> Result<T, Diagnostic> {
        serde_json::from_str(self.source.text()).map_err(|error| {
            let message = format!("not {what}: {}", json_said(&error));
            let at = self.offset(0, &error);
            Diagnostic::error(Code::InvalidKnowledge, message).at(&self.source, at..at).hint(ANEW)
        })
    }

    /// A part of it.
    pub(super) fn part<'a, T: Deserialize<'a>>(&self, raw: &'a RawValue, what: &str) -> Result<T, Diagnostic> {
        serde_json::from_str(raw.get()).map_err(|error| {
            let start = self.span(raw).start;
            let said = json_said(&error);
            // What is missing is told at the end of the part, where nobody looks.
            let at = if said.starts_with("missing") { start } else { self.offset(start, &error) };
            self.wrong(at..at, format!("not {what}: {said}"))
        })
    }

    /// Something about the file as a whole that does not hold; what it says otherwise stands.
    pub(super) fn about(&self, message: String) -> Diagnostic {
        Diagnostic::warning(Code::InvalidKnowledge, message).at(&self.source, 0..0).hint(ANEW).strict()
    }

    /// A mistake in a part.
    pub(super) fn mistake(&self, raw: &RawValue, message: String) -> Diagnostic {
        let start = self.span(raw).start;
        self.wrong(start..start, message)
    }

    fn wrong(&self, span: Range<usize>, message: String) -> Diagnostic {
        Diagnostic::warning(Code::InvalidKnowledge, message)
            .at(&self.source, span)
            .hint("correct it, or fetch the file anew; as it is, this part is left out")
            .strict()
    }

    /// Where a part stands. It is a slice of the text: how far it lies from the text's beginning says
    /// where.
    fn span(&self, raw: &RawValue) -> Range<usize> {
        let text = self.source.text();
        let start = raw.get().as_ptr().addr().saturating_sub(text.as_ptr().addr()).min(text.len());
        start..(start + raw.get().len()).min(text.len())
    }

    /// The byte that an error in the text from `start` on means.
    fn offset(&self, start: usize, error: &serde_json::Error) -> usize {
        let text = self.source.text();
        (start + json_place(text.get(start..).unwrap_or_default(), error)).min(text.len())
    }
}
