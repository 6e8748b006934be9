//! What can be typed.

use std::net::{AddrParseError, IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use jiff::Timestamp;

use crate::hosting::{Host, Root, Server};
use crate::scope::markdown::FigurePath;
use crate::serve::Editor;
use crate::terms::{ReportType, is_report_slug, is_slug};

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
    /// Show the site in a browser while it is written, as each role sees it
    Serve(ServeArgs),
    /// Tell every problem of reports, configuration and snapshots, and build nothing
    Check(CheckArgs),
    /// Show what there is, and who is admitted to it
    List(ListArgs),
    /// Build each role from its slice alone, and compare every byte with its build from everything
    Prove(ProveArgs),
    /// Look in a finished build for anything its role may not see
    Audit(AuditArgs),
    /// Hold a finished build against its manifest
    Verify(VerifyArgs),
    /// Compare two builds: paths, modes, bytes
    Diff(DiffArgs),
    /// Write the configuration of a web server that shows each role its own build
    Hosting(HostingArgs),
    /// Make a small complete site to begin with
    Init(InitArgs),
    /// Begin a report or a page
    #[command(subcommand)]
    New(NewVerb),
    /// Say what a code of a message means, or where the numbers of a report come from
    Explain(ExplainArgs),
    /// Look into a snapshot before anything is built of it
    #[command(subcommand)]
    Snapshot(SnapshotVerb),
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
    Page(NewPageArgs),
}

#[derive(Debug, ClapArgs)]
pub(super) struct NewReportArgs {
    /// Its name in addresses and on disk, as storm-2603
    #[arg(value_name = "NAME", value_parser = report_slug)]
    pub(super) name: String,
    #[command(flatten)]
    pub(super) place: NewPlaceArgs,
    /// What kind of report
    #[arg(long = "type", value_name = "TYPE", default_value = ReportType::Activity.word(), value_parser = report_type())]
    pub(super) kind: ReportType,
}

#[derive(Debug, ClapArgs)]
pub(super) struct NewPageArgs {
    /// Its name in addresses and on disk, as about-the-team
    #[arg(value_name = "NAME", value_parser = slug)]
    pub(super) name: String,
    #[command(flatten)]
    pub(super) place: NewPlaceArgs,
}

#[derive(Debug, ClapArgs)]
pub(super) struct NewPlaceArgs {
    /// The site's directory
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(super) site: PathBuf,
    /// Give it a directory of its own, for images and an indicator file beside it
    #[arg(long)]
    pub(super) directory: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct ExplainArgs {
    /// The code of a message, as TP0005, or the slug of a report
    #[arg(value_name = "CODE|REPORT")]
    pub(super) subject: String,
    /// The figure of the report, as devices.exposed [default: all of them]
    #[arg(value_name = "FIGURE", value_parser = figure)]
    pub(super) figure: Option<FigurePath>,
    /// As this role sees it [default: the first one that gets the report, those with `groups: all` before others]
    #[arg(long, value_name = "NAME")]
    pub(super) role: Option<String>,
    /// Why this device is in its state: its id or name
    #[arg(long, value_name = "ID")]
    pub(super) device: Option<String>,
    #[command(flatten)]
    pub(super) input: InputArgs,
}

#[derive(Debug, Subcommand)]
pub(super) enum SnapshotVerb {
    /// Tell what is understood of a snapshot, table by table, and what is doubtful about it
    Check(SnapshotCheckArgs),
}

#[derive(Debug, ClapArgs)]
pub(super) struct SnapshotCheckArgs {
    /// The snapshot's directory
    #[arg(value_name = "DIR")]
    pub(super) directory: PathBuf,
    /// The site's directory [default: the first above DIR that has a threatpress.yaml]
    #[arg(long, value_name = "DIR")]
    pub(super) site: Option<PathBuf>,
    /// Take doubtful input (bad rows) as an error
    #[arg(long)]
    pub(super) strict: bool,
    /// How to write what was understood, and messages
    #[arg(long, value_enum, default_value_t = BuildFormat::Text)]
    pub(super) format: BuildFormat,
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
    /// Remove builds of roles that threatpress.yaml does not name any more
    #[arg(long)]
    pub(super) prune: bool,
    /// Publish without looking for what a role may not see; the manifest says so
    #[arg(long)]
    pub(super) no_audit: bool,
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
pub(super) struct ServeArgs {
    #[command(flatten)]
    pub(super) input: InputArgs,
    /// Show only this role (may be given several times)
    #[arg(long = "role", value_name = "NAME")]
    pub(super) roles: Vec<String>,
    /// The port, or the first free one of the 20 after it; 0 for any
    #[arg(long, value_name = "N", default_value_t = 4720)]
    pub(super) port: u16,
    /// Listen at this address of the machine; beyond loopback, the printed address has a token
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), value_parser = bind)]
    pub(super) bind: IpAddr,
    /// Open the address in a browser
    #[arg(long)]
    pub(super) open: bool,
    /// Look for changes again and again, where the system does not tell of them
    #[arg(long)]
    pub(super) poll: bool,
    /// What links of problems lead to, as idea://open?file={file}&line={line}
    #[arg(long, value_name = "TEMPLATE", default_value_t = Editor::default(), value_parser = editor)]
    pub(super) editor: Editor,
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

#[derive(Debug, ClapArgs)]
pub(super) struct ProveArgs {
    #[command(flatten)]
    pub(super) input: InputArgs,
    /// Prove only this role (may be given several times)
    #[arg(long = "role", value_name = "NAME")]
    pub(super) roles: Vec<String>,
    /// Keep each role's slice as a site in DIR/ROLE, to look at and to build
    #[arg(long, value_name = "DIR")]
    pub(super) keep: Option<PathBuf>,
    /// How many threads to use [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) jobs: Option<u16>,
    /// How to write messages
    #[arg(long, value_enum, default_value_t = BuildFormat::Text)]
    pub(super) format: BuildFormat,
}

#[derive(Debug, ClapArgs)]
pub(super) struct HostingArgs {
    /// The web server
    #[arg(value_parser = server())]
    pub(super) server: Server,
    /// The site's directory
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(super) site: PathBuf,
    /// Configure only this role (may be given several times)
    #[arg(long = "role", value_name = "NAME")]
    pub(super) roles: Vec<String>,
    /// Where the builds stand on the server, one directory per role
    #[arg(long, value_name = "DIR", default_value = "/srv/threatpress", value_parser = root)]
    pub(super) root: Root,
    /// The sign-in service, oauth2-proxy or one that answers like it
    #[arg(long, value_name = "ADDRESS", default_value = "http://127.0.0.1:4180", value_parser = sign_in)]
    pub(super) sign_in: Host,
    /// Listen here in plain HTTP, behind something on this machine that speaks TLS
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = loopback)]
    pub(super) listen: Option<SocketAddr>,
    /// Write files into this directory [default: one text to standard output]
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// How to write messages
    #[arg(long, value_enum, default_value_t = BuildFormat::Text)]
    pub(super) format: BuildFormat,
}

#[derive(Debug, ClapArgs)]
pub(super) struct AuditArgs {
    /// The directory of the build
    #[arg(value_name = "DIR")]
    pub(super) dir: PathBuf,
    /// The role whose build it is
    #[arg(long, value_name = "NAME")]
    pub(super) role: String,
    #[command(flatten)]
    pub(super) input: InputArgs,
    /// How to write messages
    #[arg(long, value_enum, default_value_t = BuildFormat::Text)]
    pub(super) format: BuildFormat,
    /// Say how long each step took
    #[arg(long)]
    pub(super) timings: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct VerifyArgs {
    /// The directory of the build
    #[arg(value_name = "DIR")]
    pub(super) dir: PathBuf,
    /// The role whose build it has to be
    #[arg(long, value_name = "NAME")]
    pub(super) role: Option<String>,
    /// How to write messages
    #[arg(long, value_enum, default_value_t = BuildFormat::Text)]
    pub(super) format: BuildFormat,
}

#[derive(Debug, ClapArgs)]
pub(super) struct DiffArgs {
    /// The directory of one build
    #[arg(value_name = "OUT_A")]
    pub(super) first: PathBuf,
    /// The directory of the other
    #[arg(value_name = "OUT_B")]
    pub(super) second: PathBuf,
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
    /// Read the snapshots' tables, whatever is kept of them, and keep nothing
    #[arg(long)]
    pub(super) no_cache: bool,
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

fn server() -> impl TypedValueParser<Value = Server> {
    PossibleValuesParser::new(["nginx", "caddy"]).map(|name| match name.as_str() {
        "caddy" => Server::Caddy,
        _ => Server::Nginx,
    })
}

fn root(text: &str) -> Result<Root, String> {
    Root::parse(text).ok_or_else(|| "write an absolute path of letters, digits, spaces and `/-_.+@`".to_owned())
}

fn sign_in(text: &str) -> Result<Host, String> {
    Host::service(text).ok_or_else(|| "write http://HOST:PORT, as http://127.0.0.1:4180".to_owned())
}

fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address = text.parse().ok().filter(|address: &SocketAddr| address.ip().is_loopback() && address.port() > 0);
    address.ok_or_else(|| "write a loopback address and a port, as 127.0.0.1:8080; the rest speaks TLS".to_owned())
}

/// An address; IPv4 within IPv6 is IPv4, as browsers and this machine take it.
fn bind(text: &str) -> Result<IpAddr, AddrParseError> {
    text.parse().map(|address: IpAddr| address.to_canonical())
}

fn editor(text: &str) -> Result<Editor, String> {
    let form = "write an address with {file}, and {line} and {column} if they are wanted, as \
                idea://open?file={file}&line={line}";
    Editor::parse(text).ok_or_else(|| form.to_owned())
}

/// One of the report types; for another word the nearest is suggested.
fn report_type() -> impl TypedValueParser<Value = ReportType> {
    PossibleValuesParser::new(ReportType::ALL.map(ReportType::word))
        .try_map(|word| ReportType::parse(&word).ok_or("no type of reports"))
}

fn slug(text: &str) -> Result<String, String> {
    const FORM: &str = "write letters, digits and `-`, as storm-2603; names that hosts or Windows reserve are refused";
    match text.to_ascii_lowercase().strip_suffix(".md") {
        Some(_) => Err("write the name alone: its file gets the ending .md by itself".to_owned()),
        None if is_slug(text) => Ok(text.to_owned()),
        None => Err(FORM.to_owned()),
    }
}

fn report_slug(text: &str) -> Result<String, String> {
    let slug = slug(text)?;
    match is_report_slug(&slug) {
        true => Ok(slug),
        false => Err("`by` and `threats.csv` stand beside the reports already: choose another name".to_owned()),
    }
}

fn figure(text: &str) -> Result<FigurePath, String> {
    FigurePath::parse(text)
}
