use std::time::Duration;

use coffee::{Order, Shop};
use tokio::task::JoinSet;
use tokio::time::sleep;

/// How long the owner stays, in shop time: shorter than a coffee takes.
pub const PATIENCE: Duration = Duration::from_secs(3);

/// Leaves with coffees in the making: dropping the set aborts them all.
///
/// # Panics
///
/// Outside a tokio runtime there is nowhere to spawn.
pub async fn leave_early(shop: &Shop) {
    let mut coffees = JoinSet::new();
    for order in shop.orders(3) {
        coffees.spawn(make_coffee(order));
    }
    sleep(PATIENCE).await;
    drop(coffees);
}

async fn make_coffee(order: Order) {
    order.pay_for_coffee().await;
    order.make_espresso().await;
    order.steam_milk().await;
}
