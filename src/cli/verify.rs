//! `threatpress verify`

use serde_json::json;

use super::Exit;
use super::args::{BuildFormat, VerifyArgs};
use super::console::{Console, exit_of, output};
use super::finished::is_directory;
use crate::diagnostics::{Diagnostics, quiet_json, visible};
use crate::publish::{Verified, verify};

pub(super) fn run(args: &VerifyArgs) -> Exit {
    let console = Console::new(args.format.into());
    let mut diagnostics = Diagnostics::new();
    let mut verified = None;
    if is_directory(&args.dir, &mut diagnostics) {
        console.step(format!("reading {}", args.dir.display()));
        match verify(&args.dir, args.role.as_deref()) {
            Ok(found) => verified = Some(found),
            Err(problem) => diagnostics.push(problem),
        }
    }
    let outcome = verified.as_ref().map(|verified| match args.format {
        BuildFormat::Text => text(verified),
        BuildFormat::Json => json(verified),
    });
    diagnostics.append(verified.map(|verified| verified.diagnostics).unwrap_or_default());
    console.tell(&diagnostics);
    let mut written = Exit::Done;
    match (args.format, outcome) {
        (BuildFormat::Text, Some(text)) => console.say(&text),
        (BuildFormat::Json, Some(json)) => written = output(&json),
        (_, None) => {}
    }
    exit_of(written, &diagnostics)
}

fn text(verified: &Verified) -> String {
    let Verified { files, bytes, role, .. } = verified;
    let matches = format!("{files} files, {bytes} bytes, match the manifest of role `{}`", visible(role));
    match verified.diagnostics.is_empty() {
        true => format!("{matches}: the build is what was published"),
        false => matches,
    }
}

fn json(verified: &Verified) -> String {
    let Verified { diagnostics, role, files, bytes } = verified;
    let line = json!({"role": role, "files": files, "bytes": bytes, "matches": diagnostics.is_empty()});
    quiet_json(&line.to_string()) + "\n"
}
