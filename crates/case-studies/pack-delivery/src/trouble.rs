use crate::chain::NodeError;
use crate::store::StoreError;

/// Why a look ended early. The next one finds what was left.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The chain.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}
