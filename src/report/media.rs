//! Images beside a report.

use std::path::{Component, Path, PathBuf};

use super::{Document, Origin};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, visible};

/// The kinds of image that are published. SVG is not among them: it can carry script.
const KINDS: [&str; 5] = ["png", "jpg", "jpeg", "gif", "webp"];
/// The largest image that is published, in bytes.
const LARGEST: u64 = 16 << 20;

/// The file that a text means by `name`.
///
/// # Errors
///
/// Why it cannot be published: it is missing, of another kind, or outside the text's own
/// directory.
pub fn image_path(origin: &Origin, name: &str) -> Result<PathBuf, String> {
    let shown = visible(name);
    let kind = Path::new(name).extension().and_then(|kind| kind.to_str()).unwrap_or_default().to_lowercase();
    if !KINDS.contains(&kind.as_str()) {
        return Err(format!("`{shown}` is not an image that is published ({})", KINDS.join(", ")));
    }
    let plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    let hidden = name.split('/').any(|part| part.starts_with('.'));
    if !plain || hidden || name.contains(['\\', ':', '?', '#', '%']) {
        return Err(format!("`{shown}` is not a plain path of a file beside the text"));
    }
    let Some(directory) = &origin.directory else {
        return Err(format!("`{shown}` would lie among other texts: move this one to a directory of its own, as NAME/index.md"));
    };
    let path = directory.join(name);
    // A symbolic link on the way could lead anywhere.
    let mut step = directory.clone();
    for part in Path::new(name).components() {
        step.push(part);
        let metadata = step.symlink_metadata().map_err(|_| format!("there is no file `{shown}` beside the text"))?;
        if metadata.is_symlink() {
            return Err(format!("`{shown}` is a symbolic link"));
        }
        if metadata.is_file() && metadata.len() > LARGEST {
            return Err(format!("`{shown}` is larger than {} MiB", LARGEST >> 20));
        }
    }
    if path.is_file() { Ok(path) } else { Err(format!("`{shown}` is not a file")) }
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
