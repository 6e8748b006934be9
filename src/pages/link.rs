//! Where a link leads.

use serde::Serialize;

use crate::terms::percent_encoded;

/// A destination, safe to stand in an `href`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Link {
    /// For a page of this build, its path from the root (no `/` in front); else the whole address.
    pub href: String,
    /// Whether it leads outside the build.
    pub outside: bool,
}

impl Link {
    /// A page or file of this build, by its path from the root.
    #[must_use]
    pub fn inside(path: &str) -> Self {
        Self { href: percent_encoded(path, b"/#"), outside: false }
    }

    /// An address outside, if it is one of the web.
    #[must_use]
    pub fn outside(address: &str) -> Option<Self> {
        let address = address.trim();
        let scheme = address.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
        matches!(scheme.as_deref(), Some("http" | "https"))
            .then(|| Self { href: percent_encoded(address, RESERVED), outside: true })
    }

    /// The address that a template of the site's `links` gives an id, if the site has one.
    #[must_use]
    pub fn of(template: Option<&String>, id: &str) -> Option<Self> {
        Self::outside(&template?.replace("{id}", &percent_encoded(id, b"")))
    }
}

/// What may stand in an address beside letters, digits and `-._~`: RFC 3986's reserved
/// characters, and `%` because an address is already encoded.
const RESERVED: &[u8] = b":/?#[]@!$&'()*+,;=%";

/// The same, as far as it may stand in what follows a `?`.
pub(super) const IN_QUERY: &[u8] = b":/?@!$&'()*+,;=%";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_id_stays_inside_its_place() {
        let template = "https://security.example/machines/{id}?tab=x".to_owned();
        let link = Link::of(Some(&template), "a/b?c=\"<é").expect("a link");
        assert_eq!(link.href, "https://security.example/machines/a%2Fb%3Fc%3D%22%3C%C3%A9?tab=x");
        assert_eq!(Link::of(None, "a"), None);
    }

    #[test]
    fn only_the_web_is_linked() {
        for bad in ["javascript:alert(1)", "data://x", "//evil.example", "file:///etc", ""] {
            assert_eq!(Link::outside(bad), None, "{bad}");
        }
        assert_eq!(Link::inside("groups/zürich/").href, "groups/z%C3%BCrich/");
    }
}
