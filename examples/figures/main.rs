//! The figures of a site and nothing else: no page is made, no file written. A line of JSON for each role's report.
//!
//! ```text
//! cargo run --release --example figures -- SITE [--no-cache]
//! ```
//!
//! It is what `benches/compare/figures.py` holds against a database.

use std::io::{self, BufWriter, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use threatpress::desk::{Changed, Desk, Order, Unwatched};
use threatpress::diagnostics::Diagnostics;
use threatpress::{exposure, scope};

/// That of the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Count every figure of every role of a site.
#[derive(Parser)]
#[command(name = "figures")]
struct Flags {
    /// The site's directory.
    site: PathBuf,
    /// Read the tables, and keep nothing of them.
    #[arg(long)]
    no_cache: bool,
}

fn main() -> io::Result<ExitCode> {
    let flags = Flags::parse();
    let order = Order { cache: !flags.no_cache, once: true, ..Order::of(flags.site) };
    let mut told = Diagnostics::new();
    let loaded = Desk::new(order).read(&Changed::everything(), &mut Unwatched, &mut told);
    let Some(loaded) = loaded.filter(|_| !told.has_errors()) else {
        writeln!(io::stderr(), "{told:?}")?;
        return Ok(ExitCode::FAILURE);
    };
    let mut output = BufWriter::new(io::stdout().lock());
    for role in &loaded.site.roles {
        let slice = scope::slice(loaded.input(), role);
        let figures = exposure::count(&slice);
        for (report, counted) in slice.reports().iter().zip(figures.reports()) {
            let mut line = serde_json::to_value(counted.get())?;
            line["role"] = role.name.as_str().into();
            line["slug"] = report.slug.as_str().into();
            writeln!(output, "{line}")?;
        }
    }
    output.flush()?;
    Ok(ExitCode::SUCCESS)
}
