use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::{ThreadPool, ThreadPoolBuilder};
use tokio::sync::oneshot;

use crate::Error;

/// Threads that work, one for each core, and none of them the executor's.
///
/// A pool of one's own instead of rayon's global one: tests and benches each need another number
/// of threads. Dropping it lets what has begun come to its end, and waits for nothing.
#[derive(Debug)]
pub struct Pool {
    threads: NonZeroUsize,
    workers: ThreadPool,
}

impl Pool {
    /// A pool of so many threads. More than there are cores gain nothing.
    ///
    /// # Errors
    ///
    /// [`Error::Threads`] if the operating system refuses them.
    pub fn new(threads: NonZeroUsize) -> Result<Self, Error> {
        let builder = ThreadPoolBuilder::new().num_threads(threads.get());
        let named = builder.thread_name(|number| format!("grinder-{number}"));
        let workers = named.build().map_err(|error| Error::Threads { source: error.into() })?;
        Ok(Self { threads, workers })
    }

    /// How many threads there are.
    #[must_use]
    pub fn threads(&self) -> NonZeroUsize {
        self.threads
    }

    /// Has the pool do the work, in which rayon's parallel iterators use all of its threads, and
    /// waits for the result without holding a worker of the executor: the result comes through a
    /// oneshot.
    ///
    /// Dropping the future leaves the work without a caller. Work that has not begun
    /// will not; work that asks its [`Asker`] stops; work that never asks runs to its end. Either
    /// way its result is dropped by the thread that has it, and nothing remains.
    ///
    /// # Errors
    ///
    /// What the work returns, and [`Error::Broken`] if it panics.
    pub async fn run<T, W>(&self, work: W) -> Result<T, Error>
    where
        T: Send + 'static,
        W: FnOnce(&Asker<T>) -> Result<T, Error> + Send + 'static,
    {
        let (answer, result) = oneshot::channel();
        self.workers.spawn(move || {
            let asker = Asker { answer };
            // A panic that reached rayon from here would end the whole program. What the
            // work left half done cannot be seen from outside: it owned all it had.
            let work = || asker.still_waits().and_then(|()| work(&asker));
            let done = catch_unwind(AssertUnwindSafe(work));
            let done = done.unwrap_or_else(|panic| Err(Error::broken(panic.as_ref())));
            // If the caller is gone, the result goes nowhere, and that is fine.
            let _ = asker.answer.send(done);
        });
        result.await.unwrap_or(Err(Error::Stopped))
    }
}

/// The caller of [`Pool::run`], as the work sees it.
#[derive(Debug)]
pub struct Asker<T> {
    answer: oneshot::Sender<Result<T, Error>>,
}

impl<T> Asker<T> {
    /// For the work to ask now and then, with `?`. It costs one atomic load.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`] once the awaiting future is dropped.
    pub fn still_waits(&self) -> Result<(), Error> {
        if self.answer.is_closed() { Err(Error::Stopped) } else { Ok(()) }
    }
}
