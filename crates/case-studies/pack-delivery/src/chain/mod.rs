//! The chain, simulated: the one thing in this study that is not real.
//!
//! An account with proposal keys, blocks, a time until a transaction is sealed, events, a rate limit,
//! and faults on demand. It needs no task: everything that it says follows from what was submitted
//! and from tokio's clock. `transaction` is what is sent, `node` what a program can ask, `simulator`
//! the chain behind it, and `faults` what goes wrong on demand.

mod faults;
mod node;
mod simulator;
mod transaction;

pub use faults::Fault;
pub use node::{Event, Node, NodeError, Reason, Status, What};
pub use simulator::{BLOCK, Chain, EXPIRY, Included, Rules};
pub use transaction::{Kind, Signed, TransactionId};
