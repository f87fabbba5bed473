use std::sync::Arc;
use std::time::Duration;

use crate::batch::Batch;
use crate::event::{Event, Outcome, Phase};
use crate::keep::Keep;
use crate::kind::Kind;
use crate::observer::Observer;
use crate::place::{Place, Slot};
use crate::state::State;
use crate::timeline::{Entry, Timeline};

/// What happened, and when. A handle: clones write to and read from the same log.
///
/// One log belongs to one visit, the lanes that one client waits for together. Every span leaves a
/// *started* and then a *finished* or a *cancelled* mark; the pair is a
/// [`Record`](crate::Record). Everything that is shown of a visit is drawn from these alone.
#[derive(Debug)]
pub struct Log<K: Kind> {
    state: Arc<State<K>>,
}

impl<K: Kind> Clone for Log<K> {
    fn clone(&self) -> Self {
        Self { state: self.state.clone() }
    }
}

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
        Self { state: Arc::new(State::new(keep, observers)) }
    }

    /// Marks the client as answered. Returns when that was, in shop time since the log was
    /// opened: the first call wins.
    ///
    /// An answer says nothing about what was served: step 3 answers at once and serves later.
    pub fn answer(&self) -> Duration {
        self.state.answer()
    }

    /// Waits until no lane is open: all that were accepted so far were served or lost. Cancel
    /// safe.
    pub async fn settled(&self) {
        self.state.settled().await;
    }

    /// Returns what has happened so far.
    #[must_use]
    pub fn timeline(&self) -> Timeline<K> {
        self.state.timeline()
    }

    /// Accepts that many lanes at once. Returns how many were accepted before, so the new ones are
    /// numbered from there. Each is to be ended with [`serve`](Self::serve) or
    /// [`lose`](Self::lose). Of the lanes of one call a summary keeps the first and the last few.
    pub fn accept(&self, lanes: u32) -> u32 {
        self.state.omit(lanes.saturating_sub(2 * Self::FEW));
        self.state.accept(lanes)
    }

    pub(crate) fn accept_one(&self) -> Place {
        let before = self.state.accept(1);
        let is_among_the_few = before < Self::FEW;
        self.state.omit(u32::from(!is_among_the_few));
        Place { lane: before.saturating_add(1), is_among_the_few }
    }

    /// Counts that many lanes as served.
    pub fn serve(&self, lanes: u32) {
        if lanes > 0 {
            self.state.serve(lanes);
        }
    }

    /// Counts that many lanes as lost.
    pub fn lose(&self, lanes: u32) {
        if lanes > 0 {
            self.state.lose(lanes);
        }
    }

    /// Writes down that a span starts. The slot, if there is one, belongs to its [`end`](Self::end).
    ///
    /// A span that is neither kept nor watched reads no clock.
    #[must_use]
    pub fn start(&self, place: Place, kind: K) -> Option<Slot> {
        let kept = self.state.keep == Keep::Everything || place.is_among_the_few;
        if !kept && !self.state.watched {
            return None;
        }
        let event = self.state.event(place, kind, Phase::Started);
        self.state.tell_event(&event);
        if !kept {
            return None;
        }
        let mut entries = self.state.entries();
        entries.push(Entry::started(&event));
        Slot::last_of(entries.len())
    }

    /// Writes down that the span that was given this slot has ended.
    pub fn end(&self, place: Place, kind: K, outcome: Outcome, slot: Option<Slot>) {
        if slot.is_none() && !self.state.watched {
            return self.state.ended_at(self.state.elapsed());
        }
        let event = self.state.event(place, kind, outcome.into());
        match slot {
            Some(slot) => {
                // Under the lock, or a reader in between would see an entry end after the last.
                let mut entries = self.state.entries();
                entries[slot.index()].end(&event, outcome);
                self.state.ended_at(event.at);
            }
            None => self.state.ended_at(event.at),
        }
        self.state.tell_event(&event);
    }

    pub(crate) fn keeps_everything(&self) -> bool {
        self.state.keep == Keep::Everything
    }

    pub(crate) fn is_watched(&self) -> bool {
        self.state.watched
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.state.elapsed()
    }

    /// Writes down that spans start, one after another. Returns the index of the first.
    pub(crate) fn write_starts(&self, events: impl Iterator<Item = Event<K>>) -> usize {
        let mut entries = self.state.entries();
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
        let mut entries = self.state.entries();
        for (index, event) in ends {
            entries[index].end(&event, outcome);
        }
        self.state.ended_at(at);
    }

    pub(crate) fn ended_at(&self, at: Duration) {
        self.state.ended_at(at);
    }

    pub(crate) fn tell_batch(&self, batch: &Batch<'_, K>) {
        for observer in self.state.listeners() {
            observer.batch(batch);
        }
    }
}
