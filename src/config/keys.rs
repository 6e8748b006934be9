//! The keys of `threatpress.yaml`.

use crate::terms::{SLUG_PATTERN, Tlp};
use crate::yaml::{Form, Key, Keys};

pub(super) const DAYS_FRESH: (u32, u32) = (1, 3650);
pub(super) const DAYS_OF_TREND: (u32, u32) = (1, 366);
pub(super) const ROWS_SHOWN: (u32, u32) = (1, 100_000);
pub(super) const ROWS_DOWNLOADED: (u32, u32) = (1, 10_000_000);

const TLP: Form = Form::Label("tlp:", || Tlp::ALL.map(Tlp::word).to_vec());
/// ASCII without white space and without what would end or break an address.
const URL: Form = Form::Pattern("^https?://[!$-.0-;=@-\\[\\]^_a-z|~][!$-;=@-\\[\\]^_a-z|~]*$");
const LANGUAGE: Form = Form::Pattern("^[A-Za-z][A-Za-z0-9]{0,7}(?:-[A-Za-z0-9]{1,8})*$");
const LINK: Form = Form::Pattern(r"^https?://.*\{id\}");
/// The keyword, or names; the keyword cannot be one of the names.
const GROUPS: Form = Form::Either(&[Form::Word(|| vec!["all"]), Form::List(&Form::Pattern(r"^(?!\s*all\s*$).*\S"))]);

/// The configuration.
pub static CONFIGURATION: Keys = Keys {
    what: "the configuration",
    list: &[
        Key::new("title", Form::Given, "What the portal is called, on every page.")
            .required()
            .example(r#""Contoso threat portal""#),
        Key::new("base_url", URL, "Where the builds are served: an absolute address. A role may have its own.")
            .required()
            .example(r#""https://threats.contoso.example/""#),
        Key::new("language", LANGUAGE, "The language of the pages, as HTML's `lang`. Left out: `en`.")
            .example(r#""pt-BR""#),
        Key::new("theme", Form::Pattern(SLUG_PATTERN), "The name of a directory in themes/, or `default`.")
            .example(r#""default""#),
        Key::new("snapshots", Form::Text, "The directory of the snapshots. Left out: content/snapshots.")
            .example(r#""content/snapshots""#),
        Key::new(
            "freshness_days",
            Form::Number(DAYS_FRESH.0, DAYS_FRESH.1),
            "A device silent for longer is unavailable. Left out: 7.",
        )
        .example("7"),
        Key::new(
            "trend_days",
            Form::Number(DAYS_OF_TREND.0, DAYS_OF_TREND.1),
            "How many days the alert trend covers, ending on the day of the snapshot. Left out: 30.",
        )
        .example("30"),
        Key::new("default_tlp", TLP, "The TLP of a report or page that names none. Left out: `red`.")
            .example(r#""amber""#),
        Key::new(
            "antivirus_configurations",
            Form::List(&Form::Text),
            "Configurations that are settings of the vendor's own antivirus.",
        )
        .example(r#"["scid-2010", "scid-2012"]"#),
        Key::new(
            "group_ranks",
            Form::List(&Form::Text),
            "For a device with rows in several groups: the first group of this list that it is in counts.",
        )
        .example(r#"["Tier 0", "Servers"]"#),
        Key::new(
            "device_rows",
            Form::Number(ROWS_SHOWN.0, ROWS_SHOWN.1),
            "Rows of a device table on a page; the page says how many there are. Left out: 500.",
        )
        .example("500"),
        Key::new(
            "download_rows",
            Form::Number(ROWS_DOWNLOADED.0, ROWS_DOWNLOADED.1),
            "Rows of a device CSV; the page says when it stops there. Left out: 50000.",
        )
        .example("50000"),
        Key::new("links", Form::Mapping(&LINKS), "Where ids lead outside the site; an entry left out means no link."),
        Key::new(
            "roles",
            Form::Named(SLUG_PATTERN, &ROLE),
            "The roles, by name. Each has a build of its own, in the directory of its name.",
        )
        .required()
        .example(r#"{"soc": {"groups": "all", "clearance": "red"}}"#),
    ],
};

/// The links.
pub(super) static LINKS: Keys = Keys {
    what: "`links`",
    list: &[
        Key::new("device", LINK, "For a device's id.").example(r#""https://security.example/machines/{id}""#),
        Key::new("incident", LINK, "For an incident's id.").example(r#""https://security.example/incidents/{id}""#),
        Key::new("alert", LINK, "For an alert's id.").example(r#""https://security.example/alerts/{id}""#),
        Key::new("vulnerability", LINK, "For a CVE id.").example(r#""https://nvd.nist.gov/vuln/detail/{id}""#),
        Key::new("technique", LINK, "For an ATT&CK technique's id.").example(r#""https://intel.example/{id}""#),
    ],
};

/// A role.
pub(super) static ROLE: Keys = Keys {
    what: "a role",
    list: &[
        Key::new("title", Form::Text, "The role's name for people. Left out: its name.").example(r#""Global SOC""#),
        Key::new(
            "groups",
            GROUPS,
            "The device groups whose devices it sees: the word `all`, or a list of exact names. Left out or empty: \
             no device at all. `ungrouped` and `no-device` have to be listed, or are part of `all`.",
        )
        .example(r#"["EMEA Servers", "EMEA Workstations"]"#),
        Key::new("clearance", TLP, "The strictest TLP it reads. Left out: `clear`.").example(r#""amber+strict""#),
        Key::new(
            "sign_in_groups",
            Form::List(&Form::Text),
            "Groups of the sign-in service whose members get this role; never written into a build.",
        )
        .example(r#"["aaaabbbb-0000-cccc-1111-dddd2222eeee"]"#),
        Key::new("base_url", URL, "Where this role's build is served, if not where the site is.")
            .example(r#""https://emea.threats.contoso.example/""#),
    ],
};
