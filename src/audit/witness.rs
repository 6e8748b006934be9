//! What a role's readers may know anyway: what authors wrote for them, and what the rows say
//! that they may see. A name found there does not show that the program leaked it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::auditor::Inputs;
use super::search::Search;
use super::sight::Sight;
use crate::diagnostics::{Diagnostics, Source};
use crate::fleet::Fleet;
use crate::knowledge::Wanted;
use crate::report::{Blocks, Document, Facts, Origin, Report, blocks::CutText};
use crate::terms::{ConfigurationId, url_name};
use crate::yaml::{Kind as YamlKind, Node, parse};

/// The keys of front matter whose values a build may say. `audience`, `alerts`, `draft` and
/// `publish_at` explain nothing: no build says them. Indicators have a TLP of their own.
const WRITTEN: [&str; 21] = [
    "title",
    "type",
    "summary",
    "authors",
    "tags",
    "aliases",
    "actors",
    "malware",
    "sectors",
    "attack_surfaces",
    "regions",
    "techniques",
    "vulnerabilities",
    "configurations",
    "detections",
    "mitigations",
    "references",
    "changes",
    "slug",
    "redirects",
    "severity",
];

/// Where a name is said that readers may know.
#[derive(Clone, Debug)]
pub(super) enum Witness {
    /// Somebody wrote it: who, in which file, where.
    Writing { who: &'static str, source: Arc<Source>, span: Range<usize> },
    /// Rows that the role may see say it.
    Rows,
}

/// The first witness for each of `keys`, those of people before those of rows.
pub(super) fn witnesses(
    inputs: &Inputs<'_>,
    sight: &Sight<'_>,
    search: &Search<'_>,
    keys: &BTreeMap<u64, &str>,
) -> BTreeMap<u64, Witness> {
    let mut found = BTreeMap::new();
    for writing in writings(inputs, sight) {
        for key in writing.keys(search) {
            let Some(spelling) = keys.get(&key) else { continue };
            found.entry(key).or_insert_with(|| Witness::Writing {
                who: writing.who,
                source: Arc::clone(&writing.source),
                span: writing.span(search, key, spelling),
            });
        }
    }
    for key in search.keys(&rows(inputs, sight)) {
        if keys.contains_key(&key) {
            found.entry(key).or_insert(Witness::Rows);
        }
    }
    found
}

/// A text that somebody wrote.
struct Writing {
    who: &'static str,
    source: Arc<Source>,
    words: Words,
}

enum Words {
    /// The body of a report or page, without what the role may not see.
    Body(CutText),
    /// A value, and where it stands.
    Value(String, Range<usize>),
    /// All of the file.
    File,
}

impl Writing {
    fn text(&self) -> &str {
        match &self.words {
            Words::Body(cut) => cut.text(),
            Words::Value(text, _) => text,
            Words::File => self.source.text(),
        }
    }

    fn keys(&self, search: &Search<'_>) -> BTreeSet<u64> {
        let mut keys: BTreeSet<u64> = search.keys(self.text()).into_iter().collect();
        if let Words::Body(_) = self.words {
            keys.extend(search.keys(&without_marks(self.text())));
        }
        keys
    }

    fn span(&self, search: &Search<'_>, key: u64, spelling: &str) -> Range<usize> {
        match &self.words {
            // The marks are taken out without a change of length elsewhere on the line, so the
            // line is what can be pointed at.
            Words::Body(cut) if !search.keys(cut.text()).contains(&key) => {
                let mut start = 0;
                for line in cut.text().split_inclusive('\n') {
                    if search.keys(&without_marks(line)).contains(&key) {
                        return cut.original(start..start + line.trim_end().len());
                    }
                    start += line.len();
                }
                cut.original(0..0)
            }
            Words::Body(cut) => cut.original(search.find(cut.text(), key, spelling)),
            Words::Value(_, span) => span.clone(),
            Words::File => search.find(self.source.text(), key, spelling),
        }
    }
}

/// Markdown without the marks that leave nothing on the page.
fn without_marks(markdown: &str) -> String {
    markdown.replace(['*', '`', '~'], "")
}

fn writings(inputs: &Inputs<'_>, sight: &Sight<'_>) -> Vec<Writing> {
    let mut all = Vec::new();
    for report in reports(inputs, sight) {
        text(&report.origin, sight, &mut all);
        indicators(&report.origin, &report.facts, sight, &mut all);
    }
    for page in &inputs.library.pages {
        if sight.text(page.tlp, &page.admission) {
            text(&page.origin, sight, &mut all);
        }
    }
    configuration(inputs, sight, &mut all);
    for file in inputs.theme.iter().filter(|file| !file.built_in) {
        if let Ok(text) = std::str::from_utf8(&file.bytes) {
            all.push(Writing { who: "the theme", source: Source::new(&file.name, text), words: Words::File });
        }
    }
    all
}

const AUTHOR: &str = "an author";

/// What the author of a report or page wrote for this role.
fn text(origin: &Origin, sight: &Sight<'_>, all: &mut Vec<Writing>) {
    let source = &origin.source;
    for (key, value) in front_matter(origin) {
        if WRITTEN.contains(&key.as_str()) {
            values(AUTHOR, source, &value, all);
        }
    }
    all.push(Writing { who: AUTHOR, source: Arc::clone(source), words: Words::Body(visible(origin, sight)) });
}

/// The body of a text, without what the role may not see.
fn visible(origin: &Origin, sight: &Sight<'_>) -> CutText {
    let source = &origin.source;
    let blocks = Blocks::find(source, origin.body.clone(), &mut Diagnostics::new());
    blocks.cut(source, &blocks.signature(|block| sight.block(block)))
}

/// The indicators that the role may see, wherever they are written.
fn indicators(origin: &Origin, facts: &Facts, sight: &Sight<'_>, all: &mut Vec<Writing>) {
    let place = front_matter(origin).into_iter().find(|(key, _)| key == "indicators").map(|(_, node)| node.span);
    let span = place.unwrap_or(0..0);
    for indicator in &facts.indicators {
        if sight.clearance(indicator.tlp.unwrap_or(facts.tlp)) {
            let text = format!("{}\n{}", indicator.value, indicator.description.as_deref().unwrap_or_default());
            let words = Words::Value(text, span.clone());
            all.push(Writing { who: AUTHOR, source: Arc::clone(&origin.source), words });
        }
    }
}

/// The keys and values between the two lines `---` of a text.
fn front_matter(origin: &Origin) -> Vec<(String, Node)> {
    let head = origin.source.text().get(..origin.body.start).unwrap_or_default();
    let start = head.find('\n').map_or(head.len(), |end| end + 1);
    let end = head.trim_end().rfind('\n').map_or(start, |end| end + 1).max(start);
    entries(parse(&origin.source, start..end, &mut Diagnostics::new()))
}

fn entries(node: Option<Node>) -> Vec<(String, Node)> {
    let Some(Node { kind: YamlKind::Map(entries), .. }) = node else { return Vec::new() };
    let named = entries.into_iter().filter_map(|(key, value)| match key.kind {
        YamlKind::Scalar(name) => Some((name, value)),
        _ => None,
    });
    named.collect()
}

/// Every value in `node`.
fn values(who: &'static str, source: &Arc<Source>, node: &Node, all: &mut Vec<Writing>) {
    match &node.kind {
        YamlKind::Null => {}
        YamlKind::Scalar(text) => {
            let words = Words::Value(text.clone(), node.span.clone());
            all.push(Writing { who, source: Arc::clone(source), words });
        }
        YamlKind::List(items) => items.iter().for_each(|item| values(who, source, item, all)),
        YamlKind::Map(entries) => entries.iter().for_each(|(_, value)| values(who, source, value, all)),
    }
}

/// What the configuration says to every role, and to this one.
fn configuration(inputs: &Inputs<'_>, sight: &Sight<'_>, all: &mut Vec<Writing>) {
    let source = &inputs.site.source;
    let who = "the configuration";
    for (key, node) in entries(parse(source, 0..source.text().len(), &mut Diagnostics::new())) {
        match key.as_str() {
            "title" | "base_url" | "language" | "theme" | "links" | "antivirus_configurations" => {
                values(who, source, &node, all);
            }
            "roles" => {
                let own = entries(Some(node)).into_iter().find(|(name, _)| *name == sight.role.name);
                for (key, node) in own.map(|(_, node)| entries(Some(node))).unwrap_or_default() {
                    if ["title", "base_url"].contains(&key.as_str()) {
                        values(who, source, &node, all);
                    }
                }
            }
            _ => {}
        }
    }
}

/// What rows say that the role may see, and what the world knows of that which its reports name.
fn rows(inputs: &Inputs<'_>, sight: &Sight<'_>) -> String {
    let known = inputs.knowledge.restrict(&named(inputs, sight));
    let mut said: BTreeSet<&str> = known.texts().collect();
    let tracked = tracked(inputs, sight);
    for fleet in inputs.fleets {
        said.extend(fleet_rows(fleet, sight));
        said.extend(catalogue(fleet, sight, &tracked));
    }
    said.into_iter().collect::<Vec<_>>().join("\n|\n")
}

/// The ids and names in the reports that the role may see.
fn named(inputs: &Inputs<'_>, sight: &Sight<'_>) -> Wanted {
    let mut wanted = Wanted::default();
    for report in reports(inputs, sight) {
        let (facts, text) = (&report.facts, visible(&report.origin, sight));
        let text = Document::parse(&text, &mut Diagnostics::new());
        wanted.techniques.extend(facts.techniques.iter().chain(text.techniques()).cloned());
        wanted.vulnerabilities.extend(facts.vulnerabilities.iter().chain(text.vulnerabilities()).cloned());
        wanted.actors.extend(facts.actors.iter().map(|name| url_name(name)));
        wanted.malware.extend(facts.malware.iter().map(|name| url_name(name)));
    }
    wanted
}

/// The reports that the role may see.
fn reports<'i>(inputs: &Inputs<'i>, sight: &Sight<'_>) -> impl Iterator<Item = &'i Arc<Report>> {
    inputs.library.reports.iter().filter(|report| sight.text(report.facts.tlp, &report.admission))
}

/// The configurations that they track.
fn tracked<'i>(inputs: &Inputs<'i>, sight: &Sight<'_>) -> BTreeSet<&'i ConfigurationId> {
    reports(inputs, sight).flat_map(|report| &report.facts.configurations).map(|tracked| &tracked.id).collect()
}

/// What the catalogue says of the configurations that are tracked, and of those of which some row tells for a device that
/// the role may see.
fn catalogue<'f>(
    fleet: &'f Fleet,
    sight: &Sight<'_>,
    tracked: &BTreeSet<&ConfigurationId>,
) -> impl Iterator<Item = &'f str> {
    let has_rows = |id: &ConfigurationId| {
        let rows = fleet.configurations.get(id);
        let rows = rows.map(|rows| [&rows.secure, &rows.exposed, &rows.not_applicable, &rows.unassessed]);
        rows.into_iter().flatten().any(|devices| sight.any_of(fleet, devices))
    };
    let entries = fleet.catalogue.iter().filter(move |(id, _)| tracked.contains(id) || has_rows(id));
    entries.flat_map(|(_, entry)| {
        let further = [&entry.category, &entry.subcategory, &entry.remediation].into_iter().flatten();
        further.chain([&entry.name]).map(String::as_str)
    })
}

fn fleet_rows<'f>(fleet: &'f Fleet, sight: &Sight<'_>) -> BTreeSet<&'f str> {
    let mut said: BTreeSet<&str> = BTreeSet::new();
    for group in fleet.groups.iter().filter(|group| sight.group(&group.name)) {
        for device in fleet.devices.get(group.range.start as usize..group.range.end as usize).unwrap_or_default() {
            said.extend([&device.os, &device.os_version].into_iter().flatten().map(|text| text.as_str()));
        }
    }
    for alert in fleet.alerts.iter().filter(|alert| sight.alert(fleet, alert)) {
        said.insert(&alert.title);
        let further = [&alert.detector_id, &alert.threat_family, &alert.actor];
        said.extend(further.into_iter().flatten().chain(&alert.techniques).map(String::as_str));
    }
    if sight.role.groups.is_all() {
        said.extend(fleet.incidents.values().map(|incident| incident.title.as_str()));
    }
    for (id, update) in &fleet.updates {
        for (name, devices) in &update.names {
            if sight.any_of(fleet, devices) {
                said.extend([id.as_str(), name.as_str()]);
            }
        }
    }
    said
}
