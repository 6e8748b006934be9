//! Nothing of a text is lost: what a reader sees of it is what another CommonMark renderer shows. Raw
//! HTML is escaped in both; what only a renderer adds (captions of code, anchors, titles of callouts) and
//! directives are set aside.

use std::fs;
use std::path::Path;

use crate::properties::markdown::rendered;
use crate::properties::shown;

fn theirs(text: &str) -> String {
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.footnotes = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.extension.alerts = true;
    options.render.escape = true;
    comrak::markdown_to_html(text, &options)
}

/// The words that markup shows. A callout that only one of the two takes for one shows its marker in the
/// other.
fn words(markup: &str) -> Vec<String> {
    shown::text(markup).split_whitespace().filter(|word| !word.starts_with("[!")).map(str::to_owned).collect()
}

/// Where the two renderings of a text part, if they do.
fn difference(text: &str) -> Option<String> {
    let (ours, theirs) = (words(&rendered(text)), words(&theirs(text)));
    if ours == theirs {
        return None;
    }
    let differs = ours.iter().zip(&theirs).position(|(one, other)| one != other);
    let at = differs.unwrap_or(ours.len().min(theirs.len()));
    let around =
        |words: &[String]| words.iter().skip(at.saturating_sub(5)).take(14).cloned().collect::<Vec<_>>().join(" ");
    Some(format!("word {at}\n  ours:   {}\n  theirs: {}", around(&ours), around(&theirs)))
}

/// Whether a line is a directive of ours or of the generator that the document was written for.
fn is_directive(line: &str) -> bool {
    let text = line.trim_start_matches([' ', '\t', '>', '-', '*']);
    text.starts_with(":::")
}

#[test]
fn real_documents_show_the_text_that_another_renderer_shows() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/reports");
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("note: {} is not there, so no real document is compared", folder.display());
        return;
    };
    let mut differences = Vec::new();
    for entry in entries {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
        let body = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
        let body = body.map_or(text.as_str(), |(_, body)| body);
        let kept: Vec<&str> = body.lines().filter(|line| !is_directive(line)).collect();
        differences.extend(difference(&kept.join("\n")).map(|told| format!("{}, {told}", path.display())));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Texts on which renderers have parted before.
const HARD: [&str; 44] = [
    // Lists with everything in them
    "1. a\n\n   ```kql\n   T | where x\n   ```\n\n   b\n2. c\n   - d\n\n         code in d\n\n     e\n",
    "- a\n  1. b\n     > c\n     >\n     > - d `e`\n  2. f\n\n\n- g\n",
    "3) a\n4) b\n\n   c\n\n* d\n+ e\n",
    "- [x] done *a*\n- [ ] open `b`\n- [z] neither\n  - [X] inner\n",
    "-\n  a\n-\n\n  b\n",
    "10. a\n    b\n11. c\n\n        code\n",
    // Footnotes
    "a[^1] b[^long] c[^1]\n\n[^1]: One.\n[^long]: First.\n\n    Second *paragraph*.\n\n    ```\n    code\n    ```\n\n    - list\n",
    "a[^x]\n\n[^x]: See[^y].\n\n[^y]: And T1059.\n",
    "A footnote that is not there[^gone] and [^\n",
    // Tables
    "| a | b |\n|---|:-:|\n| `x \\| y` | \\| |\n| c |\n| d | e | f |\n",
    "a | b\n--|--\n`1` | **2**\n3 | [4](https://h.example/a|b)\n\nafter\n",
    "| a |\n|---|\n| b\nc |\n",
    "> | a | b |\n> |---|---|\n> | c | d |\n\n- | e |\n  |---|\n  | f |\n",
    "| |\n|-|\n| a |\n",
    "| a | b |\n| --- |\n| c | d |\n",
    // Headings
    "# [a][r] *b* `c` ##\n\n[r]: https://h.example/ \"t\"\n",
    "a *b*\nc\n===\n\n## #\n\n### \n\n####### seven\n",
    "## Install #{venv_path}\n\n## ${HOME} {.class}\n\n## 100%\n",
    "Setext with `code`\n---\n\n***\n\n- - -\n",
    // Emphasis, in scripts without spaces and from right to left
    "**重要**：请*立即*更新 CVE-2025-53770。\n\n使用**「强调」**文字。\n",
    "هذا **مهم** جدا و`code` في *السطر*.\n\nשלום **עולם**: <https://h.example/א>\n",
    "日本語の~~取り消し~~と**太字**です。*あ*い\n",
    "*a **b** c* ***d*** **e*f*g** _h_i_ __j__k snake_case_name 2*3*4\n",
    "*a*b **c**d ~~e~~f ~g~ ~~~h\n",
    "**a *b** c*\n\n* not a list*\n",
    // Line ends and entities
    "a  \nb\\\nc\nd   \n\ne\\\n",
    "&amp; &copy; &#35; &#x1F600; &nbsp;x &unknown; &lt;b&gt; &#0; &AMP &amp;amp;\n",
    "\\*a\\* \\[b\\] \\<c> \\& \\`d\\` \\a \\\\ C:\\Windows\\System32\\*.exe\n",
    "a\tb\n\n\tcode\ttabbed\n\n-\ta\n\n\t\tcode\n",
    // Links
    "[a](<b c> 'd') [e]( /f (g) ) [h][] [i] [j][k]\n\n[h]: /h\n[i]: <> 'x'\n",
    "[a [b](c) d](e) ![f [g](h)](i) [`]`](j)\n",
    "<https://h.example/?a=b&c=d> <x@y.example> <not a link> https://bare.example/a_b_c\n",
    "[a]: /first\n[a]: /second\n\n[a] [A] [ a ]\n\n[b]: /x 'open\n\nstill\n",
    "![alt *text*](a.png \"title\") and [![badge](b.png)](https://h.example)\n",
    // Raw HTML is text
    "<div class=\"x\">\n\n*a* <b>c</b>\n\n</div>\n\nd <br/> e <kbd>f</kbd>\n",
    "<details><summary>a</summary>\n\nb\n\n</details>\n",
    "a <!-- b --> c\n\n<!-- d\n\ne -->\n\n<?php f ?>\n\n<script>\ng\n</script>\n",
    // Code
    "``a ` b`` ` `` ` `c\nd` `` e\n",
    "~~~ yara {#x}\nrule a { strings: $b = \"~~~\" }\n~~~~\n\n```\nnot closed\n",
    "    indented\n\n      more\n\n\n    end\n\na\n    lazy\n",
    // Quotes and callouts
    "> [!NOTE]\n> a\n>\n> b\n\n> [!CAUTION]\n> c\n\n> [!other]\n> d\n",
    "> a\nlazy\n> > b\n> c\n\n>d\n",
    "> ```\n> a\n\nb\n> - c\n>\n>   d\n",
    // Defanged and other signs
    "hxxps://evil[.]example/a[1] 10[.]0[.]0[.]1 user[@]evil[.]example :: a : b ::\n",
];

#[test]
fn hard_texts_show_what_another_renderer_shows() {
    let differences: Vec<String> =
        HARD.iter().filter_map(|text| Some(format!("{text:?}, {}", difference(text)?))).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn the_comparison_can_fail() {
    assert_eq!(words(&rendered("a *b* `c`\n\n- d\n")), words(&theirs("a *b* `c`\n\n- d\n")));
    for (one, other) in [("a b", "a c"), ("a[^1]\n\n[^1]: b", "a[^1]\n\n[^1]: c"), ("| a |\n|-|", "| ab |\n|-|")] {
        assert_ne!(words(&rendered(one)), words(&theirs(other)));
    }
}
