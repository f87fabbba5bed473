use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task;
use tokio::time::Instant;

use crate::timeline::{Entry, Tally, Timeline};
use crate::{Action, Event, Observer, Order, Outcome, Phase};

/// How much an [`OrderLog`] keeps. To keep nothing at all, open the shop with
/// [`Shop::new`](crate::Shop::new), without a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// The counts, and the records of the first and last few customers: bounded for any number.
    Summary,
    /// A record of every action of every customer.
    Everything,
}

/// What happened in a shop, and when. A handle: clones write to and read from the same log.
///
/// One log belongs to one visit, the orders that somebody waits for together. Every action leaves
/// a *started* and then a *finished* or a *cancelled* mark; the pair is a
/// [`Record`](crate::Record). Everything that the workshop shows is drawn from these alone.
#[derive(Clone, Debug)]
pub struct OrderLog {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    opened: Instant,
    keep: Keep,
    observers: Vec<Arc<dyn Observer>>,
    entries: Mutex<Vec<Entry>>,
    accepted: AtomicU32,
    served: AtomicU32,
    lost: AtomicU32,
    omitted: AtomicU32,
    /// Accepted, and neither served nor lost yet. A counter of its own, because exactly one of
    /// the workers that end the last orders must see it reach zero.
    open: AtomicU32,
    settled: Notify,
    answered: OnceLock<Duration>,
    /// Nanoseconds since `opened`.
    last_end: AtomicU64,
}

/// Where in the log an action that has started is to write its end, counted from 1: so an
/// `Option` of it takes four bytes in every action that waits, whether or not there is a log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot(NonZeroU32);

impl Keep {
    /// Everything while that is pleasant to read, up to 1,000 customers, and a summary above.
    #[must_use]
    pub const fn for_customers(customers: u32) -> Self {
        if customers <= 1_000 { Self::Everything } else { Self::Summary }
    }
}

impl OrderLog {
    /// How many customers a summary keeps at either end, and a drawing shows.
    pub const FEW: u32 = 3;

    /// A log that is opened now: all its times count from here, in shop time.
    #[must_use]
    pub fn new(keep: Keep) -> Self {
        Self::observed(keep, Vec::new())
    }

    /// A log that also tells these observers what happens, as it happens.
    #[must_use]
    pub fn observed(keep: Keep, observers: Vec<Arc<dyn Observer>>) -> Self {
        Self {
            inner: Arc::new(Inner {
                opened: Instant::now(),
                keep,
                observers,
                entries: Mutex::default(),
                accepted: AtomicU32::new(0),
                served: AtomicU32::new(0),
                lost: AtomicU32::new(0),
                omitted: AtomicU32::new(0),
                open: AtomicU32::new(0),
                settled: Notify::new(),
                answered: OnceLock::new(),
                last_end: AtomicU64::new(0),
            }),
        }
    }

    /// Writes down that whoever asked for the coffees is answered now, and says when that is, in
    /// shop time since the log was opened. The first answer counts.
    ///
    /// An answer says nothing about coffees: step 3 answers at once and serves later.
    pub fn answer(&self) -> Duration {
        let mut first = false;
        let answered = *self.inner.answered.get_or_init(|| {
            first = true;
            self.now()
        });
        if first {
            self.tell(|observer| observer.answered(self));
        }
        answered
    }

    /// Waits until no order is open: everybody accepted so far was served or lost. Cancel safe.
    pub async fn settled(&self) {
        loop {
            // Listen before looking, or the last order could slip through in between.
            let settled = self.inner.settled.notified();
            if self.inner.open.load(Ordering::Acquire) == 0 {
                return;
            }
            settled.await;
        }
    }

    /// What has happened so far.
    #[must_use]
    pub fn timeline(&self) -> Timeline {
        let inner = &self.inner;
        // The entries first: every end that is counted below is already written in them.
        let entries = self.entries();
        let tally = Tally {
            customers: inner.accepted.load(Ordering::Acquire),
            served: inner.served.load(Ordering::Acquire),
            lost: inner.lost.load(Ordering::Acquire),
            omitted: inner.omitted.load(Ordering::Relaxed),
            answered: inner.answered.get().copied(),
            last_end: Duration::from_nanos(inner.last_end.load(Ordering::Acquire)),
        };
        Timeline::new(tally, entries.clone())
    }

    pub(crate) fn accept(&self, customers: u32) -> u32 {
        self.inner.open.fetch_add(customers, Ordering::AcqRel);
        let before = self.inner.accepted.fetch_add(customers, Ordering::AcqRel);
        if self.inner.keep == Keep::Summary {
            let omitted = customers.saturating_sub(2 * Self::FEW);
            self.inner.omitted.fetch_add(omitted, Ordering::Relaxed);
        }
        self.tell(|observer| observer.accepted(customers));
        before
    }

    pub(crate) fn serve(&self) {
        self.inner.served.fetch_add(1, Ordering::AcqRel);
        self.tell(|observer| observer.served());
        self.close(1);
    }

    pub(crate) fn lose(&self, customers: u32) {
        if customers > 0 {
            self.inner.lost.fetch_add(customers, Ordering::AcqRel);
            self.tell(|observer| observer.lost(customers));
            self.close(customers);
        }
    }

    fn close(&self, customers: u32) {
        if self.inner.open.fetch_sub(customers, Ordering::AcqRel) == customers {
            self.tell(|observer| observer.settled(self));
            self.inner.settled.notify_waiters();
        }
    }

    pub(crate) fn start(&self, order: &Order, action: Action) -> Option<Slot> {
        let kept = self.inner.keep == Keep::Everything || order.is_among_the_few();
        if !kept && self.inner.observers.is_empty() {
            return None;
        }
        let event = self.event(order, action, Phase::Started);
        self.tell(|observer| observer.event(&event));
        if !kept {
            return None;
        }
        let mut entries = self.entries();
        entries.push(Entry::started(&event));
        u32::try_from(entries.len()).ok().and_then(NonZeroU32::new).map(Slot)
    }

    pub(crate) fn end(&self, order: &Order, action: Action, outcome: Outcome, slot: Option<Slot>) {
        let event = self.event(order, action, outcome.into());
        let nanos = u64::try_from(event.at.as_nanos()).unwrap_or(u64::MAX);
        let last_end = || self.inner.last_end.fetch_max(nanos, Ordering::AcqRel);
        match slot {
            Some(Slot(slot)) => {
                // Under the lock, or a reader in between would see an entry end after the last.
                let mut entries = self.entries();
                entries[slot.get() as usize - 1].end(&event, outcome);
                last_end();
            }
            None => {
                last_end();
            }
        }
        self.tell(|observer| observer.event(&event));
    }

    fn event(&self, order: &Order, action: Action, phase: Phase) -> Event {
        Event {
            customer: order.customer(),
            action,
            phase,
            at: self.now(),
            task: task::try_id(),
            thread: thread::current().id(),
        }
    }

    fn now(&self) -> Duration {
        self.inner.opened.elapsed()
    }

    fn tell(&self, what: impl Fn(&dyn Observer)) {
        for observer in &self.inner.observers {
            what(observer.as_ref());
        }
    }

    /// Never held across an await: the guard cannot leave this module. An entry is whole between
    /// two statements, so a panic elsewhere does not spoil the log for the others.
    fn entries(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.inner.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
