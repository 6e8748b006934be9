//! What is shown now: the last editions that could be built, and what is wrong since.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use super::edition::Edition;
use super::state;
use super::{Built, Loaded};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::serve::{Answer, Editor, Preview};

/// The stage that readers look at. It changes at once and as a whole: whoever asks meets one build or the next.
pub struct Stage {
    now: RwLock<Arc<Scene>>,
    editor: Editor,
}

/// One state of the stage.
pub(super) struct Scene {
    /// Another one for each build.
    build: u64,
    /// The build that the editions are of.
    pub(super) revision: u64,
    /// By role; `None` before the first build that came to something.
    pub(super) editions: Option<(Loaded, Vec<Arc<Edition>>)>,
    pub(super) problems: Diagnostics,
    /// What is wrong with single pages: it shows when they are made.
    pub(super) of_pages: Mutex<Vec<Diagnostic>>,
}

impl Stage {
    /// A stage on which nothing is shown yet. Revisions count on from `first`: where that is the time, pages that were
    /// open while the program was started again meet another revision.
    #[must_use]
    pub fn new(editor: Editor, first: u64) -> Self {
        let problems = Diagnostics::new();
        let scene = Scene { build: first, revision: first, editions: None, problems, of_pages: Mutex::default() };
        Self { now: RwLock::new(Arc::new(scene)), editor }
    }

    /// Shows what was built; where nothing came of it, the last good pages stay, with the new problems. Answers the
    /// number of the build, which is the revision of its pages.
    pub fn show(&self, built: Built) -> u64 {
        let before = self.scene();
        let build = before.build + 1;
        let (revision, editions) = match built.editions {
            Some(editions) => (build, Some(editions)),
            None => (before.revision, before.editions.clone()),
        };
        let scene = Scene { build, revision, editions, problems: built.problems, of_pages: Mutex::default() };
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(scene);
        build
    }

    fn scene(&self) -> Arc<Scene> {
        Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner))
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

    pub(super) fn of_pages(&self) -> MutexGuard<'_, Vec<Diagnostic>> {
        self.of_pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, path: &str) -> Answer {
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
            Ok(Some(bytes)) => Answer::File(bytes.into()),
            Ok(None) if !is_directory && edition.has_page(&format!("{inside}/")) => Answer::Moved(format!("{path}/")),
            Ok(None) => Answer::Missing,
            Err(problem) => {
                let mut of_pages = self.of_pages();
                if !of_pages.iter().any(|known| known.message == problem.message) {
                    of_pages.push(problem);
                }
                Answer::NotYet
            }
        }
    }
}

impl Preview for Stage {
    fn answer(&self, path: &str) -> Answer {
        self.scene().answer(path)
    }

    fn state(&self, path: &str) -> Vec<u8> {
        state::of(&self.scene(), path, &self.editor).to_string().into_bytes()
    }
}
