//! `threatpress diff`

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Exit;
use super::args::{BuildFormat, DiffArgs};
use super::console::{Console, exit, output};
use super::finished::is_directory;
use crate::diagnostics::{Diagnostics, quiet_json, visible};
use crate::publish::{Comparison, Difference, Unlike, compare};

/// How many differences are told.
const TOLD: usize = 50;

pub(super) fn run(args: &DiffArgs) -> Exit {
    let console = Console::new(args.format.into());
    let mut diagnostics = Diagnostics::new();
    let are_there = [&args.first, &args.second].map(|dir| is_directory(dir, &mut diagnostics));
    let comparison = if are_there == [true; 2] {
        console.step("comparing");
        compare(&args.first, &args.second, TOLD).map_err(|problem| diagnostics.push(problem)).ok()
    } else {
        None
    };
    console.tell(&diagnostics);
    let Some(comparison) = comparison else { return exit(&diagnostics) };
    let mut out = String::new();
    for difference in &comparison.differences {
        let _ = match args.format {
            BuildFormat::Text => writeln!(out, "{}", text(difference)),
            BuildFormat::Json => writeln!(out, "{}", quiet_json(&json(difference).to_string())),
        };
    }
    if args.format == BuildFormat::Json && comparison.more > 0 {
        let _ = writeln!(out, "{}", json!({"more": comparison.more}));
    }
    console.say(&summary(&comparison));
    match output(&out) {
        Exit::Done if !comparison.differences.is_empty() => Exit::Policy,
        written => written,
    }
}

fn summary(comparison: &Comparison) -> String {
    let count = comparison.differences.len() + comparison.more;
    match (count, comparison.more) {
        (0, _) => format!("equal: {} paths, their modes and bytes", comparison.common),
        (_, 0) => format!("{count} difference(s)"),
        (_, more) => format!("{count} differences; {more} of them are not shown"),
    }
}

fn text(difference: &Difference) -> String {
    let path = visible(&difference.path);
    match &difference.unlike {
        Unlike::OnlyFirst => format!("{path}: only in the first"),
        Unlike::OnlySecond => format!("{path}: only in the second"),
        Unlike::Kind => format!("{path}: a file in one, something else in the other"),
        Unlike::Mode(one, two) => format!("{path}: mode {one:04o} and {two:04o}"),
        Unlike::Unread(why) => {
            format!("{path}: cannot be read, and nobody can tell whether it differs: {}", visible(why))
        }
        Unlike::Bytes(bytes) => {
            let mut out = format!("{path}: differs from byte {} on, line {}", bytes.at, bytes.line);
            if let Some((pointer, one, two)) = &bytes.value {
                let shown =
                    |value: &Option<Value>| value.as_ref().map_or("nothing".to_owned(), |v| visible(&v.to_string()));
                let _ = write!(out, "\n  {}: {} and {}", visible(pointer), shown(one), shown(two));
            }
            let _ = write!(out, "\n  - {}\n  + {}", visible(&bytes.first), visible(&bytes.second));
            out
        }
    }
}

fn json(difference: &Difference) -> Value {
    let path = &difference.path;
    match &difference.unlike {
        Unlike::OnlyFirst => json!({"path": path, "unlike": "only_first"}),
        Unlike::OnlySecond => json!({"path": path, "unlike": "only_second"}),
        Unlike::Kind => json!({"path": path, "unlike": "kind"}),
        Unlike::Mode(one, two) => {
            json!({"path": path, "unlike": "mode", "first": format!("{one:04o}"), "second": format!("{two:04o}")})
        }
        Unlike::Unread(why) => json!({"path": path, "unlike": "unread", "why": why}),
        Unlike::Bytes(bytes) => {
            let value = bytes.value.as_ref();
            let value = value.map(|(pointer, one, two)| json!({"pointer": pointer, "first": one, "second": two}));
            json!({
                "path": path, "unlike": "bytes", "byte": bytes.at, "line": bytes.line,
                "first": bytes.first, "second": bytes.second, "value": value,
            })
        }
    }
}
