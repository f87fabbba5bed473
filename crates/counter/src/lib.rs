//! The shop's HTTP front, small enough to be read when step 2 brings HTTP in.
//!
//! `router` is what the shop answers, `listener` where it listens, and `serve` how it stops.
//! Bounded are the customers in a request, the connections, the wait for a request and the time
//! to close. Bounding the customers of all requests together is left to step 6.

mod router;

mod listener;
mod serve;

pub use listener::Listener;
pub use router::{Audience, Counter, router, server_header};
pub use serve::serve;
