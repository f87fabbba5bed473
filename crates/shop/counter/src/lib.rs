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

/// Enough for a classroom, and few enough for a system that allows 256 open files. At the bound an
/// idle connection is closed for the next client.
const MAX_CONNECTIONS: usize = 200;
/// How long a client waits for one of them, in real time.
const NEWCOMER_WAIT: Duration = Duration::from_secs(60);

/// The limits of a shop in a lesson: it finishes within `grace` (real time) what it has accepted.
#[must_use]
pub const fn limits(grace: Duration) -> Limits {
    let newcomer_wait = NEWCOMER_WAIT;
    Limits { newcomer_wait, grace, ..Limits::with_connections(MAX_CONNECTIONS) }
}
