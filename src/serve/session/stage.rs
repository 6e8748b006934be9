//! What is shown now: the last editions that could be built, and what is wrong since.

use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::edition::Edition;
use super::state;
use super::{Built, Loaded};
use crate::diagnostics::{Diagnostic, Diagnostics, render};
use crate::serve::{Answer, Editor, Preview};

/// The stage that readers look at. It changes at once and as a whole: whoever asks meets one build or the next.
pub struct Stage {
    now: Mutex<Arc<Scene>>,
    changed: Condvar,
    /// The site's directory.
    site: PathBuf,
    editor: Editor,
    /// Who is told of a page that cannot be made.
    hears: Box<Hears>,
}

/// Who hears what is wrong with a page, with the number of the build, when it is asked for first.
type Hears = dyn Fn(&Diagnostic, u64) + Send + Sync;

/// What is another than it was, with the number of the build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// There are new pages.
    Revision(u64),
    /// Something is wrong, and the last good pages stay.
    Problem(u64),
    /// The pages that were shown are the same ones, and now the other roles' are there too: an open page has nothing to
    /// look for.
    TheRest,
}

/// One state of the stage.
pub(super) struct Scene {
    /// Another one for each build.
    build: u64,
    /// The build that the editions are of.
    pub(super) revision: u64,
    /// By role; `None` before the first build that came to something.
    pub(super) editions: Option<(Loaded, Vec<Arc<Edition>>)>,
    /// Whether that is the first role's alone, and the others' are a moment away.
    is_opening: bool,
    pub(super) problems: Diagnostics,
    /// What is wrong with single pages: it shows when they are made. Scenes with the same pages share it.
    of_pages: Arc<Mutex<Diagnostics>>,
}

impl Stage {
    /// A stage on which nothing of the site in a directory is shown yet. Revisions count on from `first`: where that is
    /// the time, pages that were open while the program was started again meet another revision. `hears` is told of each
    /// page of a build that cannot be made, which shows when somebody asks for it.
    #[must_use]
    pub fn new(
        site: PathBuf,
        editor: Editor,
        first: u64,
        hears: impl Fn(&Diagnostic, u64) + Send + Sync + 'static,
    ) -> Self {
        let scene = Scene {
            build: first,
            revision: first,
            editions: None,
            is_opening: false,
            problems: Diagnostics::new(),
            of_pages: Arc::default(),
        };
        Self { now: Mutex::new(Arc::new(scene)), changed: Condvar::new(), site, editor, hears: Box::new(hears) }
    }

    /// Shows the first role's pages where nothing is shown yet, and answers the number of their build. Whoever asks for
    /// another's waits for the rest of the build.
    pub fn open(&self, loaded: &Loaded, first: &Arc<Edition>) -> Option<u64> {
        let before = self.scene();
        if before.editions.is_some() {
            return None;
        }
        let build = before.build + 1;
        self.set(Scene {
            build,
            revision: build,
            editions: Some((loaded.clone(), vec![Arc::clone(first)])),
            is_opening: true,
            problems: Diagnostics::new(),
            of_pages: Arc::default(),
        });
        Some(build)
    }

    /// Shows what was built; where nothing came of it, the last good pages stay, with the new problems.
    pub fn show(&self, built: Built) -> Shown {
        let before = self.scene();
        let next = before.build + 1;
        let (shown, revision, editions) = match built.editions {
            // It is the build that the stage was opened with.
            Some(editions) if before.is_opening => (Shown::TheRest, before.revision, Some(editions)),
            Some(editions) => (Shown::Revision(next), next, Some(editions)),
            None => (Shown::Problem(next), before.revision, before.editions.clone().filter(|_| !before.is_opening)),
        };
        let of_pages = if revision == before.revision { Arc::clone(&before.of_pages) } else { Arc::default() };
        let problems = built.problems;
        self.set(Scene { build: next, revision, editions, is_opening: false, problems, of_pages });
        shown
    }

    fn set(&self, scene: Scene) {
        *self.now() = Arc::new(scene);
        self.changed.notify_all();
    }

    fn now(&self) -> MutexGuard<'_, Arc<Scene>> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn scene(&self) -> Arc<Scene> {
        Arc::clone(&self.now())
    }

    /// The scene, once it is `enough`: at the latest when all roles are there.
    fn scene_once(&self, enough: impl Fn(&Scene) -> bool) -> Arc<Scene> {
        let waiting = |scene: &mut Arc<Scene>| scene.is_opening && !enough(scene);
        let now = self.changed.wait_while(self.now(), waiting);
        Arc::clone(&now.unwrap_or_else(PoisonError::into_inner))
    }
}

impl Scene {
    /// The edition that a path of the preview is in, and the path inside it.
    pub(super) fn find<'a, 'p>(&'a self, path: &'p str) -> Option<(&'a Edition, &'p str)> {
        let (role, inside) = path.strip_prefix('/')?.split_once('/')?;
        let (_, editions) = self.editions.as_ref()?;
        let edition = editions.iter().find(|edition| edition.role().name == role)?;
        Some((edition, inside))
    }

    pub(super) fn of_pages(&self) -> MutexGuard<'_, Diagnostics> {
        self.of_pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, path: &str, hears: &Hears) -> Answer {
        let Some((_, editions)) = &self.editions else { return Answer::NotYet };
        if path == "/" {
            return editions.first().map_or(Answer::Missing, |first| Answer::Moved(format!("/{}/", first.role().name)));
        }
        let Some((edition, inside)) = self.find(path) else {
            let is_role = editions.iter().any(|edition| path.strip_prefix('/') == Some(&edition.role().name));
            return if is_role { Answer::Moved(format!("{path}/")) } else { Answer::Missing };
        };
        let is_directory = inside.is_empty() || inside.ends_with('/');
        let file = if is_directory { format!("{inside}index.html") } else { inside.to_owned() };
        match edition.file(&file) {
            Ok(Some(bytes)) => Answer::File(bytes),
            Ok(None) if !is_directory && edition.has_page(&format!("{inside}/")) => Answer::Moved(format!("{path}/")),
            Ok(None) => Answer::Missing,
            Err(problem) => {
                if self.of_pages().push_new(problem.clone()) {
                    hears(&problem, self.build);
                }
                Answer::Unmade(render::text(&problem, false))
            }
        }
    }
}

impl Preview for Stage {
    fn answer(&self, path: &str) -> Answer {
        self.scene_once(|scene| path == "/" || scene.find(path).is_some()).answer(path, &*self.hears)
    }

    fn state(&self, path: &str) -> Vec<u8> {
        // It tells all roles, and what is wrong with any.
        state::of(&self.scene_once(|_| false), path, &self.site, &self.editor).to_string().into_bytes()
    }
}
