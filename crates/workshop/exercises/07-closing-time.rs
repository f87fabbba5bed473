//! Exercise 7: closing time.
//!
//! Customers order through a channel, at any time, and are served all at the same time. Then the
//! owner says that it is closing time. Customers who have ordered still get their coffee, those who
//! come later are refused, and when the last coffee is out `open_shop` returns.
//!
//! You need: `tokio::select!`, which waits for the first of several things. `orders.recv()`, which
//! gives `None` once no customer can order any more. `orders.close()`: an order that comes from then
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
    todo!("refuse later customers, finish what was ordered")
}

async fn make_coffee(order: Order) {
    order.pay_for_coffee().await;
    order.make_espresso().await;
    order.steam_milk().await;
}

fn main() -> ExitCode {
    examiner::exam!(closing_time(open_shop))
}
