//! Waiting scales with tasks, work scales with cores.
//!
//! Everything else in this workshop waits, and a thread can wait for a million customers at once.
//! Grinding beans is work: while a core grinds, it does nothing else, and no amount of tasks
//! makes it faster. This crate grinds the same beans in five [`Way`]s and measures two things:
//! how long it takes, and how long the other tasks on the executor had to stand still meanwhile,
//! which is the longest gap of a [`Heartbeat`].
//!
//! `cargo run --release --example grinder` shows the five side by side.
//!
//! # The work
//!
//! A bean is a number, and it is ground by the rule of Collatz: halve it if it is even, else
//! triple it and add one, until 1 is left. It is a well-known kernel whose results are easy to
//! check (below a million, bean 837,799 is the hardest, with 524 steps), it is pure arithmetic,
//! and no bean needs another. Bean 0 stays 0 for ever: it is a stone, and grinding it is an
//! error.
//!
//! # Where it stops
//!
//! A [`Sack`] bounds one piece of work, nothing here bounds how many pieces there are at once. A
//! shop that grinds on request needs a limit at its counter, too.
//!
//! # Reading order
//!
//! `sack` and `bean`, the work; `ways`, the lesson, and `pool`, the bridge from rayon to a task;
//! then `heartbeat` and `trial`, which measure, on the real clock only: work does not move a
//! paused one.

mod bean;
mod sack;

mod pool;
mod ways;

mod heartbeat;
mod trial;

mod error;

pub use bean::{Grounds, grind};
pub use error::Error;
pub use heartbeat::Heartbeat;
pub use pool::{Asker, Pool};
pub use sack::Sack;
pub use trial::{Trial, trial};
pub use ways::{Way, in_the_handler, on_rayon, on_scoped_threads, spawn_blocking, spawned};
