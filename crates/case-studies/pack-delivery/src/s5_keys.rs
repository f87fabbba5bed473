//! Stage 5: as many transactions in flight as there are free keys, and the keys are the store's.
//!
//! One atomic step of the store pairs a row that is ready with a key that is free, and signs. From then
//! on the key belongs to the row, not to a process, until the fate of the transaction is known. So any
//! replica can send what another one signed, and what it sends is the same transaction, which the chain
//! takes once. A key is never lost with a process, and no number is used for two transactions.
//!
//! The lease only says whose turn it is to send. If it runs out too early, a transaction is sent twice,
//! and that does nothing: the sequence number is the fence, and the chain keeps it.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::pace::Pace;
use crate::role::Role;
use crate::roles;
use crate::store::{Row, RowState};
use crate::trouble::Trouble;
use crate::world::{World, every, ticker};

/// How long a sender has for a transaction that it signed, on tokio's clock.
pub const LEASE: Duration = Duration::from_secs(30);

/// Serves in these roles until `quit`, and until its tasks have ended.
pub async fn run(world: World, roles: &[Role], quit: CancellationToken) {
    let tick = world.settings.tick;
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
            Role::Sent => {
                pollers.spawn(every(w, tick, q, |w| async move { roles::results(&w).await }))
            }
            Role::Sendable => pollers.spawn(sending(w, q)),
        };
    }
    pollers.join_all().await;
}

async fn sending(world: World, quit: CancellationToken) {
    let pace = Arc::new(Pace::new(world.settings.rate));
    let mut senders = JoinSet::new();
    let mut ticker = ticker(world.settings.tick);
    while quit.run_until_cancelled(ticker.tick()).await.is_some() {
        while senders.try_join_next().is_some() {}
        match work(&world).await {
            Ok(rows) => {
                for row in rows {
                    senders.spawn(send(world.clone(), pace.clone(), row));
                }
            }
            Err(trouble) => tracing::warn!(%trouble, "the rest waits for the next tick"),
        }
    }
    // What is on its way is sent to the end, within the lease; the rest another replica sends.
    let _ = tokio::time::timeout(LEASE, senders.join_all()).await;
}

/// What is to be sent: rows whose sender is gone, and rows that have just got a key.
async fn work(world: &World) -> Result<Vec<Row>, Trouble> {
    let mut rows = world.store.overdue(LEASE).await?;
    rows.extend(world.store.claim(world.node.height().await?, LEASE).await?);
    Ok(rows)
}

async fn send(world: World, pace: Arc<Pace>, row: Row) {
    if let RowState::Signed(transaction) = &row.state {
        world.deliver(row.id, transaction, &pace).await;
    }
}
