use proptest::prelude::*;
use syntect::parsing::SyntaxDefinition;

use super::*;

/// The pieces of a text with their classes.
fn shown<'a>(language: &str, text: &'a str) -> Vec<(&'a str, &'static str)> {
    let pieces = pieces(language, text).unwrap_or_else(|| panic!("{language} is not known"));
    let mut at = 0;
    let mut out = Vec::new();
    for piece in pieces.iter() {
        out.extend(piece.class.map(|class| (text[at..at + piece.length].trim(), class)));
        at += piece.length;
    }
    assert_eq!(at, text.len(), "{language}");
    out
}

/// Each of the words has its class in the text.
fn holds(language: &str, text: &str, words: &[(&str, &str)]) {
    let shown = shown(language, text);
    for word in words {
        assert!(shown.contains(word), "{word:?} is not in {language}: {shown:#?}");
    }
}

#[test]
fn every_grammar_of_ours_loads() {
    for text in grammars::OWN {
        if let Err(error) = SyntaxDefinition::load_from_str(text, true, None) {
            panic!("{error} in {}", text.lines().take(5).collect::<String>());
        }
    }
}

#[test]
fn kusto_has_its_colours() {
    holds(
        "kql",
        "// Web shells\nlet since = ago(7d);\nDeviceProcessEvents\n| where Timestamp > since and FileName in~ (\"w3wp.exe\", @'a\\b')\n| summarize dcount(DeviceId) by bin(Timestamp, 1h)\n",
        &[
            ("// Web shells", "comment"),
            ("let", "keyword"),
            ("ago", "function"),
            ("7d", "number"),
            ("where", "keyword"),
            ("and", "keyword"),
            ("in~", "keyword"),
            ("\"w3wp.exe\"", "string"),
            ("@'a\\b'", "string"),
            ("by", "keyword"),
        ],
    );
}

#[test]
fn splunk_has_its_colours() {
    holds(
        "spl",
        "index=main `sysmon` EventCode=1 ```note```\n| stats count by host | where count > 5 AND like(host, \"a%\")\n",
        &[
            ("index", "variable"),
            ("`sysmon`", "function"),
            ("```note```", "comment"),
            ("stats", "keyword"),
            ("by", "keyword"),
            ("AND", "keyword"),
            ("like", "function"),
            ("\"a%\"", "string"),
            ("5", "number"),
        ],
    );
}

#[test]
fn yara_has_its_colours() {
    holds(
        "yara",
        "rule Loader : x { // why\n meta: author = \"me\"\n strings:\n  $a = { 4D 5A [2] ?? }\n  $b = /ab\\/c[0-9]+/i wide\n condition: uint16(0) == 0x5A4D and any of them and filesize < 2MB }\n",
        &[
            ("rule", "keyword"),
            ("Loader", "function"),
            ("// why", "comment"),
            ("\"me\"", "string"),
            ("$a", "variable"),
            ("{ 4D 5A [2] ?? }", "string"),
            ("wide", "keyword"),
            ("uint16", "function"),
            ("0x5A4D", "number"),
            ("2MB", "number"),
        ],
    );
}

#[test]
fn powershell_has_its_colours() {
    holds(
        "powershell",
        "<# a\nb #>\nfunction Get-It($x) { if ($x -eq 'a') { Get-Process -Name \"n $x\" | Select-Object Id } } # end\n[System.Convert]::ToInt32(0x10)\n",
        &[
            ("<# a\nb #>", "comment"),
            ("function", "keyword"),
            ("Get-It", "function"),
            ("$x", "variable"),
            ("if", "keyword"),
            ("-eq", "keyword"),
            ("'a'", "string"),
            ("Get-Process", "function"),
            ("-Name", "variable"),
            ("# end", "comment"),
            ("[System.Convert]", "type"),
            ("0x10", "number"),
        ],
    );
}

#[test]
fn the_other_languages_of_the_field_are_known() {
    for language in [
        "sigma",
        "yaml",
        "yml",
        "json",
        "python",
        "py",
        "sql",
        "c",
        "cpp",
        "c#",
        "java",
        "javascript",
        "go",
        "rust",
        "ruby",
        "php",
        "lua",
        "perl",
        "bash",
        "sh",
        "shell",
        "console",
        "cmd",
        "bat",
        "xml",
        "html",
        "diff",
        "kusto",
        "yar",
        "ps1",
        "pwsh",
    ] {
        assert!(pieces(language, "x\n").is_some(), "{language}");
    }
    holds("sigma", "title: A # b\n", &[("# b", "comment"), ("title", "keyword")]);
    for plain in ["", "text", "klingon"] {
        assert!(pieces(plain, "x\n").is_none(), "{plain}");
    }
}

#[test]
fn what_is_very_long_stays_plain() {
    assert!(pieces("kql", &"a\n".repeat(LONGEST / 2 + 1)).is_none());
    assert!(pieces("kql", &"a".repeat(WIDEST + 1)).is_none());
}

const CODE: &str = r#"(let |rule |strings:|\| |where |\$a|= |\{ |\}|/|\*|//|"|'|`|```|@|<#|#>|#|0x1F|12d|--|\(|\)|\[|\]|\\|if |é|😀|-eq |: |, |\n|\r\n|\t| |\PC)*"#;

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn pieces_are_the_text(text in CODE) {
        for language in ["kql", "spl", "yara", "powershell", "sigma", "python", "c", "bash", "sql", "json"] {
            let pieces = pieces(language, &text).unwrap_or_else(|| panic!("{language}"));
            let (mut at, mut last) = (0, None);
            for piece in pieces.iter() {
                prop_assert!(piece.length > 0 && last != Some(piece.class), "pieces are united");
                at += piece.length;
                prop_assert!(text.is_char_boundary(at), "{language}");
                last = Some(piece.class);
            }
            prop_assert_eq!(at, text.len());
        }
    }
}
