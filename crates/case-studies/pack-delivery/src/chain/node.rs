use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::chain::{Kind, Signed, TransactionId};
use crate::deal::Commitment;

/// The access node: the chain as a program sees it. Every call goes over the network, takes some
/// time and can fail.
#[async_trait]
pub trait Node: Debug + Send + Sync {
    /// Sends a transaction. The same one may be sent again: it is taken once.
    ///
    /// # Errors
    ///
    /// After [`NodeError::TimedOut`] the transaction may have been taken, and may not.
    async fn submit(&self, transaction: &Signed) -> Result<(), NodeError>;

    /// What became of a transaction.
    ///
    /// # Errors
    ///
    /// If the node does not answer.
    async fn status(&self, id: TransactionId) -> Result<Status, NodeError>;

    /// The number with which the next transaction of that key must be signed.
    ///
    /// # Errors
    ///
    /// If the node does not answer, or the account has no such key.
    async fn sequence_number(&self, key: u32) -> Result<u64, NodeError>;

    /// The height of the latest block.
    ///
    /// # Errors
    ///
    /// If the node does not answer.
    async fn height(&self) -> Result<u64, NodeError>;

    /// What happened to packs in the blocks from `from` to `to`, both included.
    ///
    /// # Errors
    ///
    /// If the node does not answer.
    async fn events(&self, from: u64, to: u64) -> Result<Vec<Event>, NodeError>;
}

/// Why the node did not do what it was asked to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Deserialize, Serialize)]
pub enum NodeError {
    /// Nothing listens there, or the connection broke before the request was sent.
    #[error("the access node does not answer")]
    Unavailable,
    /// No answer in time; what was sent may have arrived.
    #[error("the access node did not answer in time")]
    TimedOut,
    /// More requests than the node's rate limit.
    #[error("the access node is busy, and asks to wait {0:?}")]
    Busy(Duration),
    /// The request makes no sense to the chain.
    #[error("the access node refuses: {0}")]
    Refused(String),
}

/// What became of a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub enum Status {
    /// The chain does not know it: never arrived, or dropped.
    Unknown,
    /// Taken, and not sealed yet.
    Pending,
    /// Part of the chain for ever.
    Sealed,
    /// Executed without an effect, for this reason.
    Failed(Reason),
}

/// Why a transaction had no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub enum Reason {
    /// Another transaction of the key has that sequence number, or the key is at another one.
    WrongNumber,
    /// It arrived after it had ceased to be valid.
    Expired,
}

/// Something that happened to a pack on the chain.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Event {
    /// The height of its block.
    pub height: u64,
    /// What happened.
    pub what: What,
    /// The pack.
    pub pack: Commitment,
}

/// What can happen to a pack on the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub enum What {
    /// A transaction of this kind was sealed.
    Did(Kind),
    /// The owner of the pack asked for this kind of transaction.
    Asked(Kind),
}
