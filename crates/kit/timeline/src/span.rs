use crate::event::Outcome;
use crate::kind::Kind;
use crate::log::Log;
use crate::place::{Place, Slot};

/// What spans are recorded for: one lane of a log, or of none.
///
/// [`Lane`] is the one for everyday use. A program that makes millions of them implements this for
/// a type of its own that is smaller, as the coffee shop's orders are.
pub trait Traced {
    /// The kinds of its spans.
    type Kind: Kind;

    /// The log to write to; `None` if nothing reads what happens.
    fn log(&self) -> Option<&Log<Self::Kind>>;

    /// Which lane of the log it is.
    fn place(&self) -> Place;

    /// Called when a span has finished, before the log writes it down.
    fn finished(&self, _kind: Self::Kind) {}
}

/// A drop guard around a span: once it has started, whatever drops it, its end is written down. It
/// says *cancelled* unless [`finish`](Self::finish) was reached, which is how a dropped future
/// shows up in a log without any code that reports it.
#[derive(Debug)]
pub struct Span<'a, T: Traced> {
    traced: &'a T,
    kind: T::Kind,
    outcome: Option<Outcome>,
    slot: Option<Slot>,
}

impl<'a, T: Traced> Span<'a, T> {
    /// A span that has not started: dropping it leaves nothing in the log.
    pub const fn new(traced: &'a T, kind: T::Kind) -> Self {
        Self { traced, kind, outcome: None, slot: None }
    }

    /// What the span belongs to.
    pub const fn traced(&self) -> &'a T {
        self.traced
    }

    /// What is done.
    pub const fn kind(&self) -> T::Kind {
        self.kind
    }

    /// Starts the span.
    pub fn start(&mut self) {
        self.slot = self.traced.log().and_then(|log| log.start(self.traced.place(), self.kind));
        self.outcome = Some(Outcome::Cancelled);
    }

    /// Marks the span as finished. The log writes it down when the span is dropped.
    pub fn finish(&mut self) {
        self.outcome = Some(Outcome::Finished);
        self.traced.finished(self.kind);
    }
}

impl<T: Traced> Drop for Span<'_, T> {
    fn drop(&mut self) {
        if let (Some(log), Some(outcome)) = (self.traced.log(), self.outcome) {
            log.end(self.traced.place(), self.kind, outcome, self.slot);
        }
    }
}

/// One lane of a log. Dropping it before [`serve`](Self::serve) loses it, and the log says so.
#[derive(Debug)]
pub struct Lane<K: Kind> {
    log: Log<K>,
    place: Place,
    served: bool,
}

impl<K: Kind> Log<K> {
    /// Accepts one lane. With [`Keep::Summary`](crate::Keep::Summary) the records of the first few
    /// lanes that come by themselves are kept, and the others are counted.
    #[must_use = "a lane that is dropped is lost"]
    pub fn lane(&self) -> Lane<K> {
        Lane { log: self.clone(), place: self.accept_one(), served: false }
    }
}

impl<K: Kind> Lane<K> {
    /// The lane's number, from 1.
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.place.lane
    }

    /// Starts a span, which ends when the guard is dropped; call its [`finish`](Span::finish)
    /// before, or it was cancelled.
    #[must_use = "a span ends when it is dropped"]
    pub fn span(&self, kind: K) -> Span<'_, Self> {
        let mut span = Span::new(self, kind);
        span.start();
        span
    }

    /// Runs a future as one span: it starts with the first poll, and is cancelled if the future is
    /// dropped before it is ready.
    pub async fn run<F: Future>(&self, kind: K, work: F) -> F::Output {
        let mut span = self.span(kind);
        let output = work.await;
        span.finish();
        output
    }

    /// Marks the lane as served: it has all that it waits for.
    pub fn serve(mut self) {
        self.served = true;
    }
}

impl<K: Kind> Traced for Lane<K> {
    type Kind = K;

    fn log(&self) -> Option<&Log<K>> {
        Some(&self.log)
    }

    fn place(&self) -> Place {
        self.place
    }
}

impl<K: Kind> Drop for Lane<K> {
    fn drop(&mut self) {
        match self.served {
            true => self.log.serve(1),
            false => self.log.lose(1),
        }
    }
}
