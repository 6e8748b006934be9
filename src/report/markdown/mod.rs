//! Markdown to a [`Document`]: events with spans, directives understood, ids found.

use std::collections::BTreeSet;

use crate::terms::{CveId, TechniqueId};

/// A parsed text.
#[derive(Clone, Debug, Default)]
pub struct Document {
    techniques: BTreeSet<TechniqueId>,
    vulnerabilities: BTreeSet<CveId>,
}

impl Document {
    /// The techniques that the prose (code apart) names.
    #[must_use]
    pub fn techniques(&self) -> &BTreeSet<TechniqueId> {
        &self.techniques
    }

    /// The vulnerabilities that the prose (code apart) names.
    #[must_use]
    pub fn vulnerabilities(&self) -> &BTreeSet<CveId> {
        &self.vulnerabilities
    }
}
pub struct Image {
    pub span: std::ops::Range<usize>,
}
impl Image {
    pub fn files(&self) -> Vec<&str> {
        vec![]
    }
}
impl Document {
    pub fn parse(_: &super::blocks::CutText, _: &mut crate::diagnostics::Diagnostics) -> Self {
        Self::default()
    }
    pub fn images(&self) -> Vec<Image> {
        vec![]
    }
}
