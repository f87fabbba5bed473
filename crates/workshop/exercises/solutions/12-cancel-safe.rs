//! Exercise 12: the order that got lost.
//!
//! At the till, customers order and pay, one after another. Beside it a phone rings, and is answered at
//! once: one loop, one `select!`. Check it as it is, and look at the picture. Whenever the phone rings
//! while a customer pays, the order is gone: `select!` drops the future of the branch that loses, and
//! `take_order` has an order in hand by then. It is not cancel-safe, as `orders.recv()` alone is.
//!
//! Change `run_till` so that no order is lost and the phone is answered all the same. When no further
//! customer can order, finish the coffees, and return how often you answered.
//!
//! You need: to make the future of `take_order` once for each order, and to keep it over as many rounds
//! as it takes. `tokio::pin!(next)` pins it, and then `select!` can be given `&mut next`.

use std::process::ExitCode;

use coffee::Order;
use tokio::select;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// Gives how many rings were answered.
async fn run_till(mut orders: mpsc::Receiver<Order>, mut phone: mpsc::Receiver<()>) -> u32 {
    let mut coffees = JoinSet::new();
    let mut answered = 0;
    loop {
        let next = take_order(&mut orders);
        tokio::pin!(next);
        let order = loop {
            select! {
                order = &mut next => break order,
                Some(()) = phone.recv() => answered += 1,
            }
        };
        match order {
            Some(order) => {
                coffees.spawn(make_coffee(order));
            }
            None => break,
        }
    }
    coffees.join_all().await;
    answered
}

/// Given: leave it as it is. Waits for the next customer, and then until they have paid. `None` once
/// no further customer can order.
async fn take_order(orders: &mut mpsc::Receiver<Order>) -> Option<Order> {
    let order = orders.recv().await?;
    order.pay_for_coffee().await;
    Some(order)
}

async fn make_coffee(order: Order) {
    order.make_espresso().await;
    order.steam_milk().await;
}

fn main() -> ExitCode {
    examiner::exam!(cancel_safe(run_till))
}
