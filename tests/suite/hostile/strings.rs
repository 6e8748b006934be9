//! What strangers write.

use std::fs;
use std::path::Path;

/// Strings that have broken pages, tables and terminals before.
pub(super) fn own() -> Vec<String> {
    let short = [
        // Markup
        "<script>alert(1)</script>",
        "</title><script>alert(1)</script>",
        "</textarea></style></noscript><img src=x onerror=alert(1)>",
        "\"><svg/onload=alert(1)>",
        "' onmouseover='alert(1)",
        "` onfocus=alert(1) autofocus `",
        "<!--<img src=\"--><img src=x onerror=alert(1)//\">",
        "<![CDATA[<b>]]>",
        "]]><b>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<base href=//evil.example/>",
        "<meta http-equiv=refresh content=0;url=//evil.example>",
        "<style>@import'//evil.example'</style>",
        "<form action=//evil.example><button>x",
        "<iframe srcdoc=\"<script>alert(1)</script>\">",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "&lt;b&gt; &amp;amp; &#60;b&#62; &notin; &unknown;",
        "<plaintext>",
        "<xmp>",
        // Templates and tools of other trades
        "{{ 7*7 }}",
        "{% include \"/etc/passwd\" %}",
        "{# comment #}",
        "{{ __tera_context }}",
        "{{<bar share={1} />}}",
        "${7*7} #{7*7} <%= 7*7 %>",
        "$(id) `id` ; id | id",
        "' OR 1=1 --",
        // Spreadsheets
        "=1+1",
        "+1",
        "-1",
        "@SUM(1)",
        "\t=1+1",
        "\r=1+1",
        "\u{0}=1+1",
        " =1+1",
        "\u{a0}=1+1",
        "\u{feff}=1+1",
        "=cmd|' /C calc'!A0",
        "\"=1+1",
        "＝1+1",
        "%0a=1+1",
        // Scripts and JSON
        "</script><script>alert(1)</script>",
        "\u{2028}alert(1)\u{2029}",
        "\\u003cb\\u003e \\ud800 \\x3c",
        "\\\"};alert(1);//",
        "__proto__",
        "constructor",
        "location",
        "document",
        // Characters that steer
        "a\u{0}b",
        "a\u{1b}[31mred\u{1b}[0m",
        "a\u{1b}]0;title\u{7}",
        "a\u{9b}31m",
        "a\u{7f}b\u{8}c",
        "\u{202e}txt.exe",
        "\u{2066}\u{2067}\u{2068}\u{2069}\u{202a}\u{202b}\u{202c}\u{202d}",
        "\u{200b}\u{200e}\u{200f}\u{2060}",
        "\u{fffe}\u{ffff}\u{10ffff}",
        "\u{e0041}\u{e0042}",
        "line\nbreak\r\nand\rmore",
        "e\u{301}\u{301}\u{301}\u{301}\u{301}",
        "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        // Paths
        "../../../etc/passwd",
        "..\\..\\windows",
        "%2e%2e%2f%2e%2e%2f",
        "/etc/passwd",
        "C:\\con",
        "file:///etc/passwd",
        "a%00b",
        "%0d%0aSet-Cookie: a=b",
        "con",
        "index.html",
        // Markdown
        "[a](javascript:alert(1))",
        "![a](https://evil.example/a.png)",
        "::: scope groups=\"x\"",
        ":figure[devices.total]",
        "| a | b |",
        "```\n<script>\n```",
        "---",
        "# h",
        "[^1]: x",
        // YAML
        "a: b #c",
        "- &a *a !!x",
        "no",
        "null",
        "1e3",
        "0x10",
        "~",
    ];
    short.map(str::to_owned).to_vec()
}

/// The Big List of Naughty Strings, where it lies beside the project.
pub(super) fn naughty() -> Option<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/badinput/blns.json");
    let Ok(text) = fs::read_to_string(path) else {
        crate::bench::note("the list of naughty strings is not here: it was NOT tried");
        return None;
    };
    let strings: Vec<String> = serde_json::from_str(&text).unwrap();
    Some(strings.into_iter().filter(|string| !string.trim().is_empty()).collect())
}
