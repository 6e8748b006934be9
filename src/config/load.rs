//! The file to a [`Site`].

use std::path::Path;
use std::sync::Arc;

use super::keys::{CONFIGURATION, DAYS_FRESH, DAYS_OF_TREND, LINKS, ROWS_DOWNLOADED, ROWS_SHOWN};
use super::{Links, Site, role};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source, read_plain};
use crate::terms::{ConfigurationId, Tlp};
use crate::yaml::{self, Map};

/// The file's name.
pub const FILE_NAME: &str = "threatpress.yaml";
/// So many bytes of it are read at most.
const LARGEST: u64 = 16 << 20;

/// Reads the configuration of the site in `root`. `None` when something in it is wrong;
/// `diagnostics` then says all that is.
pub fn load(root: &Path, diagnostics: &mut Diagnostics) -> Option<Site> {
    let bytes = match read_plain(&root.join(FILE_NAME), LARGEST) {
        Ok(bytes) => bytes,
        Err(error) => {
            diagnostics.push(unreadable(root, &error));
            return None;
        }
    };
    let Ok(text) = String::from_utf8(bytes) else {
        let message = format!("{FILE_NAME} is not UTF-8 text");
        diagnostics.push(Diagnostic::error(Code::NotUtf8, message).in_file(FILE_NAME).hint("save it as UTF-8"));
        return None;
    };
    parse(root, &Source::new(FILE_NAME, text.trim_start_matches('\u{feff}')), diagnostics)
}

fn unreadable(root: &Path, error: &std::io::Error) -> Diagnostic {
    if root.is_file() {
        Diagnostic::error(Code::NoConfiguration, "a site is a directory, and this is a file")
            .in_file(root.display().to_string())
            .hint("name the directory that the file stands in")
    } else if error.kind() == std::io::ErrorKind::NotFound {
        let message = format!("there is no {FILE_NAME} in {}", root.display());
        Diagnostic::error(Code::NoConfiguration, message)
            .hint("run the command in the site's directory, or name it with --site DIR")
    } else {
        Diagnostic::error(Code::Unreadable, format!("cannot read the configuration: {error}")).in_file(FILE_NAME)
    }
}

fn parse(root: &Path, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<Site> {
    let before = diagnostics.count(crate::diagnostics::Severity::Error);
    let node = yaml::parse(source, 0..source.text().len(), diagnostics)?;
    let mut map = Map::open(source, &node, &CONFIGURATION, diagnostics)?;
    let title = map.required_text("title", "what the portal is called", diagnostics);
    let base_url = map
        .require("base_url", "the absolute address of the portal, as https://threats.example/", diagnostics)
        .and_then(|node| yaml::value(source, node, "base_url", URL_FORM, diagnostics, base_url));
    let language = map.value("language", "a language tag, as `en` or `pt-BR`", diagnostics, language);
    let theme = map.value("theme", "the name of a directory in themes/", diagnostics, |text| {
        crate::terms::is_slug(text).then(|| text.to_owned())
    });
    let snapshots = map.text("snapshots", diagnostics);
    let freshness_days = number(&mut map, "freshness_days", "days", DAYS_FRESH, diagnostics);
    let trend_days = number(&mut map, "trend_days", "days", DAYS_OF_TREND, diagnostics);
    let default_tlp = map.value("default_tlp", Tlp::FORM, diagnostics, Tlp::parse);
    let antivirus = map.texts("antivirus_configurations", diagnostics);
    let group_ranks = map.texts("group_ranks", diagnostics);
    let device_rows = number(&mut map, "device_rows", "rows", ROWS_SHOWN, diagnostics);
    let download_rows = number(&mut map, "download_rows", "rows", ROWS_DOWNLOADED, diagnostics);
    let links = links(&mut map, diagnostics);
    let roles = map.require("roles", "with at least one role", diagnostics);
    let roles = roles.map(|node| role::all(source, node, base_url.as_deref().unwrap_or("/"), diagnostics));
    map.finish(diagnostics);
    if diagnostics.count(crate::diagnostics::Severity::Error) > before {
        return None;
    }
    Some(Site {
        root: root.to_owned(),
        source: Arc::clone(source),
        title: title?,
        base_url: base_url?,
        language: language.unwrap_or_else(|| "en".to_owned()),
        theme: theme.unwrap_or_else(|| "default".to_owned()),
        snapshots: root.join(snapshots.as_deref().unwrap_or("content/snapshots")),
        freshness_days: freshness_days.unwrap_or(7),
        trend_days: trend_days.unwrap_or(30),
        default_tlp: default_tlp.unwrap_or(Tlp::Red),
        antivirus_configurations: antivirus.iter().map(|(id, _)| ConfigurationId::fold(id)).collect(),
        group_ranks: group_ranks.into_iter().map(|(name, _)| name).collect(),
        device_rows: device_rows.unwrap_or(500) as usize,
        download_rows: download_rows.unwrap_or(50_000) as usize,
        links,
        roles: roles?,
    })
}

pub(super) const URL_FORM: &str = "an absolute http or https address without `?` and `#`";

/// An absolute address of a directory, with `/` at the end.
pub(super) fn base_url(text: &str) -> Option<String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '?' | '#' | '"' | '<' | '>' | '\\' | '`' | '{' | '}');
    let valid = !rest.is_empty() && !rest.starts_with('/') && rest.chars().all(plain);
    valid.then(|| if text.ends_with('/') { text.to_owned() } else { format!("{text}/") })
}

fn language(text: &str) -> Option<String> {
    let valid =
        text.split('-').all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    (valid && text.as_bytes()[0].is_ascii_alphabetic()).then(|| text.to_owned())
}

/// A whole number of so many `things`, from the least to the most.
fn number(
    map: &mut Map<'_>,
    key: &'static str,
    things: &str,
    (least, most): (u32, u32),
    diagnostics: &mut Diagnostics,
) -> Option<u32> {
    let form = format!("a number of {things}, {least} to {most}");
    map.value(key, &form, diagnostics, |text| text.parse().ok().filter(|number| (least..=most).contains(number)))
}

fn links(map: &mut Map<'_>, diagnostics: &mut Diagnostics) -> Links {
    let Some(node) = map.get("links") else {
        return Links::default();
    };
    let Some(mut map) = Map::open(map.source(), node, &LINKS, diagnostics) else {
        return Links::default();
    };
    let mut link = |key| {
        map.value(key, "an http or https address with `{id}` in it", diagnostics, |text| {
            let address = text.replacen("{id}", "id", 1);
            (address != text && (address.starts_with("https://") || address.starts_with("http://")))
                .then(|| text.to_owned())
        })
    };
    let links = Links {
        device: link("device"),
        incident: link("incident"),
        alert: link("alert"),
        vulnerability: link("vulnerability"),
        technique: link("technique"),
    };
    map.finish(diagnostics);
    links
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::GroupSelection;

    fn read(text: &str) -> (Option<Site>, Vec<String>) {
        let mut diagnostics = Diagnostics::new();
        let site = parse(Path::new("."), &Source::new(FILE_NAME, text), &mut diagnostics);
        (site, diagnostics.iter().map(|d| format!("{} {}", d.code, d.message)).collect())
    }

    const HEAD: &str = "title: T\nbase_url: https://t.example\nroles:\n";

    #[test]
    fn what_is_left_out_is_the_narrowest() {
        let (site, told) =
            read(&format!("{HEAD}  a: {{}}\n  b:\n    groups: []\n  c: {{groups: all, clearance: TLP:RED}}\n"));
        let site = site.unwrap_or_else(|| panic!("{told:?}"));
        assert_eq!((site.freshness_days, site.trend_days, site.default_tlp), (7, 30, Tlp::Red));
        assert_eq!(site.base_url, "https://t.example/");
        for role in &site.roles[..2] {
            assert_eq!(role.groups, GroupSelection::Listed([].into()));
            assert_eq!(role.clearance, Tlp::Clear);
        }
        assert!(site.roles[2].groups.is_all());
    }

    #[test]
    fn every_problem_is_told_in_one_run() {
        let (site, told) = read(
            "titel: x\nbase_url: ftp://x\nfreshness_days: 0\nroles:\n  CON: {}\n  a: {groups: [all], clearence: red}\n",
        );
        assert!(site.is_none());
        for part in [
            "`title` is missing",
            "`base_url` cannot be",
            "`freshness_days` cannot be",
            "unknown key `titel`",
            "`CON`",
            "`all`",
            "unknown key `clearence`",
        ] {
            assert!(told.iter().any(|line| line.contains(part)), "{part}: {told:#?}");
        }
    }

    #[test]
    fn roles_that_would_share_a_directory_are_refused() {
        let (site, told) = read(&format!("{HEAD}  a: {{}}\n  A: {{}}\n"));
        assert!(site.is_none() && told.iter().any(|line| line.starts_with("TP0101")), "{told:?}");
    }
}
