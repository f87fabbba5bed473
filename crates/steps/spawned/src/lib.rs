//! Step 3: spawn. Every customer gets a task, and nothing waits for the tasks.
//!
//! The answer comes in microseconds, and it is a lie: the coffees come 6 s later. The tasks have no
//! owner: nothing can stop them, a panic in one goes unseen, there is no limit to how many there
//! are, and a program that ends in between loses the coffees. That breaks this workshop's own rule,
//! that every task has an owner who awaits or aborts it, and it is the lesson. Step 4 keeps it.

use coffee::{Order, Shop};

/// Starts serving the customers, and is done at once. Dropping the future stops nothing.
///
/// # Panics
///
/// Outside a tokio runtime there is nowhere to spawn.
pub async fn serve(shop: &Shop, customers: u32) {
    for order in shop.orders(customers) {
        tokio::spawn(make_coffee(order));
    }
}

async fn make_coffee(order: Order) {
    order.pay_for_coffee().await;
    order.make_espresso().await;
    order.steam_milk().await;
}
