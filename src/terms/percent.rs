//! Percent-encoding (RFC 3986).

use std::fmt::Write as _;

/// `text` for an address: every byte but letters, digits, `-._~` and those `kept` as `%` and two
/// hexadecimal digits.
#[must_use]
pub fn percent_encoded(text: &str, kept: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || kept.contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
