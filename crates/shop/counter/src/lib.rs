//! The shop over HTTP, small enough to be read when step 2 brings HTTP in.
//!
//! `router` is what the shop answers, and `serving::serve` how it listens and stops, with the
//! limits that `limits` sets. Bounded are the customers in a request, the connections, the wait for
//! a request, the time that an answer may stay unread and the time to close. Left to step 6 is a
//! bound on the customers of all requests together.

use std::time::Duration;

use serving::Limits;

mod asked;
mod router;
mod sign;

pub use asked::Asked;
pub use router::{Audience, Counter, router};
pub use serving::Listener;
pub use sign::{SHOP, sign, signed};

/// Enough for a classroom. One more waits in the operating system's queue until another is closed.
const MAX_CONNECTIONS: usize = 64;

/// The limits of a shop in a lesson: it finishes within `grace` (real time) what it has accepted.
#[must_use]
pub const fn limits(grace: Duration) -> Limits {
    Limits { grace, ..Limits::with_connections(MAX_CONNECTIONS) }
}
