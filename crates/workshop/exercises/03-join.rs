//! Exercise 3: join.
//!
//! A task for each customer is right, but the tasks need an owner who waits for them. Serve all
//! customers at the same time, and return when the last of them has their coffee: 6 s for any
//! number.
//!
//! You need: `JoinSet`, which owns tasks. Its functions `new`, `spawn` and `join_all`.

use std::process::ExitCode;

use coffee::{Order, Shop};
use tokio::task::JoinSet;

async fn serve(shop: &Shop, customers: u32) {
    todo!("spawn a task for each customer, and wait for all of them")
}

async fn make_coffee(order: Order) {
    order.pay_for_coffee().await;
    order.make_espresso().await;
    order.steam_milk().await;
}

fn main() -> ExitCode {
    examiner::exam!(joined(serve))
}
