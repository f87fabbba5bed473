//! The customers: the program `rush`, which sends orders to any shop, on a laptop, in a container
//! or in a cluster.
//!
//! It walks a ladder of ever larger orders, and says of each how it ended and how long it took;
//! when the shop died of one, it says so and waits until the shop is back. Or it sends many orders
//! at once, or so many a second, and says how many were answered and how fast. The requests
//! themselves are the work of the load engine [`rush`]; what is here is what they mean to a shop.
//!
//! `cargo run --release --example rush -- http://localhost:8080 3 30 300 3000`
//!
//! # Reading order
//!
//! `orders` says what is asked and what the answers mean. `attempt` is one order of a `ladder`, and
//! `crowd` many at once. `run` does what `args` say, and prints it to an `output`, or ends with an
//! `error`.

mod orders;

mod attempt;
mod crowd;
mod ladder;

mod output;
mod seconds;

mod args;
mod error;
mod run;

pub use attempt::{Attempt, attempt, recovered};
pub use orders::{is_bad_gateway, is_coffee, is_of_a_shop, order, verdict};
pub use output::{Closed, Output};
pub use run::run;
pub use seconds::{parse_seconds, seconds};
