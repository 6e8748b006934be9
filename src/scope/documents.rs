//! The texts of all reports and pages, parsed once per distinct set of visible scope blocks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::config::Role;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place, Source, visible};
use crate::report::{Attachment, Attachments, Block, Blocks, Document, Library, Origin};
use crate::terms::{CveId, GroupSelection, NO_DEVICE, UNGROUPED};

/// Every text in every form that some role sees.
#[derive(Default)]
pub struct Documents {
    /// Whether their images stay in memory.
    keep_images: bool,
    texts: FxHashMap<String, Arc<Text>>,
}

/// One file's text: its scope blocks, its document for each set of visible ones, and the images
/// that any of these names.
struct Text {
    source: Arc<Source>,
    blocks: Blocks,
    documents: BTreeMap<Vec<bool>, Arc<Document>>,
    attachments: Attachments,
    /// What was wrong with it.
    told: Diagnostics,
}

impl Documents {
    /// None yet; the images of those to come stay in memory where they are to be kept.
    #[must_use]
    pub fn new(keep_images: bool) -> Self {
        Self { keep_images, ..Self::default() }
    }

    /// Parses the texts of `library` for `roles`. `groups` are the device groups that some
    /// snapshot has.
    pub fn parse(library: &Library, roles: &[Role], groups: &BTreeSet<String>, diagnostics: &mut Diagnostics) -> Self {
        Self::default().again(library, roles, groups, diagnostics)
    }

    /// Parses the texts that are others than these, for the same roles and groups.
    #[must_use]
    pub fn again(
        &self,
        library: &Library,
        roles: &[Role],
        groups: &BTreeSet<String>,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let origins: Vec<&Origin> = library
            .reports
            .iter()
            .map(|report| &report.origin)
            .chain(library.pages.iter().map(|page| &page.origin))
            .chain(&library.unread)
            .collect();
        let texts: Vec<Arc<Text>> = origins
            .par_iter()
            .map(|origin| {
                let before = self.texts.get(origin.source.name());
                let same = before.filter(|text| Arc::ptr_eq(&text.source, &origin.source));
                same.map_or_else(|| Arc::new(self.text(origin, roles, groups)), Arc::clone)
            })
            .collect();
        let mut documents = Self::new(self.keep_images);
        documents.texts.reserve(texts.len());
        for text in texts {
            if !text.told.is_empty() {
                diagnostics.append(text.told.clone());
            }
            documents.texts.insert(text.source.name().to_owned(), text);
        }
        documents
    }

    fn text(&self, origin: &Origin, roles: &[Role], groups: &BTreeSet<String>) -> Text {
        let attachments = if self.keep_images { Attachments::kept() } else { Attachments::default() };
        Text::parse(origin, attachments, roles, groups)
    }

    /// The document of a text as a role sees it.
    pub(super) fn of(&self, origin: &Origin, role: &Role, groups: &BTreeSet<String>) -> Arc<Document> {
        let text = self.texts.get(origin.source.name());
        text.and_then(|text| text.documents.get(&signature(&text.blocks, role, groups))).cloned().unwrap_or_default()
    }

    /// The vulnerabilities that the texts name, for whoever reads them.
    pub fn vulnerabilities(&self) -> impl Iterator<Item = &CveId> {
        self.texts.values().flat_map(|text| text.documents.values()).flat_map(|document| document.vulnerabilities())
    }

    /// The scope blocks of a text.
    pub(super) fn blocks(&self, origin: &Origin) -> Option<&Blocks> {
        self.texts.get(origin.source.name()).map(|text| &text.blocks)
    }

    /// The image that a text means by `name`, where it can be published.
    pub(super) fn attachment(&self, origin: &Origin, name: &str) -> Option<&Attachment> {
        self.texts.get(origin.source.name())?.attachments.get(name)
    }
}

impl Text {
    fn parse(origin: &Origin, mut attachments: Attachments, roles: &[Role], groups: &BTreeSet<String>) -> Self {
        let mut diagnostics = Diagnostics::new();
        let blocks = Blocks::find(&origin.source, origin.body.clone(), &mut diagnostics);
        unknown_groups(origin, &blocks, groups, &mut diagnostics);
        let signatures: BTreeSet<Vec<bool>> = roles.iter().map(|role| signature(&blocks, role, groups)).collect();
        // One mistake shows in every form of the text: it is told once.
        let mut told = BTreeSet::new();
        let mut documents = BTreeMap::new();
        let mut problems = Vec::new();
        for signature in signatures {
            let mut found = Diagnostics::new();
            let cut = blocks.cut(&origin.source, &signature);
            let document = Document::parse(&cut, &mut found);
            attachments.gather(origin, &document, &mut found);
            documents.insert(signature, Arc::new(document));
            for diagnostic in found.iter() {
                if told.insert((place(diagnostic), diagnostic.code, diagnostic.message.clone())) {
                    problems.push(diagnostic.clone());
                }
            }
        }
        tell(problems, &mut diagnostics);
        Self { source: Arc::clone(&origin.source), blocks, documents, attachments, told: diagnostics }
    }
}

/// Tells the problems of a text. Of very many, one stands for all after the first: a text may be all
/// mistakes, in one long line.
fn tell(mut problems: Vec<Diagnostic>, diagnostics: &mut Diagnostics) {
    const MOST: usize = 1000;
    let rest = problems.split_off(problems.len().min(MOST));
    for problem in problems {
        diagnostics.push(problem);
    }
    let (count, strict) = (rest.len(), rest.iter().any(|problem| problem.strict));
    if let Some(mut worst) = rest.into_iter().max_by_key(|problem| problem.severity) {
        worst.message = format!("{count} more problems in this text, this one among them: {}", worst.message);
        worst.strict = strict;
        diagnostics.push(worst);
    }
}

fn place(diagnostic: &Diagnostic) -> (usize, usize) {
    match &diagnostic.place {
        Place::Span { span, .. } => (span.start, span.end),
        _ => (0, 0),
    }
}

/// Which blocks a role sees: those all of whose groups and whose TLP it may see. That a block
/// inside a hidden one is hidden too is for `Blocks` to keep.
fn signature(blocks: &Blocks, role: &Role, groups: &BTreeSet<String>) -> Vec<bool> {
    blocks.signature(|block| sees(role, block, groups))
}

pub(super) fn sees(role: &Role, block: &Block, groups: &BTreeSet<String>) -> bool {
    let cleared = block.tlp.is_none_or(|tlp| tlp <= role.clearance);
    cleared && block.groups.iter().all(|group| sees_group(role, group, groups))
}

pub(super) fn sees_group(role: &Role, group: &str, groups: &BTreeSet<String>) -> bool {
    match &role.groups {
        GroupSelection::All => true,
        // A group that no snapshot has is nobody's, even where the role's entry names it.
        GroupSelection::Listed(listed) => listed.contains(group) && is_known(group, groups),
    }
}

/// Whether a group is one that some snapshot has, or a pseudo-group.
pub(super) fn is_known(group: &str, groups: &BTreeSet<String>) -> bool {
    [UNGROUPED, NO_DEVICE].contains(&group) || groups.contains(group)
}

fn unknown_groups(origin: &Origin, blocks: &Blocks, groups: &BTreeSet<String>, diagnostics: &mut Diagnostics) {
    if groups.is_empty() {
        // Without a snapshot nothing is known of groups.
        return;
    }
    for block in blocks.iter() {
        for group in block.groups.iter().filter(|group| !is_known(group, groups)) {
            let message = format!("no snapshot has the group `{}`", visible(group));
            let near = crate::diagnostics::nearest(group, groups.iter().map(String::as_str));
            let hint = near.map_or_else(
                || "only a role with `groups: all` sees this block".to_owned(),
                |near| format!("did you mean `{near}`? As it is, only a role with `groups: all` sees this block"),
            );
            diagnostics.push(
                Diagnostic::warning(Code::UnknownGroup, message)
                    .at(&origin.source, block.marker.clone())
                    .hint(hint)
                    .strict(),
            );
        }
    }
}
