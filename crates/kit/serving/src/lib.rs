//! What every HTTP server here does around its router: it listens, bounds what a client may cost,
//! admits no more work than fits, and closes without losing what it has accepted.
//!
//! It knows nothing of what is served. A request brings a number of units (customers, uploads,
//! megabytes): that number is what admission bounds and what is counted.
//!
//! # Reading order
//!
//! `listener` is where a server listens and `serve` its accept loop; `connections` holds the open
//! ones within the bounds of `limits`, and `connection` is one of them: `socket` sees the client's
//! end, `wire` bounds the wait for a reader and gives hyper's refusals words, `check` refuses what
//! hyper lets pass, `activity` is what the connection is doing, and `refusal` the words.
//!
//! `admission` decides which requests are served, which wait and which are turned away; `places`
//! keeps connections free for probes; `tally` counts, and `written` tells it whether an answer
//! reached its client. `panics` and `negotiate` help a router to answer. `drain` is how a server
//! closes, phase by phase.

mod limits;
mod listener;
mod serve;

mod connection;
mod connections;

mod activity;
mod check;
mod held;
mod refusal;
mod socket;
mod wire;

mod admission;
mod places;
mod tally;
mod written;

mod negotiate;
mod panics;

mod drain;

pub use admission::{Admission, Room, Shed};
pub use drain::Drain;
pub use limits::Limits;
pub use listener::Listener;
pub use negotiate::negotiate;
pub use panics::answer_panics;
pub use places::{Places, place_streams};
pub use serve::serve;
pub use tally::{Counts, Tally, Ticket};
pub use written::{Client, until_written};
