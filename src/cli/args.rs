//! What can be typed.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;

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
