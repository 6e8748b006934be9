//! A value in a file: under a heading that names the format, with a digest that tells damage.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The format of everything that is kept; another number is another format.
const HEADING: &[u8] = b"threatpress index 3\n";

/// The bytes of a value; `None` for one that cannot be kept.
pub(super) fn pack(value: &impl Serialize) -> Option<Vec<u8>> {
    let body = postcard::to_allocvec(value).ok()?;
    Some([HEADING, blake3::hash(&body).as_bytes(), &body].concat())
}

/// The value that `bytes` hold; `None` where they are damaged or of another format.
pub(super) fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let rest = bytes.strip_prefix(HEADING)?;
    let (digest, body) = rest.split_first_chunk::<{ blake3::OUT_LEN }>()?;
    let mut hasher = blake3::Hasher::new();
    hasher.update_rayon(body);
    if hasher.finalize() != *digest {
        return None;
    }
    postcard::from_bytes(body).ok()
}
