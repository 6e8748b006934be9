//! The keys of a source profile.

use crate::yaml::{Form, Key, Keys};

/// Anything: a path, a list, a mapping. The reader of values looks closer than a schema can.
const ANY: Form = Form::Either(&[Form::Text, Form::List(&Form::Text)]);

macro_rules! table {
    ($name:literal) => {
        Key::new(
            $name,
            Form::List(&Form::Mapping(&FEED)),
            "Where the rows of the table come from; of several sources the first tells.",
        )
    };
}

/// A profile.
pub(super) static PROFILE: Keys = Keys {
    what: "the profile",
    list: &[
        Key::new("merged", Form::Mapping(&MERGED), "Ids of devices that became others."),
        table!("devices"),
        table!("vulnerabilities"),
        table!("configurations"),
        table!("configuration_catalog"),
        table!("software"),
        table!("affected_software"),
        table!("alerts"),
        table!("alert_devices"),
        table!("incidents"),
    ],
};

/// A source of a table.
pub(super) static FEED: Keys = Keys {
    what: "a source",
    list: &[
        Key::new("from", Form::List(&Form::Given), "The source table; of several names, all that are there.")
            .required(),
        Key::new("each", Form::List(&Form::Given), "Lists: a row for each element."),
        Key::new("when", ANY, "Columns, and the values with which a row counts."),
        Key::new("unless", ANY, "Columns, and the values with which a row is passed over."),
        Key::new("has", Form::List(&Form::Given), "Paths: a row counts that has a value at each."),
        Key::new("newest", ANY, "Of rows with the same `by`, those with the newest `of` count."),
        Key::new(
            "prefer",
            Form::Mapping(&PREFER),
            "Of rows with the same `by`, those for which `when` holds, if there are any.",
        ),
        Key::new("join", ANY, "Names, and the source tables that are looked into under them."),
        Key::new("columns", ANY, "The columns of the table, and what fills them.").required(),
    ],
};

/// `newest`.
pub(super) static NEWEST: Keys = Keys {
    what: "`newest`",
    list: &[
        Key::new("by", Form::List(&Form::Given), "What rows have in common. Left out: the id of the table."),
        Key::new("of", ANY, "A time; of several paths, the first that gives anything.").required(),
        Key::new("unless", ANY, "Columns and values: where the newest row has one of these, none counts."),
    ],
};

/// `prefer`.
pub(super) static PREFER: Keys = Keys {
    what: "`prefer`",
    list: &[
        Key::new("by", Form::List(&Form::Given), "What rows have in common.").required(),
        Key::new("when", ANY, "Columns and values, as in `when`.").required(),
    ],
};

/// A source that is looked into.
pub(super) static JOIN: Keys = Keys {
    what: "a join",
    list: &[
        Key::new("from", Form::List(&Form::Given), "The source table.").required(),
        Key::new("by", ANY, "A column of it, and the path of the row whose value it has to have.").required(),
        Key::new("when", ANY, "Columns, and the values with which a row counts."),
        Key::new("unless", ANY, "Columns, and the values with which a row is passed over."),
        Key::new("newest", Form::Given, "A time: the newest row counts."),
    ],
};

/// `merged`.
pub(super) static MERGED: Keys = Keys {
    what: "`merged`",
    list: &[
        Key::new("from", Form::List(&Form::Given), "The source table.").required(),
        Key::new("id", Form::Given, "The column with a device's id.").required(),
        Key::new("into", Form::Given, "The column with the id of the device that it became.").required(),
    ],
};

/// What fills a column, where it is more than a path.
pub(super) static VALUE: Keys = Keys {
    what: "a value",
    list: &[
        Key::new("value", Form::Text, "Always this."),
        Key::new("from", ANY, "A path; of several, the first that gives anything."),
        Key::new("find", Form::Given, "A regular expression: what it finds, with `;` between."),
        Key::new("epoch", Form::Word(|| vec!["seconds", "milliseconds"]), "A number of these since 1970 as a time."),
        Key::new("map", ANY, "Values, and what is meant by them."),
        Key::new("else", Form::Text, "What any other value means; `\"\"` is none. Left out: the value itself."),
    ],
};
