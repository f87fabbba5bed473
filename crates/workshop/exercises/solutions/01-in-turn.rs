//! Exercise 1: in turn.
//!
//! A customer pays, gets an espresso, gets steamed milk. Each takes 2 s, so one customer takes 6 s.
//! Serve the customers one after another, as they came: each is served when the one in front of them
//! has all of their coffee. Three customers take 18 s. That is slow, and where everything begins.
//!
//! You need: `shop.orders(customers)`, which can be looped over; of each order the functions
//! `pay_for_coffee`, `make_espresso` and `steam_milk`; and `.await`.

use std::process::ExitCode;

use coffee::Shop;

async fn serve(shop: &Shop, customers: u32) {
    for order in shop.orders(customers) {
        order.pay_for_coffee().await;
        order.make_espresso().await;
        order.steam_milk().await;
    }
}

fn main() -> ExitCode {
    examiner::exam!(in_turn(serve))
}
