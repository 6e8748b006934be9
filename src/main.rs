//! The command `threatpress`.

fn main() {}
