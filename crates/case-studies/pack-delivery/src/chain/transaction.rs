use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::deal::Commitment;

/// What a transaction does to its packs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Moves the collectibles of the packs to the escrow account.
    Settle,
    /// Creates the packs under their commitments.
    Mint,
    /// Publishes what is in the packs, and the salt that proves it.
    Reveal,
    /// Hands the collectibles to the packs' owners.
    Open,
}

impl Kind {
    /// The kind in one lower-case word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Settle => "settle",
            Self::Mint => "mint",
            Self::Reveal => "reveal",
            Self::Open => "open",
        }
    }
}

/// A transaction as it is sent: signed with one of the account's proposal keys and that key's
/// sequence number, and valid until some blocks after its reference block.
///
/// The signature itself is not modelled: the content is the identity, so the same transaction can
/// be sent any number of times and is taken once.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Signed {
    /// What it does.
    pub kind: Kind,
    /// The packs that it does it to, at most [`Signed::MAX_PACKS`].
    pub packs: Vec<Commitment>,
    /// The proposal key's index in the account, from 0.
    pub key: u32,
    /// The key's sequence number.
    pub number: u64,
    /// The height of the block from which its validity counts.
    pub reference: u64,
}

/// The hash of a signed transaction.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransactionId(pub [u8; 32]);

impl Signed {
    /// How many packs fit into one transaction: the limit of its computation.
    pub const MAX_PACKS: usize = 40;

    /// The hash of the whole content.
    #[must_use]
    pub fn id(&self) -> TransactionId {
        let mut hash = Sha256::new();
        hash.update(self.kind.name());
        hash.update(self.key.to_be_bytes());
        hash.update(self.number.to_be_bytes());
        hash.update(self.reference.to_be_bytes());
        for pack in &self.packs {
            hash.update(pack.0);
        }
        TransactionId(hash.finalize().into())
    }
}

impl fmt::Display for TransactionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for TransactionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}…", hex::encode(&self.0[..4]))
    }
}
