use std::sync::Arc;

use tokio::sync::{Mutex, OwnedMutexGuard};

/// The account's keys, locked in this process: who has the guard may sign with the key. Another
/// process has a ring of its own, and knows nothing of this one.
#[derive(Clone, Debug)]
pub(crate) struct Ring {
    keys: Vec<Arc<Mutex<()>>>,
}

/// A key in hand, until it is dropped.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) index: u32,
    _held: OwnedMutexGuard<()>,
}

impl Ring {
    pub(crate) fn new(keys: u32) -> Self {
        Self { keys: (0..keys).map(|_| Arc::default()).collect() }
    }

    /// The keys that are free at this moment, which says nothing of the next.
    pub(crate) fn free(&self) -> Vec<u32> {
        let free = (0u32..).zip(&self.keys).filter(|(_, key)| key.try_lock().is_ok());
        free.map(|(index, _)| index).collect()
    }

    /// Waits until that key is free, and takes it.
    pub(crate) async fn lock(&self, index: u32) -> Key {
        let _held = Arc::clone(&self.keys[index as usize]).lock_owned().await;
        Key { index, _held }
    }

    /// Takes a key that is free, in one step; `None` if there is none.
    pub(crate) fn take(&self) -> Option<Key> {
        let mut keys = (0u32..).zip(&self.keys);
        keys.find_map(|(index, key)| {
            let _held = Arc::clone(key).try_lock_owned().ok()?;
            Some(Key { index, _held })
        })
    }
}
