use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};
use tokio::time::timeout;

use crate::books::{Books, Party};

/// Who may come in: a permit for each customer in flight, and a bounded queue for those who come
/// when there are too few permits left. Tokio's semaphore is fair, so a large party at the head of
/// the queue is not overtaken for ever by small ones.
#[derive(Debug)]
pub struct Admission {
    /// `None` admits everybody.
    permits: Option<Arc<Semaphore>>,
    queue: Semaphore,
    max_wait: Duration,
    closed: AtomicBool,
    books: Arc<Books>,
}

/// Why a party is turned away that could be served at another time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Shed {
    /// The queue has no place left.
    #[error("The shop is full, and so is its queue")]
    QueueFull,
    /// The longest wait is over.
    #[error("The shop is full, and the wait became too long")]
    WaitOver,
    /// The shop closes.
    #[error("The shop is closing")]
    Closing,
}

impl Admission {
    /// Admits up to `capacity` customers at the same time, or any number. At most `max_waiting`
    /// requests wait, each for at most `max_wait` (shop time).
    #[must_use]
    pub fn new(capacity: Option<u32>, max_waiting: usize, max_wait: Duration) -> Self {
        let fits = |customers: u32| (customers as usize).min(Semaphore::MAX_PERMITS);
        Self {
            permits: capacity.map(|customers| Arc::new(Semaphore::new(fits(customers)))),
            queue: Semaphore::new(max_waiting.min(Semaphore::MAX_PERMITS)),
            max_wait,
            closed: AtomicBool::new(false),
            books: Arc::default(),
        }
    }

    /// The count of all customers who asked here.
    #[must_use]
    pub const fn books(&self) -> &Arc<Books> {
        &self.books
    }

    /// How many more customers would be admitted now; `None` for any number.
    #[must_use]
    pub fn room(&self) -> Option<usize> {
        self.permits.as_ref().map(|permits| permits.available_permits())
    }

    /// Admits nobody any more, and turns away who waits. Who was admitted stays.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
        if let Some(permits) = &self.permits {
            permits.close();
        }
    }

    /// Waits for permits, and gives them back when the party is dropped. Cancel safe: dropping
    /// the future leaves the queue.
    pub(crate) async fn admit(&self, customers: u32) -> Result<Party, Shed> {
        let mut party = Party::asks(&self.books, customers);
        match self.permit(&mut party).await {
            Ok(permit) => party.enters(permit),
            Err(shed) => {
                party.turned_away();
                return Err(shed);
            }
        }
        Ok(party)
    }

    async fn permit(&self, party: &mut Party) -> Result<Option<OwnedSemaphorePermit>, Shed> {
        if self.closed.load(Ordering::Relaxed) {
            return Err(Shed::Closing);
        }
        let Some(permits) = &self.permits else { return Ok(None) };
        match Arc::clone(permits).try_acquire_many_owned(party.customers()) {
            Ok(permit) => return Ok(Some(permit)),
            Err(TryAcquireError::Closed) => return Err(Shed::Closing),
            Err(TryAcquireError::NoPermits) => {}
        }
        let _place = self.queue.try_acquire().map_err(|_| Shed::QueueFull)?;
        party.waits();
        let permit = Arc::clone(permits).acquire_many_owned(party.customers());
        match timeout(self.max_wait, permit).await {
            Ok(Ok(permit)) => Ok(Some(permit)),
            Ok(Err(_)) => Err(Shed::Closing),
            Err(_) => Err(Shed::WaitOver),
        }
    }
}
