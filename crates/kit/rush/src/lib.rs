//! The customers: a load client for any shop, on a laptop, in a container or in a cluster.
//!
//! It walks a ladder of ever larger orders, and says of each how it ended and how long it took;
//! when the shop died of one, it says so and waits until the shop is back. Or it sends many
//! requests at once, and says how many were answered and how fast. It stops at the address it is
//! given: it follows no redirect, asks no proxy, and speaks HTTP without encryption. Everything
//! has a bound, in number and in time.
//!
//! `cargo run --release --example rush -- http://localhost:8080 3 30 300 3000`
//!
//! # Reading order
//!
//! `address` is where to ask, and `client` asks, once; `answer` and `failure` are the ways in which
//! that ends. `ladder` asks for more and more, `crowd` all at once, and `tally` counts what came of
//! it. `run` does what `args` say, on `paper`, until `interrupt` or an `error`.

mod address;
mod answer;
mod client;
mod failure;

mod crowd;
mod ladder;
mod tally;

mod args;
mod error;
mod run;

mod interrupt;
mod paper;

pub use address::{Address, AddressError};
pub use answer::Answer;
pub use client::{Client, Connection};
pub use crowd::{Crowd, descriptors};
pub use failure::Failure;
pub use interrupt::Interrupt;
pub use ladder::{Rung, back, rung};
pub use paper::{Paper, milliseconds, thousands};
pub use run::run;
pub use tally::Tally;
