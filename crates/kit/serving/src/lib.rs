//! What every HTTP server here does around its router: it listens, bounds what a client may cost,
//! admits no more work than fits, and closes without losing what it has accepted.
//!
//! It knows nothing of what is served. A request brings a number of units (customers, uploads,
//! megabytes): that number is what admission bounds and what is counted.
//!
//! # Reading order
//!
//! `listener` is where a server listens and `serve` its accept loop, with the bounds of `limits`.
//! `admission` decides which requests are served, which wait and which are turned away, and
//! `tally` counts them. `drain` is how a server closes, phase by phase.

mod limits;
mod listener;
mod serve;

mod admission;
mod tally;

mod drain;

pub use admission::{Admission, Room, Shed};
pub use drain::Drain;
pub use limits::Limits;
pub use listener::Listener;
pub use serve::serve;
pub use tally::{Counts, Tally, Ticket};
