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
    todo!("serve the customers one after another")
}

fn main() -> ExitCode {
    examiner::exam!(in_turn(serve))
}
