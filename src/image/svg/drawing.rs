//! An SVG with nothing in it but what is drawn.

use std::collections::BTreeMap;

use super::place;
use super::value::Value;
use crate::image::Fault;

/// So much may a drawing be when everything it uses several times is counted several times.
const HEAVIEST: u64 = 200_000;
/// So many elements may stand in one another or be used through one another.
const LONGEST_CHAIN: usize = 500;

/// The elements of a drawing; the first is the outermost.
#[derive(Debug, Default)]
pub(super) struct Drawing {
    pub(super) elements: Vec<Element>,
    /// The element of each id: of several, the first.
    pub(super) ids: BTreeMap<String, usize>,
}

#[derive(Debug)]
pub(super) struct Element {
    pub(super) name: &'static str,
    pub(super) attributes: BTreeMap<&'static str, Value>,
    pub(super) children: Vec<Child>,
    /// The byte of the file at which it begins.
    pub(super) start: usize,
}

#[derive(Debug)]
pub(super) enum Child {
    /// An element, by its place in the list.
    Element(usize),
    Text(String),
}

impl Element {
    /// The ids of what it is drawn with.
    pub(super) fn references(&self) -> impl Iterator<Item = &str> {
        self.attributes.values().filter_map(|value| match value {
            Value::Reference(id, _) => Some(id.as_str()),
            Value::Plain(_) => None,
        })
    }

    fn plain(&self, name: &str) -> Option<&str> {
        match self.attributes.get(name)? {
            Value::Plain(text) => Some(text),
            Value::Reference(..) => None,
        }
    }
}

impl Drawing {
    /// Counts what a browser has to draw.
    ///
    /// # Errors
    /// Something is drawn with itself, with what is not there, or so often that a page would hang.
    pub(super) fn weigh(&self, text: &str) -> Result<(), Fault> {
        let mut weights = vec![Weight::Unknown; self.elements.len()];
        let weight = self
            .weight(0, &mut weights, 0)
            .map_err(|(what, at)| Fault::new(format!("{what} ({})", place(text, at)), "export it as PNG"))?;
        if weight > HEAVIEST {
            let what = format!("draws {weight} things, more than {HEAVIEST}: it uses some of them very often");
            return Err(Fault::new(what, "export it as PNG"));
        }
        Ok(())
    }

    /// The weight of an element, or what is wrong with it and the byte where it begins.
    fn weight(&self, at: usize, weights: &mut [Weight], depth: usize) -> Result<u64, (String, usize)> {
        let (Some(element), Some(known)) = (self.elements.get(at), weights.get_mut(at)) else { return Ok(0) };
        let wrong = |what: &str| (what.to_owned(), element.start);
        match known {
            Weight::Known(weight) => return Ok(*weight),
            Weight::UnderWay => return Err(wrong("draws something with itself")),
            Weight::Unknown if depth > LONGEST_CHAIN => {
                return Err(wrong("uses one thing through another too many times"));
            }
            Weight::Unknown => *known = Weight::UnderWay,
        }
        let mut weight: u64 = 1;
        for child in &element.children {
            if let Child::Element(child) = child {
                weight = weight.saturating_add(self.weight(*child, weights, depth + 1)?);
            }
        }
        for id in element.references() {
            let target = self.ids.get(id);
            let target = target.ok_or_else(|| wrong(&format!("uses `#{id}`, which is not in it or switched off")))?;
            weight = weight.saturating_add(self.weight(*target, weights, depth + 1)?);
        }
        if let Some(known) = weights.get_mut(at) {
            *known = Weight::Known(weight);
        }
        Ok(weight)
    }

    /// Width and height as the drawing itself says them, in whole pixels.
    pub(super) fn size(&self) -> Option<(u32, u32)> {
        let outermost = self.elements.first()?;
        let length = |name| pixels(outermost.plain(name)?);
        let mut area = outermost.plain("viewBox").unwrap_or_default().split([' ', ',']).filter(|part| !part.is_empty());
        let drawn = (area.nth(2).and_then(pixels), area.next().and_then(pixels));
        length("width").zip(length("height")).or(drawn.0.zip(drawn.1))
    }
}

/// A length in pixels, rounded up. Other units, and what no screen has, are none.
fn pixels(text: &str) -> Option<u32> {
    let length: f64 = text.trim().trim_end_matches("px").parse().ok()?;
    (1.0..=100_000.0).contains(&length).then(|| length.ceil() as u32)
}

#[derive(Clone, Copy)]
enum Weight {
    Unknown,
    UnderWay,
    Known(u64),
}
