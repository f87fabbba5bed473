//! Stage 1: one ticker, and its handlers one after another.
//!
//! Nothing can go wrong between them, and everything waits for everything: a transaction takes
//! seconds to be sealed, and while one waits for that, no event is read and no result is looked up. One
//! key is all that a loop like this can use.
//!
//! The bug, here and in stage 2: no answer is taken for no transaction. It is signed anew, with the
//! next number, and if the node had it after all, its packs are minted twice.

use tokio_util::sync::CancellationToken;

use crate::chain::Status;
use crate::roles;
use crate::store::Row;
use crate::trouble::Trouble;
use crate::world::{World, every, ticker};

/// The only key that is ever used.
const KEY: u32 = 0;

/// Serves until `quit`.
pub async fn run(world: World, quit: CancellationToken) {
    let tick = world.settings.tick;
    every(world, tick, quit, |world| async move { look(&world).await }).await;
}

async fn look(world: &World) -> Result<(), Trouble> {
    roles::mint(world).await?;
    roles::events(world).await?;
    roles::results(world).await?;
    while let Some(row) = world.store.take(1).await?.pop() {
        if let Err(trouble) = send(world, &row).await {
            world.store.again(row.id, None, &trouble.to_string()).await?;
            return Err(trouble);
        }
    }
    Ok(())
}

/// Sends, and waits until it is sealed: the slow part, in which everything else stands still.
async fn send(world: &World, row: &Row) -> Result<(), Trouble> {
    let number = world.node.sequence_number(KEY).await?;
    let transaction = row.sign(KEY, number, world.node.height().await?);
    world.store.signed(row.id, &transaction).await?;
    world.node.submit(&transaction).await?;
    world.store.sent(row.id).await?;
    let mut ticker = ticker(world.settings.tick);
    while world.node.status(transaction.id()).await? == Status::Pending {
        ticker.tick().await;
    }
    Ok(())
}
