//! What the service remembers: distributions, packs, the outbox of transactions, and who holds which
//! key. [`Store`] is what the stages need; [`memory`] keeps it in the process.

pub mod memory;

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;
use serde::Serialize;

use crate::chain::{Event, Kind, Signed};
use crate::deal::{Commitment, Pack};

/// A distribution's number, from 1.
pub type DistributionId = u64;
/// An outbox row's number, from 1, in the order in which the rows were written.
pub type RowId = u64;

/// Where a distribution stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stand {
    /// Its packs are dealt and stored.
    Resolved,
    /// Its collectibles are on their way to the escrow account.
    Settling,
    /// Its packs are being created on the chain.
    Minting,
    /// Every pack is on the chain.
    Complete,
    /// It was given up before the first transaction.
    Aborted,
}

/// Where a pack stands, in the order in which it gets there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PackState {
    /// It has its content, and nothing is on the chain.
    Dealt,
    /// Its collectibles are in escrow.
    Settled,
    /// It is on the chain.
    Minted,
    /// Its owner wants to see what is in it.
    RevealAsked,
    /// Its content is public.
    Revealed,
    /// Its owner wants the collectibles.
    OpenAsked,
    /// Its owner has them.
    Opened,
}

/// A transaction to be sent, from the moment it was decided on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number.
    pub id: RowId,
    /// The kind of transaction.
    pub kind: Kind,
    /// The packs that it is about.
    pub packs: Vec<Commitment>,
    /// How far it is.
    pub state: RowState,
    /// How many signed transactions came to nothing.
    pub attempts: u32,
}

/// How far an outbox row is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowState {
    /// It waits to be sent.
    Ready,
    /// A sender has it, and has not signed it yet.
    Taken,
    /// It is signed, and may or may not have reached the chain.
    Signed(Signed),
    /// The chain has it.
    Sent(Signed),
    /// It is sealed.
    Done,
    /// It was given up, for this reason.
    Failed(String),
}

/// A distribution in short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Distribution {
    /// Its number.
    pub id: DistributionId,
    /// Where it stands.
    pub stand: Stand,
    /// How many packs it has.
    pub packs: u32,
}

/// An event that fits nothing that is known. It is set aside, so that the others go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// The event.
    pub event: Event,
    /// Why it does not fit.
    pub why: String,
}

/// Why the store did not do what it was asked to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// There is no such thing.
    #[error("there is no {0}")]
    Missing(String),
    /// What stands there does not allow it.
    #[error("{0}")]
    Refused(String),
    /// The store itself failed, and may be better later.
    #[error("the store does not answer: {0}")]
    Unavailable(String),
}

/// Where the service keeps what it must not forget. Each call is atomic: it happens whole or not at
/// all, and two replicas never get the same work.
#[async_trait]
pub trait Store: Debug + Send + Sync {
    /// Stores a distribution and its packs as resolved.
    async fn create(&self, packs: &[Pack]) -> Result<DistributionId, StoreError>;
    /// The distributions, oldest first.
    async fn distributions(&self) -> Result<Vec<Distribution>, StoreError>;
    /// The packs of a distribution that stand there, in the order in which they were dealt.
    async fn packs(&self, of: DistributionId, at: PackState)
    -> Result<Vec<Commitment>, StoreError>;
    /// Moves a distribution on, and writes these transactions into the outbox with it. Returns
    /// whether it stood at `from`; if it did not, nothing happens.
    async fn advance(
        &self,
        id: DistributionId,
        from: Stand,
        to: Stand,
        outbox: &[(Kind, Vec<Commitment>)],
    ) -> Result<bool, StoreError>;
    /// Writes one more transaction into the outbox because the owner of a pack asked for it, unless
    /// that was asked before.
    async fn ask(&self, kind: Kind, pack: Commitment) -> Result<(), StoreError>;

    /// The height up to which the events are known.
    async fn cursor(&self) -> Result<u64, StoreError>;
    /// Applies the events of the blocks after `from` up to `to`, and moves the cursor; does nothing
    /// if it is no longer at `from`. What fits nothing is set aside.
    async fn apply(&self, events: &[Event], from: u64, to: u64) -> Result<(), StoreError>;
    /// The events that were set aside.
    async fn set_aside(&self) -> Result<Vec<SetAside>, StoreError>;

    /// Takes up to `limit` rows that are ready, oldest first. No row is taken twice.
    async fn take(&self, limit: usize) -> Result<Vec<Row>, StoreError>;
    /// Notes the transaction with which a row is about to be sent.
    async fn signed(&self, row: RowId, transaction: &Signed) -> Result<(), StoreError>;
    /// Notes that the chain has the row's transaction.
    async fn sent(&self, row: RowId) -> Result<(), StoreError>;
    /// The rows whose transaction the chain has, and whose fate is open.
    async fn in_flight(&self) -> Result<Vec<Row>, StoreError>;
    /// Notes that a row is sealed, and frees its key.
    async fn done(&self, row: RowId) -> Result<(), StoreError>;
    /// Makes a row ready again after its transaction came to nothing, or fails it for `why` if that
    /// was the last attempt. Frees its key, which is at `number` now.
    async fn again(&self, row: RowId, number: Option<u64>, why: &str) -> Result<(), StoreError>;

    /// Makes known that the account has these keys at these numbers, as far as they are new.
    async fn add_keys(&self, numbers: &[u64]) -> Result<(), StoreError>;
    /// Pairs ready rows with free keys, and signs each row with its key and that key's number, valid
    /// from the block `reference`. The key stays with the row until its fate is known, whatever
    /// becomes of the process; the caller has the row for `lease`.
    async fn claim(&self, reference: u64, lease: Duration) -> Result<Vec<Row>, StoreError>;
    /// The signed rows whose lease has run out: their sender is gone, or slow. The caller has them for
    /// `lease` now.
    async fn overdue(&self, lease: Duration) -> Result<Vec<Row>, StoreError>;
}

impl Row {
    /// The most transactions that are signed for one row.
    pub const ATTEMPTS: u32 = 10;

    /// The row's transaction, signed with that key and number.
    #[must_use]
    pub fn sign(&self, key: u32, number: u64, reference: u64) -> Signed {
        Signed { kind: self.kind, packs: self.packs.clone(), key, number, reference }
    }
}

impl PackState {
    /// Where a transaction of that kind brings a pack.
    #[must_use]
    pub const fn after(kind: Kind) -> Self {
        match kind {
            Kind::Settle => Self::Settled,
            Kind::Mint => Self::Minted,
            Kind::Reveal => Self::Revealed,
            Kind::Open => Self::Opened,
        }
    }

    /// Where an owner's wish for that kind brings a pack; `None` for what owners have no say in.
    #[must_use]
    pub const fn asked(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Settle | Kind::Mint => None,
            Kind::Reveal => Some(Self::RevealAsked),
            Kind::Open => Some(Self::OpenAsked),
        }
    }
}
