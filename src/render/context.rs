//! What a template sees of a page.

use std::collections::BTreeMap;

use serde::Serialize;
use tera::{Context, Value};

use super::composed::Composed;
use super::{Html, Theme, drawing, prose, rows};
use crate::pages::{Catalogue, Chart, Link, Page, Part, Portal, Route, Table, shown};
use crate::terms::Moment;

/// The policy under which every page works, as a server has to send it.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// The policy as a page says it itself, where browsers ignore `frame-ancestors`.
fn own_policy() -> String {
    POLICY.replace(" frame-ancestors 'none';", "")
}

#[derive(Serialize)]
struct SiteContext<'a> {
    title: &'a str,
    language: &'a str,
    direction: &'static str,
    role: &'a str,
    as_of: String,
    as_of_datetime: String,
}

/// What `theme.yaml` sets: paths from the root.
#[derive(Serialize)]
struct ThemeContext {
    logo: Option<String>,
    styles: Option<String>,
}

#[derive(Serialize)]
struct PageContext<'a> {
    title: &'a str,
    document_title: String,
    tlp: Option<Part>,
    section: &'static str,
    crumbs: Vec<Part>,
}

/// What may be followed of one page.
#[derive(Serialize)]
struct FeedLink<'a> {
    title: &'a str,
    link: Link,
}

#[derive(Serialize)]
struct NavItem {
    title: &'static str,
    section: &'static str,
    link: Link,
}

/// What is the same on every page.
#[derive(Debug)]
pub(super) struct Common {
    policy: Value,
    site: Value,
    theme: Value,
    nav: Value,
}

impl Common {
    pub(super) fn of(portal: &Portal, theme: &Theme) -> Self {
        let theme = ThemeContext { logo: theme.logo(), styles: theme.identity_styles() };
        Self {
            policy: Value::safe_string(&own_policy()),
            site: Value::from_serializable(&site(portal)),
            theme: Value::from_serializable(&theme),
            nav: Value::from_serializable(&navigation()),
        }
    }
}

/// Everything a template may name: `policy`, `site`, `theme`, `page`, `root`, `nav`,
/// `view`, `tables`, `own_tables`, `charts`, `own_charts`, `contents`, `prose`, `data`, `feed`.
pub(super) fn of<'a>(portal: &Portal, common: &Common, page: &Page<'a>, composed: &mut Composed<'a>) -> Context {
    let mut context = Context::new();
    context.insert_value("policy", common.policy.clone());
    context.insert_value("site", common.site.clone());
    context.insert_value("theme", common.theme.clone());
    context.insert_value("nav", common.nav.clone());
    let root = root(portal, &page.route);
    context.insert("root", &root);
    let composed = composed.at(&root);
    context.insert("page", &about(portal, page));
    context.insert("view", &page.view);
    context.insert(
        "feed",
        &page.feed.as_ref().map(|feed| FeedLink {
            title: &feed.title,
            link: Link::inside(&format!("{}feed.xml", page.route.directory())),
        }),
    );
    context.insert("data", &page.data.as_ref().map(|data| Link::inside(&data.path)));
    let home = page.route.directory();
    // By name; a name's full stops are underscores, so that a template can write it.
    let mut tables = BTreeMap::new();
    let mut own = Vec::new();
    for table in &page.tables {
        let value = composed.table(table, || tabled(table, &root));
        if table.home == home {
            own.push(value.clone());
        }
        tables.insert(key(table.name), value);
    }
    context.insert_value("tables", Value::from(tables));
    context.insert_value("own_tables", Value::from(own));
    context.insert("contents", &page.prose.as_ref().map(prose::contents).unwrap_or_default());
    let charts = page.charts.iter().map(|chart| {
        let draw = || safe(&drawing::svg(chart, chart.name));
        (key(chart.name), composed.chart(chart, draw, |svg| drawn(chart, svg, &root)))
    });
    let charts: Vec<(String, Value)> = charts.collect();
    let in_order: Vec<Value> = charts.iter().map(|(_, chart)| chart.clone()).collect();
    context.insert_value("own_charts", Value::from(in_order));
    context.insert_value("charts", Value::from(charts.into_iter().collect::<BTreeMap<_, _>>()));
    let text = page.prose.as_ref().map_or_else(
        || safe(&Html::default()),
        |text| composed.text(&text.document, || safe(&prose::html(portal, page, text, &root))),
    );
    context.insert_value("prose", text);
    context
}

/// The way from a page to the root: relative, so that the build works under any path and from
/// a disk; only the page for what is not there may be shown anywhere and must be absolute.
fn root(portal: &Portal, route: &Route) -> String {
    if *route == Route::Missing {
        let base = &portal.ground().role().base_url;
        let path = base.split_once("://").and_then(|(_, rest)| rest.find('/').and_then(|at| rest.get(at..)));
        return path.unwrap_or("/").to_owned();
    }
    match route.directory().matches('/').count() {
        0 => "./".to_owned(),
        depth => "../".repeat(depth),
    }
}

fn site<'a>(portal: &Portal<'a>) -> SiteContext<'a> {
    let ground = portal.ground();
    let site = ground.site();
    let as_of = ground.as_of();
    SiteContext {
        title: &site.title,
        language: &site.language,
        direction: direction(&site.language),
        role: &ground.role().title,
        as_of: shown(Moment::Instant(as_of)),
        as_of_datetime: as_of.to_string(),
    }
}

/// Which way a language is written.
fn direction(language: &str) -> &'static str {
    let primary = language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    if matches!(primary.as_str(), "ar" | "dv" | "fa" | "he" | "ku" | "ps" | "sd" | "ug" | "ur" | "yi") {
        "rtl"
    } else {
        "ltr"
    }
}

fn about<'a>(portal: &Portal<'a>, page: &'a Page) -> PageContext<'a> {
    let site = &portal.ground().site().title;
    let titles = [Some(page.title.as_str()), page.subject.as_deref(), Some(site)];
    PageContext {
        title: &page.title,
        document_title: titles.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        tlp: page.tlp.map(Part::tlp),
        section: page.section,
        crumbs: page.crumbs.iter().map(|crumb| Part::linked(&crumb.title, Some(crumb.link.clone()))).collect(),
    }
}

fn navigation() -> Vec<NavItem> {
    let item = |title, section, route: Route| NavItem { title, section, link: Link::inside(&route.directory()) };
    let mut items = vec![
        item("Dashboard", "dashboard", Route::Dashboard),
        item("Threats", "threats", Route::Threats),
        item("Techniques", "techniques", Route::Techniques),
        item("Vulnerabilities", "vulnerabilities", Route::Vulnerabilities),
    ];
    for catalogue in Catalogue::ALL {
        let section = catalogue.directory().trim_end_matches('/');
        items.push(item(catalogue.title(), section, Route::Catalogue(catalogue)));
    }
    items.extend([
        item("Device groups", "groups", Route::Groups),
        item("Changes", "changes", Route::Changes),
        item("Search", "search", Route::Search),
        item("About", "about", Route::About),
    ]);
    items
}

/// A table, with its rows as markup.
pub(super) fn tabled(table: &Table, root: &str) -> Value {
    Value::from(BTreeMap::from([
        ("id", Value::from(table.id.as_str())),
        ("caption", Value::from(table.caption.as_str())),
        ("columns", Value::from_serializable(&table.columns)),
        ("rows", safe(&rows::html(table, root))),
        ("rows_in_all", Value::from_serializable(&table.rows.all)),
        ("empty", Value::from(table.empty.as_str())),
        ("notes", Value::from_serializable(&table.notes)),
        ("download", Value::from_serializable(&table.download)),
    ]))
}

fn drawn(chart: &Chart, svg: Value, root: &str) -> Value {
    Value::from(BTreeMap::from([
        ("id", Value::from(chart.name)),
        ("title", Value::from(chart.title.as_str())),
        ("description", Value::from(chart.description.as_str())),
        ("svg", svg),
        ("table", tabled(&chart.table, root)),
    ]))
}

fn key(name: &str) -> String {
    name.replace(['.', '-'], "_")
}

fn safe(html: &Html) -> Value {
    Value::safe_string(html.as_str())
}
