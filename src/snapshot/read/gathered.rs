//! What threads hand over.

use std::sync::{Mutex, PoisonError};

/// What many threads hand over, in no particular order.
pub(in crate::snapshot) struct Gathered<T>(Mutex<Vec<T>>);

impl<T> Default for Gathered<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Gathered<T> {
    /// Takes one more.
    pub(in crate::snapshot) fn add(&self, value: T) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(value);
    }

    /// All of it.
    pub(in crate::snapshot) fn into_vec(self) -> Vec<T> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}
