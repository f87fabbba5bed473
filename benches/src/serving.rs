use std::io;
use std::time::Duration;

use coffee::{Durations, Keep, OrderLog, Shop};
use menu::Step;
use tokio::runtime::{Builder, Runtime};

/// The numbers of customers at which the steps are compared.
pub const CUSTOMERS: [u32; 6] = [1, 3, 10, 30, 100, 300];

/// What one step takes for some customers, in shop time, counted from the first order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Served {
    /// When the request was answered.
    pub answer: Duration,
    /// When the last coffee was done. This is what the benches and the charts show: step 3
    /// answers at once, and an answer is no coffee.
    pub last_coffee: Duration,
}

/// A runtime whose clock is paused: it moves to the next wait's end as soon as no task has
/// anything left to do.
///
/// # Errors
///
/// When the operating system refuses what tokio needs.
pub fn paused() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_time().start_paused(true).build()
}

/// Serves the customers in the way of the step and stays until the last coffee, for every step
/// alike: what the benches measure.
pub async fn until_last_coffee(step: Step, customers: u32) -> Served {
    let log = OrderLog::new(Keep::Summary);
    step.serve(&Shop::with_log(Durations::default(), &log), customers).await;
    let answer = log.answer();
    log.settled().await;
    Served { answer, last_coffee: log.timeline().last_end() }
}

/// The exact figure: the same, on a paused clock of its own. No work is in it, so every machine
/// gives the same.
///
/// # Errors
///
/// When the operating system refuses what tokio needs.
pub fn exactly(step: Step, customers: u32) -> io::Result<Served> {
    Ok(paused()?.block_on(until_last_coffee(step, customers)))
}
