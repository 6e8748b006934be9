//! Names of files that operating systems, web hosts and browsers keep for themselves.

/// Names that Windows gives to devices, with or without an extension.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// Files that hosts and browsers act on. One of them in a build could send readers elsewhere or
/// open the site. Those that begin with a dot are for others to refuse.
const HOSTS: [&str; 24] = [
    "_config.toml",
    "_config.yaml",
    "_config.yml",
    "_headers",
    "_redirects",
    "_routes.json",
    "_worker.js",
    "clientaccesspolicy.xml",
    "cname",
    "crossdomain.xml",
    "firebase.json",
    "netlify.toml",
    "now.json",
    "php.ini",
    "routes.json",
    "service-worker.js",
    "serviceworker.js",
    "staticwebapp.config.json",
    "sw.js",
    "vercel.json",
    "web.config",
    "wrangler.json",
    "wrangler.jsonc",
    "wrangler.toml",
];

/// Why a file or directory of a build may not be called `name`, whatever its case.
#[must_use]
pub fn reserved(name: &str) -> Option<&'static str> {
    let folded = name.to_lowercase();
    if is_device(&folded) {
        Some("it is the name of a device on Windows")
    } else if HOSTS.contains(&folded.as_str()) {
        Some("it is a name on which web hosts or browsers act")
    } else {
        None
    }
}

fn is_device(folded: &str) -> bool {
    let stem = folded.split('.').next().unwrap_or(folded).trim_end();
    let port = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    let is_port = port.is_some_and(|rest| {
        let mut rest = rest.chars();
        rest.next().is_some_and(|c| c.is_ascii_digit() || "¹²³".contains(c)) && rest.next().is_none()
    });
    is_port || DEVICES.contains(&stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_names_are_known_in_any_case() {
        for name in ["CON", "nul.txt", "com1.css", "LPT¹", "Web.config", "CNAME", "_headers", "Sw.js", "con .png"] {
            assert!(reserved(name).is_some(), "{name}");
        }
        for name in ["console.png", "com10", "a.png", "headers", "index.html"] {
            assert_eq!(reserved(name), None, "{name}");
        }
    }
}
