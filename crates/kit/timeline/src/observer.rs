use std::cell::OnceCell;
use std::fmt::{self, Debug};

use crate::batch::Batch;
use crate::event::Event;
use crate::kind::Kind;
use crate::timeline::Timeline;

/// Watches a log while it is written: a terminal, a live page, a counter of what was served.
///
/// The methods are called on the worker that does the work, between two awaits. So an observer
/// must be quick, must never wait for the work that it watches, and must not panic: lanes that are
/// told to a panicking observer are never over. Each method has an empty default.
pub trait Observer<K: Kind>: Debug + Send + Sync {
    /// That many lanes were accepted.
    fn accepted(&self, _lanes: u32) {}

    /// Whether [`event`](Self::event) and [`batch`](Self::batch) are to be called. If no observer
    /// wants events, none is made; the answer must not change while the log is open.
    fn wants_events(&self) -> bool {
        true
    }

    /// A span started or ended.
    fn event(&self, _event: &Event<K>) {}

    /// Many spans started or ended at one moment. By default each is an [`event`](Self::event); an
    /// observer that only counts is told of a thousand in one call.
    fn batch(&self, batch: &Batch<'_, K>) {
        batch.for_each(|event| self.event(event));
    }

    /// The client was answered; see [`Log::answer`](crate::Log::answer). Called once.
    fn answered(&self, _reading: &Reading<'_, K>) {}

    /// That many lanes have all that they wait for.
    fn served(&self, _lanes: u32) {}

    /// That many lanes will not get what they wait for.
    fn lost(&self, _lanes: u32) {}

    /// The visit is over: nothing that is told after this changes what is said of it. Called once,
    /// and never before [`answered`](Self::answered) or at the same time on another worker.
    ///
    /// It is over when every lane was served or lost, and the client was answered; and at the latest
    /// when the log is dropped, which is what is left when a client goes before its answer. A log
    /// that took no lane is never over.
    fn over(&self, _reading: &Reading<'_, K>) {}
}

/// The log at the moment of which an observer is told. It is read at most once for all observers,
/// and only if one of them asks.
pub struct Reading<'a, K> {
    read: &'a dyn Fn() -> Timeline<K>,
    timeline: OnceCell<Timeline<K>>,
}

impl<'a, K> Reading<'a, K> {
    pub(crate) const fn new(read: &'a dyn Fn() -> Timeline<K>) -> Self {
        Self { read, timeline: OnceCell::new() }
    }

    /// What has happened so far.
    #[must_use]
    pub fn timeline(&self) -> &Timeline<K> {
        self.timeline.get_or_init(self.read)
    }
}

impl<K> Debug for Reading<'_, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reading").finish_non_exhaustive()
    }
}
