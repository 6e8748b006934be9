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

impl IndicatorType {
    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.word() == text.trim())
    }
}
