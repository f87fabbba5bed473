use std::fmt;
use std::num::NonZeroUsize;
use std::thread;

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use tokio::task;

use crate::bean::grind_bean;
use crate::{Error, Grounds, Pool, Sack, grind};

/// Way 1: the async handler does the work itself. It has no await, so the worker that polls it
/// does nothing else until it is done, and nothing can cancel it.
///
/// # Errors
///
/// [`Error::Stone`].
pub async fn in_the_handler(sack: Sack) -> Result<Grounds, Error> {
    grind(&sack)
}

/// Way 2: a task does the work. A task is still polled by a worker: the harm is the same, one
/// worker over. Dropping the future stops nothing, as there is no await to stop at.
///
/// # Errors
///
/// [`Error::Stone`]; [`Error::Broken`] if the work panics.
pub async fn spawned(sack: Sack) -> Result<Grounds, Error> {
    tokio::spawn(async move { grind(&sack) }).await?
}

/// Way 3: a thread that may be blocked does the work. The executor is free, the work is no
/// faster. Dropping the future stops nothing once the thread has begun.
///
/// Tokio has up to 512 such threads, made for waiting: let many ways of this kind work at once,
/// and they share the cores as threads do.
///
/// # Errors
///
/// [`Error::Stone`]; [`Error::Broken`] if the work panics.
pub async fn spawn_blocking(sack: Sack) -> Result<Grounds, Error> {
    task::spawn_blocking(move || grind(&sack)).await?
}

/// Way 4: rayon divides the work among the cores, and the task awaits the result. Dropping the
/// future stops the work at the next bean.
///
/// # Errors
///
/// [`Error::Stone`]; [`Error::Broken`] if the work panics.
pub async fn on_rayon(pool: &Pool, sack: Sack) -> Result<Grounds, Error> {
    pool.run(move |asker| {
        let beans = sack.beans().into_par_iter();
        let ground = beans.map(|bean| asker.still_waits().and_then(|()| grind_bean(bean)));
        ground.try_reduce(Grounds::default, |some, more| Ok(some.and(more)))
    })
    .await
}

/// Way 5: threads of one's own, each with its share of the beans. All cores work, but the caller
/// blocks until the last is done: in an async handler that is way 1 again, only shorter. The
/// shares are fixed, so the slowest thread decides; rayon's steal from each other.
///
/// # Errors
///
/// [`Error::Stone`]; [`Error::Broken`] if the work panics.
///
/// # Panics
///
/// If the operating system refuses a thread.
pub fn on_scoped_threads(threads: NonZeroUsize, sack: &Sack) -> Result<Grounds, Error> {
    let shares: Vec<_> = thread::scope(|scope| {
        let start = |share| scope.spawn(move || grind(&share));
        let threads: Vec<_> = sack.split(threads).map(start).collect();
        threads.into_iter().map(|thread| thread.join()).collect()
    });
    shares.into_iter().try_fold(Grounds::default(), |grounds, share| {
        Ok(grounds.and(share.map_err(|panic| Error::broken(panic.as_ref()))??))
    })
}

/// One of the five ways, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// [`in_the_handler`].
    InTheHandler,
    /// [`spawned`].
    Spawned,
    /// [`spawn_blocking`].
    SpawnBlocking,
    /// [`on_rayon`].
    Rayon,
    /// [`on_scoped_threads`], called from an async handler.
    ScopedThreads,
}

impl Way {
    /// The five in the order in which they are told.
    pub const ALL: [Self; 5] =
        [Self::InTheHandler, Self::Spawned, Self::SpawnBlocking, Self::Rayon, Self::ScopedThreads];

    /// What it means, in one sentence.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::InTheHandler => "The worker grinds, and every other task on it waits.",
            Self::Spawned => "A task needs a worker, too: the same harm, one worker over.",
            Self::SpawnBlocking => {
                "A thread beside the workers grinds: no other task waits, nothing is faster."
            }
            Self::Rayon => {
                "All cores grind, however many, and the task awaits: no other task waits."
            }
            Self::ScopedThreads => {
                "All cores grind, but the task that started them blocks its worker."
            }
        }
    }

    /// Grinds in this way. The future is to be polled by a runtime.
    ///
    /// # Errors
    ///
    /// [`Error::Stone`]; [`Error::Broken`] if the work panics away from this task.
    pub async fn grind(self, pool: &Pool, sack: Sack) -> Result<Grounds, Error> {
        match self {
            Self::InTheHandler => in_the_handler(sack).await,
            Self::Spawned => spawned(sack).await,
            Self::SpawnBlocking => spawn_blocking(sack).await,
            Self::Rayon => on_rayon(pool, sack).await,
            Self::ScopedThreads => on_scoped_threads(pool.threads(), &sack),
        }
    }
}

/// The way in the words of the code.
impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::InTheHandler => "in the async handler",
            Self::Spawned => "tokio::spawn",
            Self::SpawnBlocking => "spawn_blocking",
            Self::Rayon => "rayon and a oneshot",
            Self::ScopedThreads => "std::thread::scope",
        })
    }
}
