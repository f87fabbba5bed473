//! Step 6: what production adds around the counter.
//!
//! The same coffee, from a shop that stays up: it takes no more customers than fit into its
//! memory, lets some wait and turns the others away with a sentence, answers probes, survives an
//! order that panics and a client that never speaks, and closes without losing a coffee that it
//! has accepted. It does not encrypt, authenticate or share its load with others: a proxy in
//! front of it does.
//!
//! `cargo run --example step6`, then `curl localhost:8080/serve-customer/3`, and
//! `curl localhost:8080/metrics`.
//!
//! # Reading order
//!
//! `memory` is what the process may use and `capacity` how many customers that makes; `front` is
//! the router that puts admission before the counter's, with `metrics` and the live page beside
//! it. `run` puts the pieces together as `args` say, with `log`, `health`
//! and `error`. Admission, the
//! accept loop with its limits and the drain are those of `serving`, in the kit.

mod capacity;
mod memory;

mod front;
mod metrics;

mod args;
mod log;
mod run;

mod error;
mod health;

pub use capacity::{
    BYTES_AT_REST, BYTES_PER_CONNECTION, Capacity, Scale, bytes_per_customer, connections,
};
pub use front::Front;
pub use memory::{Memory, memory};
pub use run::{run, run_until};
