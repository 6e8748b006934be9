//! XML to a [`Drawing`].

use roxmltree::{Document, Node, ParsingOptions};

use super::allowed::{self, Verdict};
use super::drawing::{Child, Drawing, Element};
use super::place;
use super::value::{self, Value};
use crate::image::Fault;

const SVG: &str = "http://www.w3.org/2000/svg";
const XLINK: &str = "http://www.w3.org/1999/xlink";
const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// How many elements, and how deep one in another.
const MOST_NODES: u32 = 200_000;
const DEEPEST: usize = 100;

const MOST_ATTRIBUTES: usize = 500;

const REDRAW: &str = "export it as plain SVG without it, or as PNG";

/// Reads a drawing.
pub(super) fn read(text: &str) -> Result<Drawing, Fault> {
    if let Some(at) = declarations(text) {
        let what = format!("declares entities of its own ({})", place(text, at));
        return Err(active(what, REDRAW));
    }
    // The parser compares each attribute of an element with all others of it.
    if let Some((at, _)) = text.match_indices('<').find(|(at, _)| has_many_attributes(text, *at)) {
        let what = format!("has an element with more than {MOST_ATTRIBUTES} attributes ({})", place(text, at));
        return Err(Fault::new(what, REDRAW));
    }
    let options = ParsingOptions { allow_dtd: true, nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| {
        let what = format!("is not well-formed XML: {error}");
        Fault::new(what, "open it in a drawing program and export it again")
    })?;
    let root = document.root_element();
    if root.tag_name().name() != "svg" || root.tag_name().namespace() != Some(SVG) {
        let what = format!("is not what its name says: its outermost element is not an `svg` of {SVG}");
        return Err(Fault::new(what, "export it again as SVG"));
    }
    let mut drawing = Drawing::default();
    element(root, &mut drawing, 0)?;
    if drawing.elements.is_empty() {
        return Err(Fault::damaged("all of it is switched off"));
    }
    Ok(drawing)
}

/// Adds an element with all that is in it, and tells its place in the drawing; `None` where it is
/// left out.
fn element(node: Node, drawing: &mut Drawing, depth: usize) -> Result<Option<usize>, Fault> {
    let start = node.range().start;
    let place = || place(node.document().input_text(), start);
    // What editors add is in namespaces of their own.
    if node.tag_name().namespace() != Some(SVG) {
        return Ok(None);
    }
    let name = match allowed::element(node.tag_name().name()) {
        Verdict::Kept(name) => name,
        Verdict::Dropped => return Ok(None),
        Verdict::Refused => {
            return Err(active(format!("holds a `{}` ({})", node.tag_name().name(), place()), REDRAW));
        }
    };
    if depth > DEEPEST {
        return Err(Fault::new(format!("is nested more than {DEEPEST} deep ({})", place()), REDRAW));
    }
    let attributes = attributes(node)?;
    if says(&attributes, "display", &["none"]) {
        return Ok(None);
    }
    if says(&attributes, "visibility", &["hidden", "collapse"]) {
        return match node.descendants().skip(1).any(is_shown) {
            true => Err(Fault::new(format!("hides a part and shows some of it again ({})", place()), REDRAW)),
            false => Ok(None),
        };
    }
    let at = drawing.elements.len();
    drawing.elements.push(Element { name, attributes, children: Vec::new(), start });
    if let Some(id) = node.attribute("id") {
        drawing.ids.entry(id.to_owned()).or_insert(at);
    }
    let mut children = Vec::new();
    for child in node.children() {
        if child.is_element() {
            children.extend(element(child, drawing, depth + 1)?.map(Child::Element));
        } else if let Some(text) = child.text().filter(|_| child.is_text() && is_text(name)) {
            children.push(Child::Text(text.to_owned()));
        }
    }
    if let Some(element) = drawing.elements.get_mut(at) {
        element.children = children;
    }
    Ok(Some(at))
}

/// Whether an attribute says one of these words, which are the same in any case.
fn says(attributes: &Attributes, name: &str, words: &[&str]) -> bool {
    let is_said = |text: &str| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    matches!(attributes.get(name), Some(Value::Plain(text)) if is_said(text))
}

/// Whether something is drawn though it stands in what is hidden.
fn is_shown(node: Node) -> bool {
    node.is_element() && attributes(node).is_ok_and(|attributes| says(&attributes, "visibility", &["visible"]))
}

/// Where a document type has declarations of its own; without them it says nothing, and goes.
fn declarations(text: &str) -> Option<usize> {
    let start = text.find("<!DOCTYPE")?;
    let kind = text.get(start..)?;
    let end = kind.find(['[', '>'])?;
    (kind.get(end..)?.starts_with('[') || kind.contains("<!ENTITY")).then_some(start)
}

fn has_many_attributes(text: &str, at: usize) -> bool {
    let rest = text.get(at + 1..).unwrap_or_default();
    let tag = rest.split('<').next().unwrap_or_default();
    memchr::memchr_iter(b'=', tag.as_bytes()).count() > MOST_ATTRIBUTES
}

fn is_text(element: &str) -> bool {
    matches!(element, "text" | "tspan" | "textPath")
}

type Attributes = std::collections::BTreeMap<&'static str, Value>;

fn attributes(node: Node) -> Result<Attributes, Fault> {
    let mut kept = Attributes::new();
    let mut styles = None;
    for attribute in node.attributes() {
        let place = || place(node.document().input_text(), attribute.range().start);
        let written = match attribute.namespace() {
            None => attribute.name().to_owned(),
            Some(XLINK) if attribute.name() == "href" => "href".to_owned(),
            Some(XML) if attribute.name() == "space" => "xml:space".to_owned(),
            Some(_) => continue,
        };
        if written.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("on")) {
            return Err(active(format!("holds an event attribute `{written}` ({})", place()), REDRAW));
        }
        let Some(name) = allowed::attribute(&written) else { continue };
        if name == "style" {
            styles = Some(attribute);
            continue;
        }
        let value = if name == "href" {
            value::anchor(attribute.value()).map(|id| Value::Reference(id.to_owned(), String::new()))
        } else {
            value::read(attribute.value())
        };
        let value = value.ok_or_else(|| leads_out(name, &place()))?;
        // An element that has both means `href`.
        if attribute.namespace() == Some(XLINK) {
            kept.entry(name).or_insert(value);
        } else {
            kept.insert(name, value);
        }
    }
    // Style is stronger than attributes.
    if let Some(style) = styles {
        let place = || place(node.document().input_text(), style.range().start);
        for (name, text) in value::declarations(style.value()) {
            let Some(name) = allowed::property(&name) else { continue };
            kept.insert(name, value::read(text).ok_or_else(|| leads_out(name, &place()))?);
        }
    }
    Ok(kept)
}

fn leads_out(name: &str, place: &str) -> Fault {
    active(format!("has a value of `{name}` that is not allowed or leads out of the file ({place})"), REDRAW)
}

fn active(what: String, advice: &'static str) -> Fault {
    Fault { what, advice, active: true }
}
