//! Messages to people and programs. Everything but lists goes to standard error.

use std::fmt::Display;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressState, ProgressStyle};

use super::Exit;
use super::args::Format;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place, Severity, render};

/// What takes less long is over before anybody could read what it was.
const WORTH_SHOWING: Duration = Duration::from_millis(500);

/// Where a run speaks.
pub(super) struct Console {
    format: Format,
    progress: ProgressBar,
    doing: Arc<Mutex<String>>,
    /// The directory from which places are told.
    site: PathBuf,
}

impl Console {
    pub(super) fn new(format: Format) -> Self {
        let talks = format == Format::Text && std::io::stderr().is_terminal();
        let progress = if talks { ProgressBar::no_length() } else { ProgressBar::hidden() };
        let doing = Arc::new(Mutex::new(String::new()));
        let shown = Arc::clone(&doing);
        let line = move |state: &ProgressState, out: &mut dyn std::fmt::Write| {
            let doing = shown.lock().unwrap_or_else(PoisonError::into_inner);
            if state.elapsed() >= WORTH_SHOWING {
                // What cannot be drawn is not missed.
                let _ = write!(out, "{doing} ({} s)", state.elapsed().as_secs());
            }
        };
        if let Ok(style) = ProgressStyle::with_template("{line}") {
            progress.set_style(style.with_key("line", line));
        }
        Self { format, progress, doing, site: PathBuf::from(".") }
    }

    /// The same for what is told of the site in a directory.
    pub(super) fn of_site(self, site: &Path) -> Self {
        Self { site: site.to_owned(), ..self }
    }

    /// Says on a terminal what is going on, once the run has taken half a second.
    pub(super) fn step(&self, what: impl Into<String>) {
        *self.doing.lock().unwrap_or_else(PoisonError::into_inner) = what.into();
        self.progress.enable_steady_tick(WORTH_SHOWING);
    }

    /// A line for people; nothing in the formats for programs.
    pub(super) fn say(&self, line: &str) {
        self.progress.finish_and_clear();
        if self.format == Format::Text {
            print(line);
        }
    }

    /// Writes every problem, and a line that counts them.
    pub(super) fn tell(&self, diagnostics: &Diagnostics) {
        self.progress.finish_and_clear();
        let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        for diagnostic in diagnostics.iter() {
            match self.format {
                Format::Text => print(&format!("{}\n", render::text(diagnostic, colour))),
                Format::Json => print(&render::json(diagnostic)),
                Format::Github => print(&render::github(diagnostic, &self.site)),
            }
        }
        if !diagnostics.is_empty() {
            self.say(&summary(diagnostics));
        }
    }
}

fn summary(diagnostics: &Diagnostics) -> String {
    let count = |severity: Severity| {
        let count = diagnostics.count(severity);
        (count > 0).then(|| counted(count, severity.word()))
    };
    [Severity::Error, Severity::Warning, Severity::Note].into_iter().filter_map(count).collect::<Vec<_>>().join(", ")
}

/// "1 role", "2 roles".
pub(super) fn counted<N: Display + PartialEq + From<u8>>(count: N, one: &str) -> String {
    let plural = if count == N::from(1) { "" } else { "s" };
    format!("{count} {one}{plural}")
}

/// Writes a line to standard error; when nobody listens, nothing is left to do.
fn print(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Writes what was asked for to standard output. That nobody reads it to its end is no failure.
pub(super) fn output(text: &str) -> Exit {
    let mut out = std::io::stdout();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            print(&render::text(&Diagnostic::error(Code::Disk, format!("cannot write it: {error}")), false));
            Exit::Disk
        }
        _ => Exit::Done,
    }
}

/// What a run comes to whose list was `written` like this.
pub(super) fn exit_of(written: Exit, diagnostics: &Diagnostics) -> Exit {
    match exit(diagnostics) {
        Exit::Done => written,
        other => other,
    }
}

/// What the problems of a run mean for its exit code.
pub(super) fn exit(diagnostics: &Diagnostics) -> Exit {
    let errors = || diagnostics.iter().filter(|d| d.severity == Severity::Error);
    // Whatever the audit, a manifest or a proof finds.
    let of_policy = |d: &Diagnostic| d.code.number() / 100 == 8 || d.code == Code::InvalidManifest;
    let of_disk = |d: &Diagnostic| {
        matches!(
            d.code,
            Code::Disk
                | Code::OutputLocked
                | Code::ForeignOutput
                | Code::RetiredRole
                | Code::Disturbed
                | Code::Unfinished
                | Code::CannotListen
                | Code::EngineUnreachable
                | Code::LoginRefused
                | Code::ConnectionLost
                | Code::IncompleteResult
        )
    };
    let of_usage = |d: &Diagnostic| match d.code {
        Code::KeepRefused | Code::NotThere => true,
        Code::UnknownRole => matches!(d.place, Place::Nowhere),
        _ => false,
    };
    if errors().any(of_disk) {
        Exit::Disk
    } else if errors().any(of_usage) {
        Exit::Usage
    } else if errors().any(of_policy) {
        Exit::Policy
    } else if errors().next().is_some() {
        Exit::Input
    } else {
        Exit::Done
    }
}
