//! Images beside a report.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::beside::file_beside;
use super::{Document, Origin};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, read_plain, visible};
use crate::image::{self, Kind};
use crate::terms::reserved;

/// An image that a text names and that can be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its path beside the text, with `/`, as the build has it under `media/`.
    pub name: String,
    /// The file.
    pub path: PathBuf,
    /// Width and height in pixels; a drawing may have none.
    pub size: Option<(u32, u32)>,
    /// What is published, where it was kept.
    kept: Option<Arc<[u8]>>,
}

impl Attachment {
    /// Whether a text that writes `name` means this image.
    #[must_use]
    pub fn is_meant_by(&self, name: &str) -> bool {
        self.name == plain(name)
    }

    /// The file as it is published: without anything that does not draw.
    ///
    /// # Errors
    /// The file was not kept, and can no longer be read, or no longer be published.
    pub fn published(&self) -> Result<Arc<[u8]>, Diagnostic> {
        if let Some(kept) = &self.kept {
            return Ok(Arc::clone(kept));
        }
        let (code, problem, hint) = match read(&self.path, &self.name) {
            Ok(picture) => return Ok(picture.bytes.into()),
            Err(wrong) => wrong,
        };
        Err(Diagnostic::error(code, problem).in_file(self.path.display().to_string()).hint(hint))
    }
}

/// The images that a text names, each read once, by name.
#[derive(Debug, Default)]
pub struct Attachments {
    /// Whether what is published of them stays in memory.
    are_kept: bool,
    seen: BTreeMap<String, Result<Attachment, Wrong>>,
    /// Paths in lower case, as many disks compare them, each with its spelling.
    spelt: BTreeMap<String, String>,
}

/// Why an image cannot be published: the code, what is wrong, what to do.
type Wrong = (Code, String, &'static str);

impl Attachments {
    /// Images that stay as they were read, whatever becomes of their files.
    #[must_use]
    pub fn kept() -> Self {
        Self { are_kept: true, ..Self::default() }
    }

    /// Reads the images that `document` names, a form of the text at `origin`, and complains about
    /// each that cannot be published.
    pub fn gather(&mut self, origin: &Origin, document: &Document, diagnostics: &mut Diagnostics) {
        for image in document.images() {
            for name in image.files() {
                if let Err((code, problem, hint)) = self.see(origin, plain(name)) {
                    let problem = Diagnostic::error(*code, problem.clone());
                    diagnostics.push(problem.at(&origin.source, image.span.clone()).hint(*hint));
                }
            }
        }
    }

    fn see(&mut self, origin: &Origin, name: &str) -> &Result<Attachment, Wrong> {
        let (spelt, is_kept) = (&mut self.spelt, self.are_kept);
        self.seen.entry(name.to_owned()).or_insert_with(|| {
            let found = attachment(origin, name, is_kept)?;
            match spelt_otherwise(spelt, name) {
                Some(other) => Err(clash(name, &other)),
                None => Ok(found),
            }
        })
    }

    /// The image that the text means by `name`, where it can be published.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Attachment> {
        self.seen.get(plain(name))?.as_ref().ok()
    }
}

/// A name without the `./` that some write before it.
fn plain(written: &str) -> &str {
    written.trim_start_matches("./")
}

/// How the path of an image, or of a directory it stands in, is spelt by one before it, where that is otherwise.
fn spelt_otherwise(spelt: &mut BTreeMap<String, String>, name: &str) -> Option<String> {
    let ends = name.match_indices('/').map(|(end, _)| end).chain([name.len()]);
    ends.filter_map(|end| name.get(..end)).find_map(|path| {
        let spelling = spelt.entry(path.to_lowercase()).or_insert_with(|| path.to_owned());
        (spelling != path).then(|| spelling.clone())
    })
}

fn clash(one: &str, other: &str) -> Wrong {
    let problem = format!("two images want one path: `{}` and `{}`", visible(one), visible(other));
    (Code::RouteClash, problem, "rename one of them; paths that differ only in case are one on many disks")
}

fn attachment(origin: &Origin, name: &str, is_kept: bool) -> Result<Attachment, Wrong> {
    const BESIDE: &str = "put the image beside the report's index.md, or correct the name";
    if Kind::of_name(name).is_none() {
        let endings = Kind::ENDINGS.join(", ");
        return Err((
            Code::Image,
            format!("`{}` is not an image that is published ({endings})", visible(name)),
            "convert it to one of these formats, or link to where it is published",
        ));
    }
    if let Some(why) = name.split('/').find_map(reserved) {
        let problem = format!("`{}` cannot stand in a build: {why}", visible(name));
        return Err((Code::Image, problem, "give the file another name"));
    }
    let path = file_beside(origin, name, Kind::LARGEST).map_err(|problem| (Code::Image, problem, BESIDE))?;
    let picture = read(&path, name)?;
    let kept = is_kept.then(|| picture.bytes.into());
    Ok(Attachment { name: name.to_owned(), path, size: picture.size, kept })
}

fn read(path: &Path, name: &str) -> Result<image::Picture, Wrong> {
    let bytes = read_plain(path, Kind::LARGEST).map_err(|error| {
        (Code::Unreadable, format!("cannot read `{}`: {error}", visible(name)), "check its permissions")
    })?;
    image::clean(name, &bytes).map_err(|fault| {
        let code = if fault.active { Code::ActiveImage } else { Code::DamagedImage };
        (code, format!("`{}` {}", visible(name), fault.what), fault.advice)
    })
}
