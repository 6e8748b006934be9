//! `threatpress audit`

use super::Exit;
use super::args::AuditArgs;
use super::console::{Console, exit};
use super::finished::is_directory;
use super::loaded;
use super::press::Press;
use super::timings::Timings;
use crate::audit::{Auditor, Inputs, ThemeFile};
use crate::desk::Loaded;
use crate::diagnostics::Diagnostics;
use crate::render::Theme;

pub(super) fn run(args: &AuditArgs) -> Exit {
    let console = Console::new(args.format.into());
    let mut timings = Timings::start();
    let mut diagnostics = Diagnostics::new();
    let told = audit(args, &console, &mut timings, &mut diagnostics);
    console.tell(&diagnostics);
    if let Some(told) = told {
        console.say(&told);
    }
    if args.timings {
        console.say(&timings.table());
    }
    exit(&diagnostics)
}

/// Looks at the build; what there is to say of it beside its problems.
fn audit(args: &AuditArgs, console: &Console, timings: &mut Timings, diagnostics: &mut Diagnostics) -> Option<String> {
    if !is_directory(&args.dir, diagnostics) {
        return None;
    }
    let loaded = loaded::read(args.input.order(), console, timings, diagnostics);
    if args.input.strict {
        diagnostics.escalate();
    }
    let loaded = loaded?;
    let role = *loaded.roles(std::slice::from_ref(&args.role), diagnostics).first()?;
    let press = Press::set(&loaded, diagnostics)?;
    timings.lap("theme");
    // Without all of the input nobody knows all that is hidden.
    if diagnostics.has_errors() {
        return None;
    }
    console.step(format!("looking at {}", args.dir.display()));
    let auditor = press.auditor();
    let outcome = auditor.look(role, &args.dir, &args.dir);
    let clean = !outcome.diagnostics.has_errors();
    diagnostics.append(outcome.diagnostics);
    diagnostics.append(auditor.blind_spots(role));
    timings.lap("audit");
    let megabytes = outcome.bytes as f64 / 1e6;
    let looked = format!("Looked into {} files ({megabytes:.1} MB) as {}", outcome.files, role.name);
    clean.then(|| format!("{looked}: nothing that the role may not see, but for what the messages above say"))
}

/// An auditor of the site's builds.
pub(super) fn auditor<'a>(loaded: &'a Loaded, theme: &Theme) -> Auditor<'a> {
    Auditor::new(Inputs {
        site: &loaded.site,
        library: &loaded.library,
        fleets: &loaded.fleets,
        knowledge: &loaded.knowledge,
        theme: theme_files(&loaded.site.theme, theme),
        as_of: loaded.as_of,
        drafts: loaded.drafts,
    })
}

/// The theme's files; one is the program's own when it holds what the built-in one of its path
/// does.
fn theme_files(name: &str, theme: &Theme) -> Vec<ThemeFile> {
    let built_in = Theme::load("default", None, &mut Diagnostics::new()).unwrap_or_default();
    let own = |theme: &Theme| -> Vec<(String, String, Vec<u8>)> {
        let templates = theme.templates().iter();
        let templates =
            templates.map(|(path, source)| (path.clone(), source.name().to_owned(), source.text().as_bytes().to_vec()));
        let statics = theme.static_files();
        templates
            .chain(statics.map(|file| (file.path.clone(), format!("themes/{name}/{}", file.path), file.into_bytes())))
            .collect()
    };
    let originals = own(&built_in);
    own(theme)
        .into_iter()
        .map(|(path, name, bytes)| {
            let built_in = originals.iter().any(|(original, _, held)| *original == path && *held == bytes);
            ThemeFile { name, bytes, built_in }
        })
        .collect()
}
