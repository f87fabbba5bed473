//! Stage 3: a task for each transaction that can be sent.
//!
//! As many as there are keys are on their way at the same time. The tasks have an owner by now, which
//! closes the bug of stage 2.
//!
//! The bugs: `sign` looks for a free key and then locks it, the very lines of stage 2, where one task
//! ran them. Here two tasks find the same key, and the second waits until the first transaction is
//! sealed, with a sequence number that is old by then. And an error of the node is overwritten by the
//! success of the next line: the row says "sent", nothing is on its way, and its key is lost until the
//! transaction would have expired.
//!
//! Two more that the original had do not compile in Rust. All its tasks got the address of the loop's
//! one variable, and so all of them sent the last transaction:
//!
//! ```compile_fail,E0597
//! # async fn send(_: &String) {}
//! # async fn all(transactions: Vec<String>) {
//! for transaction in transactions {
//!     tokio::spawn(send(&transaction)); // it does not live long enough
//! }
//! # }
//! ```
//!
//! And all of them worked in one database transaction, which can do one thing at a time:
//!
//! ```compile_fail,E0499
//! # struct Database;
//! # impl Database { async fn mark_sent(&mut self, _: u64) {} }
//! # async fn all(database: &mut Database) {
//! let both = (database.mark_sent(1), database.mark_sent(2)); // it is borrowed twice
//! # let _ = both;
//! # }
//! ```

use std::sync::Arc;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::chain::Signed;
use crate::pace::Pace;
use crate::ring::{Key, Ring};
use crate::roles;
use crate::store::Row;
use crate::trouble::Trouble;
use crate::world::{World, every, ticker};

/// Serves until `quit`, and until its tasks have ended.
pub async fn run(world: World, quit: CancellationToken) {
    let (tick, results_tick) = (world.settings.tick, world.settings.results_tick);
    let (w, q) = (|| world.clone(), || quit.clone());
    let mut pollers = JoinSet::new();
    pollers.spawn(every(w(), tick, q(), |world| async move { roles::mint(&world).await }));
    pollers.spawn(every(w(), tick, q(), |world| async move { roles::events(&world).await }));
    pollers.spawn(every(
        w(),
        results_tick,
        q(),
        |world| async move { roles::results(&world).await },
    ));
    pollers.spawn(sending(w(), q()));
    pollers.join_all().await;
}

async fn sending(world: World, quit: CancellationToken) {
    let (ring, pace) = (Ring::new(world.settings.keys), Arc::new(Pace::new(world.settings.rate)));
    let mut senders = JoinSet::new();
    let mut ticker = ticker(world.settings.tick);
    while quit.run_until_cancelled(ticker.tick()).await.is_some() {
        while senders.try_join_next().is_some() {}
        let idle = (world.settings.keys as usize).saturating_sub(senders.len());
        for row in world.store.take(idle).await.unwrap_or_default() {
            senders.spawn(send(world.clone(), ring.clone(), pace.clone(), row));
        }
    }
    senders.shutdown().await;
}

async fn send(world: World, ring: Ring, pace: Arc<Pace>, row: Row) {
    pace.turn().await;
    match sign(&world, &ring, &row).await {
        Ok((key, transaction)) => {
            let mut result = world.node.submit(&transaction).await.map_err(Trouble::from);
            tracing::debug!(?result, "submitted");
            // The bug: it forgets what the node said.
            result = world.store.sent(row.id).await.map_err(Trouble::from);
            tracing::info!(?result, "sent");
            world.until_final(&transaction).await;
            drop(key);
        }
        Err(trouble) => world.give_back(&row, &trouble).await,
    }
}

async fn sign(world: &World, ring: &Ring, row: &Row) -> Result<(Key, Signed), Trouble> {
    let free = ring.free().first().copied().unwrap_or_default();
    let number = world.node.sequence_number(free).await?;
    let key = ring.lock(free).await; // the bug: by now another task may have it
    let transaction = row.sign(key.index, number, world.node.height().await?);
    world.store.signed(row.id, &transaction).await?;
    Ok((key, transaction))
}
