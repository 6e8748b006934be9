//! `threatpress hosting`

use std::path::PathBuf;

use super::Exit;
use super::args::HostingArgs;
use super::console::{Console, exit_of, output};
use super::press::told;
use crate::config::{self, Role, Site};
use crate::desk::chosen;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, visible};
use crate::hosting::{self, Directory, Hosted, Settings};

pub(super) fn run(args: &HostingArgs) -> Exit {
    let console = Console::new(args.format.into());
    let mut diagnostics = Diagnostics::new();
    let site = config::load(&args.site, &mut diagnostics);
    let written = site.and_then(|site| configure(args, &site, &console, &mut diagnostics)).unwrap_or(Exit::Done);
    console.tell(&diagnostics);
    exit_of(written, &diagnostics)
}

/// How the writing ended; `None` where it did not come to that.
fn configure(args: &HostingArgs, site: &Site, console: &Console, diagnostics: &mut Diagnostics) -> Option<Exit> {
    let settings = Settings { root: args.root.clone(), sign_in: args.sign_in.clone(), listen: args.listen };
    if !settings.sign_in.is_loopback() {
        let message = format!("the sign-in service at {} is asked in plain text over the network", settings.sign_in);
        let hint = "who can listen on the way can take over sessions: run it on the server itself, as oauth2-proxy's \
                    default does";
        diagnostics.push(Diagnostic::warning(Code::PlainSignIn, message).hint(hint));
    }
    let roles = chosen(site, &args.roles, diagnostics);
    let hosted = hosting::plan(site, &roles, &settings, diagnostics);
    if diagnostics.has_errors() {
        return None;
    }
    let Some(out) = &args.out else { return Some(output(&args.server.text(&hosted, &settings))) };
    told(write(args, site, out, &hosted, &settings), diagnostics)?;
    console.say(&format!("the configuration is in {}", visible(&out.display().to_string())));
    Some(Exit::Done)
}

fn write(
    args: &HostingArgs,
    site: &Site,
    out: &std::path::Path,
    hosted: &[Hosted],
    settings: &Settings,
) -> Result<(), Diagnostic> {
    let outputs = [PathBuf::from(settings.root.to_string()), site.root.join("output")];
    let builds: Vec<PathBuf> =
        outputs.iter().flat_map(|output| site.roles.iter().map(|role| output.join(&role.name))).collect();
    // What is wrong with a role that was not asked for stops none that was.
    let roles: Vec<&Role> = site.roles.iter().collect();
    let all = hosting::plan(site, &roles, settings, &mut Diagnostics::new());
    Directory::open(out, &builds)?.write(&args.server.files(hosted, &all, settings), args.roles.is_empty())
}
