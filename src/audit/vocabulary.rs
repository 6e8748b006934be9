//! What the program says of itself on every role's pages: headings, labels, explanations.
//!
//! A hidden report may be called as one of them is ("Data sources"), and would be found in
//! every build. The words are taken from the program's own text, so that none is forgotten.

use include_dir::{Dir, include_dir};

/// The rooms whose words reach a build.
static ROOMS: [Dir; 6] = [
    include_dir!("$CARGO_MANIFEST_DIR/src/exchange"),
    include_dir!("$CARGO_MANIFEST_DIR/src/fleet"),
    include_dir!("$CARGO_MANIFEST_DIR/src/highlight"),
    include_dir!("$CARGO_MANIFEST_DIR/src/pages"),
    include_dir!("$CARGO_MANIFEST_DIR/src/render"),
    include_dir!("$CARGO_MANIFEST_DIR/src/terms"),
];

/// Gives every string that the rooms' code holds, file by file.
pub(super) fn each(mut give: impl FnMut(&str)) {
    ROOMS.iter().for_each(|room| directory(room, &mut give));
}

fn directory(dir: &Dir, give: &mut impl FnMut(&str)) {
    for file in dir.files() {
        let is_of_tests = ["tests.rs", "sample.rs"].iter().any(|name| file.path().ends_with(name));
        let is_code = file.path().extension().is_some_and(|ending| ending == "rs");
        if let Some(code) = file.contents_utf8().filter(|_| is_code && !is_of_tests) {
            give(&strings(code));
        }
    }
    dir.dirs().for_each(|inner| directory(inner, give));
}

/// The strings in a file's code, one a line; comments and tests are passed over.
fn strings(code: &str) -> String {
    let code = code.split("#[cfg(test)]\nmod tests").next().unwrap_or(code);
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    // What stands between two quotes is every second part.
    let code = lines.collect::<Vec<_>>().join("\n");
    let code = ["\\\\", "\\\"", "'\"'"].iter().fold(code, |code, escape| code.replace(escape, " "));
    code.split('"').skip(1).step_by(2).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_words_of_the_program_and_the_rest_is_not() {
        let code =
            "// \"no\"\nlet a = \"one \\\"two\\\"\"; '\"' x(\"three\\\n  four\")\n#[cfg(test)]\nmod tests { \"no\" }";
        assert_eq!(strings(code), "one  two \nthree\\\n  four");
        let mut all = String::new();
        each(|text| all.push_str(text));
        for said in ["Analyst report", "True positive", "Impaired communication"] {
            assert!(all.contains(said), "{said}");
        }
        for not in ["EMEA", "Contoso", "Tier 0"] {
            assert!(!all.contains(not), "{not}");
        }
    }
}
