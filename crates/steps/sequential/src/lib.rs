//! Steps 1 and 2: no concurrency. One thing after another, one customer after another.
//!
//! Step 1 serves one customer in 6 s. Step 2 serves N of them in 6 s x N: customer 3 of 3 holds
//! the coffee after 18 s. It never asks whether waiting for the milk of one customer could be
//! the time to take the money of the next; step 3 does.

use coffee::{Order, Shop};

/// Serves the customers in turn. Dropping the future stops the brewing.
pub async fn serve(shop: &Shop, customers: u32) {
    for order in shop.orders(customers) {
        make_coffee(order).await;
    }
}

async fn make_coffee(order: Order) {
    order.pay_for_coffee().await;
    order.make_espresso().await;
    order.steam_milk().await;
}
