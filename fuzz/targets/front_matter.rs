#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(init: threatpress_fuzz::begin(), |input: &[u8]| threatpress_fuzz::hold("front_matter", input));
