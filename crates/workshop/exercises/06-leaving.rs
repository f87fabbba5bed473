//! Exercise 6: a customer who leaves.
//!
//! Each customer waits for 5 s, no longer. A customer without a coffee by then is gone, and what is
//! being made for them stops in that moment: milk is not steamed for an empty chair. `serve` returns
//! how many got their coffee. Where each action takes 2 s, none does; in a faster shop, all do.
//!
//! You need: `tokio::time::timeout`, which gives `Ok` if a future was done in time, and else `Err`,
//! and then has dropped the future.

use std::process::ExitCode;

use coffee::{Order, Shop};
use examiner::PATIENCE;
use tokio::task::JoinSet;
use tokio::time::timeout;

async fn serve(shop: &Shop, customers: u32) -> u32 {
    let mut visits = JoinSet::new();
    for order in shop.orders(customers) {
        visits.spawn(wait_for_coffee(order));
    }
    let got_coffee = visits.join_all().await;
    got_coffee.into_iter().map(u32::from).sum()
}

/// Says whether the customer got the coffee before leaving.
async fn wait_for_coffee(order: Order) -> bool {
    todo!("make the coffee, but for no longer than PATIENCE")
}

async fn make_coffee(order: Order) {
    order.pay_for_coffee().await;
    order.make_espresso().await;
    order.steam_milk().await;
}

fn main() -> ExitCode {
    examiner::exam!(leaving(serve))
}
