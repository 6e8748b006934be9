//! Numbers as a reader sees them.

use serde::Serialize;

/// A count that is known, and how it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Number {
    /// The count.
    pub value: u64,
    /// The count with its thousands apart.
    pub text: String,
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self { value, text: grouped(value) }
    }
}

/// A count with narrow no-break spaces between its thousands.
#[must_use]
pub fn grouped(value: u64) -> String {
    in_threes(value, '\u{202f}')
}

/// A count with a mark between its thousands.
#[must_use]
pub fn in_threes(value: u64, mark: char) -> String {
    let digits = value.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(mark);
        }
        out.push(digit);
    }
    out
}

/// "1 device", "2 devices".
#[must_use]
pub fn counted(value: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(value), agreeing(value, one, many))
}

/// The form of a word that goes with a count: "is", "are".
#[must_use]
pub(super) fn agreeing<'a>(value: u64, one: &'a str, many: &'a str) -> &'a str {
    if value == 1 { one } else { many }
}

/// `part` of `whole` in per cent, cut to an integer: what is not quite nothing reads "<1 %",
/// what is not quite all ">99 %". Of nothing there is no share.
#[must_use]
pub fn percent(part: u64, whole: u64) -> Option<String> {
    if whole == 0 {
        return None;
    }
    let hundredfold = u128::from(part) * 100;
    let whole = u128::from(whole);
    Some(match hundredfold / whole {
        0 if part > 0 => "<1 %".to_owned(),
        99 if hundredfold > 99 * whole => ">99 %".to_owned(),
        cut => format!("{cut} %"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_234_567), "1\u{202f}234\u{202f}567");
    }

    #[test]
    fn percentages_are_cut_and_never_flatter() {
        let shown = |part, whole| percent(part, whole).expect("a share");
        assert_eq!(shown(0, 1000), "0 %");
        assert_eq!(shown(1, 1000), "<1 %");
        assert_eq!(shown(10, 1000), "1 %");
        assert_eq!(shown(199, 1000), "19 %");
        assert_eq!(shown(990, 1000), "99 %");
        assert_eq!(shown(991, 1000), ">99 %");
        assert_eq!(shown(1000, 1000), "100 %");
        assert_eq!(shown(u64::MAX - 1, u64::MAX), ">99 %");
        assert_eq!(percent(0, 0), None);
    }
}
