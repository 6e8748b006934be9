//! Indicators so that nobody follows them by mistake: `hxxps://evil[.]example/x`.

use super::IndicatorType;

/// The value as a page shows it. What names nothing on a network is shown as it is.
#[must_use]
pub fn defanged(kind: IndicatorType, value: &str) -> String {
    match kind {
        IndicatorType::Url => hosts(&schemes(value), true),
        IndicatorType::Domain | IndicatorType::Ipv4 => schemes(value).replace('.', "[.]"),
        // One may end as an IPv4 address does.
        IndicatorType::Ipv6 => schemes(value).replace(':', "[:]").replace('.', "[.]"),
        IndicatorType::Email => schemes(value).replace('@', "[@]").replace('.', "[.]"),
        _ if value.contains("://") => hosts(&schemes(value), false),
        _ => value.to_owned(),
    }
}

/// The hosts of every address in a text, which may be a whole address itself: then it begins with a
/// host, or with a scheme, which has no dots and is followed by the host.
fn hosts(mut rest: &str, whole: bool) -> String {
    let mut out = String::new();
    let mut at_host = whole;
    loop {
        if at_host {
            // A browser looks for the host behind them, however many there are.
            let slashes = rest.len() - rest.trim_start_matches('/').len();
            out.push_str(&rest[..slashes]);
            rest = &rest[slashes..];
            let ends = |c: char| matches!(c, '/' | '?' | '#') || (!whole && c.is_whitespace());
            let (host, tail) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
            out.push_str(&host.replace('.', "[.]"));
            rest = tail;
            // What stands here is a scheme itself, as in `http://https://evil.example`.
            if host.ends_with(':') && tail.starts_with("//") {
                continue;
            }
        }
        let Some((before, after)) = rest.split_once("://") else { return out + rest };
        out.push_str(before);
        out.push_str("://");
        (rest, at_host) = (after, true);
    }
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
            (IndicatorType::Ipv6, "::ffff:192.0.2.1", "[:][:]ffff[:]192[.]0[.]2[.]1"),
            (IndicatorType::Email, "a@evil.example", "a[@]evil[.]example"),
            (IndicatorType::FileName, "evil.exe", "evil.exe"),
            // Mislabelled, or one address in another.
            (IndicatorType::Ipv4, "https://192.0.2.1/", "hxxps://192[.]0[.]2[.]1/"),
            (IndicatorType::Url, "http://https://evil.example", "hxxp://hxxps://evil[.]example"),
            (IndicatorType::Url, "evil.example/r?u=http://b.example/x.y", "evil[.]example/r?u=hxxp://b[.]example/x.y"),
            (IndicatorType::Url, "evil.example:80://b.example", "evil[.]example:80://b[.]example"),
            (IndicatorType::Url, "a b.example", "a b[.]example"),
            (IndicatorType::Url, "//evil.example/x.y", "//evil[.]example/x.y"),
            (IndicatorType::Url, "https:///evil.example/x.y", "hxxps:///evil[.]example/x.y"),
            (IndicatorType::Process, "x.exe http://https://b.example", "x.exe hxxp://hxxps://b[.]example"),
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
