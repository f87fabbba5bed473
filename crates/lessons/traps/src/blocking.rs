#![expect(clippy::disallowed_methods, reason = "the trap that this module shows")]

use std::time::Duration;

use tokio::task::JoinSet;

/// The trap: a sleep that knows nothing of async stops the worker, and every task on it. The
/// length of a coffee is wall time here.
///
/// # Panics
///
/// Outside a tokio runtime there is nowhere to spawn.
pub async fn serve_blocking(customers: u32, coffee: Duration) {
    let mut coffees = JoinSet::new();
    for _ in 0..customers {
        coffees.spawn(brew_and_block(coffee));
    }
    coffees.join_all().await;
}

async fn brew_and_block(coffee: Duration) {
    std::thread::sleep(coffee);
}

/// The way out: a wait that gives the worker back. The length of a coffee is shop time.
///
/// # Panics
///
/// Outside a tokio runtime there is nowhere to spawn.
pub async fn serve_waiting(customers: u32, coffee: Duration) {
    let mut coffees = JoinSet::new();
    for _ in 0..customers {
        coffees.spawn(brew_and_wait(coffee));
    }
    coffees.join_all().await;
}

async fn brew_and_wait(coffee: Duration) {
    tokio::time::sleep(coffee).await;
}
