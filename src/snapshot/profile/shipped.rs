//! The profiles that are part of the program.

use crate::diagnostics::{Diagnostics, Source};

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

/// A source whose profile is part of the program.
#[derive(Debug)]
pub struct ShippedSource {
    /// What `source` says.
    pub name: &'static str,
    /// Its tables.
    pub tables: Vec<String>,
    /// Those of them that devices come from.
    pub devices: Vec<String>,
}

/// The sources whose profiles are part of the program.
#[must_use]
pub fn shipped_sources() -> Vec<ShippedSource> {
    let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
    let source = |name: &'static str| {
        let profile = super::read(&Source::new(name, shipped(name)?), &mut Diagnostics::new())?;
        let devices = profile.sources("devices").into_iter().collect();
        Some(ShippedSource { name, tables: owned(profile.names()), devices: owned(devices) })
    };
    NAMES.into_iter().filter_map(source).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
