use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use coffee::{Action, Batch, Event, Outcome, Phase, Record, Timeline};
use counter::Asked;
use menu::Step;
use tokio::time::Instant;

use crate::frame::{Row, RunNow, Sample, Tried};
use crate::samples::Samples;

/// The most customers who get lanes of their own; more become a picture of how many are at what.
const LANES: u32 = 24;

/// One request, from the taking of its orders to the last coffee. It takes the same room for a
/// hundred thousand customers as for a hundred.
#[derive(Debug)]
pub(crate) struct Run {
    step: Step,
    tag: Option<String>,
    opened: Instant,
    customers: AtomicU32,
    served: AtomicU32,
    lost: AtomicU32,
    started: [AtomicU32; 3],
    ended: [AtomicU32; 3],
    /// From when on a sample is welcome, in nanoseconds: so an event that brings none takes no
    /// lock.
    next_sample: AtomicU64,
    /// When the counters moved last, in nanoseconds.
    last_event: AtomicU64,
    notes: Mutex<Notes>,
}

/// What happens too seldom, or to too few, to need a counter.
#[derive(Debug, Default)]
struct Notes {
    id: u64,
    records: Vec<Record>,
    samples: Samples,
    answer: Option<(Duration, String)>,
    /// When the last action ended, once the run is over.
    last_end: Option<Duration>,
}

impl Run {
    pub(crate) fn new(asked: &Asked) -> Self {
        Self {
            step: asked.step,
            tag: asked.tag.clone(),
            opened: Instant::now(),
            customers: AtomicU32::default(),
            served: AtomicU32::default(),
            lost: AtomicU32::default(),
            started: Default::default(),
            ended: Default::default(),
            next_sample: AtomicU64::default(),
            last_event: AtomicU64::default(),
            notes: Mutex::default(),
        }
    }

    /// Whether these are the run's first customers.
    pub(crate) fn accept(&self, customers: u32) -> bool {
        let first = self.customers.fetch_add(customers, Ordering::AcqRel) == 0;
        self.sample_now();
        first
    }

    pub(crate) fn event(&self, event: &Event) {
        self.counters(event.phase)[event.kind as usize].fetch_add(1, Ordering::AcqRel);
        match self.has_lanes() {
            true => self.notes().record(event),
            false => self.moved(event.at),
        }
    }

    /// The same for many events of one moment: of a large order it only counts them.
    pub(crate) fn batch(&self, batch: &Batch<'_>) {
        if self.has_lanes() {
            return batch.for_each(|event| self.event(event));
        }
        let mut counts = [0; 3];
        batch.for_each_kind(|action| counts[action as usize] += 1);
        for (counter, count) in self.counters(batch.phase()).iter().zip(counts) {
            counter.fetch_add(count, Ordering::AcqRel);
        }
        self.moved(batch.at());
    }

    pub(crate) fn serve(&self, customers: u32) {
        self.served.fetch_add(customers, Ordering::AcqRel);
    }

    pub(crate) fn lose(&self, customers: u32) {
        self.lost.fetch_add(customers, Ordering::AcqRel);
    }

    pub(crate) fn answer(&self, timeline: &Timeline) {
        let sentence = timeline.sentence();
        self.notes().answer = timeline.answered().map(|at| (at, sentence));
    }

    /// The log knows best, now that it is complete: which tasks and threads there were, too.
    pub(crate) fn end(&self, timeline: &Timeline) {
        let end = timeline.last_end();
        let mut notes = self.notes();
        notes.last_end = Some(end);
        if self.has_lanes() {
            notes.records = timeline.records().to_vec();
        } else {
            notes.samples.push_last(self.sample_at(end));
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.notes().last_end.is_some()
    }

    /// Whether it ended so long ago, in real time.
    pub(crate) fn is_over_since(&self, wait: Duration) -> bool {
        self.notes().last_end.is_some_and(|end| self.opened.elapsed() >= end + wait)
    }

    pub(crate) fn number(&self, id: u64) {
        self.notes().id = id;
    }

    /// Notes how many customers are at what, even if nothing happens.
    pub(crate) fn sample_now(&self) {
        self.sample(self.opened.elapsed());
    }

    fn sample(&self, at: Duration) {
        let is_early = nanos(at) < self.next_sample.load(Ordering::Relaxed);
        if is_early || self.has_lanes() {
            return;
        }
        let mut notes = self.notes();
        if notes.last_end.is_some() {
            return;
        }
        // What is so now has been so since the counters moved last: without that moment a burst
        // would look as long as the calm after it.
        let calm = Duration::from_nanos(self.last_event.load(Ordering::Acquire)).min(at);
        if let Some(next) = notes.samples.push(calm, at, |at| self.sample_at(at)) {
            self.next_sample.store(nanos(next), Ordering::Relaxed);
        }
    }

    pub(crate) fn now(&self) -> RunNow {
        let notes = self.notes();
        let answered = notes.answer.as_ref().map(|(at, _)| *at);
        let is_over = notes.last_end.is_some();
        let end = notes.last_end.max(answered).filter(|_| is_over);
        RunNow {
            id: notes.id,
            tag: self.tag.clone(),
            step: self.step.number(),
            customers: self.customers.load(Ordering::Acquire),
            served: self.served.load(Ordering::Acquire),
            lost: self.lost.load(Ordering::Acquire),
            now_s: end.unwrap_or_else(|| self.opened.elapsed()).as_secs_f64(),
            over: is_over,
            answered_s: answered.map(|at| at.as_secs_f64()),
            sentence: notes.answer.as_ref().map(|(_, sentence)| sentence.clone()),
            last_end_s: notes.last_end.map(|at| at.as_secs_f64()),
            records: notes.records.clone(),
            samples: notes.samples.to_vec(),
        }
    }

    /// The run in a line, if there are many.
    pub(crate) fn row(&self) -> Row {
        let (id, end) = {
            let notes = self.notes();
            let answered = notes.answer.as_ref().map(|(at, _)| *at);
            (notes.id, notes.last_end.map(|end| end.max(answered.unwrap_or_default())))
        };
        let millis = end.unwrap_or_else(|| self.opened.elapsed()).as_millis() as f64;
        Row(
            id,
            self.step.number(),
            self.customers.load(Ordering::Acquire),
            self.served.load(Ordering::Acquire),
            self.lost.load(Ordering::Acquire),
            millis / 1_000.0,
            end.is_some(),
            self.tag.clone(),
        )
    }

    pub(crate) fn result(&self) -> Tried {
        let RunNow { id, step, customers, lost, answered_s, last_end_s, .. } = self.now();
        Tried { id, step, customers, lost, answered_s, last_end_s: last_end_s.unwrap_or_default() }
    }

    const fn counters(&self, phase: Phase) -> &[AtomicU32; 3] {
        match phase {
            Phase::Started => &self.started,
            Phase::Finished | Phase::Cancelled => &self.ended,
        }
    }

    /// Notes that the counters of a large order moved.
    fn moved(&self, at: Duration) {
        self.last_event.fetch_max(nanos(at), Ordering::AcqRel);
        self.sample(at);
    }

    fn has_lanes(&self) -> bool {
        self.customers.load(Ordering::Acquire) <= LANES
    }

    fn sample_at(&self, at: Duration) -> Sample {
        Sample::new(at, |action| self.going(action), self.served.load(Ordering::Acquire))
    }

    fn going(&self, action: Action) -> u32 {
        // The ends first: whatever has ended by now has started by then.
        let ended = self.ended[action as usize].load(Ordering::Acquire);
        self.started[action as usize].load(Ordering::Acquire).saturating_sub(ended)
    }

    /// Never held across an await: the guard does not leave this module.
    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Notes {
    fn record(&mut self, event: &Event) {
        let outcome = match event.phase {
            Phase::Started => return self.records.push(started(event)),
            Phase::Finished => Outcome::Finished,
            Phase::Cancelled => Outcome::Cancelled,
        };
        let is_it = |record: &&mut Record| (record.lane, record.kind) == (event.lane, event.kind);
        if let Some(record) = self.records.iter_mut().rev().find(is_it) {
            record.ended = Some(event.at);
            record.outcome = Some(outcome);
        }
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

fn started(event: &Event) -> Record {
    Record {
        lane: event.lane,
        kind: event.kind,
        started: event.at,
        ended: None,
        outcome: None,
        task: None,
        thread: None,
    }
}
