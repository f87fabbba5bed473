use std::collections::HashMap;
use std::hash::Hash;
use std::thread::ThreadId;
use std::time::Duration;

use tokio::task;

use crate::drawing::{count, spoken};
use crate::{Action, Event, Phase};

/// What a log says when one reads it. All times are shop time since the log was opened; as JSON
/// they are seconds.
#[derive(Clone, Debug)]
pub struct Timeline {
    tally: Tally,
    records: Vec<Record>,
}

/// One action of one customer, from its start to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The customer's number, from 1.
    pub customer: u32,
    /// What was done.
    pub action: Action,
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

/// How an action ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Finished,
    /// It was dropped before it was done.
    Cancelled,
}

impl Timeline {
    /// How many customers' orders were accepted.
    #[must_use]
    pub const fn customers(&self) -> u32 {
        self.tally.customers
    }

    /// How many customers have all of their coffee.
    #[must_use]
    pub const fn served(&self) -> u32 {
        self.tally.served
    }

    /// How many customers will not get their coffee any more.
    #[must_use]
    pub const fn lost(&self) -> u32 {
        self.tally.lost
    }

    /// Whether no order is open any more: everybody was served or lost.
    #[must_use]
    pub const fn is_settled(&self) -> bool {
        self.tally.served + self.tally.lost == self.tally.customers
    }

    /// When whoever asked was answered, if they were.
    #[must_use]
    pub const fn answered(&self) -> Option<Duration> {
        self.tally.answered
    }

    /// When the last action ended, zero if none has.
    #[must_use]
    pub const fn last_end(&self) -> Duration {
        self.tally.last_end
    }

    /// How many customers have no records here, because the log keeps a summary.
    #[must_use]
    pub const fn omitted(&self) -> u32 {
        self.tally.omitted
    }

    /// The records, by customer and then by start.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// How long the answer took and for how many, as the talk's programs say it; without an
    /// answer, what became of the coffees.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Tally { customers, lost, last_end, .. } = self.tally;
        let customers = count(customers.into(), "customer");
        match self.tally.answered {
            Some(answered) => format!("Took {} to serve coffee to {customers}", spoken(answered)),
            None if lost > 0 => {
                format!("Stopped after {}, {lost} of {customers} lost", spoken(last_end))
            }
            None => format!("Serving {customers}"),
        }
    }

    pub(crate) fn new(tally: Tally, entries: Vec<Entry>) -> Self {
        let mut tasks = Numbers::default();
        let mut threads = Numbers::default();
        let mut records: Vec<_> =
            entries.into_iter().map(|entry| entry.into_record(&mut tasks, &mut threads)).collect();
        records.sort_by_key(|record| (record.customer, record.started));
        Self { tally, records }
    }
}

impl Record {
    /// Whether the two were going on at the same time. One that begins when the other ends does
    /// not overlap it.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let end = |record: &Self| record.ended.unwrap_or(Duration::MAX);
        self.started < end(other) && other.started < end(self)
    }
}

impl From<Outcome> for Phase {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Finished => Self::Finished,
            Outcome::Cancelled => Self::Cancelled,
        }
    }
}

/// What a log knows without any record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tally {
    pub(crate) customers: u32,
    pub(crate) served: u32,
    pub(crate) lost: u32,
    pub(crate) omitted: u32,
    pub(crate) answered: Option<Duration>,
    pub(crate) last_end: Duration,
}

/// A record as the log writes it: with the identities of tasks and threads, which are cheap to
/// take, instead of their numbers, which are pleasant to read.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    customer: u32,
    action: Action,
    started: Duration,
    task: Option<task::Id>,
    end: Option<(Duration, Outcome, ThreadId)>,
}

impl Entry {
    pub(crate) fn started(event: &Event) -> Self {
        Self {
            customer: event.customer,
            action: event.action,
            started: event.at,
            task: event.task,
            end: None,
        }
    }

    pub(crate) fn end(&mut self, event: &Event, outcome: Outcome) {
        self.end = Some((event.at, outcome, event.thread));
    }

    fn into_record(self, tasks: &mut Numbers<task::Id>, threads: &mut Numbers<ThreadId>) -> Record {
        Record {
            customer: self.customer,
            action: self.action,
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
