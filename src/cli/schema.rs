//! `threatpress schema`

use super::Exit;
use super::args::{Described, SchemaArgs};
use super::console::output;
use crate::schema;

pub(super) fn run(args: &SchemaArgs) -> Exit {
    let schema = match args.of {
        Described::Config => schema::configuration(),
        Described::Report => schema::report(),
        Described::Page => schema::page(),
        Described::Snapshot => schema::snapshot(),
    };
    output(&format!("{schema:#}\n"))
}
