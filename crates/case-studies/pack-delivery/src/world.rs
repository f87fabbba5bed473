use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Interval, MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;

use crate::chain::{EXPIRY, Node, NodeError, Signed, Status};
use crate::pace::Pace;
use crate::store::{Row, RowId, Store};
use crate::trouble::Trouble;

/// All that a stage needs, given from outside.
#[derive(Clone, Debug)]
pub struct World {
    /// The chain.
    pub node: Arc<dyn Node>,
    /// What the service remembers.
    pub store: Arc<dyn Store>,
    /// How fast everything goes.
    pub settings: Settings,
}

/// How often the pollers look, and how much they may do. Durations are on tokio's clock.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How often minting, events and sending look for work.
    pub tick: Duration,
    /// How often the fate of sent transactions is looked up.
    pub results_tick: Duration,
    /// How many proposal keys the account has.
    pub keys: u32,
    /// How many packs go into a transaction.
    pub batch: usize,
    /// How many transactions are sent in a second, at most: the node's limit.
    pub rate: u32,
    /// How many blocks are searched for events at a time.
    pub window: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            tick: Duration::from_secs(1),
            results_tick: Duration::from_secs(3),
            keys: 40,
            batch: 40,
            rate: 10,
            window: 10,
        }
    }
}

/// A ticker that never hurries to catch up.
pub(crate) fn ticker(every: Duration) -> Interval {
    let mut ticker = interval(every);
    ticker.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticker
}

/// Looks again and again until `quit`, and never ends in the middle of a look. Trouble ends a look, and
/// the next tick brings another.
pub(crate) async fn every<L>(
    world: World,
    tick: Duration,
    quit: CancellationToken,
    look: impl Fn(World) -> L,
) where
    L: Future<Output = Result<(), Trouble>>,
{
    let mut ticker = ticker(tick);
    while quit.run_until_cancelled(ticker.tick()).await.is_some() {
        if let Err(trouble) = look(world.clone()).await {
            tracing::warn!(%trouble, "the rest waits for the next tick");
        }
    }
}

impl World {
    /// Waits until the fate of a transaction is known, or until it can no longer get into the chain.
    /// Asks once a tick; a node that does not answer is asked again.
    pub(crate) async fn until_final(&self, transaction: &Signed) {
        let mut ticker = ticker(self.settings.tick);
        loop {
            ticker.tick().await;
            match self.node.status(transaction.id()).await {
                Ok(Status::Sealed | Status::Failed(_)) => return,
                Ok(Status::Unknown) if self.has_expired(transaction).await => return,
                Ok(Status::Unknown | Status::Pending) | Err(_) => {}
            }
        }
    }

    /// Sends the same transaction until the node says that it has it, or until it has expired, which
    /// bounds the wait; then the row is sent. If the store fails, the row stays signed.
    pub(crate) async fn deliver(&self, row: RowId, transaction: &Signed, pace: &Pace) {
        loop {
            pace.turn().await;
            match self.node.submit(transaction).await {
                Ok(()) => break,
                Err(NodeError::Busy(wait)) => sleep(wait).await,
                Err(trouble) => {
                    tracing::warn!(row, %trouble, "sent again as the same transaction");
                    sleep(self.settings.tick).await;
                }
            }
            if self.has_expired(transaction).await {
                break;
            }
        }
        if let Err(trouble) = self.store.sent(row).await {
            tracing::warn!(row, %trouble, "not marked as sent");
        }
    }

    /// Makes a row ready again of which nothing was signed.
    pub(crate) async fn give_back(&self, row: &Row, why: &Trouble) {
        tracing::warn!(row = row.id, %why, "not signed");
        if let Err(trouble) = self.store.again(row.id, None, &why.to_string()).await {
            tracing::warn!(row = row.id, %trouble, "not given back");
        }
    }

    async fn has_expired(&self, transaction: &Signed) -> bool {
        let height = self.node.height().await;
        height.is_ok_and(|height| height > transaction.reference + EXPIRY)
    }
}
