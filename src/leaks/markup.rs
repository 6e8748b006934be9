//! Leaks of markup: a line more in a page that is otherwise right.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::SystemTime;

use jiff::Timestamp;
use rustc_hash::FxHashSet;

use super::everything::Everything;
use super::{Leak, Seeded};
use crate::diagnostics::Diagnostics;
use crate::fleet::{Device, Fleet};
use crate::render::{File, escape};
use crate::report::{Blocks, Report};
use crate::scope::{FleetSlice, Slice};

pub(super) fn leak(leak: Leak, seeded: &Seeded<'_>, all: &Everything, slice: &Slice, files: &mut [File]) {
    for file in files.iter_mut().filter(|file| file.path.ends_with(".html")) {
        let page = Page { seeded, all, slice, path: &file.path };
        if let Some((before, markup)) = page.line(leak) {
            insert(file, before, &markup);
        }
    }
}

/// Puts markup before the first such tag.
fn insert(file: &mut File, before: &str, markup: &str) {
    file.change(|bytes| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        *bytes = text.replacen(before, &format!("{markup}{before}"), 1).into_bytes();
    });
}

/// The place of a page's file, and all a careless template could ask for.
struct Page<'a> {
    seeded: &'a Seeded<'a>,
    all: &'a Everything,
    slice: &'a Slice,
    path: &'a str,
}

impl Page<'_> {
    /// What the leak adds to the page, and before which tag.
    fn line(&self, leak: Leak) -> Option<(&'static str, String)> {
        let paragraph = |text: String| Some(("</main>", format!("<p>{}</p>", escape(&text))));
        let meta =
            |name: &str, text: &str| Some(("</head>", format!("<meta name=\"{name}\" content=\"{}\">", escape(text))));
        match leak {
            Leak::BuiltAt => paragraph(format!("Built at {}", Timestamp::now())),
            Leak::SourceTime => paragraph(format!("Last modified {:?}", self.source_time()?)),
            Leak::TemplateComment => Some(("</main>", "<!-- main -->".to_owned())),
            Leak::ForeignScript => Some(("</head>", "<script src=\"https://cdn.example/a.js\"></script>".to_owned())),
            Leak::Revision => meta("revision", &self.revision()),
            Leak::SignInGroups => meta("groups", &self.seeded.role.sign_in_groups.join(" ")),
            Leak::RoleSwitch => {
                let roles = self.seeded.input.site.roles.iter().map(|role| role.title.as_str());
                paragraph(format!("View as {}", roles.collect::<Vec<_>>().join(", ")))
            }
            Leak::MissingByRole if self.path == "404.html" => {
                let roles = self.seeded.input.site.roles.iter().map(|role| role.name.as_str());
                paragraph(format!("Ask for access: {}", roles.collect::<Vec<_>>().join(", ")))
            }
            Leak::Audience => meta("audience", &format!("{:?}", self.report()?.admission.audience)),
            Leak::NextLink => {
                let reports = &self.seeded.input.library.reports;
                let next =
                    reports.iter().find(|other| self.report().is_some_and(|own| own.facts.slug < other.facts.slug))?;
                paragraph(format!("Next: {}", next.facts.title))
            }
            Leak::WordCount => {
                let origin = &self.report()?.origin;
                let text = origin.source.text().get(origin.body.clone()).unwrap_or_default();
                paragraph(format!("{} words", text.split_whitespace().count()))
            }
            Leak::BlockMarker => {
                let origin = &self.report()?.origin;
                let blocks = Blocks::find(&origin.source, origin.body.clone(), &mut Diagnostics::new());
                Some(("</main>", "<div class=\"scope\"></div>".repeat(blocks.iter().count())))
            }
            Leak::FleetIndex if self.path == "vulnerabilities/index.html" => {
                let known = self.fleet()?.1.vulnerabilities.keys().map(|id| id.as_str());
                paragraph(known.collect::<Vec<_>>().join(" "))
            }
            Leak::AndMore if self.path.ends_with("incidents/index.html") => paragraph(self.others_on_alerts()?),
            Leak::SeenInGroups if self.path.ends_with("exposure/index.html") => paragraph(self.groups_of_findings()?),
            _ if self.path == "index.html" => paragraph(self.on_the_dashboard(leak)?),
            _ => None,
        }
    }

    fn on_the_dashboard(&self, leak: Leak) -> Option<String> {
        let (own, whole) = self.fleet()?;
        match leak {
            Leak::Benchmark => {
                let exposed = self.all.figures.dashboard().totals.exposed_devices?;
                Some(format!("The organisation: {exposed} of {}", whole.devices.len()))
            }
            Leak::DataAsOf => whole.devices.iter().filter_map(|device| device.last_seen).max().map(|at| at.to_string()),
            Leak::MovedAway => {
                let earlier = self.slice.fleets().iter().flat_map(|fleet| &fleet.devices);
                let elsewhere = |device: &&Device| !has(own, device) && has(whole, device);
                Some(format!("{} devices moved", earlier.filter(elsewhere).count()))
            }
            Leak::RowNumbers => {
                let first = own.devices.first()?;
                let row = whole.devices.iter().position(|device| device.id == first.id)?;
                Some(format!("from row {row}"))
            }
            Leak::HashOrder => {
                let hashed: FxHashSet<&str> = whole.devices.iter().map(|device| device.id.as_str()).collect();
                #[expect(clippy::iter_over_hash_type, reason = "this is the bug")]
                let order = {
                    let mut order = Vec::new();
                    for id in &hashed {
                        order.extend(own.devices.iter().any(|device| device.id == **id).then_some(*id));
                    }
                    order
                };
                Some(order.join(" "))
            }
            Leak::FloatOrder => Some(float_mean(own, whole)),
            _ => None,
        }
    }

    /// The role's current fleet, and the whole one.
    fn fleet(&self) -> Option<(&FleetSlice, &Fleet)> {
        self.slice.fleet().zip(self.seeded.input.fleets.last().map(|fleet| &**fleet))
    }

    /// The report whose page this is, as its author wrote it.
    fn report(&self) -> Option<&Report> {
        let slug = self.path.strip_prefix("threats/")?.split('/').next()?;
        self.seeded.input.library.reports.iter().find(|report| report.facts.slug == slug).map(|report| &**report)
    }

    fn others_on_alerts(&self) -> Option<String> {
        let (own, whole) = self.fleet()?;
        let all = own.alerts.iter().filter_map(|kept| whole.alerts.iter().find(|alert| alert.id == kept.id));
        let named: u64 = all.map(|alert| alert.devices.len()).sum();
        let seen: u64 = own.alerts.iter().map(|alert| alert.devices.len()).sum();
        Some(format!("and {} more", named - seen))
    }

    fn groups_of_findings(&self) -> Option<String> {
        let (own, whole) = self.fleet()?;
        let seen = own.vulnerabilities.keys().filter_map(|id| whole.vulnerabilities.get_key_value(id));
        let told = seen.map(|(id, found)| {
            let open = found.open();
            let groups = whole.groups.iter().filter(|group| open.iter_in(&group.range).next().is_some());
            format!("{id} in {} groups", groups.count())
        });
        Some(told.collect::<Vec<_>>().join(", "))
    }

    fn source_time(&self) -> Option<SystemTime> {
        self.seeded.input.site.root.join("threatpress.yaml").metadata().ok()?.modified().ok()
    }

    fn revision(&self) -> String {
        let mut hasher = DefaultHasher::new();
        self.seeded.input.library.reports.iter().for_each(|report| report.origin.source.text().hash(&mut hasher));
        format!("{:016x}", hasher.finish())
    }
}

fn has(fleet: &Fleet, device: &Device) -> bool {
    fleet.devices.iter().any(|other| other.id == device.id)
}

/// The mean of a weight of the role's devices, summed as two threads would that share the whole
/// fleet between them.
fn float_mean(own: &Fleet, whole: &Fleet) -> String {
    let half = whole.devices.len().div_ceil(2).max(1);
    let weight =
        |device: &Device| 0.1 * (1 + own.devices.iter().position(|other| other.id == device.id).unwrap_or(0)) as f64;
    let sums = whole
        .devices
        .chunks(half)
        .map(|part| part.iter().filter(|device| has(own, device)).fold(0.0_f64, |sum, device| sum + weight(device)));
    format!("mean {:?}", sums.sum::<f64>() / own.devices.len().max(1) as f64)
}
