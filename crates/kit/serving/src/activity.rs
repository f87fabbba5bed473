use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

const IN_REQUEST: u64 = u64::MAX;
const ANSWERED: u64 = u64::MAX - 1;

/// What one connection is doing: its service, its stream and the accept loop tell each other.
#[derive(Debug)]
pub(crate) struct Activity {
    began: Instant,
    /// Whether clients wait for a connection.
    crowded: Arc<AtomicBool>,
    /// `IN_REQUEST`, `ANSWERED` (while the last bytes of the answer are written), or idle since so
    /// many microseconds after `began`.
    state: AtomicU64,
    lost: AtomicBool,
    retired: AtomicBool,
    retire: Notify,
}

impl Activity {
    pub(crate) fn new(crowded: &Arc<AtomicBool>) -> Arc<Self> {
        Arc::new(Self {
            began: Instant::now(),
            crowded: Arc::clone(crowded),
            state: AtomicU64::new(0),
            lost: AtomicBool::new(false),
            retired: AtomicBool::new(false),
            retire: Notify::new(),
        })
    }

    /// A request has come. Its answer has ended, read or not, when the guard is dropped.
    pub(crate) fn request(self: &Arc<Self>) -> InRequest {
        self.state.store(IN_REQUEST, Ordering::Release);
        InRequest(Arc::clone(self))
    }

    /// All that was to be written is written.
    pub(crate) fn flushed(&self) {
        if self.state.load(Ordering::Acquire) == ANSWERED {
            let idle_since = self.began.elapsed().as_micros();
            self.state.store(idle_since.try_into().unwrap_or(0), Ordering::Release);
            if self.is_retired() {
                self.retire.notify_one();
            }
        }
    }

    pub(crate) fn is_crowded(&self) -> bool {
        self.crowded.load(Ordering::Relaxed)
    }

    pub(crate) fn is_in_request(&self) -> bool {
        self.state.load(Ordering::Acquire) == IN_REQUEST
    }

    /// For how long no request has been under way; `None` while one is.
    pub(crate) fn idle_for(&self) -> Option<Duration> {
        let idle_since = self.state.load(Ordering::Acquire);
        let idle = (idle_since < ANSWERED).then(|| Duration::from_micros(idle_since));
        idle.map(|since| self.began.elapsed().saturating_sub(since))
    }

    /// From now on nothing can be written to the client.
    pub(crate) fn lose(&self) {
        self.lost.store(true, Ordering::Release);
    }

    pub(crate) fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Acquire)
    }

    /// Asks the connection to close after the request that is under way, if there is one.
    pub(crate) fn retire(&self) {
        self.retired.store(true, Ordering::Release);
        self.retire.notify_one();
    }

    pub(crate) fn is_retired(&self) -> bool {
        self.retired.load(Ordering::Acquire)
    }

    /// Done once the connection is asked to close, but not while an answer is being written: hyper
    /// would take the connection for idle, and cut the answer. For one caller. Cancel safe.
    pub(crate) async fn retiring(&self) {
        loop {
            self.retire.notified().await;
            if self.state.load(Ordering::Acquire) != ANSWERED {
                return;
            }
        }
    }
}

/// A request that is under way on a connection.
#[derive(Debug)]
pub(crate) struct InRequest(Arc<Activity>);

impl Drop for InRequest {
    fn drop(&mut self) {
        self.0.state.store(ANSWERED, Ordering::Release);
    }
}
