//! The stable codes. A number is never given to another problem, even when its own is gone.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $number:literal,)+) => {
        /// A problem's stable code, shown as `TP0123`. The first two digits name the room.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code { $($(#[doc = $doc])+ $name,)+ }

        impl Code {
            /// Every code, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The number after `TP`.
            #[must_use]
            pub fn number(self) -> u16 {
                match self { $(Self::$name => $number,)+ }
            }

            /// What the code means, as its documentation says it.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+).trim_ascii(),)+ }
            }
        }
    };
}

codes! {
    // 00: files and YAML
    /// A file or directory cannot be read.
    Unreadable = 1,
    /// A file is not UTF-8 text.
    NotUtf8 = 2,
    /// A file is larger than its kind may be.
    TooLarge = 3,
    /// The text is not valid YAML, or is YAML of a kind that is refused (anchors, tags, several documents).
    InvalidYaml = 4,
    /// A key that nothing reads.
    UnknownKey = 5,
    /// A required key is missing.
    MissingKey = 6,
    /// A value of the wrong kind: a list where one word is wanted, say.
    WrongKind = 7,
    /// A value that is not one of those allowed, or not in the form wanted.
    InvalidValue = 8,
    /// Something stands already where something new was wanted.
    Occupied = 9,
    /// What was asked about is not there.
    NotThere = 10,
    // 01: configuration
    /// The site has no threatpress.yaml.
    NoConfiguration = 100,
    /// A role's name cannot be the name of a directory, or clashes with another's.
    RoleName = 101,
    /// A device group with a name that is reserved.
    ReservedGroup = 102,
    /// A role or a scope block names a group that no snapshot has.
    UnknownGroup = 103,
    /// No role of that name.
    UnknownRole = 104,
    // 02: reports and pages
    /// A report or page does not begin with front matter.
    NoFrontMatter = 200,
    /// The front matter is not closed.
    UnclosedFrontMatter = 201,
    /// A slug or redirect that cannot stand in a URL.
    InvalidSlug = 202,
    /// Two reports claim one slug or redirect.
    SlugClash = 203,
    /// An identifier that does not parse: a CVE, a technique.
    InvalidIdentifier = 204,
    /// An indicator file that cannot be read.
    Indicators = 205,
    /// A report's date is after the date of the build.
    FutureDate = 206,
    /// A technique that the site's ATT&CK does not have.
    UnknownTechnique = 207,
    /// A technique that ATT&CK has revoked or deprecated.
    RevokedTechnique = 208,
    /// A configuration that no snapshot knows.
    UnknownConfiguration = 209,
    /// A tag of one report that is nearly one of several.
    MisspeltTag = 210,
    /// A vulnerability whose CVE record was rejected.
    RejectedVulnerability = 211,
    /// A file of knowledge that is much older than the snapshot.
    OldKnowledge = 212,
    // 03: Markdown
    /// A directive that does not exist.
    UnknownDirective = 300,
    /// A directive that is not written as it must be.
    InvalidDirective = 301,
    /// A scope block that is not closed, or a closing line without a block.
    UnclosedScope = 302,
    /// A live figure whose path is not in the report's data.
    UnknownFigure = 303,
    /// A link that leads nowhere in this build.
    DeadLink = 304,
    /// A link with a scheme that is not allowed.
    ForbiddenScheme = 305,
    /// An image that is missing, outside the report's directory, or of a kind that is not published.
    Image = 306,
    /// Text the parser could not digest.
    Unparseable = 307,
    /// An HTML comment, which is shown as text like all raw HTML.
    ShownComment = 308,
    /// An image that is damaged, too large, or not what its name says.
    DamagedImage = 310,
    /// A drawing that holds what could act on a reader: script, style sheets, links out of the file.
    ActiveImage = 311,
    /// A link that leads to an indicator of compromise.
    LiveIndicator = 312,
    /// The name or id of a device in a text.
    DeviceInText = 313,
    /// A heading more than one level beneath the one before.
    SkippedHeading = 314,
    /// A report without a section that readers of its type look for.
    MissingSection = 315,
    // 04: snapshots
    /// A snapshot's directory is not as it must be.
    InvalidSnapshot = 400,
    /// Two snapshots have the same as_of.
    SnapshotClash = 401,
    /// A table's file is damaged or not what its name says.
    DamagedFile = 402,
    /// A table lacks a required column.
    MissingColumn = 403,
    /// Columns that nothing reads.
    IgnoredColumns = 404,
    /// A row that cannot be used and was left out.
    BadRow = 405,
    /// A word that its column does not know.
    UnknownWord = 406,
    /// One device in two groups that group_ranks does not rank.
    DeviceInTwoGroups = 407,
    /// Rows of one id that say different things.
    Contradiction = 408,
    /// Rows that name a device, alert or incident that is not there.
    Orphan = 409,
    /// A time after the snapshot's as_of.
    AfterAsOf = 410,
    /// An incident's redirects lead nowhere.
    DeadRedirect = 411,
    /// No snapshot can be used for this build.
    NoSnapshot = 412,
    /// A file that lists the files of an export, and holds no rows itself.
    ListOfFiles = 420,
    /// A source that is no profile: of an unknown name, not there, or outside the site.
    InvalidSource = 421,
    /// Rows that name another device group than their device's.
    OtherGroup = 422,
    /// No alert has a status.
    NoStatus = 423,
    /// Something in a snapshot that is probably not what was meant.
    Doubt = 424,
    // 043: engines
    /// What snapshot.yaml says of an engine cannot be used.
    InvalidEngine = 430,
    /// Credentials for an engine that do not go together, or that others could read.
    EngineCredentials = 431,
    /// An engine that cannot be reached, or whose TLS is not to be trusted.
    EngineUnreachable = 432,
    /// An engine that does not let the program in.
    LoginRefused = 433,
    /// A query that an engine refuses: of a table that it does not have, say.
    QueryRefused = 434,
    /// The connection to an engine was lost, or nothing came for too long.
    ConnectionLost = 435,
    /// An engine sent something else than it was asked for, or less than it promised.
    IncompleteResult = 436,
    /// A column of an engine's table whose values are lists or structures.
    EngineColumn = 437,
    // 05: knowledge and themes
    /// A knowledge file that is not in its form.
    InvalidKnowledge = 500,
    /// A theme that is missing or not valid.
    InvalidTheme = 501,
    /// A theme holds what the pages' policy keeps from working: inline script or style, or what another host has.
    AgainstPolicy = 502,
    // 06: building
    /// Two pages with one path in a build.
    RouteClash = 600,
    /// Two groups of one role with the same name in a URL.
    GroupClash = 601,
    /// A name that cannot be a page's name in a URL.
    NameForUrl = 602,
    /// A page that its template cannot show.
    Unrenderable = 603,
    // 07: publishing
    /// The output directory belongs to somebody else.
    ForeignOutput = 700,
    /// Another build is at work on the same output.
    OutputLocked = 701,
    /// The disk refused.
    Disk = 702,
    /// A path that may not stand in a build.
    InvalidPath = 703,
    /// A build's manifest that is damaged, not ours, or of another version.
    InvalidManifest = 704,
    /// A build of a role that the site does not name any more still stands in the output.
    RetiredRole = 705,
    /// Somebody changed the output while a build ran.
    Disturbed = 706,
    /// The disk refused after builds had been swapped in.
    Unfinished = 707,
    // 08: audit and proof
    /// A build says a name that its role may not see.
    Leak = 800,
    /// A build says a name that its role may not see, and what an author wrote for the role explains it.
    ExplainedLeak = 801,
    /// A file of a build that the audit cannot look into.
    OpaqueFile = 802,
    /// Something in a build that is no file, or that cannot be read.
    StrangeFile = 803,
    /// Names that the audit does not look for.
    BlindSpot = 804,
    /// Builds were published without an audit.
    NotAudited = 805,
    /// A file of a build that is not the one its manifest lists.
    Altered = 810,
    /// A file that a build's manifest lists is not there.
    Missing = 811,
    /// Something stands in a build that its manifest does not list.
    Stray = 812,
    /// A file or directory of a build with another mode than it was published with.
    WrongMode = 813,
    /// A build that is another role's than it has to be.
    OtherRole = 814,
    /// A role's build is another one when it is made from its slice alone.
    ProofFailed = 820,
    /// A role's slice does not build alone.
    SliceDoesNotBuild = 821,
    /// A slice cannot be kept in the place named.
    KeepRefused = 822,
    /// A role's build follows from its slice.
    Proved = 823,
    // 09: hosting
    /// A role without sign_in_groups, whose build nobody could be kept out of.
    NoSignInGroups = 900,
    /// Two roles with one host.
    SharedHost = 901,
    /// An address that no server can be told to show a role at safely.
    UnservableAddress = 902,
    /// Server configuration that would lie in a build.
    InsideBuild = 903,
    /// A sign-in service that is asked over the network in plain text.
    PlainSignIn = 904,
    // 091: preview
    /// No address or port at which the preview could be shown.
    CannotListen = 910,
    /// A preview that can be asked for over the network.
    OpenToNetwork = 911,
    /// A browser that could not be started.
    NoBrowser = 912,
    /// The system cannot watch the site's files, so that they are looked at again and again.
    NotWatched = 913,
}

impl Code {
    /// Reads `TP0123`, in any case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.to_string().eq_ignore_ascii_case(text.trim()))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TP{:04}", self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_unique_and_ascending() {
        assert!(Code::ALL.windows(2).all(|pair| pair[0].number() < pair[1].number()));
    }
}
