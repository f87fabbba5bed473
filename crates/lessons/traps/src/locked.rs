use std::sync::Arc;

use coffee::{Order, Shop};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

/// The trap: the till is locked for as long as the coffee takes. Async, spawned, joined, and all
/// the same one after another. Returns how many the till counted.
///
/// # Panics
///
/// Outside a tokio runtime there is nowhere to spawn.
pub async fn serve_locked(shop: &Shop, customers: u32) -> u32 {
    let till = Arc::new(Mutex::new(0));
    let mut coffees = JoinSet::new();
    for order in shop.orders(customers) {
        let till = till.clone();
        coffees.spawn(async move {
            let mut served = till.lock().await;
            make_coffee(order).await;
            *served += 1;
        });
    }
    coffees.join_all().await;
    *till.lock().await
}

/// The way out: wait first, then lock for the one line that needs it.
///
/// # Panics
///
/// Outside a tokio runtime there is nowhere to spawn.
pub async fn serve_unlocked(shop: &Shop, customers: u32) -> u32 {
    let till = Arc::new(Mutex::new(0));
    let mut coffees = JoinSet::new();
    for order in shop.orders(customers) {
        let till = till.clone();
        coffees.spawn(async move {
            make_coffee(order).await;
            let mut served = till.lock().await;
            *served += 1;
        });
    }
    coffees.join_all().await;
    *till.lock().await
}

async fn make_coffee(order: Order) {
    order.pay_for_coffee().await;
    order.make_espresso().await;
    order.steam_milk().await;
}
