//! All the reports and pages of a site.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::shelf::{Found, Read, Texts};
use super::{Defaults, Origin, Page, Report, front_matter, split};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source};
use crate::terms::url_name;

const REPORTS: &str = "content/reports";
const PAGES: &str = "content/pages";

/// The largest report or page that is read, in bytes.
const LARGEST: u64 = 4 << 20;

/// Everything authors wrote.
#[derive(Clone, Debug, Default)]
pub struct Library {
    /// The reports, by slug.
    pub reports: Vec<Arc<Report>>,
    /// The free pages, by name.
    pub pages: Vec<Arc<Page>>,
    /// Where the texts stand whose front matter cannot be understood: nothing is made of them, but what else is wrong with
    /// them can be told in the same run.
    pub unread: Vec<Origin>,
}

impl Library {
    /// Where the text of the report or page stands that is shown at a path of a build.
    #[must_use]
    pub fn shown_at(&self, path: &str) -> Option<&Origin> {
        let mut parts = path.split('/');
        let (kind, name) = (parts.next()?, parts.next()?);
        match kind {
            "threats" => self.reports.iter().find(|report| report.facts.slug == name).map(|report| &report.origin),
            "pages" => self.pages.iter().find(|page| page.name == name).map(|page| &page.origin),
            _ => None,
        }
    }
}

/// The texts of a site as they were read last.
#[derive(Debug, Default)]
pub struct Shelf {
    reports: Texts<Report>,
    pages: Texts<Page>,
}

impl Shelf {
    /// Forgets the texts that a change of files or directories at these paths may concern: they are read again.
    pub fn forget(&mut self, changed: &BTreeSet<PathBuf>) {
        self.reports.forget(changed);
        self.pages.forget(changed);
    }
}

/// Reads `content/reports` and `content/pages` of the site in `root`. What cannot be read is
/// told and left out.
pub fn load(root: &Path, defaults: Defaults<'_>, diagnostics: &mut Diagnostics) -> Library {
    reload(root, defaults, &mut Shelf::default(), diagnostics)
}

/// Reads those texts that are not on the `shelf`, with the same `defaults` as before, and puts them there.
pub fn reload(root: &Path, defaults: Defaults<'_>, shelf: &mut Shelf, diagnostics: &mut Diagnostics) -> Library {
    let (mut reports, mut unread) = each(root, REPORTS, &mut shelf.reports, diagnostics, |file, diagnostics| {
        let (origin, front) = open(file, diagnostics)?;
        Some(front_matter::report(origin.clone(), front, &file.name, defaults, diagnostics).ok_or(origin))
    });
    let (mut pages, no_pages) = each(root, PAGES, &mut shelf.pages, diagnostics, |file, diagnostics| {
        let (origin, front) = open(file, diagnostics)?;
        Some(front_matter::page(origin.clone(), front, &file.name, defaults, diagnostics).ok_or(origin))
    });
    unread.extend(no_pages);
    reports.sort_by(|a, b| a.facts.slug.cmp(&b.facts.slug));
    pages.sort_by(|a, b| a.name.cmp(&b.name));
    let claims = reports.iter().flat_map(|report| {
        let source = &report.origin.source;
        let former = report.places.redirects.iter().map(|(slug, place)| (slug.as_str(), Some(place)));
        let all = std::iter::once((report.facts.slug.as_str(), report.places.slug.as_ref())).chain(former);
        all.map(move |(name, place)| Claim { name, source, place })
    });
    clashes(claims, diagnostics);
    let claims = pages.iter().map(|page| Claim {
        name: &page.name,
        source: &page.origin.source,
        place: page.slug_place.as_ref(),
    });
    clashes(claims, diagnostics);
    Library { reports, pages, unread }
}

/// What `read` makes of every Markdown file of a directory, in the order of their paths, and where those stand of which it
/// makes nothing; what it made before is on the shelf.
fn each<T: Send + Sync>(
    root: &Path,
    directory: &str,
    shelf: &mut Texts<T>,
    diagnostics: &mut Diagnostics,
    read: impl Fn(&Found, &mut Diagnostics) -> Option<Result<T, Origin>> + Sync,
) -> (Vec<Arc<T>>, Vec<Origin>) {
    let texts = shelf.refill(
        |told| find(root, directory, told),
        |file| {
            let mut told = Diagnostics::new();
            let text = read(file, &mut told).map(|text| text.map(Arc::new));
            Read { text, told }
        },
        diagnostics,
    );
    for read in texts.iter().filter(|read| !read.told.is_empty()) {
        diagnostics.append(read.told.clone());
    }
    let (mut made, mut unread) = (Vec::new(), Vec::new());
    for text in texts.iter().filter_map(|read| read.text.as_ref()) {
        match text {
            Ok(text) => made.push(Arc::clone(text)),
            Err(origin) => unread.push(origin.clone()),
        }
    }
    (made, unread)
}

/// `NAME.md` and `NAME/index.md`, in the order of their paths; hidden names are passed over.
fn find(root: &Path, directory: &str, diagnostics: &mut Diagnostics) -> Vec<Found> {
    let base = root.join(directory);
    let mut found = Vec::new();
    let problem = match base.metadata() {
        Ok(metadata) if metadata.is_dir() => None,
        Ok(_) => Some("it is not a directory".to_owned()),
        // A link that leads nowhere is not the same as nothing.
        Err(error) if error.kind() == ErrorKind::NotFound && base.symlink_metadata().is_err() => return found,
        Err(error) => Some(format!("cannot read it: {error}")),
    };
    if let Some(problem) = problem {
        let told = Diagnostic::error(Code::Unreadable, problem).in_file(directory);
        diagnostics.push(told.hint("put a directory there that can be read, or nothing"));
        return found;
    }
    for entry in walkdir::WalkDir::new(&base).min_depth(1).max_depth(1).sort_by_file_name() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                diagnostics.push(Diagnostic::error(Code::Unreadable, error.to_string()).in_file(directory));
                continue;
            }
        };
        let file_name = entry.file_name().to_string_lossy().into_owned();
        if file_name.starts_with('.') {
            continue;
        }
        let index = entry.path().join("index.md");
        let linked = [entry.path(), &index].into_iter().find(|path| path.is_symlink() && may_be_text(path));
        if let Some(linked) = linked {
            let shown = linked.strip_prefix(root).unwrap_or(linked).display().to_string();
            let told =
                Diagnostic::warning(Code::Unreadable, "a symbolic link, which is not followed: it makes no page");
            diagnostics.push(
                told.in_file(shown)
                    .hint("put there what it leads to; nothing from outside of the site is read")
                    .strict(),
            );
            continue;
        }
        if entry.file_type().is_dir()
            && let Err(error) = index.symlink_metadata()
            && error.kind() != ErrorKind::NotFound
        {
            let told = Diagnostic::error(Code::Unreadable, format!("cannot read it: {error}"));
            diagnostics.push(told.in_file(format!("{directory}/{file_name}")).hint("check its permissions"));
        } else if entry.file_type().is_dir() && is_plain(&index) {
            let shown = format!("{directory}/{file_name}/index.md");
            found.push(Found { path: index, shown, name: file_name, directory: Some(entry.into_path()) });
        } else if entry.file_type().is_file()
            && let Some(name) = file_name.strip_suffix(".md")
        {
            let shown = format!("{directory}/{file_name}");
            found.push(Found { path: entry.path().to_owned(), shown, name: name.to_owned(), directory: None });
        } else {
            let kind = if directory == PAGES { "page" } else { "report" };
            let problem = format!("not a {kind}: neither NAME.md nor NAME/index.md");
            diagnostics.push(Diagnostic::note(Code::Unreadable, problem).in_file(format!("{directory}/{file_name}")));
        }
    }
    found
}

/// Whether a link stands where a text or its directory could.
fn may_be_text(link: &Path) -> bool {
    link.extension().is_some_and(|ending| ending == "md") || link.is_dir()
}

fn is_plain(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| metadata.is_file())
}

/// The file's text with LF line ends, and where its front matter stands.
fn open(file: &Found, diagnostics: &mut Diagnostics) -> Option<(Origin, Range<usize>)> {
    let text = match text(&file.path) {
        Ok(text) => text,
        Err((code, problem, hint)) => {
            diagnostics.push(Diagnostic::error(code, problem).in_file(&file.shown).hint(hint));
            return None;
        }
    };
    let source = Source::new(&file.shown, text);
    let (front, body) = split::split(&source, diagnostics)?;
    Some((Origin { source, body, directory: file.directory.clone() }, front))
}

fn text(path: &Path) -> Result<String, (Code, String, &'static str)> {
    let unreadable =
        |error: std::io::Error| (Code::Unreadable, format!("cannot read it: {error}"), "check its permissions");
    let size = path.metadata().map_err(unreadable)?.len();
    if size > LARGEST {
        let problem = format!("{size} bytes; a text may have {LARGEST}");
        return Err((Code::TooLarge, problem, "split it, or move long lists to a file beside it"));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    let utf16 = bytes.starts_with(&[0xff, 0xfe])
        || bytes.starts_with(&[0xfe, 0xff])
        || bytes.iter().take(2).any(|byte| *byte == 0);
    if utf16 {
        return Err((Code::NotUtf8, "it is UTF-16 text".to_owned(), "save it as UTF-8"));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        (Code::NotUtf8, format!("it is not UTF-8 text (byte {at})"), "save it as UTF-8")
    })?;
    Ok(text.trim_start_matches('\u{feff}').replace("\r\n", "\n"))
}

/// A name that a file claims for itself.
struct Claim<'a> {
    name: &'a str,
    source: &'a Arc<Source>,
    /// Where front matter gives it; `None` where the file's own name does.
    place: Option<&'a Range<usize>>,
}

/// Complains about names that are claimed twice, after case folding: at the latter claim, or at the one that front matter
/// makes.
fn clashes<'a>(claims: impl Iterator<Item = Claim<'a>>, diagnostics: &mut Diagnostics) {
    let mut taken: FxHashMap<String, Claim<'a>> = FxHashMap::default();
    for claim in claims {
        let Some(first) = taken.get(&claim.name.to_lowercase()) else {
            taken.insert(claim.name.to_lowercase(), claim);
            continue;
        };
        let Claim { name, source, place } = if claim.place.is_none() { first } else { &claim };
        let (problem, hint) = if Arc::ptr_eq(first.source, claim.source) {
            let problem = format!("`{name}` is already the slug of this report, or a redirect of it");
            (problem, "remove it from `redirects`: those are former slugs, each once".to_owned())
        } else {
            let files = [first.source.name(), claim.source.name()];
            let problem = format!("`{name}` is the slug or a redirect of both {} and {}", files[0], files[1]);
            (problem, format!("give one of them another, as `slug: {}-2`", url_name(name)))
        };
        let place = place.cloned().unwrap_or_else(|| source.line(1));
        diagnostics.push(Diagnostic::error(Code::SlugClash, problem).at(source, place).hint(hint));
    }
}
