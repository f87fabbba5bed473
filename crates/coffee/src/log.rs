//! The order log: a log of [`timeline`] whose lanes are customers and whose spans are actions.

use crate::action::Action;

/// What happened in a shop, and when. See [`timeline::Log`]: its lanes are customers.
pub type OrderLog = timeline::Log<Action>;

/// What an [`OrderLog`] says when one reads it: each [`Record`]'s lane is a customer.
pub type Timeline = timeline::Timeline<Action>;

/// One action of one customer, from its start to its end.
pub type Record = timeline::Record<Action>;

/// Something that happened to one action of one customer.
pub type Event = timeline::Event<Action>;

/// The order log at the moment of which an observer is told.
pub type Reading<'a> = timeline::Reading<'a, Action>;

/// Actions of many orders that start or end at one moment.
pub type Batch<'a> = timeline::Batch<'a, Action>;
