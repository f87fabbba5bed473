//! Exercise 10: the loyalty counter.
//!
//! Ten customers share one loyalty card, and come all at the same time. Each pays, gets a stamp, and
//! is told how many stamps there are now.
//!
//! `carelessly` is given, and loses stamps. Read it, predict what the card says after all ten, and
//! check: it is wrong in the same way each time. Then write three ways that lose none: a lock, an
//! atomic number, and an actor, a task that owns the number and is asked for each stamp.
//!
//! You need: `card.lock()`; `card.fetch_add`, which gives the number from *before*; and for the
//! actor `stamps.recv()` and `customer.send(number)`. `Mutex` and `AtomicU32` are std's, except that
//! the examiner is told of each access, and lets another customer in between.

use std::process::ExitCode;
use std::sync::atomic::Ordering::Relaxed;

use coffee::Order;
use examiner::card::{AtomicU32, Mutex};
use tokio::sync::{mpsc, oneshot};

/// What the card says after ten careless stamps. `None` becomes `Some(7)`, or what you think.
const PREDICTION_STAMPS: Option<u32> = None;

/// Given, and wrong: leave it as it is.
async fn carelessly(order: &Order, card: &AtomicU32) -> u32 {
    let stamps = card.load(Relaxed);
    order.pay_for_coffee().await;
    card.store(stamps + 1, Relaxed);
    stamps + 1
}

async fn with_mutex(order: &Order, card: &Mutex<u32>) -> u32 {
    todo!("pay, then lock the card and stamp it")
}

async fn with_atomic(order: &Order, card: &AtomicU32) -> u32 {
    todo!("pay, then stamp the card in one step")
}

/// The customers pay, and then each sends the sender through which the answer is to come.
async fn actor(mut stamps: mpsc::Receiver<oneshot::Sender<u32>>) {
    todo!("own the card, and answer each customer who asks, until none can ask any more")
}

fn main() -> ExitCode {
    examiner::exam!(loyalty_counter(PREDICTION_STAMPS, carelessly, with_mutex, with_atomic, actor))
}
