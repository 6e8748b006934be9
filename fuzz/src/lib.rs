//! The properties of `tests/suite/properties`, for libFuzzer.

use std::panic;
use std::process::abort;

#[path = "../../tests/suite/page.rs"]
mod page;
#[path = "../../tests/suite/properties/mod.rs"]
mod properties;

/// Every panic ends the run with a finding, but for those of the Markdown parser, which the program
/// catches and tells.
pub fn begin() {
    let tell = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if !panic.location().is_some_and(|place| place.file().contains("/pulldown-cmark-")) {
            tell(panic);
            abort();
        }
    }));
}

/// Tries an input on the property of this name.
pub fn hold(name: &str, input: &[u8]) {
    if let Some((_, holds)) = properties::ALL.iter().find(|(known, _)| *known == name) {
        holds(input);
    }
}
