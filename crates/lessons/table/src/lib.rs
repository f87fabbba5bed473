//! The table: step 5 for millions of customers in one call, where a wait is a number.
//!
//! It means what `nested-joins` means: any number of customers takes 2 s, and each has three waits
//! of their own. A task buys independence: its own stack of things to do, its own panic, its own
//! cancellation. These customers need none of that while they wait. All that they need is a
//! deadline, and a deadline is a number: when an action ends, in milliseconds.
//!
//! So a task serves [`TABLE`] customers from a table of their ends. It sleeps until the earliest,
//! finishes what is due, and sleeps again. What a wait costs falls from a timer in tokio's wheel
//! (112 bytes, entered and taken out under one lock) to a line of 8 bytes that is written once and
//! read once:
//!
//! - **One timer for a thousand customers**, and one reading of the clock for each of its wakes.
//! - **Sorted, not searched.** The lines lie in the order of their ends, so a task that wakes takes
//!   the next ones and does not look at the others: any durations, the same work.
//! - **Never too early.** The ends count from a clock that is read after the last order of the table
//!   has started. With a clock read before, the last customers' coffees would be short by the time
//!   that it took to write the table.
//!
//! There is no `Pin` here and no `Waker`: it is the loop of a kitchen with a list of timers.
//!
//! What it gives up: an action is no future any more. It cannot call a bank or a machine, it cannot
//! be raced or retried or awaited by someone else, and a panic in one order loses its whole table.
//! As soon as an action does something, it wants to be a future: that is `batched`, and with a
//! panic of its own `nested-joins`.

use std::time::Duration;

use coffee::{Action, Orders, Shop, Tray};
use tokio::task::JoinSet;
use tokio::task::coop::consume_budget;
use tokio::time::{Instant, sleep_until};

/// How many customers share a table, and with it a task.
pub const TABLE: u32 = 1_000;

/// A line of the table: when an action ends, in milliseconds, and which. The earliest is the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Wait {
    end: u32,
    order: u16,
    action: Action,
}

/// Serves all customers at once, each one's actions at once, and is done when the last coffee
/// is. Dropping the future stops the brewing.
///
/// # Panics
///
/// Outside a tokio runtime there is nowhere to spawn. A panic in an order comes out here, and
/// stops the others.
pub async fn serve(shop: &Shop, customers: u32) {
    let mut coffees = JoinSet::new();
    let mut orders = shop.orders(customers);
    while orders.len() > 0 {
        coffees.spawn(make_coffees(orders.split_to(TABLE)));
        consume_budget().await; // a large order lets others go first
    }
    coffees.join_all().await;
}

async fn make_coffees(orders: Orders) {
    let mut tray = orders.start();
    let table = waits(&tray);
    let began = Instant::now(); // after the last order has started: none waits too short
    let mut waits = &table[..];
    while let Some(first) = waits.first() {
        sleep_until(began + Duration::from_millis(first.end.into())).await;
        let now = began.elapsed().as_millis();
        let (due, later) =
            waits.split_at(waits.partition_point(|wait| u128::from(wait.end) <= now));
        tray.finish(due.iter().map(|wait| (wait.order.into(), wait.action)));
        waits = later;
    }
}

fn waits(tray: &Tray) -> Vec<Wait> {
    let mut waits = Vec::with_capacity(3 * tray.len());
    for (order, durations) in (0..).zip(tray.durations()) {
        waits.extend(Action::ALL.map(|action| {
            // Rounded up, as tokio's timer does it.
            let end = durations.of(action).as_nanos().div_ceil(1_000_000);
            Wait { end: end.try_into().unwrap_or(u32::MAX), order, action }
        }));
    }
    waits.sort_unstable();
    waits
}
