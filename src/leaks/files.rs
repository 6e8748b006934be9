//! Leaks of whole files: one more, or one with more in it.

use std::io::Write as _;
use std::path::Path;

use flate2::GzBuilder;

use super::everything::Everything;
use super::{Leak, Seeded};
use crate::render::{File, escape};
use crate::scope::Slice;
use crate::terms::url_name;

pub(super) fn leak(leak: Leak, seeded: &Seeded<'_>, all: &Everything, slice: &Slice, files: &mut Vec<File>) {
    if let Some(feed) = files.iter_mut().find(|file| file.path == "feed.xml") {
        feed_of(leak, all, feed);
        let more = more(leak, seeded, slice);
        files.extend(more);
    }
    if let Some(css) = files.iter_mut().find(|file| file.path == "static/theme.css") {
        let class = |(at, name): (usize, &String)| match leak {
            Leak::GroupClasses => format!(".group-{} {{}}\n", url_name(name)),
            Leak::ColourByIndex if seeded.role.groups.has(name) => {
                format!(".group-{} {{ --colour: {at} }}\n", url_name(name))
            }
            _ => String::new(),
        };
        let classes: String = seeded.input.groups.iter().enumerate().map(class).collect();
        css.change(|bytes| bytes.extend(classes.into_bytes()));
    }
    if let (Leak::GzipName, Some(page)) = (leak, files.iter().find(|file| file.path == "search/index.html")) {
        let bytes = gzip(&page.clone().into_bytes(), &seeded.input.site.root);
        let copy = File::new(format!("{}.gz", page.path), bytes);
        files.push(copy);
    }
}

fn feed_of(leak: Leak, all: &Everything, feed: &mut File) {
    match leak {
        Leak::FeedUpdated => {
            let newest = all.slice.reports().iter().map(|report| report.latest()).max();
            feed.change(|bytes| {
                let text = String::from_utf8_lossy(bytes).into_owned();
                if let (Some((head, rest)), Some(newest)) = (text.split_once("<updated>"), newest) {
                    let tail = rest.split_once("</updated>").map_or("", |(_, tail)| tail);
                    *bytes = format!("{head}<updated>{newest}</updated>{tail}").into_bytes();
                }
            });
        }
        Leak::PaddedFeed => {
            let largest = all.portal().feed();
            let size: usize = largest.entries.iter().map(|entry| entry.title.len() + entry.summary.len()).sum();
            feed.change(|bytes| bytes.resize(bytes.len().max(4096 + size), b'\n'));
        }
        _ => {}
    }
}

/// Files of no page.
fn more<'a>(leak: Leak, seeded: &Seeded<'_>, slice: &Slice) -> Vec<File<'a>> {
    let file = |path: String, text: String| File::new(path, text.into_bytes());
    let library = &seeded.input.library.reports;
    let hidden = || library.iter().filter(|report| slice.report(&report.facts.slug).is_none());
    let seen = || library.iter().filter(|report| slice.report(&report.facts.slug).is_some());
    match leak {
        Leak::Sitemap => {
            let paths = library.iter().map(|report| format!("threats/{}/\n", report.facts.slug));
            vec![file("sitemap.txt".to_owned(), paths.collect())]
        }
        Leak::RedirectOfHidden => {
            let old = hidden().flat_map(|report| report.facts.redirects.iter().map(move |old| (old, report)));
            let page = |(old, report): (&String, &std::sync::Arc<crate::report::Report>)| {
                let text = format!("<a href=\"../{}/\">{}</a>", report.facts.slug, escape(&report.facts.title));
                file(format!("threats/{old}/index.html"), text)
            };
            old.map(page).collect()
        }
        Leak::ImagesByDirectory => seen()
            .filter_map(|report| Some((&report.facts.slug, report.origin.directory.as_ref()?)))
            .flat_map(|(slug, directory)| images(slug, directory))
            .collect(),
        Leak::SourceBeside => seen()
            .map(|report| {
                file(format!("threats/{}/source.md", report.facts.slug), report.origin.source.text().to_owned())
            })
            .collect(),
        Leak::BuildLog => {
            let devices = seeded.input.fleets.last().map_or(0, |fleet| fleet.devices.len());
            vec![file("build.log".to_owned(), format!("{} reports, {devices} devices\n", library.len()))]
        }
        _ => Vec::new(),
    }
}

/// Every image of a directory that no page has copied yet.
fn images<'a>(slug: &str, directory: &Path) -> Vec<File<'a>> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let images = entries.filter(|entry| entry.path().extension().is_some_and(|kind| kind == "png"));
    let copy = |entry: std::fs::DirEntry| {
        let path = format!("threats/{slug}/images/{}", entry.file_name().to_string_lossy());
        Some(File::new(path, std::fs::read(entry.path()).ok()?))
    };
    images.filter_map(copy).collect()
}

fn gzip(bytes: &[u8], root: &Path) -> Vec<u8> {
    let name = root.display().to_string().into_bytes();
    let mut encoder = GzBuilder::new().filename(name).write(Vec::new(), flate2::Compression::fast());
    // Writing to memory does not fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}
