//! Exercise 5: two espresso machines.
//!
//! All customers are served at the same time, each of them pays, then gets the espresso, then the
//! milk. But the shop has only two espresso machines. All may pay at once, and any amount of milk may
//! be steamed at once; of espressos never more than two.
//!
//! How long do 10 customers take? Predict, then write `make_coffee`, then check.
//!
//! You need: `machines.acquire().await`, which waits for a permit. It is given back when it is
//! dropped: at the end of its block, or by `drop(permit)`.

use std::process::ExitCode;
use std::sync::Arc;

use coffee::{Order, Shop};
use examiner::MACHINES;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// The seconds that 10 customers take. `None` becomes `Some(1.0)`, or what you think.
const PREDICTION_SECONDS: Option<f64> = None;

async fn serve(shop: &Shop, customers: u32) {
    let machines = Arc::new(Semaphore::new(MACHINES));
    let mut coffees = JoinSet::new();
    for order in shop.orders(customers) {
        coffees.spawn(make_coffee(order, Arc::clone(&machines)));
    }
    coffees.join_all().await;
}

async fn make_coffee(order: Order, machines: Arc<Semaphore>) {
    todo!("pay, make the espresso on one of the machines, steam the milk")
}

fn main() -> ExitCode {
    examiner::exam!(two_machines(PREDICTION_SECONDS, serve))
}
