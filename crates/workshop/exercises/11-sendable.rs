//! Exercise 11: why won't this spawn?
//!
//! `serve` works, and serves one customer after another. Give each customer a task of their own, with
//! `tokio::spawn` or a `JoinSet`: replace the line with the arrow, first of all. rustc will refuse, for
//! three reasons, one after another or all at once. It is right each time: a task may go on with any
//! thread after an await, and it may live longer than the function that spawned it.
//!
//! `future cannot be sent between threads safely`: something in it is not `Send`. Below, rustc names
//! the type, and the await across which it is kept. `Rc` counts without a lock, `Arc` with one. A
//! guard of a std mutex must be unlocked by the thread that locked it: end it before the await.
//!
//! `borrowed data escapes` or `does not live long enough`: the task must own what it uses.
//!
//! You need: `Arc`, an order by value, a block around the line that counts, and `JoinSet`.

use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Mutex;

use coffee::{Order, Shop};
use tokio::task::JoinSet;

/// Gives how many coins are in the till in the end.
async fn serve(shop: &Shop, customers: u32) -> u32 {
    let till = Rc::new(Mutex::new(0));
    let orders: Vec<Order> = shop.orders(customers).collect();
    for order in &orders {
        make_coffee(order, Rc::clone(&till)).await; // <- a task for each, and wait for all of them
    }
    let coins = till.lock().expect("no customer panics while counting");
    *coins
}

async fn make_coffee(order: &Order, till: Rc<Mutex<u32>>) {
    order.pay_for_coffee().await;
    let mut coins = till.lock().expect("no customer panics while counting");
    *coins += 1;
    order.make_espresso().await;
    order.steam_milk().await;
}

fn main() -> ExitCode {
    examiner::exam!(sendable(serve))
}
