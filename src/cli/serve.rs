//! `threatpress serve`

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::Exit;
use super::args::{Format, ServeArgs};
use super::console::{Console, exit, output};
use super::loaded::Loaded;
use super::press::{Press, told};
use super::timings::Timings;
use crate::config::Role;
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::serve::http::Server;
use crate::serve::{Answer, Preview};
use crate::terms::GroupSelection;

pub(super) fn run(args: &ServeArgs) -> Exit {
    let console = Console::new(Format::Text);
    let mut diagnostics = Diagnostics::new();
    let Some(server) = told(open(args), &mut diagnostics) else {
        console.tell(&diagnostics);
        return exit(&diagnostics);
    };
    if !args.bind.is_loopback() {
        diagnostics.push(open_to_network(args));
    }
    let shown = Shown::build(args, &console, &mut diagnostics);
    console.tell(&diagnostics);
    if exit(&diagnostics) == Exit::Usage {
        return Exit::Usage;
    }
    let address = server.address();
    server.events().revision("1");
    let written = output(&format!("{address}\n"));
    if written != Exit::Done {
        return written;
    }
    if args.open {
        open_browser(address);
    }
    let mut diagnostics = Diagnostics::new();
    told(server.run(Arc::new(shown)), &mut diagnostics);
    console.tell(&diagnostics);
    exit(&diagnostics)
}

fn open(args: &ServeArgs) -> Result<Server, Diagnostic> {
    let mut server = Server::open(args.bind, args.port)?;
    server.end_when_interrupted()?;
    Ok(server)
}

fn open_to_network(args: &ServeArgs) -> Diagnostic {
    let message = format!("the preview can be asked for at {}, in plain text: every role's pages are in it", args.bind);
    let hint = "the token in the printed address lets a browser in, and whoever can listen on the way can take it: \
                stay with 127.0.0.1, and forward it through SSH where it has to be seen from elsewhere";
    Diagnostic::warning(Code::OpenToNetwork, message).hint(hint)
}

/// Starts the system's browser, which may take its time.
fn open_browser(address: String) {
    std::thread::spawn(move || {
        if let Err(error) = open::that(&address) {
            let problem = Diagnostic::note(Code::NoBrowser, format!("no browser could be started: {error}"))
                .hint("open the printed address yourself");
            let mut diagnostics = Diagnostics::new();
            diagnostics.push(problem);
            Console::new(Format::Text).tell(&diagnostics);
        }
    });
}

/// What is shown: every role's files, made once.
struct Shown {
    roles: Vec<Role>,
    /// By the path of the request.
    files: BTreeMap<String, Arc<[u8]>>,
    problems: Vec<Value>,
}

impl Shown {
    fn build(args: &ServeArgs, console: &Console, diagnostics: &mut Diagnostics) -> Self {
        let mut shown = Self { roles: Vec::new(), files: BTreeMap::new(), problems: Vec::new() };
        shown.read(args, console, diagnostics);
        if diagnostics.has_errors() {
            shown.files.clear();
        }
        shown.problems = diagnostics.iter().map(problem).collect();
        shown
    }

    /// Reads the site and prints every role's files; `None` where something stops it.
    fn read(&mut self, args: &ServeArgs, console: &Console, diagnostics: &mut Diagnostics) -> Option<()> {
        let loaded = Loaded::read(&args.input, console, &mut Timings::start(), diagnostics);
        if args.input.strict {
            diagnostics.escalate();
        }
        let loaded = loaded?;
        self.roles = loaded.roles(&args.roles, diagnostics).into_iter().cloned().collect();
        let press = Press::set(&loaded, diagnostics)?;
        for role in &self.roles {
            console.step(format!("building {}", role.name));
            let files = press.files(role, diagnostics);
            self.files
                .extend(files.into_iter().map(|file| (format!("/{}/{}", role.name, file.path), Arc::from(file.bytes))));
        }
        Some(())
    }

    fn file(&self, path: &str) -> Option<&Arc<[u8]>> {
        let directory = path.ends_with('/').then(|| format!("{path}index.html"));
        self.files.get(directory.as_deref().unwrap_or(path))
    }
}

impl Preview for Shown {
    fn answer(&self, path: &str) -> Answer {
        let directory = format!("{path}/");
        match (self.file(path), self.roles.first()) {
            _ if self.files.is_empty() => Answer::NotYet,
            (Some(bytes), _) => Answer::File(Arc::clone(bytes)),
            (None, Some(first)) if path == "/" => Answer::Moved(format!("/{}/", first.name)),
            _ if self.file(&directory).is_some() => Answer::Moved(directory),
            _ => Answer::Missing,
        }
    }

    fn state(&self, path: &str) -> Vec<u8> {
        let (role, rest) = path.trim_start_matches('/').split_once('/').unwrap_or((path, ""));
        let roles: Vec<Value> = self
            .roles
            .iter()
            .map(|role| {
                let path = format!("/{}/{rest}", role.name);
                let has = self.file(&path).is_some();
                json!({
                    "name": role.name, "title": role.title, "clearance": role.clearance.word(), "groups": groups(role),
                    "path": if has { path } else { format!("/{}/", role.name) }, "has": has,
                })
            })
            .collect();
        let hidden = json!({"reports": [], "blocks": []});
        json!({"revision": "1", "role": role, "roles": roles, "problems": self.problems, "hidden": hidden})
            .to_string()
            .into_bytes()
    }
}

fn groups(role: &Role) -> String {
    match &role.groups {
        GroupSelection::All => "all device groups".to_owned(),
        GroupSelection::Listed(names) if names.is_empty() => "no device group".to_owned(),
        GroupSelection::Listed(names) => names.iter().map(String::as_str).collect::<Vec<_>>().join(", "),
    }
}

fn problem(problem: &Diagnostic) -> Value {
    let position = problem.place.position();
    json!({
        "severity": problem.severity.word(), "code": problem.code.to_string(), "message": problem.message,
        "file": problem.place.file(), "line": position.map(|position| position.line),
        "column": position.map(|position| position.column), "excerpt": null, "hint": problem.hint, "open": null,
    })
}
