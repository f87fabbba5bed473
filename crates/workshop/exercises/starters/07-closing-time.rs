//! Exercise 7: closing time.
//!
//! Customers order through a channel, whenever they come, and are served all at the same time. Then
//! the owner says that it is closing time. Whoever has ordered still gets their coffee, whoever
//! comes later is refused, and when the last coffee is out `open_shop` returns.
//!
//! You need: `tokio::select!`, which waits for the first of several things. `orders.recv()`, which
//! gives `None` once nobody can order any more. `orders.close()`: whoever wants to order from then
//! on is refused, and what was ordered before can still be received. `&mut closing`, which is done
//! at closing time. And `coffees.spawn` and `coffees.join_all`.

use std::process::ExitCode;

use coffee::Order;
use tokio::select;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

async fn open_shop(mut orders: mpsc::Receiver<Order>, mut closing: oneshot::Receiver<()>) {
    let mut coffees = JoinSet::new();
    loop {
        select! {
            Some(order) = orders.recv() => {
                coffees.spawn(make_coffee(order));
            }
            _ = &mut closing => break,
        }
    }
    todo!("refuse who comes now, finish what was ordered")
}

async fn make_coffee(order: Order) {
    order.pay_for_coffee().await;
    order.make_espresso().await;
    order.steam_milk().await;
}

fn main() -> ExitCode {
    examiner::closing_time(open_shop)
}
