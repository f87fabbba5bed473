//! What steps 2 to 5 share as programs: flags, and an open shop.
//!
//! An example says which step it shows and what there is to see in it, and [`open`] does the rest.
//! What it says while it serves comes from the crate `narrator`, which step 1 uses alone.
//!
//! `run` reads the flags of `args`, and serves once or opens the `shop`; `bars` are the progress
//! bars of a crowd, `port` finds out why a port is taken, and `error` has the sentences for when
//! something fails.

mod run;
mod shop;

mod args;
mod bars;
mod port;

mod error;

pub use run::open;
