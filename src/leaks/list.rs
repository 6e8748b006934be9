//! Every seeded leak, by the channel through which it lets something out.

/// The leaks: for each its name, the channel's number in the threat model, and what the bug does.
macro_rules! leaks {
    ($($variant:ident = $name:literal, $channel:literal, $sentence:literal;)+) => {
        /// A bug that lets something outside a role's slice into its build.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Leak { $(#[doc = $sentence] $variant,)+ }

        impl Leak {
            /// Every leak.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Its name, by which it is chosen.
            #[must_use]
            pub fn name(self) -> &'static str { match self { $(Self::$variant => $name,)+ } }

            /// The number of its channel.
            #[must_use]
            pub fn channel(self) -> u8 { match self { $(Self::$variant => $channel,)+ } }

            /// What the bug does, in a sentence.
            #[must_use]
            pub fn sentence(self) -> &'static str { match self { $(Self::$variant => $sentence,)+ } }
        }
    };
}

leaks! {
    TotalOfEveryone = "total-of-everyone", 1, "A report's total counts the devices of every group.";
    TrimmedAlerts = "trimmed-alerts", 1, "An alert none of whose devices are the role's is kept, without devices.";
    HistoryOfEveryone = "history-of-everyone", 1, "The history of a report is counted before the cut.";
    UnassignedBucket = "unassigned-bucket", 2, "Devices of no group of the role are counted under “Unassigned”.";
    GlobalDenominator = "global-denominator", 3, "Shares are drawn of all devices there are.";
    Benchmark = "benchmark", 3, "The dashboard compares the role with the organisation's average.";
    RankOfEveryone = "rank-of-everyone", 4, "The dashboard's lists stand in the order of the whole fleet.";
    RowNumbers = "row-numbers", 4, "A device carries the number of its row in the whole fleet.";
    HashOrder = "hash-order", 4, "Devices are listed in the order of a hash map that holds all of them.";
    FloatOrder = "float-order", 4, "A mean is summed in partitions of the whole fleet, in floating point.";
    ScoreByWorst = "score-by-worst", 5, "The exposure score is scaled by the worst report of the whole fleet.";
    SmallGroups = "small-groups", 5, "A group's figures are suppressed where it is small beside the other groups.";
    PagesOfAll = "pages-of-all", 6, "The list of threats says page 1 of how many pages all reports would fill.";
    SlugSuffix = "slug-suffix", 7, "A slug gets a suffix because a hidden report has the same title.";
    PaddedFeed = "padded-feed", 8, "Every role's feed is padded to the size of the largest.";
    SearchOfEverything = "search-of-everything", 9, "One index from A to Z is made for all roles.";
    FeedUpdated = "feed-updated", 10, "The feed's date is that of the newest report, hidden or not.";
    ChangesOfEverything = "changes-of-everything", 10, "The list of changes is made for all roles.";
    Sitemap = "sitemap", 11, "A sitemap is written from all reports.";
    TagIndex = "tag-index", 12, "The index of tags is made from all reports.";
    TechniqueIndex = "technique-index", 12, "The index of techniques is made from all reports.";
    FleetIndex = "fleet-index", 12, "The index of vulnerabilities names those of every device.";
    DraftsAdmitted = "drafts-admitted", 12, "Drafts and embargoed reports are listed.";
    AudienceAlone = "audience-alone", 12, "A report is admitted by its audience, whatever its TLP.";
    NextLink = "next-link", 13, "A report links to the next one of the site.";
    RedirectOfHidden = "redirect-of-hidden", 14, "The former slugs of hidden reports are redirected.";
    ImagesByDirectory = "images-by-directory", 15, "All images beside a report are copied, used or not.";
    ScaleByEveryone = "scale-by-everyone", 16, "A chart's scale reaches to the number of all devices.";
    ColourByIndex = "colour-by-index", 16, "A group's colour is its place among all groups.";
    DataSuperset = "data-superset", 17, "data.json holds the figures of all devices, for a script to filter.";
    StaleFiles = "stale-files", 18, "Files of the last build that the new one lacks stay.";
    TextByFile = "text-by-file", 18, "Parsed texts are cached by file, whoever reads them.";
    BuiltAt = "built-at", 19, "Pages tell when they were built.";
    SourceTime = "source-time", 19, "Pages tell when their source was last written.";
    DataAsOf = "data-as-of", 19, "Pages tell when any device was last seen.";
    TemplateComment = "template-comment", 20, "Pages hold a comment of the template.";
    SourceBeside = "source-beside", 21, "A report's Markdown is copied beside it.";
    InputCount = "input-count", 22, "The manifest tells how many rows were read.";
    InputDigest = "input-digest", 22, "The manifest holds a digest of the input.";
    MissingByRole = "missing-by-role", 23, "404.html names the roles one could ask for access.";
    GzipName = "gzip-name", 24, "A compressed copy holds the path of the machine it was made on.";
    HardLink = "hard-link", 25, "A file is linked with a cache that roles share.";
    SourceMode = "source-mode", 26, "A file keeps the mode of where it came from.";
    DevicesOfEveryone = "devices-of-everyone", 27, "Device tables and their CSV are made before the cut.";
    Indicators = "indicators", 27, "Indicators above the clearance are not left out.";
    IncidentTitle = "incident-title", 28, "An incident's own title and severity are shown.";
    AndMore = "and-more", 28, "An alert tells how many other devices it names.";
    KeptExif = "kept-exif", 30, "An image is copied with what a camera wrote into it.";
    Revision = "revision", 32, "Pages carry the revision of all content.";
    WordCount = "word-count", 33, "Words are counted before blocks are cut.";
    BlockMarker = "block-marker", 34, "A cut block leaves an empty element.";
    Definitions = "definitions", 35, "Link definitions are gathered before blocks are cut.";
    GroupPages = "group-pages", 36, "Every device group has a page.";
    GroupClasses = "group-classes", 36, "The style sheet has a class for every group.";
    RoleSwitch = "role-switch", 36, "A menu offers the other roles.";
    Audience = "audience", 37, "A page carries its report's audience.";
    SignInGroups = "sign-in-groups", 37, "Pages carry the groups that may sign in.";
    LabelOfAll = "label-of-all", 37, "A list is labelled by the strictest report of all.";
    BuildLog = "build-log", 38, "The log of the build is put into it.";
    MovedAway = "moved-away", 42, "The dashboard tells how many devices went to other groups.";
    ForeignScript = "foreign-script", 45, "Pages load a script from elsewhere.";
    FewByEveryone = "few-by-everyone", 50, "A count is told as “few” by the size of the whole fleet.";
    Alphabet = "alphabet", 51, "The letters from A to Z are those of all reports.";
    TrendStart = "trend-start", 52, "The trend begins with the oldest alert of all.";
    TopTen = "top-ten", 53, "The latest ten are chosen before hidden reports are taken out.";
    SeenInGroups = "seen-in-groups", 54, "A vulnerability tells in how many groups it was seen.";
    UpdateName = "update-name", 54, "An update is named by the first name that any row gives.";
    SeverityOfEveryone = "severity-of-everyone", 54, "A vulnerability's severity is the highest of all rows.";
    AuditBeside = "audit-beside", 55, "The audit's report is put into the build.";
}

impl Leak {
    /// The leak that the environment asks for.
    #[must_use]
    pub fn chosen() -> Option<Self> {
        let name = std::env::var("THREATPRESS_LEAK").ok()?;
        Self::ALL.iter().copied().find(|leak| leak.name() == name)
    }
}
