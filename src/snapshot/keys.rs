//! The keys of `snapshot.yaml`.

use super::profile::NAMES;
use crate::yaml::{Form, Key, Keys};

/// A form that is known, or a profile of the site's own.
const SOURCE: Form = Form::Either(&[Form::Word(|| NAMES.to_vec()), Form::Pattern(r"\.ya?ml$")]);

/// A snapshot.
pub static SNAPSHOT: Keys = Keys {
    what: "the snapshot",
    list: &[
        Key::new("as_of", Form::Moment, "The moment the tables describe: \"now\" for every figure; no zone means UTC.")
            .required()
            .example(r#""2026-11-16T06:00:00Z""#),
        Key::new(
            "source",
            SOURCE,
            "How the tables are named and filled: a known form, or the path of a profile. Left out: `native`.",
        )
        .example(r#""native""#),
        Key::new("engine", Form::Refused, "Where an engine answers. Snapshots held in an engine are not read yet."),
        Key::new("tables", Form::Refused, "What to ask an engine for. Snapshots held in an engine are not read yet."),
    ],
};
