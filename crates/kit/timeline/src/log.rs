use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task;
use tokio::time::Instant;

use crate::batch::Batch;
use crate::event::{Event, Outcome, Phase};
use crate::kind::Kind;
use crate::observer::{Observer, Reading};
use crate::timeline::{Entry, Tally, Timeline};

/// How much a [`Log`] keeps. To keep nothing at all, have no log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// The counts, and the records of the first and last few lanes: bounded for any number.
    Summary,
    /// A record of every span of every lane.
    Everything,
}

impl Keep {
    /// Everything while that is pleasant to read, up to 1,000 lanes, and a summary above.
    #[must_use]
    pub const fn for_lanes(lanes: u32) -> Self {
        if lanes <= 1_000 { Self::Everything } else { Self::Summary }
    }
}

/// What happened, and when. A handle: clones write to and read from the same log.
///
/// One log belongs to one visit, the lanes that one client waits for together. Every span leaves a
/// *started* and then a *finished* or a *cancelled* mark; the pair is a
/// [`Record`](crate::Record). Everything that is shown of a visit is drawn from these alone.
#[derive(Debug)]
pub struct Log<K: Kind> {
    inner: Arc<Inner<K>>,
}

impl<K: Kind> Clone for Log<K> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone() }
    }
}

#[derive(Debug)]
struct Inner<K: Kind> {
    opened: Instant,
    keep: Keep,
    observers: Vec<Arc<dyn Observer<K>>>,
    /// Whether an observer wants events.
    watched: bool,
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

/// A lane of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The lane's number, from 1.
    pub lane: u32,
    /// Whether a summary keeps its records.
    pub is_among_the_few: bool,
}

/// Where in the log a span that has started is to write its end, counted from 1: so an `Option`
/// of it takes four bytes in every span that waits, whether or not there is a log.
#[derive(Clone, Copy, Debug)]
pub struct Slot(NonZeroU32);

impl<K: Kind> Log<K> {
    /// How many lanes a summary keeps at either end, and a drawing shows.
    pub const FEW: u32 = 3;

    /// Opens a log now: all its times count from here, in shop time.
    #[must_use]
    pub fn new(keep: Keep) -> Self {
        Self::observed(keep, Vec::new())
    }

    /// Opens a log that also tells these observers what happens, as it happens.
    #[must_use]
    pub fn observed(keep: Keep, observers: Vec<Arc<dyn Observer<K>>>) -> Self {
        Self {
            inner: Arc::new(Inner {
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
            }),
        }
    }

    /// Marks the client as answered. Returns when that was, in shop time since the log was
    /// opened: the first call wins.
    ///
    /// An answer says nothing about what was served: step 3 answers at once and serves later.
    pub fn answer(&self) -> Duration {
        let mut first = false;
        let answered = *self.inner.answered.get_or_init(|| {
            first = true;
            self.inner.opened.elapsed()
        });
        if first && self.inner.is_observed() {
            self.inner.tell_answer();
        }
        answered
    }

    /// Waits until no lane is open: all that were accepted so far were served or lost. Cancel
    /// safe.
    pub async fn settled(&self) {
        loop {
            // Listen before looking, or the last lane could slip through in between.
            let settled = self.inner.settled.notified();
            if self.inner.is_settled() {
                return;
            }
            settled.await;
        }
    }

    /// Returns what has happened so far.
    #[must_use]
    pub fn timeline(&self) -> Timeline<K> {
        self.inner.timeline()
    }

    /// Accepts that many lanes at once. Returns how many were accepted before, so the new ones are
    /// numbered from there. Each is to be ended with [`serve`](Self::serve) or
    /// [`lose`](Self::lose). Of the lanes of one call a summary keeps the first and the last few.
    pub fn accept(&self, lanes: u32) -> u32 {
        self.inner.omit(lanes.saturating_sub(2 * Self::FEW));
        self.inner.accept(lanes)
    }

    pub(crate) fn accept_one(&self) -> Place {
        let before = self.inner.accept(1);
        let is_among_the_few = before < Self::FEW;
        self.inner.omit(u32::from(!is_among_the_few));
        Place { lane: before.saturating_add(1), is_among_the_few }
    }

    /// Counts that many lanes as served.
    pub fn serve(&self, lanes: u32) {
        if lanes > 0 {
            self.inner.served.fetch_add(lanes, Ordering::AcqRel);
            self.inner.tell(|observer| observer.served(lanes));
            self.close(lanes);
        }
    }

    /// Counts that many lanes as lost.
    pub fn lose(&self, lanes: u32) {
        if lanes > 0 {
            self.inner.lost.fetch_add(lanes, Ordering::AcqRel);
            self.inner.tell(|observer| observer.lost(lanes));
            self.close(lanes);
        }
    }

    fn close(&self, lanes: u32) {
        if self.inner.open.fetch_sub(lanes, Ordering::AcqRel) == lanes {
            if self.inner.is_observed() {
                self.inner.tell_if_over();
            }
            self.inner.settled.notify_waiters();
        }
    }

    /// Writes down that a span starts. The slot, if there is one, belongs to its [`end`](Self::end).
    ///
    /// A span that is neither kept nor watched reads no clock.
    #[must_use]
    pub fn start(&self, place: Place, kind: K) -> Option<Slot> {
        let kept = self.inner.keep == Keep::Everything || place.is_among_the_few;
        if !kept && !self.inner.watched {
            return None;
        }
        let event = self.inner.event(place, kind, Phase::Started);
        self.inner.tell_event(&event);
        if !kept {
            return None;
        }
        let mut entries = self.inner.entries();
        entries.push(Entry::started(&event));
        u32::try_from(entries.len()).ok().and_then(NonZeroU32::new).map(Slot)
    }

    /// Writes down that the span that was given this slot has ended.
    pub fn end(&self, place: Place, kind: K, outcome: Outcome, slot: Option<Slot>) {
        if slot.is_none() && !self.inner.watched {
            return self.inner.ended_at(self.inner.opened.elapsed());
        }
        let event = self.inner.event(place, kind, outcome.into());
        match slot {
            Some(Slot(slot)) => {
                // Under the lock, or a reader in between would see an entry end after the last.
                let mut entries = self.inner.entries();
                entries[slot.get() as usize - 1].end(&event, outcome);
                self.inner.ended_at(event.at);
            }
            None => self.inner.ended_at(event.at),
        }
        self.inner.tell_event(&event);
    }

    pub(crate) fn keeps_everything(&self) -> bool {
        self.inner.keep == Keep::Everything
    }

    pub(crate) fn is_watched(&self) -> bool {
        self.inner.watched
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.inner.opened.elapsed()
    }

    /// Writes down that spans start, one after another. Returns the index of the first.
    pub(crate) fn write_starts(&self, events: impl Iterator<Item = Event<K>>) -> usize {
        let mut entries = self.inner.entries();
        let first = entries.len();
        entries.extend(events.map(|event| Entry::started(&event)));
        first
    }

    /// Writes down that the spans with these indices end.
    pub(crate) fn write_ends(
        &self,
        at: Duration,
        outcome: Outcome,
        ends: impl Iterator<Item = (usize, Event<K>)>,
    ) {
        // Under the lock, or a reader in between would see an entry end after the last.
        let mut entries = self.inner.entries();
        for (index, event) in ends {
            entries[index].end(&event, outcome);
        }
        self.inner.ended_at(at);
    }

    pub(crate) fn ended_at(&self, at: Duration) {
        self.inner.ended_at(at);
    }

    pub(crate) fn tell_batch(&self, batch: &Batch<'_, K>) {
        for observer in self.inner.listeners() {
            observer.batch(batch);
        }
    }
}

impl<K: Kind> Inner<K> {
    fn omit(&self, lanes: u32) {
        if self.keep == Keep::Summary {
            self.omitted.fetch_add(lanes, Ordering::Relaxed);
        }
    }

    fn accept(&self, lanes: u32) -> u32 {
        self.open.fetch_add(lanes, Ordering::AcqRel);
        let before = self.accepted.fetch_add(lanes, Ordering::AcqRel);
        self.tell(|observer| observer.accepted(lanes));
        before
    }

    fn event(&self, place: Place, kind: K, phase: Phase) -> Event<K> {
        Event {
            lane: place.lane,
            kind,
            phase,
            at: self.opened.elapsed(),
            task: task::try_id(),
            thread: thread::current().id(),
        }
    }

    fn ended_at(&self, at: Duration) {
        let nanos = u64::try_from(at.as_nanos()).unwrap_or(u64::MAX);
        self.last_end.fetch_max(nanos, Ordering::AcqRel);
    }

    fn timeline(&self) -> Timeline<K> {
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

    fn tell_event(&self, event: &Event<K>) {
        for observer in self.listeners() {
            observer.event(event);
        }
    }

    fn listeners(&self) -> impl Iterator<Item = &Arc<dyn Observer<K>>> {
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
    fn entries(&self) -> MutexGuard<'_, Vec<Entry<K>>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The last handle is gone, so nothing more can happen.
impl<K: Kind> Drop for Inner<K> {
    fn drop(&mut self) {
        if self.is_observed() {
            self.tell_over(&mut self.ending());
        }
    }
}
