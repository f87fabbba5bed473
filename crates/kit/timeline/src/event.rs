use std::thread::ThreadId;
use std::time::Duration;

use tokio::task;

/// Something that happened to one span of one lane.
#[derive(Clone, Debug)]
pub struct Event<K> {
    /// The lane's number, from 1.
    pub lane: u32,
    /// What started or ended.
    pub kind: K,
    /// Whether it started or ended, and how.
    pub phase: Phase,
    /// When, in shop time since the log was opened.
    pub at: Duration,
    /// The task in which it happened; `None` outside any task, as in `block_on`.
    pub task: Option<task::Id>,
    /// The thread on which it happened: a worker of the runtime.
    pub thread: ThreadId,
}

/// Where a span stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It has begun.
    Started,
    /// It is done.
    Finished,
    /// It was dropped before it was done.
    Cancelled,
}

/// How a span ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Finished,
    /// It was dropped before it was done.
    Cancelled,
}

impl Outcome {
    /// The outcome in one lower-case word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Cancelled => "cancelled",
        }
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
