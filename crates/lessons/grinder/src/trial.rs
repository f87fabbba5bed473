use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::time::{Instant, sleep};

use crate::{Error, Grounds, Heartbeat, Pool, Sack, Way};

/// What one way did.
#[derive(Clone, Copy, Debug)]
pub struct Trial {
    /// The way.
    pub way: Way,
    /// What came out.
    pub grounds: Grounds,
    /// How long it took, in wall time.
    pub took: Duration,
    /// How long the other customers had to stand still, in wall time: the longest time between
    /// two beats of a task that wants to beat every [`BEAT`](Self::BEAT).
    pub longest_gap: Duration,
}

impl Trial {
    /// The time between two beats on an idle worker, in wall time.
    pub const BEAT: Duration = Duration::from_millis(5);
}

/// Grinds the beans in one way, in a task of an executor with a single worker, beside a heart
/// that beats on that same worker.
///
/// One worker, so that the harm shows at once. With more of them the heart would move to another,
/// and it takes as many customers who grind as there are workers to stop it.
///
/// # Errors
///
/// [`Error::Threads`] if the operating system refuses them; what the way returns.
pub fn trial(way: Way, sack: Sack, threads: NonZeroUsize) -> Result<Trial, Error> {
    let executor = Builder::new_multi_thread().worker_threads(1).enable_time().build();
    let executor = executor.map_err(|error| Error::Threads { source: error.into() })?;
    let pool = Arc::new(Pool::new(threads)?);
    executor.block_on(async {
        let heart = Heartbeat::start(Trial::BEAT);
        sleep(4 * Trial::BEAT).await; // the threads are up, the heart beats
        let started = Instant::now();
        let handler = tokio::spawn(async move { way.grind(&pool, sack).await });
        let grounds = handler.await??;
        let took = started.elapsed();
        Ok(Trial { way, grounds, took, longest_gap: heart.longest_gap().await })
    })
}
