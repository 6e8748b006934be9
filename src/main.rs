//! The command `threatpress`.

use std::process::ExitCode;

/// Pages are made of millions of short-lived texts on all cores, which is not what systems' own allocators are best at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    threatpress::cli::run()
}
