//! The profiles that are part of the program.

/// The names of the sources that need no file; `native` is no profile.
pub(in crate::snapshot) const NAMES: [&str; 4] = ["native", "defender-hunting", "defender-export", "ocsf"];

/// The text of a profile that is part of the program.
pub(in crate::snapshot) fn shipped(name: &str) -> Option<&'static str> {
    match name {
        "defender-hunting" => Some(include_str!("defender-hunting.yaml")),
        "defender-export" => Some(include_str!("defender-export.yaml")),
        "ocsf" => Some(include_str!("ocsf.yaml")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::{Diagnostics, Source};

    #[test]
    fn what_is_shipped_is_sound() {
        for name in NAMES.iter().skip(1) {
            let text = shipped(name).expect("a text");
            let mut told = Diagnostics::new();
            let profile = super::super::read(&Source::new(*name, text), &mut told);
            assert!(profile.is_some() && told.is_empty(), "{name}: {told:?}");
        }
    }
}
