use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;
use timeline::{Place, Places, Span, Traced};
use tokio::time::sleep;

use crate::action::{Action, Durations};
use crate::log::OrderLog;

/// A coffee shop: how long each action takes, and the log of what happens, if there is one.
///
/// There is no global state. A shop is a handle that is cheap to clone, and every test, bench and
/// request opens one of its own.
#[derive(Clone, Debug)]
pub struct Shop {
    inner: Arc<Inner>,
}

struct Inner {
    durations: Durations,
    /// In a shop where customers differ; boxed, because hardly any shop is one.
    of_customer: Option<Box<dyn Fn(u32) -> Durations + Send + Sync>>,
    log: Option<OrderLog>,
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shop = f.debug_struct("Inner");
        shop.field("durations", &self.durations).field("log", &self.log).finish_non_exhaustive()
    }
}

impl Shop {
    /// Opens a shop that keeps no log. Nothing reads, so recording costs nothing: no clock is
    /// read, nothing is counted, allocated or locked.
    #[must_use]
    pub fn new(durations: Durations) -> Self {
        Self { inner: Arc::new(Inner { durations, of_customer: None, log: None }) }
    }

    /// Opens a shop that writes down in `log` what happens.
    #[must_use]
    pub fn with_log(durations: Durations, log: &OrderLog) -> Self {
        let log = Some(log.clone());
        Self { inner: Arc::new(Inner { durations, of_customer: None, log }) }
    }

    /// Opens a shop in which each customer's actions take as long as `of_customer` says, in shop
    /// time, for the customer's number from 1. What happens is written to `log`.
    #[must_use]
    pub fn with_durations_of(
        of_customer: impl Fn(u32) -> Durations + Send + Sync + 'static,
        log: &OrderLog,
    ) -> Self {
        let of_customer: Option<Box<dyn Fn(u32) -> Durations + Send + Sync>> =
            Some(Box::new(of_customer));
        let (durations, log) = (Durations::default(), Some(log.clone()));
        Self { inner: Arc::new(Inner { durations, of_customer, log }) }
    }

    /// Takes the orders of that many customers. From now on the log counts them as accepted, so
    /// an order that is never made, or never finished, is counted as lost. Customers are numbered
    /// from 1; a log counts on when more come.
    #[must_use = "an order that is not made is lost"]
    pub fn orders(&self, customers: u32) -> Orders {
        let before = match &self.inner.log {
            Some(log) => log.accept(customers),
            None => 0,
        };
        Orders { shop: self.clone(), before, made: 0, left: customers, after: 0 }
    }

    pub(crate) fn log(&self) -> Option<&OrderLog> {
        self.inner.log.as_ref()
    }

    pub(crate) fn durations_of(&self, customer: u32) -> Durations {
        match &self.inner.of_customer {
            Some(of_customer) => of_customer(customer),
            None => self.inner.durations,
        }
    }
}

/// The orders of some customers, one by one. See [`Shop::orders`].
#[derive(Debug)]
pub struct Orders {
    shop: Shop,
    before: u32,
    made: u32,
    left: u32,
    /// Orders of the same call that come after these, in other hands since a split.
    after: u32,
}

impl Orders {
    /// Splits off the next orders, as many as there are up to `customers`, for another task to
    /// make. They remain orders of the same call: numbered on, and lost if they are not made.
    #[must_use = "an order that is not made is lost"]
    pub fn split_to(&mut self, customers: u32) -> Self {
        let first = customers.min(self.left);
        self.left -= first;
        let after = self.left + self.after;
        let split = Self {
            shop: self.shop.clone(),
            before: self.before,
            made: self.made,
            left: first,
            after,
        };
        self.made += first;
        split
    }

    pub(crate) const fn shop(&self) -> &Shop {
        &self.shop
    }

    /// Takes all that are left. Who takes them loses or serves them.
    pub(crate) fn take_all(&mut self) -> Places {
        let lanes = self.left;
        let few_first = OrderLog::FEW.saturating_sub(self.made).min(lanes);
        let few_last = OrderLog::FEW.saturating_sub(self.after).min(lanes - few_first);
        let first = self.before.saturating_add(self.made).saturating_add(1);
        self.made += lanes;
        self.left = 0;
        Places { first, lanes, few_first, few_last }
    }
}

impl Iterator for Orders {
    type Item = Order;

    fn next(&mut self) -> Option<Order> {
        let among_the_few = self.made < OrderLog::FEW || self.left + self.after <= OrderLog::FEW;
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
        if let Some(log) = self.shop.log() {
            log.lose(self.left);
        }
    }
}

/// One customer's order: cheap to make, and it moves into a task by value.
///
/// Dropping an order whose three actions are not all done loses that customer's coffee, and the
/// log says so.
///
/// # A task for each action
///
/// An action borrows its order. A task may outlive the function that spawns it, so what it runs
/// has to be `'static`, and this does not compile:
///
/// ```compile_fail
/// # async fn make_coffee(order: coffee::Order) {
/// let payment = tokio::spawn(order.pay_for_coffee()); // borrowed value does not live long enough
/// payment.await.expect("no task panics");
/// # }
/// ```
///
/// Tasks share what none of them can own alone. With an [`Arc`] each has a handle of its own, which
/// `async move` takes along:
///
/// ```
/// use std::sync::Arc;
/// use tokio::task::JoinSet;
///
/// async fn make_coffee(order: coffee::Order) {
///     let order = Arc::new(order);
///     let mut actions = JoinSet::new();
///     actions.spawn({
///         let order = order.clone();
///         async move { order.pay_for_coffee().await }
///     });
///     actions.spawn({
///         let order = order.clone();
///         async move { order.make_espresso().await }
///     });
///     actions.spawn(async move { order.steam_milk().await });
///     actions.join_all().await;
/// }
/// # use coffee::{Durations, Keep, OrderLog, Shop};
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// # let log = OrderLog::new(Keep::Everything);
/// # make_coffee(Shop::with_log(Durations::default(), &log).orders(1).next().unwrap()).await;
/// # assert_eq!((log.answer().as_secs(), log.timeline().served()), (2, 1));
/// # }
/// ```
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
    pub fn pay_for_coffee(&self) -> impl Future<Output = ()> {
        self.perform(Action::Pay)
    }

    /// The barista makes the espresso. Dropping the future before its end leaves *cancelled* in
    /// the log.
    pub fn make_espresso(&self) -> impl Future<Output = ()> {
        self.perform(Action::Espresso)
    }

    /// The barista steams the milk. Dropping the future before its end leaves *cancelled* in the
    /// log.
    pub fn steam_milk(&self) -> impl Future<Output = ()> {
        self.perform(Action::Milk)
    }

    // Every byte of this future is there three times for each customer who waits. So the actions
    // return it as it is, where an `async fn` around it would add a state of its own, and the
    // guard is captured once, where a local beside the argument `self` would repeat it.
    fn perform(&self, action: Action) -> impl Future<Output = ()> {
        let mut span = Span::new(self, action);
        async move {
            span.start();
            sleep(duration_of(&span)).await;
            span.finish();
        }
    }
}

fn duration_of(span: &Span<'_, Order>) -> Duration {
    let Order { shop, customer, .. } = span.traced();
    shop.durations_of(*customer).of(span.kind())
}

impl Traced for Order {
    type Kind = Action;

    fn log(&self) -> Option<&OrderLog> {
        self.shop.log()
    }

    fn place(&self) -> Place {
        Place { lane: self.customer, is_among_the_few: self.among_the_few }
    }

    /// An order may be shared between tasks, one for each action, hence the atomic.
    fn finished(&self, action: Action) {
        self.done.fetch_or(1 << action as u8, Ordering::Relaxed);
    }
}

impl Drop for Order {
    fn drop(&mut self) {
        const ALL_DONE: u8 = 0b111;
        if let Some(log) = self.log() {
            match self.done.load(Ordering::Relaxed) {
                ALL_DONE => log.serve(1),
                _ => log.lose(1),
            }
        }
    }
}
