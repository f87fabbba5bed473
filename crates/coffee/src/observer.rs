use std::fmt::Debug;
use std::thread::ThreadId;
use std::time::Duration;

use tokio::task;

use crate::{Action, OrderLog};

/// Something that happened to one action of one customer.
#[derive(Clone, Debug)]
pub struct Event {
    /// The customer's number, from 1.
    pub customer: u32,
    /// What started or ended.
    pub action: Action,
    /// Whether it started or ended, and how.
    pub phase: Phase,
    /// When, in shop time since the log was opened.
    pub at: Duration,
    /// The task in which it happened; `None` outside any task, as in `block_on`.
    pub task: Option<task::Id>,
    /// The thread on which it happened: a worker of the runtime.
    pub thread: ThreadId,
}

/// Where an action stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The action has begun.
    Started,
    /// The action is done.
    Finished,
    /// The action was dropped before it was done.
    Cancelled,
}

/// Someone who watches the shop while it works: a terminal, a live page, a counter of coffees.
///
/// The methods are called on the worker that does the work, between two awaits, so an observer
/// must be quick, must never wait for the shop and must not panic: orders that are told to a
/// panicking observer never settle. Each method has an empty default.
pub trait Observer: Debug + Send + Sync {
    /// The shop took the orders of that many customers.
    fn accepted(&self, _customers: u32) {}
    /// An action started or ended.
    fn event(&self, _event: &Event) {}
    /// Whoever asked was answered.
    fn answered(&self, _log: &OrderLog) {}
    /// One customer has all of their coffee.
    fn served(&self) {}
    /// That many customers will not get their coffee any more.
    fn lost(&self, _customers: u32) {}
    /// No order is open any more: everybody was served or lost.
    fn settled(&self, _log: &OrderLog) {}
}
