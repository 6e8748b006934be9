//! The state of a page, for the script that preview adds to it.

use std::path::Path;

use serde_json::{Value, json};

use super::hidden;
use super::stage::Scene;
use crate::config::Role;
use crate::diagnostics::{Diagnostic, render};
use crate::serve::Editor;
use crate::terms::GroupSelection;

/// As `docs/preview.md` describes it.
pub(super) fn of(scene: &Scene, path: &str, site: &Path, editor: &Editor) -> Value {
    let (role, inside) = path.trim_start_matches('/').split_once('/').unwrap_or((path, ""));
    let loaded = scene.editions.as_ref().map(|(loaded, _)| loaded);
    let of_pages = scene.of_pages();
    let problems: Vec<Value> =
        scene.problems.iter().chain(of_pages.iter()).map(|one| problem(one, site, editor)).collect();
    json!({
        "revision": scene.revision.to_string(),
        "role": role,
        "roles": roles(scene, inside),
        "problems": problems,
        "hidden": loaded.map_or_else(hidden::nothing, |loaded| hidden::from(loaded, role, inside, editor)),
    })
}

fn roles(scene: &Scene, inside: &str) -> Vec<Value> {
    let Some((loaded, editions)) = &scene.editions else { return Vec::new() };
    let role = |name: &str| loaded.site.roles.iter().find(|role| role.name == name);
    let shown = editions.iter().filter_map(|edition| Some((edition, role(&edition.role().name)?)));
    let directory = inside.rfind('/').map_or("", |slash| inside.get(..=slash).unwrap_or_default());
    shown
        .map(|(edition, role)| {
            let has = edition.has_page(directory);
            let directory = if has { directory } else { "" };
            json!({
                "name": role.name, "title": role.title, "clearance": role.clearance.word(), "groups": groups(role),
                "path": format!("/{}/{directory}", role.name), "has": has,
            })
        })
        .collect()
}

fn groups(role: &Role) -> String {
    match &role.groups {
        GroupSelection::All => "all device groups".to_owned(),
        GroupSelection::Listed(names) if names.is_empty() => "no device group".to_owned(),
        GroupSelection::Listed(names) => names.iter().map(String::as_str).collect::<Vec<_>>().join(", "),
    }
}

fn problem(problem: &Diagnostic, site: &Path, editor: &Editor) -> Value {
    let position = problem.place.position();
    let open = problem.place.file().and_then(|file| link(site, file, position.map(|at| (at.line, at.column)), editor));
    json!({
        "severity": problem.severity.word(), "code": problem.code.to_string(), "message": problem.message,
        "file": problem.place.file(), "line": position.map(|at| at.line), "column": position.map(|at| at.column),
        "excerpt": render::quoted(problem), "hint": problem.hint, "open": open,
    })
}

/// The link that opens a file of the site in the editor.
pub(super) fn link(root: &Path, file: &str, at: Option<(usize, usize)>, editor: &Editor) -> Option<String> {
    let path = std::path::absolute(root.join(file)).ok()?;
    let (line, column) = at.unwrap_or((1, 1));
    Some(editor.link(&path, line, column))
}
