use std::time::Duration;

use coffee::{Order, Shop};
use futures_util::FutureExt;
use tokio::time::timeout;
use tokio::{join, try_join};

/// The machine has no beans left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoBeans;

/// One of the three fails, and the other two are finished all the same: `join!` waits for all,
/// whatever they return.
///
/// # Errors
///
/// [`NoBeans`], once the others are done.
pub async fn finish_the_rest(order: &Order) -> Result<(), NoBeans> {
    let ((), espresso, ()) = join!(order.pay_for_coffee(), no_beans(), order.steam_milk());
    espresso
}

/// One of the three fails, and the other two are dropped at that moment.
///
/// # Errors
///
/// [`NoBeans`], at once.
pub async fn stop_the_rest(order: &Order) -> Result<(), NoBeans> {
    try_join!(order.pay_for_coffee().map(Ok), no_beans(), order.steam_milk().map(Ok))?;
    Ok(())
}

async fn no_beans() -> Result<(), NoBeans> {
    tokio::time::sleep(Duration::from_secs(1)).await;
    Err(NoBeans)
}

/// What became of the money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paid {
    /// There is a coffee for it.
    ForCoffee,
    /// The customer left in between, and the money is to be given back.
    ToBeReturned,
}

/// A customer pays, and leaves after `patience`. Dropping a future undoes nothing that is done:
/// who drops it knows what was paid, and so this is where to give it back.
///
/// # Panics
///
/// With a shop that takes no order.
pub async fn pay_and_leave(shop: &Shop, patience: Duration) -> Paid {
    let order = shop.orders(1).next().expect("a shop takes an order");
    order.pay_for_coffee().await;
    let coffee = async {
        order.make_espresso().await;
        order.steam_milk().await;
    };
    match timeout(patience, coffee).await {
        Ok(()) => Paid::ForCoffee,
        Err(_) => Paid::ToBeReturned,
    }
}
