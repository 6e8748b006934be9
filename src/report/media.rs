//! Images beside a report.

use std::path::{Path, PathBuf};

use super::beside::file_beside;
use super::{Document, Origin};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, visible};

/// The kinds of image that are published. SVG is not among them: it can carry script.
const KINDS: [&str; 5] = ["png", "jpg", "jpeg", "gif", "webp"];
/// The largest image that is published, in bytes.
const LARGEST: u64 = 16 << 20;

/// An image's name without the `./` that some write before it.
#[must_use]
pub fn image_name(written: &str) -> &str {
    written.trim_start_matches("./")
}

/// The file that a text means by `name`.
///
/// # Errors
///
/// Why it cannot be published: it is missing, of another kind, or outside the text's own
/// directory.
pub fn image_path(origin: &Origin, name: &str) -> Result<PathBuf, String> {
    let name = image_name(name);
    let kind = Path::new(name).extension().and_then(|kind| kind.to_str()).unwrap_or_default().to_lowercase();
    if !KINDS.contains(&kind.as_str()) {
        return Err(format!("`{}` is not an image that is published ({})", visible(name), KINDS.join(", ")));
    }
    file_beside(origin, name, LARGEST)
}

/// Complains about every image of a text that cannot be published.
pub fn check_images(origin: &Origin, document: &Document, diagnostics: &mut Diagnostics) {
    for image in document.images() {
        for name in image.files() {
            if let Err(problem) = image_path(origin, name) {
                diagnostics.push(
                    Diagnostic::error(Code::Image, problem)
                        .at(&origin.source, image.span.clone())
                        .hint("put the image beside the report's index.md, or correct the name"),
                );
            }
        }
    }
}
