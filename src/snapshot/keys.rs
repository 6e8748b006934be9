//! The keys of `snapshot.yaml`.

use crate::yaml::{Form, Key, Keys};

/// A snapshot.
pub static SNAPSHOT: Keys = Keys {
    what: "the snapshot",
    list: &[
        Key::new("as_of", Form::Moment, "The moment the tables describe: \"now\" for every figure; no zone means UTC.")
            .required()
            .example(r#""2026-11-16T06:00:00Z""#),
        Key::new("source", Form::Word(|| vec!["native"]), "How the tables are named and filled. Left out: `native`.")
            .example(r#""native""#),
        Key::new("engine", Form::Refused, "Where an engine answers. Snapshots held in an engine are not read yet."),
        Key::new("tables", Form::Refused, "What to ask an engine for. Snapshots held in an engine are not read yet."),
    ],
};
