//! Which way up a photograph is: all that is read of Exif, and of it only this one number.

/// Reads a TIFF header and the first directory after it, as Exif has them. `None` where the
/// picture is to be shown as it is stored.
pub(super) fn of(tiff: &[u8]) -> Option<u8> {
    const ORIENTATION: u16 = 0x0112;
    const SHORT: u16 = 3;
    let little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes = *tiff.get(at..)?.first_chunk()?;
        Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let bytes = *tiff.get(4..)?.first_chunk()?;
    let start = if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) } as usize;
    let count = usize::from(short(start)?);
    let entry = (0..count)
        .map(|number| start.saturating_add(2 + 12 * number))
        .find(|at| short(*at) == Some(ORIENTATION))
        .filter(|at| short(*at + 2) == Some(SHORT))?;
    u8::try_from(short(entry + 8)?).ok().filter(|value| (2..=8).contains(value))
}

/// The segment of a JPEG that says an orientation and nothing else.
pub(super) fn exif(orientation: u8) -> Vec<u8> {
    let mut out = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    out.extend([orientation, 0, 0, 0, 0, 0, 0]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for orientation in 2..=8 {
            assert_eq!(of(&exif(orientation)[6..]), Some(orientation));
        }
        assert_eq!(of(&exif(1)[6..]), None);
        assert_eq!(of(&exif(9)[6..]), None);
        let little = b"II*\0\x08\0\0\0\x02\0\x0f\x01\x02\0\x01\0\0\0\0\0\0\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        assert_eq!(of(little), Some(6));
    }

    #[test]
    fn nonsense_says_nothing() {
        for nonsense in
            [&b""[..], b"II*\0", b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff\x01\x12", b"XX*\0\x08\0\0\0"]
        {
            assert_eq!(of(nonsense), None, "{nonsense:?}");
        }
    }
}
