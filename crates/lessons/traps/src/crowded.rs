use std::sync::Arc;

use coffee::{Order, Shop};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// The trap: a client decides how much memory the shop needs.
///
/// # Panics
///
/// Outside a tokio runtime there is nowhere to spawn.
pub async fn serve_unbounded(shop: &Shop, customers: u32) {
    let mut coffees = JoinSet::new();
    for order in shop.orders(customers) {
        coffees.spawn(make_coffee(order));
    }
    coffees.join_all().await;
}

/// The way out: so many places, and a customer who finds none waits outside, without a task.
///
/// # Panics
///
/// If there is no place at all. Outside a tokio runtime there is nowhere to spawn, either.
pub async fn serve_bounded(shop: &Shop, customers: u32, places: usize) {
    assert!(places > 0, "without a place no customer is ever served");
    let places = Arc::new(Semaphore::new(places));
    let mut coffees = JoinSet::new();
    for order in shop.orders(customers) {
        let place = places.clone().acquire_owned().await.expect("it is open");
        coffees.spawn(async move {
            make_coffee(order).await;
            drop(place);
        });
    }
    coffees.join_all().await;
}

async fn make_coffee(order: Order) {
    order.pay_for_coffee().await;
    order.make_espresso().await;
    order.steam_milk().await;
}
