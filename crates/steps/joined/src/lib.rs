//! Step 4: join. Every customer gets a task, and the tasks have an owner who waits for them all.
//!
//! Any number of customers takes 6 s, as long as one. The [`JoinSet`] plays the part of the
//! talk's `WaitGroup`, and more: it owns the tasks, so dropping it aborts them. Each customer
//! still waits for their own three actions in turn; step 5 changes that.

use coffee::{Order, Shop};
use tokio::task::JoinSet;
use tokio::task::coop::consume_budget;

/// Serves all customers at once, and is done when the last coffee is. Dropping the future stops
/// the brewing.
///
/// # Panics
///
/// Outside a tokio runtime there is nowhere to spawn.
pub async fn serve(shop: &Shop, customers: u32) {
    let mut coffees = JoinSet::new();
    for order in shop.orders(customers) {
        coffees.spawn(make_coffee(order));
        consume_budget().await; // a large order lets others go first
    }
    coffees.join_all().await;
}

async fn make_coffee(order: Order) {
    order.pay_for_coffee().await;
    order.make_espresso().await;
    order.steam_milk().await;
}
