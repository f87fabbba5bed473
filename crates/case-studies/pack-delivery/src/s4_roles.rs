//! Stage 4: one binary, in as many roles and replicas as it takes.
//!
//! Each role can be a deployment of its own, sized by what it waits for. A key is found and locked in
//! one step, and an error of the node is no success: the same signed transaction is sent again, which
//! the chain takes once.
//!
//! The bug: the locks are this process's. A second replica that sends has locks of its own, so both
//! sign with the same key and the same number, and one of the two transactions comes to nothing. (The
//! original gave each replica keys of its own, by hand.)

use std::sync::Arc;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::pace::Pace;
use crate::ring::{Key, Ring};
use crate::role::Role;
use crate::roles;
use crate::store::Row;
use crate::world::{World, every, ticker};

/// Serves in these roles until `quit`, and until its tasks have ended.
pub async fn run(world: World, roles: &[Role], quit: CancellationToken) {
    let (tick, results_tick) = (world.settings.tick, world.settings.results_tick);
    let mut pollers = JoinSet::new();
    for role in roles {
        let (w, q) = (world.clone(), quit.clone());
        match role {
            Role::Minting => {
                pollers.spawn(every(w, tick, q, |w| async move { roles::mint(&w).await }))
            }
            Role::PackEvents => {
                pollers.spawn(every(w, tick, q, |w| async move { roles::events(&w).await }))
            }
            Role::Sent => pollers
                .spawn(every(w, results_tick, q, |w| async move { roles::results(&w).await })),
            Role::Sendable => pollers.spawn(sending(w, q)),
        };
    }
    pollers.join_all().await;
}

async fn sending(world: World, quit: CancellationToken) {
    let (ring, pace) = (Ring::new(world.settings.keys), Arc::new(Pace::new(world.settings.rate)));
    let mut senders = JoinSet::new();
    let mut ticker = ticker(world.settings.tick);
    while quit.run_until_cancelled(ticker.tick()).await.is_some() {
        while senders.try_join_next().is_some() {}
        let mut keys: Vec<_> = std::iter::from_fn(|| ring.take()).collect();
        for row in world.store.take(keys.len()).await.unwrap_or_default() {
            let Some(key) = keys.pop() else { break };
            senders.spawn(send(world.clone(), key, pace.clone(), row));
        }
    }
    senders.shutdown().await;
}

async fn send(world: World, key: Key, pace: Arc<Pace>, row: Row) {
    let sent = async {
        let number = world.node.sequence_number(key.index).await?;
        let transaction = row.sign(key.index, number, world.node.height().await?);
        world.store.signed(row.id, &transaction).await?;
        Ok(transaction)
    };
    match sent.await {
        Ok(transaction) => {
            world.deliver(row.id, &transaction, &pace).await;
            world.until_final(&transaction).await;
        }
        Err(trouble) => world.give_back(&row, &trouble).await,
    }
}
