//! SHA-256, as manifests write it.

use std::fmt::Write as _;
use std::io::{self, Write};

use ring::digest::{Context, SHA256};

/// The digest and the size of what is written.
pub(super) struct Digest {
    context: Context,
    size: u64,
}

impl Default for Digest {
    fn default() -> Self {
        Self { context: Context::new(&SHA256), size: 0 }
    }
}

impl Digest {
    /// `out`, with all that goes into it noted.
    pub(super) fn of<'a>(&'a mut self, out: &'a mut dyn Write) -> impl Write + 'a {
        Witnessed { out, digest: self }
    }

    /// The digest in lower-case hexadecimal, and the size.
    pub(super) fn finish(self) -> (String, u64) {
        (hex(self.context.finish().as_ref()), self.size)
    }
}

struct Witnessed<'a> {
    out: &'a mut dyn Write,
    digest: &'a mut Digest,
}

impl Write for Witnessed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.digest.context.update(bytes.get(..written).unwrap_or(bytes));
        self.digest.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A digest in lower-case hexadecimal.
pub(super) fn hex(digest: &[u8]) -> String {
    let mut out = String::with_capacity(2 * digest.len());
    for byte in digest {
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// The digest that [`hex`] wrote; `None` for any other text.
pub(super) fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut digest = [0; 32];
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != digest.len() || !rest.is_empty() {
        return None;
    }
    for (byte, pair) in digest.iter_mut().zip(pairs) {
        let [high, low] = pair.map(|digit| char::from(digit).to_digit(16));
        *byte = u8::try_from(high? * 16 + low?).ok()?;
    }
    Some(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_written_and_read() {
        let mut digest = Digest::default();
        digest.of(&mut io::sink()).write_all(b"abc").expect("written");
        let (text, size) = digest.finish();
        // FIPS 180-4's own example.
        assert_eq!(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(size, 3);
        assert_eq!(unhex(&text).map(|digest| hex(&digest)), Some(text));
        for other in ["", "ba78", &"g".repeat(64), &"é".repeat(32), &"0".repeat(65)] {
            assert_eq!(unhex(other), None, "{other}");
        }
    }
}
