//! What each room costs, on the sample site of this repository: three snapshots of some 4,000 devices, fifteen
//! reports, the role that sees most.
//!
//! ```text
//! cargo bench                      # all rooms
//! cargo bench -- snapshot          # those whose name has this in it
//! cargo bench -- --save-baseline before
//! cargo bench -- --baseline before
//! ```
//!
//! Criterion says by how much a room became faster or slower since it was measured last. What whole runs cost on
//! sites of real size is in `docs/performance.md`.

use std::hint::black_box;
use std::path::Path;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use threatpress::audit::{Auditor, Inputs};
use threatpress::config::Role;
use threatpress::desk::{Changed, Desk, Loaded, Order, Unwatched};
use threatpress::diagnostics::Diagnostics;
use threatpress::exposure::{self, Figures};
use threatpress::index::{self, Cache, Memory};
use threatpress::pages::{Listing, Portal, Route};
use threatpress::publish::{Output, swap_all};
use threatpress::render::{File, Printer, Renderer};
use threatpress::report::{self, Defaults};
use threatpress::scope::{self, Documents, Slice};
use threatpress::snapshot::{self, Choice};
use threatpress::{config, exchange, highlight, knowledge};

/// The sample site, as it was read.
struct Sample {
    loaded: Loaded,
    printer: Printer,
}

/// What a role's pages are made of.
struct Press {
    slice: Slice,
    figures: Figures,
    listing: Listing,
}

impl Sample {
    fn read() -> Self {
        let order = Order { cache: true, once: true, ..Order::of(root().to_owned()) };
        let mut told = Diagnostics::new();
        let loaded = Desk::new(order).read(&Changed::everything(), &mut Unwatched, &mut told);
        let loaded = loaded.unwrap_or_else(|| panic!("the sample site cannot be read: {told:?}"));
        let printer = Printer::set(&loaded.site.theme, &loaded.site.root, &mut told);
        Self { printer: printer.unwrap_or_else(|| panic!("its theme does not load: {told:?}")), loaded }
    }

    /// The role that sees most.
    fn role(&self) -> &Role {
        self.loaded.site.roles.first().unwrap_or_else(|| panic!("the sample site has no role"))
    }

    fn press(&self) -> Press {
        let slice = scope::slice(self.loaded.input(), self.role());
        let figures = exposure::count(&slice);
        let listing = Listing::of(&slice, &mut Diagnostics::new());
        Press { slice, figures, listing }
    }

    fn auditor(&self) -> Auditor<'_> {
        Auditor::new(Inputs {
            site: &self.loaded.site,
            library: &self.loaded.library,
            fleets: &self.loaded.fleets,
            knowledge: &self.loaded.knowledge,
            theme: Vec::new(),
            as_of: self.loaded.as_of,
            drafts: self.loaded.drafts,
        })
    }
}

impl Press {
    fn portal(&self) -> Portal<'_> {
        Portal::new(&self.slice, &self.figures, &self.listing)
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Texts and tables to values.
fn reading(criterion: &mut Criterion) {
    let sample = Sample::read();
    let Loaded { site, library, groups, .. } = &sample.loaded;
    let told = Diagnostics::new;
    criterion.bench_function("config", |b| b.iter(|| config::load(root(), &mut told())));
    let roles: Vec<&str> = site.roles.iter().map(|role| role.name.as_str()).collect();
    let defaults = Defaults { tlp: site.default_tlp, roles: &roles };
    criterion.bench_function("report: all front matter", |b| b.iter(|| report::load(root(), defaults, &mut told())));
    criterion.bench_function("report: all texts parsed", |b| {
        b.iter(|| Documents::parse(library, &site.roles, groups, &mut told()));
    });
    let named = sample.loaded.documents.vulnerabilities().cloned().collect();
    criterion.bench_function("knowledge", |b| b.iter(|| knowledge::load(root(), &named, &mut told())));
    if let Some(current) = sample.loaded.snapshots.last() {
        criterion.bench_function("snapshot: the newest, from its tables", |b| {
            b.iter(|| snapshot::fleet(current, &site.group_ranks, &mut told()));
        });
    }
    let cache = Cache::of(&site.root);
    criterion.bench_function("index: all snapshots, kept", |b| {
        b.iter(|| index::load(site, Choice::default(), Some(&cache), &mut Memory::default(), &mut told()));
    });
}

/// Values to what a role may see, and to its figures.
fn counting(criterion: &mut Criterion) {
    let sample = Sample::read();
    let role = sample.role();
    criterion.bench_function("scope: a slice", |b| b.iter(|| scope::slice(sample.loaded.input(), role)));
    let slice = scope::slice(sample.loaded.input(), role);
    criterion.bench_function("exposure: all figures", |b| b.iter(|| exposure::count(&slice)));
}

/// A slice and its figures to pages and to what stands beside them.
fn printing(criterion: &mut Criterion) {
    let sample = Sample::read();
    let press = sample.press();
    let portal = press.portal();
    let told = Diagnostics::new;
    criterion.bench_function("pages: the names of a portal", |b| b.iter(|| Listing::of(&press.slice, &mut told())));
    criterion.bench_function("pages: the dashboard's model", |b| b.iter(|| portal.page(&Route::Dashboard)));
    let renderer = Renderer::new(&portal, &sample.printer.theme, &sample.printer.templates);
    criterion.bench_function("render: the dashboard", |b| {
        b.iter(|| renderer.sheet(portal, &[Route::Dashboard]).collect::<Vec<_>>())
    });
    criterion.bench_function("render: the search index", |b| b.iter(|| renderer.search().collect::<Vec<_>>()));
    criterion.bench_function("exchange: what leaves for other tools", |b| {
        b.iter(|| {
            let beside = press.slice.reports().iter().flat_map(|report| exchange::beside(&press.slice, report));
            beside.chain(exchange::of_role(&press.slice)).count()
        });
    });
    let query = "DeviceProcessEvents\n| where FileName in~ (\"w3wp.exe\", \"cmd.exe\")\n| take 10\n";
    criterion.bench_function("highlight: a query of three lines", |b| {
        // What was highlighted before is remembered: each text is another one.
        let mut at = 0;
        b.iter(|| {
            at += 1;
            highlight::pieces("kql", &format!("{query}// {at}\n")).map(|pieces| pieces.len())
        });
    });
}

/// Whole builds, to the disk and back.
fn publishing(criterion: &mut Criterion) {
    let sample = Sample::read();
    let press = sample.press();
    let portal = press.portal();
    let renderer = Renderer::new(&portal, &sample.printer.theme, &sample.printer.templates);
    let render = || -> Vec<(String, Vec<u8>)> {
        renderer.render(&mut Diagnostics::new()).into_iter().map(File::into_parts).collect()
    };
    let files = render();
    let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    let directory = tempfile::tempdir().unwrap_or_else(|error| panic!("no place for builds: {error}"));
    let dir = directory.path().join("output");
    let output = Output::open(&dir).unwrap_or_else(|problem| panic!("{problem:?}"));
    let role = sample.role();
    let publish = || {
        let staging = output.stage(&role.name)?;
        files.iter().try_for_each(|(path, bytes)| staging.write(path, bytes))?;
        swap_all(vec![staging.seal(sample.loaded.as_of, true)?])
    };
    let mut group = criterion.benchmark_group("a build");
    group.sample_size(20).throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("render: all files", |b| b.iter(render));
    group.bench_function("publish: written, sealed, swapped", |b| {
        b.iter(|| publish().map_err(|told| panic!("{told:?}")))
    });
    let place = output.place(&role.name);
    group.bench_function("audit: looked through", |b| {
        b.iter_batched(
            || sample.auditor(),
            |auditor| black_box(auditor.look(role, &place, &place)),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(rooms, reading, counting, printing, publishing);
criterion_main!(rooms);
