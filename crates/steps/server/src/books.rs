use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use coffee::Observer;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use tokio::sync::{Notify, OwnedSemaphorePermit};

/// The count of all customers. Everyone who asked ends in exactly one of three ways, and is
/// counted there once: served, shed or abandoned. Nobody is forgotten, because a party counts
/// when it is dropped, and whatever happens to it, it is dropped.
#[derive(Debug, Default)]
pub struct Books {
    pub(crate) asked: Counter,
    pub(crate) served: Counter,
    pub(crate) shed: Counter,
    pub(crate) abandoned: Counter,
    pub(crate) waiting: Gauge,
    pub(crate) in_flight: Gauge,
    nobody: Notify,
}

/// How many customers are where, at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Asked for a coffee, in a request that could be served some time.
    pub asked: u64,
    /// Hold their coffee, and their party is gone.
    pub served: u64,
    /// Were turned away: the queue was full, the wait too long, or the shop was closing.
    pub shed: u64,
    /// Get no coffee any more: their client hung up, their order panicked, or the shop closed.
    pub abandoned: u64,
    /// Wait to be admitted.
    pub waiting: u64,
    /// Are being served.
    pub in_flight: u64,
}

impl Books {
    /// What the books say now.
    #[must_use]
    pub fn count(&self) -> Count {
        let gauge = |gauge: &Gauge| gauge.get().try_into().unwrap_or_default();
        Count {
            asked: self.asked.get(),
            served: self.served.get(),
            shed: self.shed.get(),
            abandoned: self.abandoned.get(),
            waiting: gauge(&self.waiting),
            in_flight: gauge(&self.in_flight),
        }
    }

    /// Waits until nobody is being served. Cancel safe.
    pub async fn nobody_in_flight(&self) {
        loop {
            // Listen before looking, or the last party could slip out in between.
            let nobody = self.nobody.notified();
            if self.in_flight.get() == 0 {
                return;
            }
            nobody.await;
        }
    }
}

/// The customers of one request, from the moment they ask until the last of their orders is gone:
/// the order log keeps them as its observer. So a step that answers before it serves, or a client
/// that hangs up, frees the permits when the memory is free, and not before.
#[derive(Debug)]
pub(crate) struct Party {
    books: Arc<Books>,
    customers: u32,
    served: AtomicU32,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    Asking,
    Waiting,
    Served { _permit: Option<OwnedSemaphorePermit> },
    Shed,
}

impl Party {
    pub(crate) fn asks(books: &Arc<Books>, customers: u32) -> Self {
        books.asked.inc_by(customers.into());
        let (books, served) = (Arc::clone(books), AtomicU32::new(0));
        Self { books, customers, served, stage: Stage::Asking }
    }

    pub(crate) const fn customers(&self) -> u32 {
        self.customers
    }

    pub(crate) fn waits(&mut self) {
        self.leave_stage();
        self.books.waiting.inc_by(self.customers.into());
        self.stage = Stage::Waiting;
    }

    pub(crate) fn enters(&mut self, permit: Option<OwnedSemaphorePermit>) {
        self.leave_stage();
        self.books.in_flight.inc_by(self.customers.into());
        self.stage = Stage::Served { _permit: permit };
    }

    pub(crate) fn turned_away(mut self) {
        self.leave_stage();
        self.stage = Stage::Shed;
    }

    fn leave_stage(&mut self) {
        let customers = self.customers.into();
        match self.stage {
            Stage::Waiting => {
                self.books.waiting.dec_by(customers);
            }
            Stage::Served { .. } if self.books.in_flight.dec_by(customers) == customers => {
                self.books.nobody.notify_waiters();
            }
            Stage::Served { .. } | Stage::Asking | Stage::Shed => {}
        }
    }
}

impl Drop for Party {
    fn drop(&mut self) {
        if let Stage::Shed = self.stage {
            self.books.shed.inc_by(self.customers.into());
            return;
        }
        let served = self.served.load(Ordering::Relaxed).min(self.customers);
        self.books.served.inc_by(served.into());
        self.books.abandoned.inc_by((self.customers - served).into());
        self.leave_stage();
    }
}

impl Observer for Party {
    /// Counted here and told to the books at the end: a crowd would fight for one cache line.
    fn served(&self) {
        self.served.fetch_add(1, Ordering::Relaxed);
    }
}
