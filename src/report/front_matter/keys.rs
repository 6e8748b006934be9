//! The keys of front matter.

use crate::terms::{ChangeKind, IndicatorType, ReportType, SLUG_PATTERN, Severity, Tlp};
use crate::yaml::{Form, Key, Keys};

/// A title has at most so many characters.
pub(super) const LONGEST_TITLE: u16 = 300;
/// The severities an author can give.
pub(super) const SEVERITIES: [Severity; 5] =
    [Severity::Informational, Severity::Low, Severity::Medium, Severity::High, Severity::Critical];

const TEXTS: Form = Form::List(&Form::Text);
const TLP: Form = Form::Label("tlp:", || Tlp::ALL.map(Tlp::word).to_vec());
const CVE: Form = Form::Pattern("^[Cc][Vv][Ee]-[0-9]{4}-[0-9]{4,19}$");
const TECHNIQUE: Form = Form::Pattern(r"^T[0-9]{4}(?:\.[0-9]{3})?$");
const SLUG: Form = Form::Pattern(SLUG_PATTERN);
const WEB: Form = Form::Pattern(r"^https?://\S+$");

const TITLE: Key = Key::new("title", Form::Short(LONGEST_TITLE), "What the reader sees first, on one line.")
    .required()
    .example(r#""Storm-2603 hands-on-keyboard ransomware""#);
const TLP_OF_TEXT: Key = Key::new("tlp", TLP, "How far it may travel. Left out: the site's `default_tlp`.")
    .never_empty()
    .example(r#""amber""#);
const NAME_IN_URL: Key =
    Key::new("slug", SLUG, "Its name in addresses. Left out: the file's name.").example(r#""storm-2603""#);
const AUDIENCE: Key = Key::new(
    "audience",
    TEXTS,
    "The roles that may read it, if their clearance allows it too. Left out: every role whose clearance \
     allows; `[]`: nobody.",
)
.never_empty()
.example(r#"["soc", "emea-it"]"#);
const DRAFT: Key = Key::new("draft", Form::Boolean, "Not finished: nobody gets it, except with --drafts.")
    .never_empty()
    .example("true");
const PUBLISH_AT: Key = Key::new("publish_at", Form::Moment, "Hidden while the snapshot's time is earlier.")
    .never_empty()
    .example(r#""2026-11-02T06:00:00Z""#);

/// A report's front matter.
pub static REPORT: Keys = Keys {
    what: "front matter",
    list: &[
        TITLE,
        Key::new("type", Form::Word(|| ReportType::ALL.map(ReportType::word).to_vec()), "What kind of report it is.")
            .required()
            .example(r#""activity""#),
        Key::new("summary", Form::Given, "One paragraph a manager can act on.")
            .required()
            .example(r#""Patch on-premises SharePoint today and rotate its machine keys.""#),
        Key::new("published", Form::Moment, "When it was published; no zone means UTC.")
            .required()
            .example(r#""2026-11-02""#),
        Key::new("updated", Form::Moment, "When an author last changed it.").example(r#""2026-11-15""#),
        Key::new("severity", Form::Word(|| SEVERITIES.map(Severity::word).to_vec()), "How bad the threat is.")
            .example(r#""high""#),
        TLP_OF_TEXT,
        AUDIENCE,
        Key::new("authors", TEXTS, "Who wrote it.").example(r#"["Threat Research"]"#),
        Key::new("tags", TEXTS, "Its tags; each has a page.").example(r#"["ransomware"]"#),
        Key::new("aliases", TEXTS, "Other names of the threat.").example(r#"["Gold Salem"]"#),
        Key::new("actors", TEXTS, "The actors behind it; each has a page.").example(r#"["Storm-2603"]"#),
        Key::new("malware", TEXTS, "The malware used; each has a page.").example(r#"["Warlock"]"#),
        Key::new("sectors", TEXTS, "Who is attacked.").example(r#"["government"]"#),
        Key::new("attack_surfaces", TEXTS, "What the threat comes in through.")
            .example(r#"["internet-facing server"]"#),
        Key::new("regions", TEXTS, "Where.").example(r#"["emea"]"#),
        Key::new("techniques", Form::List(&TECHNIQUE), "ATT&CK techniques observed.")
            .example(r#"["T1190", "T1059.001"]"#),
        Key::new("vulnerabilities", Form::List(&CVE), "CVE ids whose state is counted on devices.")
            .example(r#"["CVE-2025-53770"]"#),
        Key::new(
            "configurations",
            Form::List(&Form::Either(&[Form::Given, Form::Mapping(&CONFIGURATION)])),
            "Configurations whose state is counted on devices: an id, or an id with a name.",
        )
        .example(r#"["scid-2010", {"id": "scid-96", "name": "Turn on network protection"}]"#),
        Key::new(
            "alerts",
            Form::Mapping(&SELECTORS),
            "Which alerts belong to the report: those that any of these selects.",
        ),
        Key::new(
            "detections",
            Form::List(&Form::Mapping(&DETECTION)),
            "What finds the threat; printed, never counted.",
        ),
        Key::new(
            "mitigations",
            Form::List(&Form::Mapping(&MITIGATION)),
            "Advice that cannot be measured on devices; printed, marked as not measured.",
        ),
        Key::new(
            "indicators",
            Form::Either(&[
                Form::Pattern(r"\.(?:[Cc][Ss][Vv]|[Jj][Ss][Oo][Nn])$"),
                Form::List(&Form::Mapping(&INDICATOR)),
            ]),
            "Indicators of compromise: a list, or a CSV or STIX file beside the report.",
        )
        .example(r#"[{"type": "domain", "value": "login.example.net", "confidence": 80}]"#),
        Key::new("references", Form::List(&Form::Mapping(&REFERENCE)), "Sources."),
        Key::new("changes", Form::List(&Form::Mapping(&CHANGE)), "What authors changed; shown newest first."),
        NAME_IN_URL,
        Key::new("redirects", Form::List(&SLUG), "Former slugs, each of which leads to the report.")
            .example(r#"["old-slug"]"#),
        DRAFT,
        PUBLISH_AT,
        Key::new("review_by", Form::Moment, "A banner asks for a review once the snapshot's time is later.")
            .example(r#""2027-02-01""#),
    ],
};

/// A free page's front matter.
pub static PAGE: Keys =
    Keys { what: "front matter", list: &[TITLE, TLP_OF_TEXT, AUDIENCE, NAME_IN_URL, DRAFT, PUBLISH_AT] };

pub(super) static CONFIGURATION: Keys = Keys {
    what: "a configuration",
    list: &[
        Key::new("id", Form::Given, "The configuration's id.").required().example(r#""scid-96""#),
        Key::new("name", Form::Text, "Its name. Left out: the one of the snapshot's catalogue.")
            .example(r#""Turn on network protection""#),
    ],
};

pub(super) static SELECTORS: Keys = Keys {
    what: "`alerts`",
    list: &[
        Key::new("ids", TEXTS, "Ids of alerts, in the exact case.").example(r#"["da637"]"#),
        Key::new("titles", TEXTS, "Whole titles, in any case.").example(r#"["Ransomware behaviour detected"]"#),
        Key::new("detectors", TEXTS, "Ids of detectors, in any case.").example(r#"["5c6b7d86"]"#),
        Key::new("families", TEXTS, "Malware families, in any case.").example(r#"["Warlock"]"#),
        Key::new("actors", TEXTS, "Actors, in any case.").example(r#"["Storm-2603"]"#),
    ],
};

pub(super) static DETECTION: Keys = Keys {
    what: "a detection",
    list: &[
        Key::new("name", Form::Given, "The detection's name.").required().example(r#""Suspicious w3wp child process""#),
        Key::new("product", Form::Text, "The product that has it.").example(r#""Defender for Endpoint""#),
        Key::new("generic", Form::Boolean, "Whether it also fires on other threats.").example("true"),
    ],
};

pub(super) static MITIGATION: Keys = Keys {
    what: "a mitigation",
    list: &[
        Key::new("action", Form::Given, "What to do.").required().example(r#""Rotate ASP.NET machine keys""#),
        Key::new("owner", Form::Text, "Who should.").example(r#""SharePoint team""#),
        Key::new("due", Form::Moment, "By when.").example(r#""2026-12-01""#),
    ],
};

pub(super) static INDICATOR: Keys = Keys {
    what: "an indicator",
    list: &[
        Key::new(
            "type",
            Form::Word(|| IndicatorType::ALL.iter().map(|kind| kind.word()).collect()),
            "What the indicator is.",
        )
        .required()
        .example(r#""domain""#),
        Key::new("value", Form::Given, "The indicator itself.").required().example(r#""login.example.net""#),
        Key::new("description", Form::Text, "What it means.").example(r#""Phishing page""#),
        Key::new("first_seen", Form::Moment, "When it was first seen.").example(r#""2026-11-01""#),
        Key::new("last_seen", Form::Moment, "When it was last seen.").example(r#""2026-11-05""#),
        Key::new("confidence", Form::Number(0, 100), "How sure.").example("80"),
        Key::new("tlp", TLP, "How far it may travel. Left out: as the report.").example(r#""green""#),
    ],
};

pub(super) static REFERENCE: Keys = Keys {
    what: "a reference",
    list: &[
        Key::new("title", Form::Given, "The source's title.").required().example(r#""Vendor advisory""#),
        Key::new("url", WEB, "Its address.").example(r#""https://example.org/a""#),
        Key::new("accessed", Form::Moment, "When it was read.").example(r#""2026-11-10""#),
    ],
};

pub(super) static CHANGE: Keys = Keys {
    what: "a change",
    list: &[
        Key::new("date", Form::Moment, "When.").required().example(r#""2026-11-15""#),
        Key::new("summary", Form::Given, "What changed.").required().example(r#""Added two hunting queries""#),
        Key::new("kind", Form::Word(|| ChangeKind::ALL.map(ChangeKind::word).to_vec()), "What kind of change.")
            .example(r#""content""#),
    ],
};
