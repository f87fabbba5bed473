use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};
use tokio::time::timeout;

use crate::places::Places;
use crate::tally::{Tally, Ticket};

/// How much is served at once, and what happens to the rest.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// How many permits there are for what is in flight; `None` for any number. A unit takes one, or
    /// as many as the caller says.
    pub capacity: Option<u32>,
    /// How many requests wait for room.
    pub max_waiting: usize,
    /// How long each of them waits at most, by tokio's clock.
    pub max_wait: Duration,
}

/// Decides which requests are served: permits for the units in flight, and a bounded queue for
/// requests that come when too few permits are left. Tokio's semaphore is fair, so a large request
/// at the head of the queue is not overtaken for ever by small ones.
#[derive(Debug)]
pub struct Admission {
    /// `None` admits everything.
    permits: Option<Arc<Semaphore>>,
    queue: Semaphore,
    max_wait: Duration,
    places: Places,
    ready: AtomicBool,
    closed: AtomicBool,
    tally: Arc<Tally>,
}

/// Why a request is turned away that could be served at another time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Shed {
    /// All connections that may be held for long are in use.
    #[error("all connections for such requests are in use")]
    NoPlace,
    /// The queue has no place left.
    #[error("there is no room, and no place in the queue")]
    QueueFull,
    /// The longest wait is over.
    #[error("there is no room, and the wait became too long")]
    WaitOver,
    /// The server closes.
    #[error("the server is closing")]
    Closing,
}

impl Admission {
    /// Admits what fits into the room. Each request takes one of the places, which others share.
    #[must_use]
    pub fn new(room: Room, places: Places) -> Self {
        let fits = |units: u32| (units as usize).min(Semaphore::MAX_PERMITS);
        Self {
            permits: room.capacity.map(|units| Arc::new(Semaphore::new(fits(units)))),
            queue: Semaphore::new(room.max_waiting.min(Semaphore::MAX_PERMITS)),
            max_wait: room.max_wait,
            places,
            ready: AtomicBool::new(true),
            closed: AtomicBool::new(false),
            tally: Arc::default(),
        }
    }

    /// The counts of all requests that asked here.
    #[must_use]
    pub const fn tally(&self) -> &Arc<Tally> {
        &self.tally
    }

    /// How many permits are left now; `None` for any number.
    #[must_use]
    pub fn room(&self) -> Option<usize> {
        self.permits.as_ref().map(|permits| permits.available_permits())
    }

    /// Whether the server wants requests: false from [`withdraw`](Self::withdraw) on.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Relaxed)
    }

    /// Makes [`is_ready`](Self::is_ready) false, for a load balancer to see. Requests are admitted
    /// as before.
    pub fn withdraw(&self) {
        self.ready.store(false, Ordering::Relaxed);
    }

    /// Stops admitting; waiting requests are turned away. Admitted ones go on.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
        if let Some(permits) = &self.permits {
            permits.close();
        }
    }

    /// Waits for a permit for each unit. They are given back when the ticket is dropped. Cancel
    /// safe: dropping the future leaves the queue.
    ///
    /// # Errors
    ///
    /// Why the request is turned away.
    pub async fn admit(&self, units: u32) -> Result<Ticket, Shed> {
        self.admit_weighing(units, units).await
    }

    /// The same for units that take more or less than a permit each: `permits` for all of them.
    ///
    /// # Errors
    ///
    /// Why the request is turned away.
    pub async fn admit_weighing(&self, units: u32, permits: u32) -> Result<Ticket, Shed> {
        let mut ticket = Ticket::new(&self.tally, units);
        match self.permit(&mut ticket, permits).await {
            Ok(permit) => ticket.admit(permit),
            Err(shed) => {
                ticket.shed();
                return Err(shed);
            }
        }
        Ok(ticket)
    }

    async fn permit(
        &self,
        ticket: &mut Ticket,
        number: u32,
    ) -> Result<Option<OwnedSemaphorePermit>, Shed> {
        if self.closed.load(Ordering::Relaxed) {
            return Err(Shed::Closing);
        }
        ticket.take_place(self.places.take().ok_or(Shed::NoPlace)?);
        let Some(permits) = &self.permits else { return Ok(None) };
        match Arc::clone(permits).try_acquire_many_owned(number) {
            Ok(permit) => return Ok(Some(permit)),
            Err(TryAcquireError::Closed) => return Err(Shed::Closing),
            Err(TryAcquireError::NoPermits) => {}
        }
        let _place = self.queue.try_acquire().map_err(|_| Shed::QueueFull)?;
        ticket.wait();
        let permit = Arc::clone(permits).acquire_many_owned(number);
        match timeout(self.max_wait, permit).await {
            Ok(Ok(permit)) => Ok(Some(permit)),
            Ok(Err(_)) => Err(Shed::Closing),
            Err(_) => Err(Shed::WaitOver),
        }
    }
}
