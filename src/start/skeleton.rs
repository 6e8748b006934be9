//! The skeletons of new reports and pages.

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::title::{title, vulnerabilities};
use super::{create, occupied};
use crate::diagnostics::{Code, Diagnostic, read_plain};
use crate::terms::ReportType;

/// So many bytes of a text that is there are read at most.
const LARGEST: u64 = 16 << 20;

/// What is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skeleton {
    /// A report, with the headings that its type wants.
    Report(ReportType),
    /// A free page.
    Page,
}

/// A new text.
#[derive(Clone, Copy, Debug)]
pub struct New<'a> {
    /// What it is.
    pub skeleton: Skeleton,
    /// Its slug, which is its file's name.
    pub name: &'a str,
    /// Whether it gets a directory of its own, for images and an indicator file.
    pub directory: bool,
    /// The day it is dated.
    pub today: Date,
}

/// Writes a new text into the site in `root`, and says where.
///
/// # Errors
/// A text of that name is there, whatever the case of its letters; or the disk refuses.
pub fn new(root: &Path, new: New<'_>) -> Result<PathBuf, Diagnostic> {
    let kind = match new.skeleton {
        Skeleton::Report(_) => "reports",
        Skeleton::Page => "pages",
    };
    let directory = root.join("content").join(kind);
    if let Some(there) = namesake(&directory, new.name)? {
        let problem = format!("there is already a text called `{}`", new.name);
        return Err(occupied(problem, there.display().to_string()).hint("choose another name; nothing was written"));
    }
    let file = if new.directory { format!("{}/index.md", new.name) } else { format!("{}.md", new.name) };
    let path = directory.join(file);
    create(&path, new.text().as_bytes())?;
    Ok(path)
}

/// The text that has the name already. Two whose names differ in case only would clash in a URL.
fn namesake(directory: &Path, name: &str) -> Result<Option<PathBuf>, Diagnostic> {
    let unreadable = |error: std::io::Error| {
        Diagnostic::error(Code::Unreadable, format!("cannot read it: {error}")).in_file(directory.display().to_string())
    };
    let entries = match std::fs::read_dir(directory) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        entries => entries.map_err(unreadable)?,
    };
    for entry in entries {
        let path = entry.map_err(unreadable)?.path();
        let found = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
        if found.strip_suffix(".md").unwrap_or(&found) == name.to_lowercase() {
            return Ok(Some(path));
        }
        let text = if path.is_dir() { path.join("index.md") } else { path };
        if slug_of(&text).is_some_and(|slug| slug.to_lowercase() == name.to_lowercase()) {
            return Ok(Some(text));
        }
    }
    Ok(None)
}

/// The slug that a text gives itself in its front matter, in the form that is usual: `slug: NAME` on a line of its own.
fn slug_of(text: &Path) -> Option<String> {
    let text = String::from_utf8(read_plain(text, LARGEST).ok()?).ok()?;
    let keys = text.lines().skip(1).take_while(|line| line.trim_end() != "---");
    let slug = keys.filter_map(|line| line.strip_prefix("slug:")).next()?;
    let slug = slug.split(" #").next().unwrap_or(slug);
    Some(slug.trim().trim_matches(['"', '\'']).to_owned())
}

impl New<'_> {
    fn text(&self) -> String {
        let (text, kind) = match self.skeleton {
            Skeleton::Report(kind) => (format!("{}{}", include_str!("text/report.md"), body(kind)), kind.word()),
            Skeleton::Page => (include_str!("text/page.md").to_owned(), ""),
        };
        text.replace("{{title}}", &title(self.name))
            .replace("{{type}}", kind)
            .replace("{{date}}", &self.today.to_string())
            .replace("{{vulnerabilities}}", &format!("[{}]", vulnerabilities(self.name).join(", ")))
    }
}

/// The rest of the front matter, and the headings, of a type.
fn body(kind: ReportType) -> &'static str {
    match kind {
        ReportType::Activity => include_str!("text/activity.md"),
        ReportType::Actor => include_str!("text/actor.md"),
        ReportType::CoreThreat => include_str!("text/core-threat.md"),
        ReportType::Osint => include_str!("text/osint.md"),
        ReportType::Technique => include_str!("text/technique.md"),
        ReportType::Tool => include_str!("text/tool.md"),
        ReportType::Vulnerability => include_str!("text/vulnerability.md"),
    }
}

/// The headings of a new report of a type, in their order.
pub fn headings(kind: ReportType) -> impl Iterator<Item = &'static str> {
    body(kind).lines().filter_map(|line| line.strip_prefix("## "))
}
