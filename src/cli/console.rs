//! Messages to people and programs. Everything but lists goes to standard error.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::Exit;
use super::args::Format;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity, render};

/// Where a run speaks.
pub(super) struct Console {
    format: Format,
    progress: ProgressBar,
}

impl Console {
    pub(super) fn new(format: Format) -> Self {
        let talks = format == Format::Text && std::io::stderr().is_terminal();
        let progress = if talks { ProgressBar::no_length() } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
            progress.set_style(style);
        }
        Self { format, progress }
    }

    /// Says on a terminal what is going on; a step that takes less than half a second is over
    /// before it shows.
    pub(super) fn step(&self, what: impl Into<String>) {
        self.progress.set_message(what.into());
        if self.progress.elapsed() > Duration::from_millis(500) {
            self.progress.tick();
        }
        self.progress.enable_steady_tick(Duration::from_millis(500));
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
                Format::Github => print(&render::github(diagnostic)),
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
        let plural = if count == 1 { "" } else { "s" };
        (count > 0).then(|| format!("{count} {}{plural}", severity.word()))
    };
    [Severity::Error, Severity::Warning, Severity::Note].into_iter().filter_map(count).collect::<Vec<_>>().join(", ")
}

/// Writes a line to standard error; when nobody listens, nothing is left to do.
fn print(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// What the problems of a run mean for its exit code.
pub(super) fn exit(diagnostics: &Diagnostics) -> Exit {
    let errors = || diagnostics.iter().filter(|d| d.severity == Severity::Error);
    let of_disk = |d: &Diagnostic| matches!(d.code, Code::Disk | Code::OutputLocked | Code::ForeignOutput);
    if errors().any(of_disk) {
        Exit::Disk
    } else if errors().any(|d| d.code == Code::UnknownRole && matches!(d.place, crate::diagnostics::Place::Nowhere)) {
        Exit::Usage
    } else if errors().next().is_some() {
        Exit::Input
    } else {
        Exit::Done
    }
}
