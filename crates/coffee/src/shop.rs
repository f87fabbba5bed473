use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::time::sleep;

use crate::{Action, Durations, OrderLog, Outcome, log::Slot};

/// A coffee shop: how long each action takes, and the log of what happens, if anybody reads one.
///
/// There is no global state. A shop is a handle that is cheap to clone, and every test, bench and
/// request opens one of its own.
#[derive(Clone, Debug)]
pub struct Shop {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    durations: Durations,
    log: Option<OrderLog>,
}

impl Shop {
    /// A shop that keeps no log. Nobody reads, so recording costs nothing: no clock is read,
    /// nothing is counted, allocated or locked.
    #[must_use]
    pub fn new(durations: Durations) -> Self {
        let log = None;
        Self { inner: Arc::new(Inner { durations, log }) }
    }

    /// A shop that writes down in `log` what happens.
    #[must_use]
    pub fn with_log(durations: Durations, log: &OrderLog) -> Self {
        let log = Some(log.clone());
        Self { inner: Arc::new(Inner { durations, log }) }
    }

    /// Takes the orders of that many customers. From now on the log counts them as accepted, so
    /// an order that is never made, or never finished, is counted as lost. Customers are numbered
    /// from 1; a log counts on when more come.
    #[must_use = "an order that nobody makes is a lost order"]
    pub fn orders(&self, customers: u32) -> Orders {
        let before = match &self.inner.log {
            Some(log) => log.accept(customers),
            None => 0,
        };
        Orders { shop: self.clone(), before, made: 0, left: customers }
    }
}

/// The orders of some customers, one by one. See [`Shop::orders`].
#[derive(Debug)]
pub struct Orders {
    shop: Shop,
    before: u32,
    made: u32,
    left: u32,
}

impl Iterator for Orders {
    type Item = Order;

    fn next(&mut self) -> Option<Order> {
        let among_the_few = self.made < OrderLog::FEW || self.left <= OrderLog::FEW;
        self.left = self.left.checked_sub(1)?;
        self.made += 1;
        Some(Order {
            shop: self.shop.clone(),
            customer: self.before.saturating_add(self.made),
            among_the_few,
            done: AtomicU8::new(0),
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.left as usize;
        (left, Some(left))
    }
}

impl ExactSizeIterator for Orders {}

impl Drop for Orders {
    fn drop(&mut self) {
        if let Some(log) = &self.shop.inner.log {
            log.lose(self.left);
        }
    }
}

/// One customer's order: cheap to make, and it moves into a task by value.
///
/// Dropping an order whose three actions are not all done loses that customer's coffee, and the
/// log says so.
#[derive(Debug)]
pub struct Order {
    shop: Shop,
    customer: u32,
    among_the_few: bool,
    done: AtomicU8,
}

impl Order {
    /// The customer's number, from 1.
    #[must_use]
    pub const fn customer(&self) -> u32 {
        self.customer
    }

    /// The customer pays. Dropping the future before its end leaves *cancelled* in the log.
    pub async fn pay_for_coffee(&self) {
        self.perform(Action::Pay).await;
    }

    /// The barista makes the espresso. Dropping the future before its end leaves *cancelled* in
    /// the log.
    pub async fn make_espresso(&self) {
        self.perform(Action::Espresso).await;
    }

    /// The barista steams the milk. Dropping the future before its end leaves *cancelled* in the
    /// log.
    pub async fn steam_milk(&self) {
        self.perform(Action::Milk).await;
    }

    async fn perform(&self, action: Action) {
        let started = Started::now(self, action);
        sleep(self.shop.inner.durations.of(action)).await;
        started.finish();
    }

    fn log(&self) -> Option<&OrderLog> {
        self.shop.inner.log.as_ref()
    }

    pub(crate) const fn is_among_the_few(&self) -> bool {
        self.among_the_few
    }
}

impl Drop for Order {
    fn drop(&mut self) {
        const ALL_DONE: u8 = 0b111;
        if let Some(log) = self.log() {
            match self.done.load(Ordering::Relaxed) {
                ALL_DONE => log.serve(),
                _ => log.lose(1),
            }
        }
    }
}

/// An action that has started, as a drop guard: whoever drops it, the end is written down. It
/// says *cancelled* unless [`finish`](Self::finish) was reached, which is how a dropped future
/// shows up in the log without anybody reporting it.
struct Started<'a> {
    order: &'a Order,
    action: Action,
    outcome: Outcome,
    slot: Option<Slot>,
}

impl<'a> Started<'a> {
    fn now(order: &'a Order, action: Action) -> Self {
        Self {
            order,
            action,
            outcome: Outcome::Cancelled,
            slot: order.log().and_then(|log| log.start(order, action)),
        }
    }

    fn finish(mut self) {
        self.outcome = Outcome::Finished;
        // Orders may be shared between tasks, one for each action, hence the atomic.
        self.order.done.fetch_or(1 << self.action as u8, Ordering::Relaxed);
    }
}

impl Drop for Started<'_> {
    fn drop(&mut self) {
        if let Some(log) = self.order.log() {
            log.end(self.order, self.action, self.outcome, self.slot);
        }
    }
}
