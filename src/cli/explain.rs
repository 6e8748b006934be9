//! `threatpress explain`

use super::Exit;
use super::args::ExplainArgs;
use super::console::{Console, exit, output};
use super::loaded;
use super::press::told;
use super::timings::Timings;
use crate::config::Role;
use crate::desk::Loaded;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, explanation, nearest, visible};
use crate::exposure::Figures;
use crate::pages::{Listing, Portal, Route, Tab};
use crate::scope;
use crate::scope::admits;
use crate::terms::GroupSelection;
use crate::trace::{self, Asked, Subject};

pub(super) fn run(args: &ExplainArgs) -> Exit {
    let is_of_a_report = args.figure.is_some() || args.role.is_some() || args.device.is_some();
    if let Some(code) = Code::parse(&args.subject)
        && !is_of_a_report
    {
        return output(&format!("{code}\n\n{}\n", explanation(code).unwrap_or(code.meaning())));
    }
    let console = Console::new(super::args::Format::Text);
    let mut diagnostics = Diagnostics::new();
    let text = match looks_like_a_code(&args.subject) {
        true => {
            let is_known = Code::parse(&args.subject).is_some();
            diagnostics.push(if is_known { no_figures(&args.subject) } else { no_such_code(&args.subject) });
            None
        }
        false => report(args, &console, &mut diagnostics),
    };
    if args.input.strict {
        diagnostics.escalate();
    }
    // Notes and warnings are for `check`.
    if diagnostics.has_errors() {
        console.tell(&diagnostics);
        return exit(&diagnostics);
    }
    text.map_or(Exit::Input, |text| output(&text))
}

/// `TP`, in any case, and at least a digit.
fn looks_like_a_code(text: &str) -> bool {
    let number = text.get(..2).filter(|start| start.eq_ignore_ascii_case("tp")).and_then(|_| text.get(2..));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

fn no_such_code(text: &str) -> Diagnostic {
    let known: Vec<String> = Code::ALL.iter().map(ToString::to_string).collect();
    let hint = match nearest(text, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean {near}?"),
        None => "a code is TP and four digits, as TP0005".to_owned(),
    };
    Diagnostic::error(Code::NotThere, format!("no message has the code `{}`", visible(text))).hint(hint)
}

fn no_figures(code: &str) -> Diagnostic {
    let message = format!("`{}` is the code of a message, which has no figures, roles or devices", visible(code));
    Diagnostic::error(Code::NotThere, message).hint("give the code alone, or the slug of a report in its place")
}

/// Where the figures of a report come from.
fn report(args: &ExplainArgs, console: &Console, diagnostics: &mut Diagnostics) -> Option<String> {
    let loaded = loaded::read(args.input.order(), console, &mut Timings::start(), diagnostics)?;
    let role = role(&loaded, args, diagnostics)?;
    let slice = scope::slice(loaded.input(), role);
    let Some(report) = slice.report(&args.subject) else {
        let message = format!("role `{}` does not get the report `{}`", role.name, args.subject);
        let hint = "`threatpress list reports` shows who gets it, and why not";
        diagnostics.push(Diagnostic::error(Code::NotThere, message).hint(hint));
        return None;
    };
    let figures = Figures::of(&slice, None);
    let at = slice.reports().iter().position(|other| other.slug == report.slug)?;
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let asked = Asked {
        slice: &slice,
        report,
        figures: figures.report(at)?.get(),
        devices: loaded.fleets.last().map_or(0, |fleet| count(fleet.devices.len())),
        alerts: loaded.fleets.last().map_or(0, |fleet| count(fleet.alerts.len())),
        snapshots: &loaded.snapshots,
    };
    let mut text = format!("{}, as role `{}` sees it at {}\n", report.slug, role.name, slice.as_of());
    if let Some(figure) = &args.figure {
        let listing = Listing::of(&slice, &mut Diagnostics::new());
        let portal = Portal::new(&slice, &figures, &listing);
        let page = portal.page(&Route::Report(report.slug.clone(), Tab::Overview));
        let data = page.and_then(|page| page.data);
        let value = data.as_ref().and_then(|data| figure.read(&data.value));
        let value = value.map(|value| value.as_str().map_or_else(|| value.to_string(), visible));
        text.push_str(&format!("{} = {}\n", figure.as_str(), value.unwrap_or_else(|| "not known".to_owned())));
    }
    if let Some(device) = &args.device {
        match told(trace::device(asked, device), diagnostics)? {
            Some(said) => text.push_str(&format!("\n{said}")),
            None => {
                let message = format!("role `{}` sees no device `{}`", role.name, visible(device));
                let hint = "give its id or its whole name; `threatpress list groups` shows the role's groups";
                diagnostics.push(Diagnostic::error(Code::NotThere, message).hint(hint));
                return None;
            }
        }
    } else {
        let subjects = args.figure.as_ref().map_or(&Subject::ALL[..], |figure| Subject::of(figure.as_str()));
        text.push_str(&trace::chain(asked, subjects));
    }
    Some(text)
}

/// The role that was named, or one that gets the report.
fn role<'a>(loaded: &'a Loaded, args: &ExplainArgs, diagnostics: &mut Diagnostics) -> Option<&'a Role> {
    let Some(report) = loaded.library.reports.iter().find(|report| report.facts.slug == args.subject) else {
        let slugs = loaded.library.reports.iter().map(|report| report.facts.slug.as_str());
        let hint = match nearest(&args.subject, slugs) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`threatpress list reports` shows them".to_owned(),
        };
        let message = format!("there is no report `{}`", visible(&args.subject));
        diagnostics.push(Diagnostic::error(Code::NotThere, message).hint(hint));
        return None;
    };
    if args.role.is_some() {
        let named: Vec<String> = args.role.iter().cloned().collect();
        return loaded.roles(&named, diagnostics).into_iter().next();
    }
    let gets = |role: &&Role| admits(role, report.facts.tlp, &report.admission, loaded.as_of, loaded.drafts).is_ok();
    let mut roles: Vec<&Role> = loaded.site.roles.iter().filter(gets).collect();
    roles.sort_by_key(|role| role.groups != GroupSelection::All);
    if roles.is_empty() {
        let message = format!("no role gets the report `{}`", args.subject);
        let hint = "`threatpress list reports` shows why; --drafts admits drafts";
        diagnostics.push(Diagnostic::error(Code::NotThere, message).hint(hint));
    }
    roles.into_iter().next()
}
