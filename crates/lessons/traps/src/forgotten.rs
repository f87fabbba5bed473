use coffee::{Order, Shop};
use tokio::task::JoinSet;

/// The trap: the code drops what `spawn` returns. It waits for no coffee, and it never hears
/// that the machine broke.
///
/// # Panics
///
/// Outside a tokio runtime there is nowhere to spawn.
pub async fn serve_forgotten(shop: &Shop, customers: u32) {
    for order in shop.orders(customers) {
        tokio::spawn(make_coffee_on_a_broken_machine(order));
    }
}

/// The way out: an owner, who waits for the coffees and hears of every panic.
///
/// # Panics
///
/// When a task does. Outside a tokio runtime there is nowhere to spawn, either.
pub async fn serve_owned(shop: &Shop, customers: u32) {
    let mut coffees = JoinSet::new();
    for order in shop.orders(customers) {
        coffees.spawn(make_coffee_on_a_broken_machine(order));
    }
    coffees.join_all().await;
}

async fn make_coffee_on_a_broken_machine(order: Order) {
    order.pay_for_coffee().await;
    panic!("the espresso machine is broken");
}
