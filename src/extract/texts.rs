//! Reports and pages, as the role reads them.

use std::collections::BTreeMap;
use std::path::Path;

use super::Named;
use super::audience::Reader;
use super::folder::Folder;
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::report::{Attachments, Blocks, Document, Library, Origin, StixMarkings, split};
use crate::terms::Tlp;
use crate::yaml::{self, Kind, Node};

/// Keys of front matter that have been judged, and say nothing any more.
const JUDGED: [&str; 2] = ["draft", "publish_at"];

/// Writes the texts that are for the reader, and tells what ids they name.
pub(super) fn write(library: &Library, reader: &Reader<'_>, site: &Folder) -> Result<Named, Diagnostic> {
    let mut named = Named::default();
    for report in library.reports.iter().filter(|report| reader.gets(report.facts.tlp, &report.admission)) {
        named.add_facts(&report.facts);
        let home = format!("content/reports/{}", report.facts.slug);
        named.add_text(&Text { origin: &report.origin, reader, site, home: &home }.write()?);
    }
    for page in library.pages.iter().filter(|page| reader.gets(page.tlp, &page.admission)) {
        let home = format!("content/pages/{}", page.name);
        named.add_text(&Text { origin: &page.origin, reader, site, home: &home }.write()?);
    }
    Ok(named)
}

/// One text on its way to its place, which its slug names and not the author's file.
struct Text<'a> {
    origin: &'a Origin,
    reader: &'a Reader<'a>,
    site: &'a Folder,
    home: &'a str,
}

impl Text<'_> {
    /// Writes the text, its indicators and the images it shows.
    fn write(&self) -> Result<Document, Diagnostic> {
        let source = &self.origin.source;
        let mut ignored = Diagnostics::new();
        let parts = split(source, &mut ignored);
        let front = parts.and_then(|(front, _)| yaml::parse(source, front, &mut ignored));
        let Some(front) = front else {
            return Err(
                Diagnostic::error(Code::NoFrontMatter, "the front matter cannot be read").in_file(source.name())
            );
        };
        let blocks = Blocks::find(source, self.origin.body.clone(), &mut ignored);
        let body = blocks.cut(source, &blocks.signature(|block| self.reader.sees(block)));
        let front = yaml::write(&self.reduced(&front)?);
        let file = if self.origin.directory.is_some() { "/index.md" } else { ".md" };
        let text = format!("---\n{front}---\n{}", body.text());
        self.site.write(&format!("{}{file}", self.home), text.as_bytes())?;
        let document = Document::parse(&body, &mut ignored);
        self.copy_images(&document)?;
        Ok(document)
    }

    /// The front matter as it concerns this reader: nobody else is named as one, and indicators
    /// above the clearance are left out.
    fn reduced(&self, front: &Node) -> Result<Node, Diagnostic> {
        let text = |text: &str| Node::new(Kind::Scalar(text.to_owned()));
        let mut entries = Vec::new();
        for (key, value) in front.entries() {
            match key.text() {
                Some("audience") => {}
                Some(judged) if JUDGED.contains(&judged) => {}
                Some("indicators") => entries.push((key.clone(), self.indicators(value)?)),
                _ => entries.push((key.clone(), value.clone())),
            }
        }
        entries.push((text("audience"), Node::new(Kind::List(vec![text(&self.reader.role.name)]))));
        Ok(Node::new(Kind::Map(entries)))
    }

    fn indicators(&self, value: &Node) -> Result<Node, Diagnostic> {
        match &value.kind {
            Kind::List(items) => {
                let kept = items.iter().filter(|item| self.shows(item.get("tlp").and_then(Node::text)));
                Ok(Node::new(Kind::List(kept.cloned().collect())))
            }
            Kind::Map(_) if !self.shows(value.get("tlp").and_then(Node::text)) => Ok(Node::new(Kind::List(Vec::new()))),
            Kind::Scalar(name) => self.copy_indicators(name).map(|()| value.clone()),
            _ => Ok(value.clone()),
        }
    }

    /// Whether an indicator of this TLP may be shown; one that has none is as its report.
    fn shows(&self, tlp: Option<&str>) -> bool {
        tlp.and_then(|tlp| Tlp::parse(tlp.trim())).is_none_or(|tlp| self.reader.may_know(tlp))
    }

    /// Copies the rows of an indicator file that may be shown.
    fn copy_indicators(&self, name: &str) -> Result<(), Diagnostic> {
        let Some(path) = self.origin.directory.as_ref().map(|directory| directory.join(name)) else {
            return Ok(());
        };
        let unreadable = |error: String| Diagnostic::error(Code::Unreadable, error).in_file(path.display().to_string());
        let text = std::fs::read_to_string(&path).map_err(|error| unreadable(format!("cannot read it: {error}")))?;
        let text = text.trim_start_matches('\u{feff}');
        let reduced = match name.to_lowercase().ends_with(".json") {
            true => self.shown_objects(text).map_err(|error| unreadable(error.to_string()))?,
            false => self.shown_rows(text).map_err(|error| unreadable(error.to_string()))?,
        };
        self.site.write(&format!("{}/{name}", self.home), &reduced)
    }

    fn shown_rows(&self, text: &str) -> Result<Vec<u8>, csv::Error> {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let header = reader.headers()?.clone();
        let tlp = header.iter().position(|name| name.to_lowercase() == "tlp");
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&header)?;
        for row in reader.records() {
            let row = row?;
            if self.shows(tlp.and_then(|at| row.get(at))) {
                writer.write_record(&row)?;
            }
        }
        writer.into_inner().map_err(|error| error.into_error().into())
    }

    /// The indicators of a STIX bundle that may be shown; its other objects are nobody's. Each has the
    /// label that its markings mean, for what the bundle itself defines is left out.
    fn shown_objects(&self, text: &str) -> Result<Vec<u8>, serde_json::Error> {
        let bundle: serde_json::Value = serde_json::from_str(text)?;
        let markings = StixMarkings::of(&bundle);
        let mut shown = bundle.clone();
        if let Some(objects) = shown.get_mut("objects").and_then(serde_json::Value::as_array_mut) {
            objects.retain_mut(|object| match (markings.tlp(object), object.as_object_mut()) {
                (Ok(tlp), Some(object)) if object.get("type").is_some_and(|kind| kind == "indicator") => {
                    let marking: Vec<_> = tlp.map(Tlp::stix_marking).into_iter().collect();
                    object.insert("object_marking_refs".to_owned(), marking.into());
                    tlp.is_none_or(|tlp| self.reader.may_know(tlp))
                }
                _ => false,
            });
        }
        serde_json::to_vec(&shown)
    }

    /// Copies the images that the visible text shows, each once.
    fn copy_images(&self, document: &Document) -> Result<(), Diagnostic> {
        let mut attachments = Attachments::default();
        // What is wrong with them was told when the site was read.
        attachments.gather(self.origin, document, &mut Diagnostics::new());
        let images = document.images();
        let shown = images.iter().flat_map(|image| image.files()).filter_map(|name| attachments.get(name));
        let files: BTreeMap<&str, &Path> = shown.map(|image| (image.name.as_str(), image.path.as_path())).collect();
        files.into_iter().try_for_each(|(name, path)| self.site.copy(&format!("{}/{name}", self.home), path))
    }
}
