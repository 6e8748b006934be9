//! `threatpress serve`

use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::{Arc, mpsc};

use jiff::Timestamp;

use super::Exit;
use super::args::{Format, ServeArgs};
use super::console::{Console, exit, output};
use super::loaded::Watched;
use super::timings::Timings;
use crate::config;
use crate::desk::{Changed, Loaded, Order};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, visible};
use crate::serve::http::{Events, Server};
use crate::serve::session::{Edition, Session, Shown, Stage};
use crate::serve::watch::{Batch, Places, Watcher};

pub(super) fn run(args: &ServeArgs) -> Exit {
    let server = match Server::open(args.bind, args.port) {
        Ok(server) => server,
        Err(problem) => return tell(problem),
    };
    if !args.bind.is_loopback() {
        tell(open_to_network(args));
    }
    let first = Timestamp::now().as_millisecond().unsigned_abs();
    let order = ordered(args);
    let stage = Arc::new(Stage::new(order.site.clone(), args.editor.clone(), first, told_of_page(server.events())));
    let mut rebuild = Rebuild::new(args, order, Arc::clone(&stage), server.events());
    // What changes while the site is built for the first time is told after it.
    let watched = rebuild.places();
    let watcher = Watcher::start(watched.clone(), args.poll);
    let (shown, opened) = mpsc::channel();
    let poll = args.poll;
    let following = move || {
        let exit = rebuild.build(&Changed::everything(), &mut || _ = shown.send(Exit::Done));
        // Nobody listens any more where the first pages were shown, or the run ended.
        let _ = shown.send(exit);
        if exit != Exit::Usage {
            rebuild.follow(watcher, watched, poll);
        }
    };
    std::thread::spawn(move || {
        if std::panic::catch_unwind(AssertUnwindSafe(following)).is_err() {
            // From now on what is shown would be of the past, and nobody would know.
            std::process::exit(Exit::Fault as i32);
        }
    });
    if opened.recv() == Ok(Exit::Usage) {
        return Exit::Usage;
    }
    // What is wrong with the site is told, and shown: how the run ends is the server's to say.
    show(server, stage, args.open).unwrap_or_else(tell)
}

/// Tells one problem, and what a run comes to that ends with it.
fn tell(problem: Diagnostic) -> Exit {
    let mut diagnostics = Diagnostics::new();
    diagnostics.push(problem);
    Console::new(Format::Text).tell(&diagnostics);
    exit(&diagnostics)
}

/// What is to be read, with absolute paths, by which files are watched and opened in an editor. A site without a snapshot
/// is shown as of now, with every figure unknown.
fn ordered(args: &ServeArgs) -> Order {
    let order = args.input.order();
    let absolute = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
    // What is no directory is a name among the site's snapshots.
    let snapshot = order.snapshot.map(|named| if named.is_dir() { absolute(named) } else { named });
    Order { site: absolute(order.site), snapshot, without_snapshot: Some(Timestamp::now()), ..order }
}

/// Tells the terminal and open pages that a page of a build cannot be made.
fn told_of_page(events: Events) -> impl Fn(&Diagnostic, u64) + Send + Sync {
    move |problem, build| {
        tell(problem.clone());
        events.problem(&build.to_string());
    }
}

/// Answers until it is interrupted. Whoever waits for the first line may ask, and interrupt, from then on.
fn show(mut server: Server, stage: Arc<Stage>, open: bool) -> Result<Exit, Diagnostic> {
    server.end_when_interrupted()?;
    let address = server.address();
    let written = output(&format!("{address}\n"));
    if written == Exit::Done {
        if open {
            open_browser(address);
        }
        server.run(stage)?;
    }
    Ok(written)
}

/// The loop of building what changed.
struct Rebuild {
    session: Session,
    stage: Arc<Stage>,
    events: Events,
    console: Console,
    site: PathBuf,
    /// Where the configuration had the snapshots when it could be read last.
    snapshots: PathBuf,
    /// Whether there are pages to look at.
    is_shown: bool,
    /// The snapshot that the command names.
    named: Option<PathBuf>,
}

impl Rebuild {
    fn new(args: &ServeArgs, order: Order, stage: Arc<Stage>, events: Events) -> Self {
        let (site, named) = (order.site.clone(), order.snapshot.clone().filter(|named| named.is_absolute()));
        // What is wrong with it is told when it is built by it.
        let configured = config::load(&site, &mut Diagnostics::new()).map(|configured| configured.snapshots);
        let snapshots = configured.unwrap_or_else(|| site.join("content/snapshots"));
        let session = Session::new(order, args.roles.clone(), args.input.strict);
        let console = Console::new(Format::Text);
        Self { session, stage, events, console, site, snapshots, is_shown: false, named }
    }

    /// What has to be watched.
    fn places(&self) -> Places {
        Places {
            root: self.site.clone(),
            config: self.site.join(config::FILE_NAME),
            content: self.site.join("content"),
            themes: self.site.join("themes"),
            snapshots: self.snapshots.clone(),
            named: self.named.clone().filter(|named| !named.starts_with(&self.snapshots)),
        }
    }

    /// Builds what changes, until the process ends.
    fn follow(mut self, mut watcher: Watcher, mut watched: Places, poll: bool) {
        loop {
            if watched != self.places() {
                // The configuration names another directory of snapshots.
                watched = self.places();
                watcher = Watcher::start(watched.clone(), poll);
                self.build(&Changed::everything(), &mut || {});
            }
            self.console.tell(&watcher.problems());
            let Some(batch) = watcher.next() else { return };
            let said = self.said(&batch);
            self.console.say(&said);
            #[cfg(feature = "trial")]
            crate::planted::in_preview(&said);
            let unfinished = !batch.unfinished.is_empty();
            self.build(&Changed { paths: batch.paths, everything: batch.everything, unfinished }, &mut || {});
        }
    }

    /// Builds what may have changed, shows what came of it, tells open pages and the terminal. `opened` is called when
    /// there is something to show before all of it is built.
    fn build(&mut self, changed: &Changed, opened: &mut dyn FnMut()) -> Exit {
        let mut timings = Timings::start();
        let mut progress = Watched { console: &self.console, timings: &mut timings };
        let mut opening = |loaded: &Loaded, first: &Arc<Edition>| {
            if let Some(build) = self.stage.open(loaded, first) {
                // The revision of these pages; nobody knows the address yet who could hear of it.
                self.events.revision(&build.to_string());
                opened();
            }
        };
        let built = self.session.build(changed, &mut progress, &mut opening);
        if let Some(snapshots) = self.session.snapshots() {
            snapshots.clone_into(&mut self.snapshots);
        }
        let (is_ready, problems) = (built.editions.is_some(), built.problems.clone());
        match self.stage.show(built) {
            Shown::Revision(build) => self.events.revision(&build.to_string()),
            Shown::Problem(build) => self.events.problem(&build.to_string()),
            Shown::TheRest => {}
        }
        self.console.tell(&problems);
        self.is_shown |= is_ready;
        let outcome = match (is_ready, self.is_shown) {
            (true, _) => "ready",
            (false, true) => "not ready, the last good pages stay,",
            (false, false) => "not ready, there is nothing to show yet,",
        };
        self.console.say(&format!("{outcome} after {}", timings.line()));
        exit(&problems)
    }

    /// What changed, for the terminal.
    fn said(&self, batch: &Batch) -> String {
        const MOST: usize = 3;
        let inside = |path: &PathBuf| visible(&path.strip_prefix(&self.site).unwrap_or(path).display().to_string());
        let mut named: Vec<String> = batch.paths.iter().take(MOST).map(inside).collect();
        let more = batch.paths.len().saturating_sub(MOST);
        named.extend((more > 0).then(|| format!("{more} more")));
        named.extend(batch.everything.then(|| "perhaps anything".to_owned()));
        format!("\nchanged: {}", named.join(", "))
    }
}

fn open_to_network(args: &ServeArgs) -> Diagnostic {
    let message = format!("the preview can be asked for at {}, in plain text: every role's pages are in it", args.bind);
    let hint = "forward 127.0.0.1 through SSH instead: the token in the printed address lets a browser in, and who listens on \
                the way can take it";
    Diagnostic::warning(Code::OpenToNetwork, message).hint(hint)
}

/// Starts the system's browser, which may take its time.
fn open_browser(address: String) {
    std::thread::spawn(move || {
        if let Err(error) = open::that(&address) {
            let problem = Diagnostic::note(Code::NoBrowser, format!("no browser could be started: {error}"));
            tell(problem.hint("open the printed address yourself"));
        }
    });
}
