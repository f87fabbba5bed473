//! Traps, each beside its way out, in the coffee shop.
//!
//! Every function here compiles without a warning, and half of them are wrong: that is what makes
//! a trap. `tests/traps.rs` proves what each one does, `cargo test -p traps` runs the proofs, and
//! the slides show the code.
//!
//! Where it stops: these are for reading. Only `examples/figures.rs` uses them, which measures what
//! the slides say of them.
//!
//! # Reading order
//!
//! `lazy`, `dropped` and `at_once`, for those who come from Go; then `forgotten`, `blocking`,
//! `crowded` and `locked`, in any language; `failing` answers what a room asks next.

mod lazy;

mod dropped;

mod at_once;

mod forgotten;

mod blocking;

mod crowded;

mod locked;

mod failing;

pub use at_once::all_at_once;
pub use blocking::{serve_blocking, serve_waiting};
pub use crowded::{serve_bounded, serve_unbounded};
pub use dropped::{PATIENCE, leave_early};
pub use failing::{NoBeans, Paid, finish_the_rest, pay_and_leave, stop_the_rest};
pub use forgotten::{serve_forgotten, serve_owned};
pub use lazy::{serve_lazily, serve_really};
pub use locked::{serve_locked, serve_unlocked};
