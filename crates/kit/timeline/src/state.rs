use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task;
use tokio::time::Instant;

use crate::event::{Event, Phase};
use crate::keep::Keep;
use crate::kind::Kind;
use crate::observer::{Observer, Reading};
use crate::place::Place;
use crate::timeline::{Entry, Tally, Timeline};

/// What all handles of a log share.
#[derive(Debug)]
pub(crate) struct State<K: Kind> {
    opened: Instant,
    pub(crate) keep: Keep,
    observers: Vec<Arc<dyn Observer<K>>>,
    /// Whether an observer wants events.
    pub(crate) watched: bool,
    entries: Mutex<Vec<Entry<K>>>,
    accepted: AtomicU32,
    served: AtomicU32,
    lost: AtomicU32,
    omitted: AtomicU32,
    /// Accepted, and neither served nor lost yet. A counter of its own, because exactly one of
    /// the workers that end the last lanes must see it reach zero.
    open: AtomicU32,
    settled: Notify,
    answered: OnceLock<Duration>,
    /// Nanoseconds since `opened`.
    last_end: AtomicU64,
    ending: Mutex<Ending>,
}

/// What the observers have been told of the end. The answer and the last coffee may come on two
/// workers at the same moment. Each of them changes its own state first and then takes this lock,
/// so the second sees what the first did.
#[derive(Debug, Default)]
struct Ending {
    answered: bool,
    over: bool,
}

impl<K: Kind> State<K> {
    pub(crate) fn new(keep: Keep, observers: Vec<Arc<dyn Observer<K>>>) -> Self {
        Self {
            opened: Instant::now(),
            keep,
            watched: observers.iter().any(|observer| observer.wants_events()),
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
            ending: Mutex::default(),
        }
    }

    /// Waits until no lane is open. Cancel safe.
    pub(crate) async fn settled(&self) {
        loop {
            // Listen before looking, or the last lane could slip through in between.
            let settled = self.settled.notified();
            if self.is_settled() {
                return;
            }
            settled.await;
        }
    }

    pub(crate) fn answer(&self) -> Duration {
        let mut first = false;
        let answered = *self.answered.get_or_init(|| {
            first = true;
            self.elapsed()
        });
        if first && self.is_observed() {
            self.tell_answer();
        }
        answered
    }

    pub(crate) fn serve(&self, lanes: u32) {
        self.served.fetch_add(lanes, Ordering::AcqRel);
        self.tell(|observer| observer.served(lanes));
        self.close(lanes);
    }

    pub(crate) fn lose(&self, lanes: u32) {
        self.lost.fetch_add(lanes, Ordering::AcqRel);
        self.tell(|observer| observer.lost(lanes));
        self.close(lanes);
    }

    fn close(&self, lanes: u32) {
        if self.open.fetch_sub(lanes, Ordering::AcqRel) == lanes {
            if self.is_observed() {
                self.tell_if_over();
            }
            self.settled.notify_waiters();
        }
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.opened.elapsed()
    }

    pub(crate) fn omit(&self, lanes: u32) {
        if self.keep == Keep::Summary {
            self.omitted.fetch_add(lanes, Ordering::Relaxed);
        }
    }

    pub(crate) fn accept(&self, lanes: u32) -> u32 {
        self.open.fetch_add(lanes, Ordering::AcqRel);
        let before = self.accepted.fetch_add(lanes, Ordering::AcqRel);
        self.tell(|observer| observer.accepted(lanes));
        before
    }

    pub(crate) fn event(&self, place: Place, kind: K, phase: Phase) -> Event<K> {
        Event {
            lane: place.lane,
            kind,
            phase,
            at: self.elapsed(),
            task: task::try_id(),
            thread: thread::current().id(),
        }
    }

    pub(crate) fn ended_at(&self, at: Duration) {
        let nanos = u64::try_from(at.as_nanos()).unwrap_or(u64::MAX);
        self.last_end.fetch_max(nanos, Ordering::AcqRel);
    }

    pub(crate) fn timeline(&self) -> Timeline<K> {
        // The entries first: every end that is counted below is already written in them.
        let entries = self.entries();
        let tally = Tally {
            accepted: self.accepted.load(Ordering::Acquire),
            served: self.served.load(Ordering::Acquire),
            lost: self.lost.load(Ordering::Acquire),
            omitted: self.omitted.load(Ordering::Relaxed),
            answered: self.answered.get().copied(),
            last_end: Duration::from_nanos(self.last_end.load(Ordering::Acquire)),
        };
        Timeline::new(tally, entries.clone())
    }

    fn is_settled(&self) -> bool {
        self.open.load(Ordering::Acquire) == 0
    }

    fn is_observed(&self) -> bool {
        !self.observers.is_empty()
    }

    fn tell(&self, what: impl Fn(&dyn Observer<K>)) {
        for observer in &self.observers {
            what(observer.as_ref());
        }
    }

    pub(crate) fn tell_event(&self, event: &Event<K>) {
        for observer in self.listeners() {
            observer.event(event);
        }
    }

    pub(crate) fn listeners(&self) -> impl Iterator<Item = &Arc<dyn Observer<K>>> {
        self.observers.iter().filter(|observer| observer.wants_events())
    }

    fn tell_answer(&self) {
        let mut ending = self.ending();
        let read = || self.timeline();
        let reading = Reading::new(&read);
        self.tell(|observer| observer.answered(&reading));
        ending.answered = true;
        self.end_if_over(&mut ending);
    }

    fn tell_if_over(&self) {
        self.end_if_over(&mut self.ending());
    }

    fn end_if_over(&self, ending: &mut Ending) {
        if self.is_settled() && ending.answered {
            self.tell_over(ending);
        }
    }

    fn tell_over(&self, ending: &mut Ending) {
        let took_lanes = self.accepted.load(Ordering::Acquire) > 0;
        if took_lanes && !ending.over {
            ending.over = true;
            let read = || self.timeline();
            let reading = Reading::new(&read);
            self.tell(|observer| observer.over(&reading));
        }
    }

    /// Held while the observers are told, which takes no other lock of the log but `entries`.
    fn ending(&self) -> MutexGuard<'_, Ending> {
        self.ending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Never held across an await: the guard cannot leave this module. An entry is whole between
    /// two statements, so a panic elsewhere does not spoil the log for the others.
    pub(crate) fn entries(&self) -> MutexGuard<'_, Vec<Entry<K>>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The last handle is gone, so nothing more can happen.
impl<K: Kind> Drop for State<K> {
    fn drop(&mut self) {
        if self.is_observed() {
            self.tell_over(&mut self.ending());
        }
    }
}
