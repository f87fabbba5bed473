use std::fmt::{self, Debug};
use std::thread::{self, ThreadId};
use std::time::Duration;

use tokio::task;

use crate::event::{Event, Phase};
use crate::kind::Kind;

/// Calls what it is given with the lane's number and the kind of each span.
pub(crate) type Spans<'a, K> = dyn Fn(&mut dyn FnMut(u32, K)) + 'a;

/// Spans that start, or end, at one moment in one task: they share one reading of the clock.
pub struct Batch<'a, K> {
    phase: Phase,
    at: Duration,
    task: Option<task::Id>,
    thread: ThreadId,
    spans: &'a Spans<'a, K>,
}

impl<'a, K: Kind> Batch<'a, K> {
    pub(crate) fn new(phase: Phase, at: Duration, spans: &'a Spans<'a, K>) -> Self {
        Self { phase, at, task: task::try_id(), thread: thread::current().id(), spans }
    }

    /// Whether they start or end, and how.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        self.phase
    }

    /// When, in shop time since the log was opened.
    #[must_use]
    pub const fn at(&self) -> Duration {
        self.at
    }

    /// Calls `each` with the kind of each span: enough to count them, and the cheapest way.
    pub fn for_each_kind(&self, mut each: impl FnMut(K)) {
        (self.spans)(&mut |_, kind| each(kind));
    }

    /// Calls `each` with an event for each span.
    pub fn for_each(&self, mut each: impl FnMut(&Event<K>)) {
        (self.spans)(&mut |lane, kind| each(&self.event(lane, kind)));
    }

    pub(crate) const fn event(&self, lane: u32, kind: K) -> Event<K> {
        let Self { phase, at, task, thread, .. } = *self;
        Event { lane, kind, phase, at, task, thread }
    }
}

impl<K> Debug for Batch<'_, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut batch = f.debug_struct("Batch");
        batch.field("phase", &self.phase).field("at", &self.at).finish_non_exhaustive()
    }
}
