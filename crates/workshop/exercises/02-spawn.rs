//! Exercise 2: spawn.
//!
//! Give each customer a task of their own with `tokio::spawn`, and wait for none of them. First
//! predict what happens to 3 customers, and write it into `PREDICTION`. Then write `serve`, check,
//! and look at where the answer stands in the picture, and where the coffees.
//!
//! You need: `tokio::spawn`, which takes a future such as `make_coffee(order)`.

use std::process::ExitCode;

use coffee::{Order, Shop};
use examiner::Prediction;

/// For 3 customers, counted from their order. `None` becomes `Some(1.0)`, or what you think.
const PREDICTION: Prediction = Prediction {
    // When does `serve` return?
    answer_seconds: None,
    // When is the last coffee out, if the program goes on?
    last_coffee_seconds: None,
    // How many of the 3 get their coffee, if the program ends when `serve` returns? `Some(1)`, say.
    coffees_if_the_program_ends: None,
};

async fn serve(shop: &Shop, customers: u32) {
    todo!("spawn a task for each customer, and wait for none")
}

async fn make_coffee(order: Order) {
    order.pay_for_coffee().await;
    order.make_espresso().await;
    order.steam_milk().await;
}

fn main() -> ExitCode {
    examiner::exam!(spawned(PREDICTION, serve))
}
