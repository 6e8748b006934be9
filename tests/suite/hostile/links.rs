//! Links that lead where no link of a report may: none of them becomes one.

use std::fs;
use std::process::Command;

use crate::bench::{home, note};
use crate::page;

/// Every disguise of every scheme that acts or reads files, and hosts without a scheme.
fn vectors() -> Vec<String> {
    const SCHEMES: [&str; 14] = [
        "javascript:alert(1)",
        "vbscript:msgbox(1)",
        "data:text/html,<script>alert(1)</script>",
        "data:text/html;base64,PHNjcmlwdD4=",
        "file:///etc/passwd",
        "blob:https://evil.example/x",
        "ftp://evil.example/",
        "ms-word:ofe|u|https://evil.example/a.docx",
        "search-ms:query=x&crumb=location:\\\\evil.example",
        "view-source:https://evil.example/",
        "about:blank",
        "intent://evil.example/#Intent;end",
        "ws://evil.example/",
        "jar:https://evil.example/!/",
    ];
    let mut vectors: Vec<String> = Vec::new();
    for scheme in SCHEMES {
        let (name, rest) = scheme.split_once(':').unwrap();
        let mixed: String =
            name.chars().enumerate().map(|(at, c)| if at % 2 == 0 { c.to_ascii_uppercase() } else { c }).collect();
        let (head, tail) = name.split_at(2);
        let first = name.chars().next().unwrap();
        vectors.extend([
            scheme.to_owned(),
            format!("{mixed}:{rest}"),
            format!("{name}&#58;{rest}"),
            format!("{name}&#x3A;{rest}"),
            format!("{name}&colon;{rest}"),
            format!("{head}&Tab;{tail}:{rest}"),
            format!("{head}&NewLine;{tail}:{rest}"),
            format!("{head}&#10;{tail}:{rest}"),
            format!("{head}&#13;{tail}:{rest}"),
            format!("&#1;{scheme}"),
            format!("&#32;&#9;{scheme}"),
            format!("{head}&#0;{tail}:{rest}"),
            format!("&#{};{}", u32::from(first), &scheme[first.len_utf8()..]),
            format!("\u{200b}{scheme}"),
            format!("{head}\u{ad}{tail}:{rest}"),
            format!("{name}\\:{rest}"),
        ]);
    }
    let hosts = [
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "\\\\\\\\evil.example",
        "/&Tab;/evil.example",
        "&#47;&#47;evil.example",
        "&sol;&sol;evil.example",
        "&bsol;&bsol;evil.example",
        "https:evil.example",
        "https:/evil.example",
        "https:\\\\\\\\evil.example",
        "https:///evil.example",
        "http:&Tab;evil.example",
        "&#32;//evil.example",
        "%2f%2fevil.example",
        "/%09/evil.example",
        ":evil.example",
        "?//evil.example",
        "#//evil.example",
        ".//evil.example",
    ];
    vectors.extend(hosts.map(str::to_owned));
    vectors
}

/// A link in each form that Markdown has.
fn text(vectors: &[String]) -> String {
    let mut out = String::new();
    for (number, vector) in vectors.iter().enumerate() {
        out.push_str(&format!("[a](<{vector}>) [b]({vector}) [c][r{number}] <{vector}> ![d](<{vector}>){{#x}}\n\n"));
        out.push_str(&format!("[r{number}]: <{vector}>\n\n"));
    }
    out
}

#[test]
fn no_disguise_makes_a_link() {
    let vectors = vectors();
    assert!(vectors.len() > 200);
    let home = home();
    let put = |path: &str, text: &str| {
        fs::create_dir_all(home.path().join(path).parent().unwrap()).unwrap();
        fs::write(home.path().join(path), text).unwrap();
    };
    put("threatpress.yaml", "title: T\nbase_url: https://t.example/\nroles:\n  soc: {groups: all, clearance: red}\n");
    // Images that name no file stop a build, so that they are tried in a text of their own.
    let links = text(&vectors).replace("![d]", "[d]");
    put("content/pages/a.md", &format!("---\ntitle: A\ntlp: clear\n---\n{links}"));
    let build = |as_of: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_threatpress"));
        // Of a data: URI within another, which here is text, the audit makes nothing.
        command
            .args(["build", "--no-audit", "--format", "json", "--as-of", as_of, "--site"])
            .arg(home.path())
            .output()
            .unwrap()
    };
    let output = build("2026-11-16");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let html = fs::read_to_string(home.path().join("output/soc/pages/a/index.html")).unwrap();
    let said = page::read(&html).unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.lines().filter(|line| line.contains("TP0305")).count() > 200, "authors are told");
    for (_, address) in said.values.iter().filter(|(name, _)| name == "href") {
        assert!(!address.contains("evil") && !address.contains("alert"), "{address}");
    }

    put("content/pages/a.md", &format!("---\ntitle: A\ntlp: clear\n---\n{}", text(&vectors)));
    let output = build("2026-11-16");
    assert_eq!(output.status.code(), Some(1), "none of these is an image");
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.lines().filter(|line| line.contains("TP0306")).count() > 200, "{told}");
    note(&format!("{} hostile links, each in 5 forms", vectors.len()));
}
