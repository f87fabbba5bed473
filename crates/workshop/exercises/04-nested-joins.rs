//! Exercise 4: nested joins.
//!
//! The customers no longer wait for one another. But each of them still waits for the espresso until
//! it is paid, and for the milk until the espresso is made. In this shop the three can go on at the
//! same time, too: then any number of customers takes 2 s, as long as one action.
//!
//! You need: `tokio::join!`, which awaits several futures at the same time. No further task.

use std::process::ExitCode;

use coffee::{Order, Shop};
use tokio::join;
use tokio::task::JoinSet;

async fn serve(shop: &Shop, customers: u32) {
    let mut coffees = JoinSet::new();
    for order in shop.orders(customers) {
        coffees.spawn(make_coffee(order));
    }
    coffees.join_all().await;
}

async fn make_coffee(order: Order) {
    todo!("pay, make the espresso and steam the milk, all at the same time")
}

fn main() -> ExitCode {
    examiner::exam!(nested_joins(serve))
}
