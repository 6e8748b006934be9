//! Decimal fractions as integers: no figure is a floating-point number.

/// The number that `text` writes in decimals, perhaps with an exponent (`0.25`, `5e-05`), in units of
/// 10^-`places`. Digits beyond those are cut.
pub(super) fn units(text: &str, places: i32) -> Option<u64> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let sound = !whole.is_empty() && digits.len() <= 30 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let shift = places.checked_add(exponent)?.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    let number: u128 = if sound { digits.parse().ok()? } else { return None };
    let power = 10_u128.checked_pow(shift.unsigned_abs());
    let units = match power {
        Some(power) if shift >= 0 => number.checked_mul(power)?,
        Some(power) => number / power,
        // So small that nothing is left, or so great that it is no number of ours.
        None if shift < 0 || number == 0 => 0,
        None => return None,
    };
    u64::try_from(units).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_exactly_and_cut() {
        for (text, read) in [
            ("0.94358", 943_580_000),
            ("1", 1_000_000_000),
            ("1.0", 1_000_000_000),
            ("5e-05", 50_000),
            ("1.5E-1", 150_000_000),
            ("0.0000000019", 1),
            ("0e99", 0),
            ("1e-99", 0),
        ] {
            assert_eq!(units(text, 9), Some(read), "{text}");
        }
        for bad in ["", ".5", "-1", "+1", "1e", "1e99", "NaN", "0,5", "1.2.3", " 1", "1e2147483647"] {
            assert_eq!(units(bad, 9), None, "{bad}");
        }
    }
}
