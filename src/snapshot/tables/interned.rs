//! Texts as small numbers, shared by the threads that read a table.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Mutex;

use rustc_hash::FxHashMap;

/// Gives each distinct key a number, in the order of asking. The numbers depend on the order
/// of reading and therefore never reach output; [`Interner::keys`] turns them back.
pub(super) struct Interner<K> {
    numbers: Mutex<FxHashMap<K, u32>>,
}

impl<K: Eq + Hash + Clone> Interner<K> {
    pub(super) fn new() -> Self {
        Self { numbers: Mutex::new(HashMap::default()) }
    }

    /// The numbers of several keys, under one lock.
    pub(super) fn numbers(&self, keys: impl IntoIterator<Item = K>) -> Vec<u32> {
        let mut numbers = self.numbers.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        keys.into_iter()
            .map(|key| {
                let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
                *numbers.entry(key).or_insert(next)
            })
            .collect()
    }

    /// The keys by number.
    pub(super) fn keys(self) -> Vec<K> {
        let numbers = self.numbers.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut pairs: Vec<(u32, K)> = numbers.into_iter().map(|(key, number)| (number, key)).collect();
        pairs.sort_unstable_by_key(|(number, _)| *number);
        pairs.into_iter().map(|(_, key)| key).collect()
    }
}
