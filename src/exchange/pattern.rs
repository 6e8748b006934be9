//! Indicators as STIX patterns.

use crate::terms::IndicatorType;

/// The pattern of an indicator; `None` for what no pattern says, and for a value that its type cannot have.
pub(super) fn of(kind: IndicatorType, value: &str) -> Option<String> {
    if !kind.fits(value) {
        return None;
    }
    let one = |path: &str| Some(equals(path, value));
    match kind {
        IndicatorType::Ipv4 => one("ipv4-addr:value"),
        IndicatorType::Ipv6 => one("ipv6-addr:value"),
        IndicatorType::Domain => Some(equals("domain-name:value", &value.to_lowercase())),
        IndicatorType::Url => one("url:value"),
        IndicatorType::Email => one("email-addr:value"),
        IndicatorType::FileName => one("file:name"),
        IndicatorType::FilePath => Some(file(value)),
        IndicatorType::Md5 => one("file:hashes.MD5"),
        IndicatorType::Sha1 => one("file:hashes.'SHA-1'"),
        IndicatorType::Sha256 => one("file:hashes.'SHA-256'"),
        IndicatorType::RegistryKey => Some(equals("windows-registry-key:key", &registry_key(value))),
        IndicatorType::Process => one("process:command_line"),
        IndicatorType::Certificate => Some(certificate(value)),
        IndicatorType::Other => None,
    }
}

fn equals(path: &str, value: &str) -> String {
    format!("[{path} = {}]", quoted(value))
}

const SEPARATORS: [char; 2] = ['\\', '/'];

/// A path as a directory and a name, as STIX keeps them. What ends with a separator is a directory itself.
fn file(path: &str) -> String {
    let Some(last) = path.rfind(SEPARATORS) else { return equals("file:name", path) };
    let (directory, name) = (directory(&path[..=last]), &path[last + 1..]);
    if name.is_empty() {
        return equals("directory:path", directory);
    }
    format!("[file:name = {} AND file:parent_directory_ref.path = {}]", quoted(name), quoted(directory))
}

/// A directory without the separator at its end, but where that is the root itself: `/`, `C:\`.
fn directory(path: &str) -> &str {
    let bare = path.trim_end_matches(SEPARATORS);
    if bare.is_empty() || bare.ends_with(':') { &path[..=bare.len()] } else { bare }
}

/// The hives of the registry, which STIX wants spelled out.
const HIVES: [(&str, &str); 5] = [
    ("HKLM", "HKEY_LOCAL_MACHINE"),
    ("HKCU", "HKEY_CURRENT_USER"),
    ("HKCR", "HKEY_CLASSES_ROOT"),
    ("HKU", "HKEY_USERS"),
    ("HKCC", "HKEY_CURRENT_CONFIG"),
];

/// A registry key by the whole name of its hive; PowerShell writes the short one as a drive, `HKLM:`.
fn registry_key(key: &str) -> String {
    let (hive, rest) = key.split_at(key.find('\\').unwrap_or(key.len()));
    let short = hive.strip_suffix(':').unwrap_or(hive);
    let whole = HIVES.iter().find(|(known, _)| known.eq_ignore_ascii_case(short)).map(|(_, whole)| *whole);
    format!("{}{rest}", whole.unwrap_or(hive))
}

/// A certificate is named by a digest of it or by its serial number. Serial numbers are written with colons as
/// digests are, but the longest of them, of 20 bytes, is rare where a thumbprint of that length is not.
fn certificate(value: &str) -> String {
    let bare = value.replace(':', "");
    let is_digest = bare.bytes().all(|b| b.is_ascii_hexdigit());
    match bare.len() {
        32 if is_digest && bare == value => equals("x509-certificate:hashes.MD5", value),
        40 if is_digest => equals("x509-certificate:hashes.'SHA-1'", &bare),
        64 if is_digest => equals("x509-certificate:hashes.'SHA-256'", &bare),
        _ => equals("x509-certificate:serial_number", value),
    }
}

/// A text as a string of the pattern language.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
