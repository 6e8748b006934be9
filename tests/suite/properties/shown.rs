//! What a reader sees of markup: its text, without what only a renderer adds.

use html5ever::tendril::TendrilSink as _;
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// Classes of what is added: anchors, titles of callouts, boxes of tasks, numbers of footnotes, and the
/// ways back from them; live figures, and what stands for a picture that is not there.
const ADDED: [&str; 11] = [
    "heading-anchor",
    "callout-title",
    "markdown-alert-title",
    "task",
    "footnote-ref",
    "footnote-back",
    "footnote-backref",
    "figure",
    "image-missing",
    "empty",
    "anchor",
];
/// Elements within a line.
const INLINE: [&str; 8] = ["a", "em", "strong", "del", "code", "span", "sup", "img"];

/// The text of markup. Blocks and cells are parted by spaces, whatever stands between their tags.
pub(crate) fn text(markup: &str) -> String {
    let dom = html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(markup);
    let mut text = String::new();
    gather(&dom.document, &mut text);
    text
}

fn gather(node: &Handle, text: &mut String) {
    let mut block = false;
    match &node.data {
        NodeData::Text { contents } => text.push_str(&contents.borrow()),
        NodeData::Element { name, attrs, .. } => {
            let attrs = attrs.borrow();
            let class = attrs.iter().find(|a| &*a.name.local == "class").map(|a| a.value.to_string());
            let added = class.is_some_and(|class| class.split(' ').any(|class| ADDED.contains(&class)));
            // Of code blocks and images that carry a caption, the caption is ours.
            if added || matches!(&*name.local, "figcaption" | "input") {
                return;
            }
            block = !INLINE.contains(&&*name.local);
        }
        _ => {}
    }
    text.extend(block.then_some(' '));
    for child in node.children.borrow().iter() {
        gather(child, text);
    }
    text.extend(block.then_some(' '));
}
