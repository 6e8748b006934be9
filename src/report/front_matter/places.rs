//! Where front matter names what only the rest of the site can judge.

use std::ops::Range;

use crate::diagnostics::Diagnostics;
use crate::terms::{ConfigurationId, CveId, Moment, TechniqueId};
use crate::yaml::Map;

/// Names of front matter with their bytes in the author's file, for messages and nothing else.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The techniques.
    pub techniques: Vec<(TechniqueId, Range<usize>)>,
    /// The vulnerabilities.
    pub vulnerabilities: Vec<(CveId, Range<usize>)>,
    /// The configurations.
    pub configurations: Vec<(ConfigurationId, Range<usize>)>,
    /// The slug, where it is given.
    pub slug: Option<Range<usize>>,
    /// The former slugs.
    pub redirects: Vec<(String, Range<usize>)>,
    /// The tags.
    pub tags: Vec<(String, Range<usize>)>,
    /// The attack surfaces.
    pub attack_surfaces: Vec<(String, Range<usize>)>,
    /// `published` and `updated`, where they are given.
    pub dates: Vec<(&'static str, Moment, Range<usize>)>,
    /// The addresses of the sources.
    pub references: Vec<(String, Range<usize>)>,
}

/// Reads the keys a second time. What is wrong with them has been told the first time.
pub(super) fn read(map: &mut Map<'_>) -> Places {
    let mut told = Diagnostics::new();
    let techniques = map.texts("techniques", &mut told).into_iter();
    let vulnerabilities = map.texts("vulnerabilities", &mut told).into_iter();
    let tags = map.texts("tags", &mut told).into_iter();
    let redirects = map.texts("redirects", &mut told).into_iter();
    let redirects = redirects.map(|(slug, node)| (slug, node.span.clone())).collect();
    let surfaces = map.texts("attack_surfaces", &mut told).into_iter();
    let configurations = map.list("configurations").iter().filter_map(|node| {
        let id = node.get("id").unwrap_or(node);
        Some((ConfigurationId::fold(id.text()?), id.span.clone()))
    });
    let references = map.list("references").iter().filter_map(|node| {
        let url = node.get("url")?;
        Some((url.text()?.to_owned(), url.span.clone()))
    });
    let references = references.collect();
    let dates = ["published", "updated"].into_iter().filter_map(|key| {
        let node = map.get(key)?;
        Some((key, Moment::parse(node.text()?)?, node.span.clone()))
    });
    Places {
        dates: dates.collect(),
        references,
        redirects,
        slug: map.get("slug").map(|node| node.span.clone()),
        configurations: configurations.collect(),
        techniques: techniques.filter_map(|(id, node)| Some((TechniqueId::parse(&id)?, node.span.clone()))).collect(),
        vulnerabilities: vulnerabilities
            .filter_map(|(id, node)| Some((CveId::parse(&id)?, node.span.clone())))
            .collect(),
        tags: tags.map(|(tag, node)| (tag, node.span.clone())).collect(),
        attack_surfaces: surfaces.map(|(surface, node)| (surface, node.span.clone())).collect(),
    }
}
