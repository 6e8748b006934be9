//! `threatpress explain`

use super::Exit;
use super::args::ExplainArgs;
use super::console::output;
use crate::diagnostics::explanation;

pub(super) fn run(args: &ExplainArgs) -> Exit {
    let code = args.code;
    output(&format!("{code}\n\n{}\n", explanation(code).unwrap_or(code.meaning())))
}
