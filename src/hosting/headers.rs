//! What every response says beside its body, whichever server gives it.

/// The policy of an SVG file opened as a page of its own. It may draw; it may do nothing else.
pub(super) const SVG_POLICY: &str = "default-src 'none'; style-src 'self'; sandbox";

/// Headers with one value for every response. Why each: `docs/hosting.md`.
pub(super) const HEADERS: [(&str, &str); 9] = [
    ("Cross-Origin-Embedder-Policy", "require-corp"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), usb=(), payment=(), browsing-topics=()"),
    ("Referrer-Policy", "no-referrer"),
    ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("X-Robots-Tag", "noindex, nofollow, noarchive"),
];

/// Files that are saved and not shown: endings.
pub(super) const DOWNLOADS: [&str; 2] = ["csv", "json"];

/// A kind of file.
pub(super) struct MediaType {
    /// The endings of its names.
    pub(super) endings: &'static [&'static str],
    /// Its type.
    pub(super) name: &'static str,
    /// Whether it is text, all of which is UTF-8.
    pub(super) text: bool,
}

/// Every kind of file that a build may hold. Another is bytes without a meaning.
pub(super) const TYPES: [MediaType; 15] = [
    text(&["html"], "text/html"),
    text(&["css"], "text/css"),
    text(&["js"], "text/javascript"),
    text(&["json"], "application/json"),
    text(&["csv"], "text/csv"),
    text(&["xml"], "application/atom+xml"),
    text(&["svg"], "image/svg+xml"),
    text(&["txt"], "text/plain"),
    binary(&["png"], "image/png"),
    binary(&["jpg", "jpeg"], "image/jpeg"),
    binary(&["gif"], "image/gif"),
    binary(&["webp"], "image/webp"),
    binary(&["avif"], "image/avif"),
    binary(&["ico"], "image/x-icon"),
    binary(&["woff2"], "font/woff2"),
];

/// The `Content-Type` of a file of a build, by the ending of its path in whatever case, as servers read it.
#[must_use]
pub fn content_type(path: &str) -> String {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    match TYPES.iter().find(|kind| kind.endings.contains(&ending.as_str())) {
        Some(kind) if kind.text => format!("{}; charset=utf-8", kind.name),
        Some(kind) => kind.name.to_owned(),
        None => "application/octet-stream".to_owned(),
    }
}

const fn text(endings: &'static [&'static str], name: &'static str) -> MediaType {
    MediaType { endings, name, text: true }
}

const fn binary(endings: &'static [&'static str], name: &'static str) -> MediaType {
    MediaType { endings, name, text: false }
}
