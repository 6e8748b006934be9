//! What an SVG may hold.

/// Elements that draw, or say how something is drawn.
const ELEMENTS: [&str; 22] = [
    "circle",
    "clipPath",
    "defs",
    "ellipse",
    "g",
    "line",
    "linearGradient",
    "marker",
    "mask",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "stop",
    "svg",
    "symbol",
    "text",
    "textPath",
    "tspan",
    "use",
];

/// Elements that say something about the drawing and draw nothing.
const SILENT: [&str; 3] = ["desc", "metadata", "title"];

/// Attributes that say where something stands, and its measures.
const GEOMETRY: [&str; 47] = [
    "clipPathUnits",
    "cx",
    "cy",
    "d",
    "dx",
    "dy",
    "fr",
    "fx",
    "fy",
    "gradientTransform",
    "gradientUnits",
    "height",
    "lengthAdjust",
    "markerHeight",
    "markerUnits",
    "markerWidth",
    "maskContentUnits",
    "maskUnits",
    "offset",
    "orient",
    "pathLength",
    "patternContentUnits",
    "patternTransform",
    "patternUnits",
    "points",
    "preserveAspectRatio",
    "r",
    "refX",
    "refY",
    "rotate",
    "rx",
    "ry",
    "spreadMethod",
    "startOffset",
    "textLength",
    "transform",
    "viewBox",
    "width",
    "x",
    "x1",
    "x2",
    "y",
    "y1",
    "y2",
    "xml:space",
    "href",
    "style",
];

/// Attributes that are also properties of style.
const LOOKS: [&str; 43] = [
    "alignment-baseline",
    "baseline-shift",
    "clip-path",
    "clip-rule",
    "color",
    "direction",
    "display",
    "dominant-baseline",
    "fill",
    "fill-opacity",
    "fill-rule",
    "font-family",
    "font-size",
    "font-stretch",
    "font-style",
    "font-variant",
    "font-weight",
    "letter-spacing",
    "marker-end",
    "marker-mid",
    "marker-start",
    "mask",
    "opacity",
    "overflow",
    "paint-order",
    "shape-rendering",
    "stop-color",
    "stop-opacity",
    "stroke",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-opacity",
    "stroke-width",
    "text-anchor",
    "text-decoration",
    "text-rendering",
    "unicode-bidi",
    "vector-effect",
    "visibility",
    "word-spacing",
];

/// What is made of an element.
pub(super) enum Verdict {
    /// It is kept, under this name.
    Kept(&'static str),
    /// It goes, with all that is in it.
    Dropped,
    /// It may not be there.
    Refused,
}

pub(super) fn element(name: &str) -> Verdict {
    if let Some(name) = ELEMENTS.into_iter().find(|element| *element == name) {
        Verdict::Kept(name)
    } else if SILENT.contains(&name) {
        Verdict::Dropped
    } else {
        Verdict::Refused
    }
}

/// The attribute of this name, if it says how something is drawn.
pub(super) fn attribute(name: &str) -> Option<&'static str> {
    GEOMETRY.into_iter().find(|known| *known == name).or_else(|| property(name))
}

/// The property of style of this name that may also be an attribute.
pub(super) fn property(name: &str) -> Option<&'static str> {
    LOOKS.into_iter().find(|known| *known == name)
}
