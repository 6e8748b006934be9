//! The first role's pages are there before the others'.

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;
use threatpress::desk::{Changed, Order, Unwatched};
use threatpress::diagnostics::Diagnostics;
use threatpress::serve::session::{Built, Session, Shown, Stage};
use threatpress::serve::{Answer, Editor, Preview as _};

use super::running::{PATIENCE, begun};

/// The site of two roles, a session in which it was not built, and a stage.
fn new_site() -> (TempDir, Session, Arc<Stage>) {
    let (home, site) = begun();
    let stage = Stage::new(site.clone(), Editor::default(), 0, |_, _| {});
    (home, Session::new(Order::of(site), Vec::new(), false), Arc::new(stage))
}

fn is_page(answer: &Answer) -> bool {
    matches!(answer, Answer::File(_))
}

#[test]
fn whoever_asks_for_another_role_waits_for_it() {
    let (_home, mut session, stage) = new_site();
    let (answered, answers) = mpsc::channel();
    let mut opened = false;
    let built = session.build(&Changed::everything(), &mut Unwatched, &mut |loaded, first| {
        opened = stage.open(loaded, first).is_some();
        assert_eq!(stage.answer("/"), Answer::Moved("/emea-it/".to_owned()));
        assert!(is_page(&stage.answer("/emea-it/")), "the first role's pages are there");
        let (stage, answered) = (Arc::clone(&stage), answered.clone());
        thread::spawn(move || answered.send(stage.answer("/soc/")));
    });
    assert!(opened);
    assert!(answers.recv_timeout(Duration::from_millis(300)).is_err(), "no answer is right before all is built");
    assert_eq!(stage.show(built), Shown::TheRest, "the pages that are open are the same ones");
    assert!(is_page(&answers.recv_timeout(PATIENCE).unwrap()), "the page that was asked for");
    assert_eq!(stage.answer("/nobody/"), Answer::Missing);
}

#[test]
fn what_was_only_opened_is_no_good_page_to_stay() {
    let (_home, mut session, stage) = new_site();
    session.build(&Changed::everything(), &mut Unwatched, &mut |loaded, first| _ = stage.open(loaded, first));
    stage.show(Built { problems: Diagnostics::new(), editions: None });
    assert_eq!(stage.answer("/soc/"), Answer::NotYet);
    assert_eq!(stage.answer("/emea-it/"), Answer::NotYet);
}

#[test]
fn a_stage_that_shows_a_site_shows_it_until_another_is_whole() {
    let (_home, mut session, stage) = new_site();
    assert_eq!(stage.show(session.build(&Changed::everything(), &mut Unwatched, &mut |_, _| {})), Shown::Revision(1));
    let built = session.build(&Changed::everything(), &mut Unwatched, &mut |loaded, first| {
        assert_eq!(stage.open(loaded, first), None);
    });
    assert!(is_page(&stage.answer("/emea-it/")));
    stage.show(built);
    assert!(is_page(&stage.answer("/emea-it/")));
}
