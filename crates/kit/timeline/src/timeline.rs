use std::collections::HashMap;
use std::hash::Hash;
use std::thread::ThreadId;
use std::time::Duration;

use tokio::task;

use crate::event::{Event, Outcome};
use crate::kind::Kind;
use crate::words::{count, spoken};

/// What a log says when one reads it. All times are shop time since the log was opened; as JSON
/// they are seconds.
#[derive(Clone, Debug)]
pub struct Timeline<K> {
    tally: Tally,
    records: Vec<Record<K>>,
}

/// One span of one lane, from its start to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record<K> {
    /// The lane's number, from 1.
    pub lane: u32,
    /// What was done.
    pub kind: K,
    /// When it started.
    pub started: Duration,
    /// When it ended; `None` while it goes on.
    pub ended: Option<Duration>,
    /// How it ended; `None` while it goes on.
    pub outcome: Option<Outcome>,
    /// The task that did it, numbered from 1 in the order in which they appear in the log;
    /// `None` outside any task, as in `block_on`.
    pub task: Option<usize>,
    /// The thread that ended it, numbered from 1 like the tasks; `None` while it goes on.
    pub thread: Option<usize>,
}

impl<K: Kind> Timeline<K> {
    /// How many lanes were accepted.
    #[must_use]
    pub const fn accepted(&self) -> u32 {
        self.tally.accepted
    }

    /// How many lanes have all that they wait for.
    #[must_use]
    pub const fn served(&self) -> u32 {
        self.tally.served
    }

    /// How many lanes will not get what they wait for.
    #[must_use]
    pub const fn lost(&self) -> u32 {
        self.tally.lost
    }

    /// Whether no lane is open: all were served or lost.
    #[must_use]
    pub const fn is_settled(&self) -> bool {
        self.tally.served + self.tally.lost == self.tally.accepted
    }

    /// When the client was answered; `None` if it was not.
    #[must_use]
    pub const fn answered(&self) -> Option<Duration> {
        self.tally.answered
    }

    /// When the last span ended; zero if none has.
    #[must_use]
    pub const fn last_end(&self) -> Duration {
        self.tally.last_end
    }

    /// How many lanes have no records here, because the log keeps a summary.
    #[must_use]
    pub const fn omitted(&self) -> u32 {
        self.tally.omitted
    }

    /// The records, by lane and then by start.
    #[must_use]
    pub fn records(&self) -> &[Record<K>] {
        &self.records
    }

    /// Says how long the answer took and for how many, as the talk's programs do; without an
    /// answer, what became of the lanes.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Tally { accepted, lost, last_end, .. } = self.tally;
        let lanes = count(accepted.into(), K::LANE);
        match self.tally.answered {
            Some(answered) => format!("Took {} to {} {lanes}", spoken(answered), K::TASK),
            None if lost > 0 => {
                format!("Stopped after {}, {lost} of {lanes} lost", spoken(last_end))
            }
            None if self.is_settled() => format!("Served {lanes}, but the client had gone"),
            None => format!("Serving {lanes}"),
        }
    }

    pub(crate) fn new(tally: Tally, entries: Vec<Entry<K>>) -> Self {
        let mut tasks = Numbers::default();
        let mut threads = Numbers::default();
        let mut records: Vec<_> =
            entries.into_iter().map(|entry| entry.into_record(&mut tasks, &mut threads)).collect();
        records.sort_by_key(|record| (record.lane, record.started));
        Self { tally, records }
    }
}

impl<K> Record<K> {
    /// Whether the two were going on at the same time. One that begins when the other ends does
    /// not overlap it.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let end = |record: &Self| record.ended.unwrap_or(Duration::MAX);
        self.started < end(other) && other.started < end(self)
    }
}

/// What a log knows without any record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tally {
    pub(crate) accepted: u32,
    pub(crate) served: u32,
    pub(crate) lost: u32,
    pub(crate) omitted: u32,
    pub(crate) answered: Option<Duration>,
    pub(crate) last_end: Duration,
}

/// A record as the log writes it: with the identities of tasks and threads, which are cheap to
/// take, instead of their numbers, which are pleasant to read.
#[derive(Clone, Debug)]
pub(crate) struct Entry<K> {
    lane: u32,
    kind: K,
    started: Duration,
    task: Option<task::Id>,
    end: Option<(Duration, Outcome, ThreadId)>,
}

impl<K: Kind> Entry<K> {
    pub(crate) fn started(event: &Event<K>) -> Self {
        Self { lane: event.lane, kind: event.kind, started: event.at, task: event.task, end: None }
    }

    pub(crate) fn end(&mut self, event: &Event<K>, outcome: Outcome) {
        self.end = Some((event.at, outcome, event.thread));
    }

    fn into_record(
        self,
        tasks: &mut Numbers<task::Id>,
        threads: &mut Numbers<ThreadId>,
    ) -> Record<K> {
        Record {
            lane: self.lane,
            kind: self.kind,
            started: self.started,
            ended: self.end.map(|(at, ..)| at),
            outcome: self.end.map(|(_, outcome, _)| outcome),
            task: self.task.map(|task| tasks.of(task)),
            thread: self.end.map(|(.., thread)| threads.of(thread)),
        }
    }
}

/// Numbers things from 1 as they appear.
struct Numbers<T>(HashMap<T, usize>);

impl<T> Default for Numbers<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T: Eq + Hash> Numbers<T> {
    fn of(&mut self, thing: T) -> usize {
        let next = self.0.len() + 1;
        *self.0.entry(thing).or_insert(next)
    }
}
