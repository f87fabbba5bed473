//! Stage 2: a task for each responsibility.
//!
//! Minting, events, results and sending have a loop each, so a slow one holds up none of the others.
//! Sending still sends one transaction a tick, and waits for none of them: a task for each holds the
//! key until it is sealed.
//!
//! The bug: the pollers are told to quit, and nothing awaits them. When [`run`] returns, its caller
//! takes the store and the node for free while the pollers still use both.

use tokio_util::sync::CancellationToken;

use crate::chain::Signed;
use crate::ring::{Key, Ring};
use crate::roles;
use crate::store::Row;
use crate::trouble::Trouble;
use crate::world::{World, every};

/// Serves until `quit`, and does not wait for the tasks that it started.
pub async fn run(world: World, quit: CancellationToken) {
    let (tick, results_tick) = (world.settings.tick, world.settings.results_tick);
    let ring = Ring::new(world.settings.keys);
    let (w, q) = (|| world.clone(), || quit.clone());
    // Four tasks without an owner, on purpose: this is the bug.
    tokio::spawn(every(w(), tick, q(), |world| async move { roles::mint(&world).await }));
    tokio::spawn(every(w(), tick, q(), |world| async move { roles::events(&world).await }));
    tokio::spawn(every(
        w(),
        results_tick,
        q(),
        |world| async move { roles::results(&world).await },
    ));
    tokio::spawn(every(w(), tick, q(), move |world| send_one(world, ring.clone())));
    quit.cancelled().await;
}

async fn send_one(world: World, ring: Ring) -> Result<(), Trouble> {
    let Some(&free) = ring.free().first() else { return Ok(()) };
    let Some(row) = world.store.take(1).await?.pop() else { return Ok(()) };
    let sent = async {
        let number = world.node.sequence_number(free).await?;
        let key = ring.lock(free).await; // no other task takes one, so it is still free
        Ok::<_, Trouble>((send(&world, &row, &key, number).await?, key))
    };
    match sent.await {
        Ok((transaction, key)) => {
            tokio::spawn(hold(world, transaction, key));
            Ok(())
        }
        Err(trouble) => {
            world.store.again(row.id, None, &trouble.to_string()).await?;
            Err(trouble)
        }
    }
}

async fn send(world: &World, row: &Row, key: &Key, number: u64) -> Result<Signed, Trouble> {
    let transaction = row.sign(key.index, number, world.node.height().await?);
    world.store.signed(row.id, &transaction).await?;
    world.node.submit(&transaction).await?;
    world.store.sent(row.id).await?;
    Ok(transaction)
}

/// Holds the key until the transaction is sealed.
async fn hold(world: World, transaction: Signed, _key: Key) {
    world.until_final(&transaction).await;
}
