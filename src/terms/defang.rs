//! Indicators so that nobody follows them by mistake: `hxxps://evil[.]example/x`.

use super::IndicatorType;

/// The value as a page shows it. What names nothing on a network is shown as it is.
#[must_use]
pub fn defanged(kind: IndicatorType, value: &str) -> String {
    match kind {
        IndicatorType::Url => address(value),
        IndicatorType::Domain | IndicatorType::Ipv4 => schemes(value).replace('.', "[.]"),
        IndicatorType::Ipv6 => schemes(value).replace(':', "[:]"),
        IndicatorType::Email => schemes(value).replace('@', "[@]").replace('.', "[.]"),
        _ if value.contains("://") => address(value),
        _ => value.to_owned(),
    }
}

/// The scheme and the host of every address in a text.
fn address(value: &str) -> String {
    let value = schemes(value);
    let mut out = String::new();
    let mut rest = value.as_str();
    while let Some((before, after)) = rest.split_once("://") {
        let end = after.find(|c: char| matches!(c, '/' | '?' | '#') || c.is_whitespace()).unwrap_or(after.len());
        let (host, tail) = after.split_at(end);
        out.push_str(before);
        out.push_str("://");
        out.push_str(&host.replace('.', "[.]"));
        rest = tail;
    }
    if out.is_empty() {
        return rest.replace('.', "[.]");
    }
    out + rest
}

/// The schemes in a text, whatever else it is.
fn schemes(value: &str) -> String {
    let Some((before, last)) = value.rsplit_once("://") else { return value.to_owned() };
    let unlinked: String = before.split("://").map(|part| unlinked(part) + "://").collect();
    unlinked + last
}

/// `http` as `hxxp`, `ftp` as `fxp`, whatever its case.
fn unlinked(before: &str) -> String {
    let start = before.rfind(|c: char| !c.is_ascii_alphanumeric()).map_or(0, |at| before.ceil_char_boundary(at + 1));
    let (text, scheme) = before.split_at(start);
    let scheme = scheme.to_ascii_lowercase();
    format!("{text}{}", scheme.replace("http", "hxxp").replace("ftp", "fxp"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_live_is_left() {
        let cases = [
            (IndicatorType::Url, "https://evil.example/a.b?x=1", "hxxps://evil[.]example/a.b?x=1"),
            (IndicatorType::Url, "HTTP://evil.example", "hxxp://evil[.]example"),
            (IndicatorType::Url, "evil.example/x", "evil[.]example/x"),
            (IndicatorType::Domain, "a.evil.example", "a[.]evil[.]example"),
            (IndicatorType::Ipv4, "192.0.2.1", "192[.]0[.]2[.]1"),
            (IndicatorType::Ipv6, "2001:db8::1", "2001[:]db8[:][:]1"),
            (IndicatorType::Email, "a@evil.example", "a[@]evil[.]example"),
            (IndicatorType::FileName, "evil.exe", "evil.exe"),
            // Mislabelled, or one address in another.
            (IndicatorType::Ipv4, "https://192.0.2.1/", "hxxps://192[.]0[.]2[.]1/"),
            (IndicatorType::Url, "http://https://evil.example", "hxxp://hxxps://evil.example"),
            (
                IndicatorType::Process,
                "é curl http://a.example/x http://b.example",
                "é curl hxxp://a[.]example/x hxxp://b[.]example",
            ),
        ];
        for (kind, live, shown) in cases {
            assert_eq!(defanged(kind, live), shown);
        }
    }
}
