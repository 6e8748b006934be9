//! Kinds of indicators of compromise.

use serde::Serialize;

macro_rules! types {
    ($($(#[doc = $doc:literal])+ $name:ident = $word:literal, $label:literal;)+) => {
        /// What an indicator is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub enum IndicatorType { $($(#[doc = $doc])+ #[serde(rename = $word)] $name,)+ }

        impl IndicatorType {
            /// Every type.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The word of front matter and CSV.
            #[must_use]
            pub fn word(self) -> &'static str { match self { $(Self::$name => $word,)+ } }

            /// The words a page shows.
            #[must_use]
            pub fn label(self) -> &'static str { match self { $(Self::$name => $label,)+ } }
        }
    };
}

types! {
    /// An IPv4 address.
    Ipv4 = "ipv4", "IPv4 address";
    /// An IPv6 address.
    Ipv6 = "ipv6", "IPv6 address";
    /// A domain name.
    Domain = "domain", "Domain";
    /// A URL.
    Url = "url", "URL";
    /// An e-mail address.
    Email = "email", "E-mail address";
    /// A file's name.
    FileName = "file_name", "File name";
    /// A file's path.
    FilePath = "file_path", "File path";
    /// An MD5 digest.
    Md5 = "md5", "MD5";
    /// A SHA-1 digest.
    Sha1 = "sha1", "SHA-1";
    /// A SHA-256 digest.
    Sha256 = "sha256", "SHA-256";
    /// A registry key.
    RegistryKey = "registry_key", "Registry key";
    /// A process name or command line.
    Process = "process", "Process";
    /// A certificate.
    Certificate = "certificate", "Certificate";
    /// Something else.
    Other = "other", "Other";
}

/// An indicator as a machine writes it, whichever of the usual ways it was defanged in:
/// `hxxps[:]//login[.]example(dot)net` means `https://login.example.net`.
#[must_use]
pub fn refanged(value: &str) -> String {
    const SIGNS: [(&str, &str); 12] = [
        ("[.]", "."),
        ("(.)", "."),
        ("{.}", "."),
        ("[dot]", "."),
        ("(dot)", "."),
        ("[:]", ":"),
        ("[://]", "://"),
        ("[/]", "/"),
        ("[@]", "@"),
        ("(@)", "@"),
        ("[at]", "@"),
        ("(at)", "@"),
    ];
    let mut live = value.trim().to_owned();
    for (defanged, sign) in SIGNS {
        live = replaced(&live, defanged, sign);
    }
    let scheme = live.split_once("://").map(|(scheme, rest)| (scheme.to_ascii_lowercase(), rest));
    match scheme {
        Some((scheme, rest)) if scheme == "hxxp" || scheme == "meow" => format!("http://{rest}"),
        Some((scheme, rest)) if scheme == "hxxps" => format!("https://{rest}"),
        Some((scheme, rest)) if scheme == "fxp" => format!("ftp://{rest}"),
        _ => live,
    }
}

/// `text` with `to` in the place of `from`, in whatever case that is written.
fn replaced(text: &str, from: &str, to: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    // Only ASCII is folded, so that offsets hold.
    for (at, _) in text.to_ascii_lowercase().match_indices(from) {
        out.push_str(&text[done..at]);
        out.push_str(to);
        done = at + from.len();
    }
    out + &text[done..]
}

impl IndicatorType {
    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.word() == text.trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_defanging_is_undone() {
        for (written, live) in [
            ("hxxps[:]//login[.]example(dot)net/a", "https://login.example.net/a"),
            ("hXXp://EVIL[.]example", "http://EVIL.example"),
            ("192[.]0[.]2[.]1", "192.0.2.1"),
            ("2001[:]db8[:][:]1", "2001:db8::1"),
            ("a[at]b[DOT]example", "a@b.example"),
            ("fxp://h[.]example", "ftp://h.example"),
            (" evil.example ", "evil.example"),
            ("C:\\a(1).exe", "C:\\a(1).exe"),
            ("é[.]example", "é.example"),
        ] {
            assert_eq!(refanged(written), live, "{written}");
        }
    }
}
