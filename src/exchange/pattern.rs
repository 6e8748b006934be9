//! Indicators as STIX patterns.

use crate::terms::IndicatorType;

/// The pattern of an indicator; `None` for what no pattern says.
pub(super) fn of(kind: IndicatorType, value: &str) -> Option<String> {
    let one = |path: &str| Some(format!("[{path} = {}]", quoted(value)));
    match kind {
        IndicatorType::Ipv4 => one("ipv4-addr:value"),
        IndicatorType::Ipv6 => one("ipv6-addr:value"),
        IndicatorType::Domain => one("domain-name:value"),
        IndicatorType::Url => one("url:value"),
        IndicatorType::Email => one("email-addr:value"),
        IndicatorType::FileName => one("file:name"),
        IndicatorType::FilePath => Some(file(value)),
        IndicatorType::Md5 => one("file:hashes.MD5"),
        IndicatorType::Sha1 => one("file:hashes.'SHA-1'"),
        IndicatorType::Sha256 => one("file:hashes.'SHA-256'"),
        IndicatorType::RegistryKey => one("windows-registry-key:key"),
        IndicatorType::Process => one("process:command_line"),
        IndicatorType::Certificate => one(certificate(value)),
        IndicatorType::Other => None,
    }
}

/// A path as a directory and a name, as STIX keeps them.
fn file(path: &str) -> String {
    match path.rsplit_once(['\\', '/']) {
        Some((directory, name)) if !directory.is_empty() && !name.is_empty() => {
            format!("[file:name = {} AND file:parent_directory_ref.path = {}]", quoted(name), quoted(directory))
        }
        _ => format!("[file:name = {}]", quoted(path)),
    }
}

/// A certificate is named by a digest of it or by its serial number.
fn certificate(value: &str) -> &'static str {
    let digest = value.bytes().all(|b| b.is_ascii_hexdigit());
    match value.len() {
        32 if digest => "x509-certificate:hashes.MD5",
        40 if digest => "x509-certificate:hashes.'SHA-1'",
        64 if digest => "x509-certificate:hashes.'SHA-256'",
        _ => "x509-certificate:serial_number",
    }
}

/// A text as a string of the pattern language.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
