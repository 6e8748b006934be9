//! The keys of `snapshot.yaml`.

use super::profile::NAMES;
use crate::yaml::{Form, Key, Keys};

/// The longest that an engine may be waited for: a day.
pub(super) const MOST_SECONDS: u32 = 86_400;
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
        Key::new("engine", Form::Mapping(&ENGINE), "The engine that holds the tables, in place of files."),
        Key::new(
            "tables",
            Form::Either(&[Form::Mapping(&TABLES), Form::Each(&Form::Given)]),
            "What the engine is asked for: a table's name there, or a query. With a profile, its source tables.",
        ),
    ],
};

/// An engine.
pub(super) static ENGINE: Keys = Keys {
    what: "`engine`",
    list: &[
        Key::new(
            "flight_sql",
            Form::Pattern(r"^grpc(\+tls|\+tcp)?://[^@/?#\s]+:[0-9]+/?$"),
            "Where it speaks Arrow Flight SQL: grpc://host:port, or grpc+tls://host:port for TLS. No user and no password.",
        )
        .required()
        .example(r#""grpc+tls://engine.internal:32010""#),
        Key::new(
            "ca",
            Form::Given,
            "A PEM file beside snapshot.yaml: the authority that signed its certificate. Left out: one the system knows.",
        ),
        Key::new(
            "timeout_seconds",
            Form::Number(1, MOST_SECONDS),
            "For how many seconds it may say nothing before it is given up. Left out: 300.",
        )
        .example("300"),
    ],
};

/// What an engine is asked for, where it holds the tables of the contract.
pub(super) static TABLES: Keys = Keys {
    what: "`tables`",
    list: &[
        Key::new("devices", Form::Given, "The devices.").required().example(r#""security.devices""#),
        Key::new("vulnerabilities", Form::Given, "Which device has which vulnerability.")
            .never_empty()
            .example(r#""security.vulnerabilities""#),
        Key::new("configurations", Form::Given, "Which device is configured how.")
            .never_empty()
            .example(r#""security.configurations""#),
        Key::new("configuration_catalog", Form::Given, "What configurations are called.")
            .never_empty()
            .example(r#""security.configuration_catalog""#),
        Key::new("software", Form::Given, "Which device runs which product.")
            .never_empty()
            .example(r#""security.software""#),
        Key::new("affected_software", Form::Given, "Which vulnerability affects which product.")
            .never_empty()
            .example(r#""security.affected_software""#),
        Key::new("alerts", Form::Given, "The alerts.").never_empty().example(r#""security.alerts""#),
        Key::new("alert_devices", Form::Given, "Further devices of alerts.")
            .never_empty()
            .example(r#""security.alert_devices""#),
        Key::new("incidents", Form::Given, "The incidents.").never_empty().example(r#""security.incidents""#),
    ],
};
