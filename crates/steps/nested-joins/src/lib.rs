//! Step 5: nested joins. The customers are joined, and within each so are the three actions.
//!
//! Any number of customers takes 2 s, as long as the longest action. Here Rust parts from the
//! talk, which spawns three more goroutines a customer: [`join!`] lets the three take turns
//! within the customer's own task. That is concurrency without a task, and for waiting it is all
//! it takes. It also makes the espresso for a customer whose card is declined.
//!
//! Try `tokio::spawn(order.pay_for_coffee())`, and rustc asks for `'static`: a task may outlive
//! this function, so it cannot borrow the order. [`Order`]'s documentation shows the way out, an `Arc`.

use coffee::{Order, Shop};
use tokio::join;
use tokio::task::JoinSet;
use tokio::task::coop::consume_budget;

/// Serves all customers at once, each one's actions at once, and is done when the last coffee
/// is. Dropping the future stops the brewing.
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
    join!(
        // polled as written here, so that
        // the shop calls out in that order too
        biased;
        order.pay_for_coffee(),
        order.make_espresso(),
        order.steam_milk(),
    );
}
