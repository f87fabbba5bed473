//! The shop's HTTP front, small enough to be read when step 2 brings HTTP in.
//!
//! `router` is what the shop answers, `listener` where it listens, and `serve` how it stops.
//! Bounded are the customers in a request, the connections, the wait for a request and the time
//! to close. Left to step 6 are a bound on the customers of all requests together, clients that
//! never read their answer, and an answer for the client whose order panicked.

mod router;

mod listener;
mod serve;

pub use listener::Listener;
pub use router::{Audience, Counter, router, signed};
pub use serve::serve;
