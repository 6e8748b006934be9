//! Values that many reports ask for, made once each.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::FxBuildHasher;

/// Values by key, each made by whoever asks first, while the others wait.
pub(super) struct Made<K, V>(Mutex<HashMap<K, Arc<OnceLock<V>>, FxBuildHasher>>);

impl<K, V> Default for Made<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Clone + Eq + Hash, V: Clone> Made<K, V> {
    /// The value of a key.
    pub(super) fn get(&self, key: &K, make: impl FnOnce() -> V) -> V {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = match known.get(key) {
            Some(place) => Arc::clone(place),
            None => Arc::clone(known.entry(key.clone()).or_default()),
        };
        drop(known);
        place.get_or_init(make).clone()
    }

    /// Forgets all of them.
    pub(super) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
