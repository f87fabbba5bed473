//! The loyalty card of exercise 10: std's `Mutex` and `AtomicU32`, and the examiner is told of each
//! access.
//!
//! They do what std's do and are called in the same way. Only the moment at which a thread goes on is
//! the examiner's to choose: so it can let another customer in between any two accesses, and what is
//! lost then is lost each time.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{self, Ordering};
use std::sync::{LockResult, PoisonError, TryLockError, TryLockResult};
use std::thread;
use std::time::{Duration, Instant};

use crate::turns::{before_access, takes_turns, tell, wait_for_others};

/// Wall time. On one thread a lock that is taken stays taken while another task waits for it.
const NEVER: Duration = Duration::from_millis(200);

/// As [`std::sync::Mutex`].
#[derive(Debug, Default)]
pub struct Mutex<T> {
    inner: std::sync::Mutex<T>,
}

/// As [`std::sync::MutexGuard`].
#[derive(Debug)]
pub struct MutexGuard<'a, T: fmt::Display> {
    inner: std::sync::MutexGuard<'a, T>,
}

impl<T: fmt::Display> Mutex<T> {
    /// As [`std::sync::Mutex::new`].
    pub const fn new(value: T) -> Self {
        Self { inner: std::sync::Mutex::new(value) }
    }

    /// As [`std::sync::Mutex::lock`].
    ///
    /// # Errors
    ///
    /// If a thread panicked with the guard.
    ///
    /// # Panics
    ///
    /// If the lock can never be had, because a task of the same thread holds it across an await.
    #[track_caller]
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        let began = now();
        loop {
            before_access();
            match self.try_lock_unseen() {
                Ok(guard) => return Ok(guard),
                Err(TryLockError::Poisoned(error)) => return Err(error),
                Err(TryLockError::WouldBlock) if wait_for_others() => {}
                Err(TryLockError::WouldBlock) => {
                    assert!(
                        now() - began < NEVER,
                        "stuck: the card is locked by a task that waits, and this one blocks the \
                         thread on which it would go on; or one task locks it twice. Unlock a std \
                         mutex before the next await: pay first, and then lock, once"
                    );
                    thread::yield_now();
                }
            }
        }
    }

    /// As [`std::sync::Mutex::try_lock`].
    ///
    /// # Errors
    ///
    /// If it is locked, or a thread panicked with the guard.
    #[track_caller]
    pub fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        before_access();
        self.try_lock_unseen()
    }

    fn try_lock_unseen(&self) -> TryLockResult<MutexGuard<'_, T>> {
        let locked = |inner| {
            let guard = MutexGuard { inner };
            tell(|| format!("locks, reads {}", *guard));
            guard
        };
        self.inner.try_lock().map(locked).map_err(|error| match error {
            TryLockError::WouldBlock => TryLockError::WouldBlock,
            TryLockError::Poisoned(error) => {
                TryLockError::Poisoned(PoisonError::new(locked(error.into_inner())))
            }
        })
    }

    /// As [`std::sync::Mutex::into_inner`].
    ///
    /// # Errors
    ///
    /// If a thread panicked with the guard.
    pub fn into_inner(self) -> LockResult<T> {
        self.inner.into_inner()
    }
}

impl<T: fmt::Display> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.inner
    }
}

impl<T: fmt::Display> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.inner
    }
}

impl<T: fmt::Display> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        // Others may come while the card is locked.
        if !thread::panicking() {
            before_access();
        }
        tell(|| format!("unlocks at {}", *self.inner));
    }
}

/// As [`std::sync::atomic::AtomicU32`].
#[derive(Debug, Default)]
pub struct AtomicU32 {
    inner: atomic::AtomicU32,
    /// Whether a weak exchange has failed for no reason, as it may. The first one does.
    has_failed: atomic::AtomicBool,
}

macro_rules! in_one_step {
    ($($name:ident, $verb:literal;)+) => {
        $(
            #[doc = concat!("As [`std::sync::atomic::AtomicU32::", stringify!($name), "`].")]
            #[track_caller]
            pub fn $name(&self, value: u32, order: Ordering) -> u32 {
                before_access();
                let before = self.inner.$name(value, order);
                tell(|| format!("{before}, {} {value}", $verb));
                before
            }
        )+
    };
}

impl AtomicU32 {
    /// As [`std::sync::atomic::AtomicU32::new`].
    #[must_use]
    pub const fn new(value: u32) -> Self {
        let has_failed = atomic::AtomicBool::new(false);
        Self { inner: atomic::AtomicU32::new(value), has_failed }
    }

    /// As [`std::sync::atomic::AtomicU32::load`].
    #[track_caller]
    pub fn load(&self, order: Ordering) -> u32 {
        before_access();
        let value = self.inner.load(order);
        tell(|| format!("reads {value}"));
        value
    }

    /// As [`std::sync::atomic::AtomicU32::store`].
    #[track_caller]
    pub fn store(&self, value: u32, order: Ordering) {
        before_access();
        self.inner.store(value, order);
        tell(|| format!("writes {value}"));
    }

    in_one_step! {
        swap, "swapped for";
        fetch_add, "plus";
        fetch_sub, "minus";
        fetch_max, "max";
        fetch_min, "min";
        fetch_and, "and";
        fetch_nand, "nand";
        fetch_or, "or";
        fetch_xor, "xor";
    }

    /// As [`std::sync::atomic::AtomicU32::compare_exchange`].
    ///
    /// # Errors
    ///
    /// With the value that it is, if it is not `current`.
    #[track_caller]
    pub fn compare_exchange(
        &self,
        current: u32,
        new: u32,
        success: Ordering,
        failure: Ordering,
    ) -> Result<u32, u32> {
        before_access();
        let exchanged = self.inner.compare_exchange(current, new, success, failure);
        tell(|| match exchanged {
            Ok(before) => format!("{before} becomes {new}"),
            Err(is) => format!("{is} is not {current}"),
        });
        exchanged
    }

    /// As [`std::sync::atomic::AtomicU32::compare_exchange_weak`]: it may fail for no reason, and
    /// on threads that take turns the first one of a card does.
    ///
    /// # Errors
    ///
    /// With the value that it is.
    #[track_caller]
    pub fn compare_exchange_weak(
        &self,
        current: u32,
        new: u32,
        success: Ordering,
        failure: Ordering,
    ) -> Result<u32, u32> {
        if !takes_turns() || self.has_failed.swap(true, Ordering::Relaxed) {
            return self.compare_exchange(current, new, success, failure);
        }
        before_access();
        let value = self.inner.load(failure);
        tell(|| format!("weak: {value} stays"));
        Err(value)
    }

    /// As [`std::sync::atomic::AtomicU32::fetch_update`].
    ///
    /// # Errors
    ///
    /// With the value that it is, if `update` gives `None`.
    #[track_caller]
    pub fn fetch_update(
        &self,
        set_order: Ordering,
        fetch_order: Ordering,
        mut update: impl FnMut(u32) -> Option<u32>,
    ) -> Result<u32, u32> {
        let mut before = self.load(fetch_order);
        while let Some(after) = update(before) {
            match self.compare_exchange(before, after, set_order, fetch_order) {
                Ok(before) => return Ok(before),
                Err(changed) => before = changed,
            }
        }
        Err(before)
    }

    /// As [`std::sync::atomic::AtomicU32::into_inner`].
    #[must_use]
    pub const fn into_inner(self) -> u32 {
        self.inner.into_inner()
    }
}

#[expect(clippy::disallowed_methods, reason = "a thread that blocks does so in wall time")]
fn now() -> Instant {
    Instant::now()
}
