//! What pages ask of reports: while the answers stay the same, so do the pages.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::Portal;

/// A question about the reports of a slice, with its answer. Reports are told by their places in the slice's list.
///
/// Which reports there are and what each of them names is no question: where that has changed, nothing is the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Question {
    /// What does a report's front matter say, and what is counted for it?
    Front(usize),
    /// What does its text say?
    Text(usize),
    /// Which ones stand before and after it in the list of threats?
    Neighbours(usize, [Option<usize>; 2]),
    /// Which ones share most with it?
    Related(usize, Vec<usize>),
    /// What does the front matter of all of them say, what is counted, in which order do they stand?
    Everything,
}

/// What some pages have asked so far.
#[derive(Debug, Default)]
pub struct Asked(Mutex<BTreeSet<Question>>);

impl Asked {
    /// The questions.
    #[must_use]
    pub fn questions(&self) -> Vec<Question> {
        let questions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever asks for everything asks no more but for texts.
        let is_more = |question: &&Question| matches!(question, Question::Everything | Question::Text(_));
        match questions.contains(&Question::Everything) {
            true => questions.iter().filter(is_more).cloned().collect(),
            false => questions.iter().cloned().collect(),
        }
    }

    pub(super) fn note(&self, question: Question) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(question);
    }
}

/// Which reports say what they said before.
pub trait Same {
    /// Whether the front matter of the report at a place does.
    fn is_front(&self, at: usize) -> bool;

    /// Whether its text does.
    fn is_text(&self, at: usize) -> bool;
}

impl Portal<'_> {
    /// Whether a question has the answer it had, where at the places that `same` tells front matter and texts are what
    /// they were.
    pub fn answers_the_same(&self, question: &Question, same: &impl Same) -> bool {
        match question {
            Question::Front(at) => same.is_front(*at),
            Question::Text(at) => same.is_text(*at),
            Question::Neighbours(at, answer) => self.neighbours_of(*at) == *answer,
            Question::Related(at, answer) => self.related_to(*at) == *answer,
            Question::Everything => (0..self.count()).all(|at| same.is_front(at)),
        }
    }
}
