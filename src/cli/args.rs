//! What can be typed.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use jiff::Timestamp;

use crate::diagnostics::{Code, nearest};
use crate::terms::{ReportType, is_slug};

/// Builds one portal of threat reports per role, each holding only what its role may see.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100, propagate_version = true)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) verb: Verb,
}

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Build the site, for every role or for those named
    Build(BuildArgs),
    /// Tell every problem of reports, configuration and snapshots, and build nothing
    Check(CheckArgs),
    /// Show what there is, and who is admitted to it
    List(ListArgs),
    /// Make a small complete site to begin with
    Init(InitArgs),
    /// Begin a report or a page
    #[command(subcommand)]
    New(NewVerb),
    /// Say what a code of a message means, and what to do
    Explain(ExplainArgs),
    /// Print a JSON Schema for editors
    Schema(SchemaArgs),
    /// Print completions for a shell
    Completions(CompletionsArgs),
    /// Write the manual pages
    Man(ManArgs),
}

#[derive(Debug, ClapArgs)]
pub(super) struct InitArgs {
    /// The directory: empty, or not there yet
    #[arg(value_name = "DIR")]
    pub(super) directory: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(super) enum NewVerb {
    /// Begin a report, with the headings that its type wants
    Report(NewReportArgs),
    /// Begin a free page
    Page(NewArgs),
}

#[derive(Debug, ClapArgs)]
pub(super) struct NewReportArgs {
    #[command(flatten)]
    pub(super) new: NewArgs,
    /// What kind of report
    #[arg(long = "type", value_name = "TYPE", value_parser = report_type())]
    pub(super) kind: ReportType,
}

#[derive(Debug, ClapArgs)]
pub(super) struct NewArgs {
    /// Its name in addresses and on disk, as storm-2603
    #[arg(value_name = "NAME", value_parser = slug)]
    pub(super) name: String,
    /// The site's directory
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(super) site: PathBuf,
    /// Give it a directory of its own, for images and an indicator file beside it
    #[arg(long)]
    pub(super) directory: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct ExplainArgs {
    /// The code, as TP0005
    #[arg(value_name = "CODE", value_parser = code)]
    pub(super) code: Code,
}

#[derive(Debug, ClapArgs)]
pub(super) struct SchemaArgs {
    /// Of what
    #[arg(value_enum)]
    pub(super) of: Described,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Described {
    /// threatpress.yaml
    Config,
    /// The front matter of a report
    Report,
    /// The front matter of a free page
    Page,
    /// snapshot.yaml, and the rows of the tables
    Snapshot,
}

#[derive(Debug, ClapArgs)]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(super) shell: Shell,
}

#[derive(Debug, ClapArgs)]
pub(super) struct ManArgs {
    /// Where to; made if it is not there
    #[arg(value_name = "DIR")]
    pub(super) directory: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(super) struct BuildArgs {
    #[command(flatten)]
    pub(super) input: InputArgs,
    /// Where the builds go, one directory per role [default: output in the site]
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Build only this role (may be given several times)
    #[arg(long = "role", value_name = "NAME")]
    pub(super) roles: Vec<String>,
    /// How many threads to use [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) jobs: Option<u16>,
    /// How to write messages
    #[arg(long, value_enum, default_value_t = BuildFormat::Text)]
    pub(super) format: BuildFormat,
    /// Say how long each step took
    #[arg(long)]
    pub(super) timings: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    pub(super) input: InputArgs,
    /// How to write messages
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
    /// Say how long each step took
    #[arg(long)]
    pub(super) timings: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct ListArgs {
    /// What to list
    #[arg(value_enum)]
    pub(super) what: Listed,
    #[command(flatten)]
    pub(super) input: InputArgs,
    /// For this role: what it is admitted to, and why not to the rest
    #[arg(long, value_name = "NAME")]
    pub(super) role: Option<String>,
    /// How to write the list
    #[arg(long, value_enum, default_value_t = BuildFormat::Text)]
    pub(super) format: BuildFormat,
}

/// Which site, at which moment.
#[derive(Debug, ClapArgs)]
pub(super) struct InputArgs {
    /// The site's directory
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(super) site: PathBuf,
    /// The snapshot to take as the current one [default: the newest]
    #[arg(long, value_name = "DIR")]
    pub(super) snapshot: Option<PathBuf>,
    /// What "now" means: an RFC 3339 time [default: the snapshot's]
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(super) as_of: Option<Timestamp>,
    /// Admit drafts too
    #[arg(long)]
    pub(super) drafts: bool,
    /// Take doubtful input (bad rows, unknown groups) as an error
    #[arg(long)]
    pub(super) strict: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// One object a line
    Json,
    /// Annotations in a pull request
    Github,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum BuildFormat {
    /// For people
    Text,
    /// One object a line
    Json,
}

impl From<BuildFormat> for Format {
    fn from(format: BuildFormat) -> Self {
        match format {
            BuildFormat::Text => Self::Text,
            BuildFormat::Json => Self::Json,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Listed {
    /// The reports, and the roles that get them
    Reports,
    /// The roles
    Roles,
    /// The device groups of the current snapshot
    Groups,
    /// The snapshots
    Snapshots,
}

fn time(text: &str) -> Result<Timestamp, String> {
    crate::terms::instant(text).ok_or_else(|| "write an RFC 3339 time, as 2026-11-16T06:00:00Z".to_owned())
}

/// One of the report types; for another word the nearest is suggested.
fn report_type() -> impl TypedValueParser<Value = ReportType> {
    PossibleValuesParser::new(ReportType::ALL.map(ReportType::word))
        .try_map(|word| ReportType::parse(&word).ok_or("no type of reports"))
}

fn slug(text: &str) -> Result<String, String> {
    const FORM: &str = "write letters, digits and `-`, as storm-2603; names that hosts or Windows reserve are refused";
    if is_slug(text) { Ok(text.to_owned()) } else { Err(FORM.to_owned()) }
}

fn code(text: &str) -> Result<Code, String> {
    let known: Vec<String> = Code::ALL.iter().map(ToString::to_string).collect();
    Code::parse(text).ok_or_else(|| match nearest(text, known.iter().map(String::as_str)) {
        Some(near) => format!("no message has this code; did you mean {near}?"),
        None => "a code is TP and four digits, as TP0005".to_owned(),
    })
}
