use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Notify, OwnedSemaphorePermit};

/// Counts the units of all requests. Each unit that was asked for ends in exactly one of four ways
/// and is counted there once: served, undelivered, shed or abandoned. None is forgotten, because
/// a [`Ticket`] counts when it is dropped, however that happens.
#[derive(Debug, Default)]
pub struct Tally {
    asked: AtomicU64,
    served: AtomicU64,
    undelivered: AtomicU64,
    shed: AtomicU64,
    abandoned: AtomicU64,
    waiting: AtomicU64,
    in_flight: AtomicU64,
    idle: Notify,
}

/// How many units are where, at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Asked for, by requests that could be served at some time.
    pub asked: u64,
    /// Done, and their request's answer was written to its client's socket.
    pub served: u64,
    /// Done, and the answer was not written: the client hung up before, or did not read.
    pub undelivered: u64,
    /// Turned away: the queue was full, the wait too long, or the server was closing.
    pub shed: u64,
    /// Admitted and not served: the client hung up, the request panicked, or the server closed.
    pub abandoned: u64,
    /// Waiting to be admitted.
    pub waiting: u64,
    /// Being served.
    pub in_flight: u64,
}

impl Tally {
    /// The counts of this moment.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Counts {
            asked: read(&self.asked),
            served: read(&self.served),
            undelivered: read(&self.undelivered),
            shed: read(&self.shed),
            abandoned: read(&self.abandoned),
            waiting: read(&self.waiting),
            in_flight: read(&self.in_flight),
        }
    }

    /// Waits until nothing is being served. Cancel safe.
    pub async fn nothing_in_flight(&self) {
        loop {
            // Listen before looking, or the last request could end in between.
            let idle = self.idle.notified();
            if self.in_flight.load(Ordering::Acquire) == 0 {
                return;
            }
            idle.await;
        }
    }
}

/// What a request holds from the moment it asks until it is over: its permits, its connection's
/// place, and its place in the counts.
///
/// Keep it for as long as the request costs anything. A step that answers before it serves, for
/// example, hands its ticket to what goes on afterwards.
#[derive(Debug)]
pub struct Ticket {
    tally: Arc<Tally>,
    units: u32,
    done: AtomicU32,
    delivered: AtomicBool,
    place: Mutex<Option<OwnedSemaphorePermit>>,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    Asking,
    Waiting,
    Admitted { _permit: Option<OwnedSemaphorePermit> },
    Shed,
}

impl Ticket {
    pub(crate) fn new(tally: &Arc<Tally>, units: u32) -> Self {
        add(&tally.asked, units);
        Self {
            tally: Arc::clone(tally),
            units,
            done: AtomicU32::new(0),
            delivered: AtomicBool::new(false),
            place: Mutex::new(None),
            stage: Stage::Asking,
        }
    }

    pub(crate) fn take_place(&mut self, place: OwnedSemaphorePermit) {
        self.place = Mutex::new(Some(place));
    }

    pub(crate) fn wait(&mut self) {
        self.leave_stage();
        add(&self.tally.waiting, self.units);
        self.stage = Stage::Waiting;
    }

    pub(crate) fn admit(&mut self, permit: Option<OwnedSemaphorePermit>) {
        self.leave_stage();
        add(&self.tally.in_flight, self.units);
        self.stage = Stage::Admitted { _permit: permit };
    }

    pub(crate) fn shed(mut self) {
        self.leave_stage();
        self.stage = Stage::Shed;
    }

    /// Counts that many units as done. They reach the tally with the drop of the ticket: thousands
    /// of tasks would fight for one cache line.
    pub fn done(&self, units: u32) {
        self.done.fetch_add(units, Ordering::Relaxed);
    }

    /// Gives the connection's place back, because the answer is over, and says whether it was
    /// written: see [`until_written`](crate::until_written). Without this nothing counts as served.
    pub fn answer_over(&self, written: bool) {
        self.delivered.store(written, Ordering::Relaxed);
        self.place.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    fn leave_stage(&mut self) {
        let units = u64::from(self.units);
        match self.stage {
            Stage::Waiting => {
                self.tally.waiting.fetch_sub(units, Ordering::Relaxed);
            }
            Stage::Admitted { .. }
                if self.tally.in_flight.fetch_sub(units, Ordering::AcqRel) == units =>
            {
                self.tally.idle.notify_waiters();
            }
            Stage::Admitted { .. } | Stage::Asking | Stage::Shed => {}
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if let Stage::Shed = self.stage {
            add(&self.tally.shed, self.units);
            return;
        }
        let done = self.done.load(Ordering::Relaxed).min(self.units);
        let delivered = self.delivered.load(Ordering::Relaxed);
        add(if delivered { &self.tally.served } else { &self.tally.undelivered }, done);
        add(&self.tally.abandoned, self.units - done);
        self.leave_stage();
    }
}

fn add(count: &AtomicU64, units: u32) {
    count.fetch_add(units.into(), Ordering::Relaxed);
}
