//! Which blocks of a text a role does not see: for its author, and for no build.

use std::collections::BTreeSet;
use std::sync::Arc;

use pulldown_cmark::Event as Raw;

use super::documents::{Documents, sees, sees_group};
use crate::config::Role;
use crate::diagnostics::{Diagnostics, Source};
use crate::report::markdown::Event;
use crate::report::{Block, Blocks, Document, Origin};

/// A block that a role does not see, in a text that it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HiddenBlock {
    /// The text's file.
    pub file: String,
    /// The line of the marker that opens it, from 1.
    pub line: usize,
    /// The line of the one that closes it.
    pub end: usize,
    /// What the role would need.
    pub reason: String,
    /// How many elements of the text, as the role sees it, stand before it.
    pub before: usize,
}

impl Documents {
    /// The blocks of a text that a role does not see, in their order; of blocks in one another, the outermost.
    #[must_use]
    pub fn hidden(&self, origin: &Origin, role: &Role, groups: &BTreeSet<String>) -> Vec<HiddenBlock> {
        let Some(blocks) = self.blocks(origin) else { return Vec::new() };
        let signature = blocks.signature(|block| sees(role, block, groups));
        let is_seen = |at: usize| signature.get(at) == Some(&true);
        let outermost = |(at, block): &(usize, &Block)| !is_seen(*at) && block.parent.is_none_or(is_seen);
        let source = &origin.source;
        let line = |offset| source.position(offset).line;
        blocks
            .iter()
            .enumerate()
            .filter(outermost)
            .map(|(_, block)| HiddenBlock {
                file: source.name().to_owned(),
                line: line(block.marker.start),
                end: line(block.lines().end.saturating_sub(1)),
                reason: reason(role, block, groups),
                before: elements(source, blocks, &signature, block),
            })
            .collect()
    }
}

fn reason(role: &Role, block: &Block, groups: &BTreeSet<String>) -> String {
    let mut needs: Vec<String> = block
        .groups
        .iter()
        .filter(|group| !sees_group(role, group, groups))
        .map(|group| format!("the group {group}"))
        .collect();
    needs.extend(block.tlp.filter(|tlp| *tlp > role.clearance).map(|tlp| format!("clearance for {tlp}")));
    format!("needs {}", needs.join(" and "))
}

/// How many elements the text has that is left before a block.
fn elements(source: &Arc<Source>, blocks: &Blocks, signature: &[bool], block: &Block) -> usize {
    let before = blocks.cut_before(source, signature, block);
    let document = Document::parse(&before, &mut Diagnostics::new());
    let mut depth = 0_usize;
    let mut count = 0;
    for event in document.body() {
        let stands_alone = match event {
            Event::Markdown(Raw::Start(_)) => true,
            Event::Markdown(Raw::Rule) | Event::Embedded(_) => true,
            Event::Image(image) => image.block,
            _ => false,
        };
        count += usize::from(depth == 0 && stands_alone);
        match event {
            Event::Markdown(Raw::Start(_)) => depth += 1,
            Event::Markdown(Raw::End(_)) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    count
}
