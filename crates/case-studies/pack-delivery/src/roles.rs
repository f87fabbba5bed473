//! What the service does besides sending, which all stages do alike: each function is one look at the
//! store and the chain, and does what it finds to do.

use futures_util::{StreamExt, TryStreamExt, stream};

use crate::chain::{EXPIRY, Kind, Reason, Status};
use crate::store::{Distribution, PackState, Row, RowState, Stand};
use crate::trouble::Trouble;
use crate::world::World;

/// How many results are looked up at the same time.
const LOOK_UPS: usize = 64;

/// Moves each distribution on: settle its packs, then mint them, then it is complete.
///
/// # Errors
///
/// If the store fails.
pub(crate) async fn mint(world: &World) -> Result<(), Trouble> {
    for one in world.store.distributions().await? {
        match one.stand {
            Stand::Resolved => {
                move_on(world, one, PackState::Dealt, Stand::Settling, Some(Kind::Settle)).await?;
            }
            Stand::Settling => {
                move_on(world, one, PackState::Settled, Stand::Minting, Some(Kind::Mint)).await?;
            }
            Stand::Minting => {
                move_on(world, one, PackState::Minted, Stand::Complete, None).await?;
            }
            Stand::Complete | Stand::Aborted => {}
        }
    }
    Ok(())
}

/// Moves a distribution on once no pack of it stands before `at`.
async fn move_on(
    world: &World,
    one: Distribution,
    at: PackState,
    to: Stand,
    kind: Option<Kind>,
) -> Result<(), Trouble> {
    for before in [PackState::Dealt, PackState::Settled] {
        if before < at && !world.store.packs(one.id, before).await?.is_empty() {
            return Ok(());
        }
    }
    let mut outbox = Vec::new();
    if let Some(kind) = kind {
        let packs = world.store.packs(one.id, at).await?;
        outbox.extend(packs.chunks(world.settings.batch).map(|some| (kind, some.to_vec())));
    }
    world.store.advance(one.id, one.stand, to, &outbox).await?;
    Ok(())
}

/// Reads what happened on the chain since the last look, a window of blocks at a time.
///
/// # Errors
///
/// If the node or the store fails.
pub(crate) async fn events(world: &World) -> Result<(), Trouble> {
    let height = world.node.height().await?;
    let mut from = world.store.cursor().await?;
    while from < height {
        let to = height.min(from + world.settings.window);
        let events = world.node.events(from + 1, to).await?;
        world.store.apply(&events, from, to).await?;
        from = to;
    }
    Ok(())
}

/// Looks up what became of each transaction that was sent.
///
/// # Errors
///
/// If the node or the store fails.
pub(crate) async fn results(world: &World) -> Result<(), Trouble> {
    let rows = stream::iter(world.store.in_flight().await?);
    let results = rows.map(|row| async move { result(world, &row).await });
    results.buffer_unordered(LOOK_UPS).try_collect().await
}

async fn result(world: &World, row: &Row) -> Result<(), Trouble> {
    let RowState::Sent(transaction) = &row.state else { return Ok(()) };
    let why = match world.node.status(transaction.id()).await? {
        Status::Pending => return Ok(()),
        Status::Sealed => return Ok(world.store.done(row.id).await?),
        Status::Failed(Reason::WrongNumber) => "its sequence number was taken",
        Status::Failed(Reason::Expired) => "it expired",
        // Not there, which means nothing until it can no longer get there.
        Status::Unknown if world.node.height().await? <= transaction.reference + EXPIRY => {
            return Ok(());
        }
        Status::Unknown => "it expired",
    };
    let number = world.node.sequence_number(transaction.key).await?;
    tracing::warn!(row = row.id, key = transaction.key, why, "a transaction came to nothing");
    Ok(world.store.again(row.id, Some(number), why).await?)
}
