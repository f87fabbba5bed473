//! A crowd: step 5 for millions of customers in one call, with a task for every [`BATCH`] of them.
//!
//! It means what `nested-joins` means: any number takes 2 s, a [`JoinSet`] owns the tasks, and
//! every customer has three waits of their own. Three million simple tasks take seconds longer,
//! though, because they are no longer small beside what they wait for. What changes at a million:
//!
//! - **Fewer tasks.** A task of its own costs a customer an allocation in steps of 128 bytes, an
//!   entry in the runtime's list and one in the `JoinSet`'s, and a trip through a run queue for
//!   the start, for each wake-up and for the join, each with locks and atomics that the workers
//!   share. Thirty customers in one allocation, polled in memory order, pay for that once.
//! - **Made where they wait.** A task is given orders, not futures ([`Orders::split_to`]), so all
//!   workers build and page in the futures, not only the thread that spawns. With `BATCH` set to 1
//!   this alone saves two of the five seconds beyond the 2 s; ten customers a task save most of
//!   the rest.
//! - **Less memory is less time.** Every page must be cleared by the kernel and then fetched by
//!   the processor. About 490 bytes a customer are left of 830. The three
//!   [`Sleep`](tokio::time::Sleep)s, of 112 bytes each, are most of them, and about a third
//!   of the processor's time (by `perf`) goes into entering them in the runtime's one timer wheel,
//!   behind its one lock, and waking them.
//! - **No more than a turn.** After 128 things that were ready, tokio makes a task yield, and then
//!   [`join_all`] looks at all of its futures again. Thirty customers are 90 things. Above thirty,
//!   `join_all` would also give each future an allocation of its own, which is the cost of a task
//!   again; and one `FuturesUnordered` for all is quadratic in the end.
//!
//! `cargo run --release --example batched -- 30000 3000000` measures both ways in one run.
//! On two cores that had other work, too, seven runs gave `batched` with 3,000,000 between 0.12
//! and 0.29 of the simple way's time beyond the 2 s (the last: 1.4 s instead of 5.2 s), and 0.59 of
//! its peak memory or less (1,465 MB instead of 2,498 MB).
//!
//! Where it stops: the customers of a batch take turns in one task, so work between their waits
//! would not spread over the cores. And 30,000 customers are served in 2.1 s either way: until
//! there are more, stay with `nested-joins`.

use coffee::{Orders, Shop};
use futures_util::future::join_all;
use tokio::join;
use tokio::task::JoinSet;
use tokio::task::coop::consume_budget;

/// How many customers share a task: as many as [`join_all`] keeps in one allocation.
pub const BATCH: u32 = 30;

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
        coffees.spawn(make_coffees(orders.split_to(BATCH)));
        consume_budget().await; // a large order lets others go first
    }
    coffees.join_all().await;
}

async fn make_coffees(orders: Orders) {
    // A block, where an `async fn` would keep the order twice: as its argument and as a local.
    let coffees = orders.map(|order| async move {
        join!(
            biased; // polls in the order written here, so that the shop calls out in that order too
            order.pay_for_coffee(),
            order.make_espresso(),
            order.steam_milk(),
        );
    });
    join_all(coffees).await;
}
