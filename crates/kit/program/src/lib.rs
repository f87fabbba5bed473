//! What every program does at its edge, once: it listens to Ctrl-C and SIGTERM, ends with an exit
//! code, explains its errors, and writes to a standard output that may be closed.
//!
//! This crate knows nothing of what a program is about, and depends on little, because the first
//! program that a newcomer runs here has to be compiled before it starts.
//!
//! # Reading order
//!
//! `interrupt` asks a program to close and then ends it, `ending` turns how it ended into an exit
//! code, and `output` is where it writes.

mod ending;
mod interrupt;
mod output;

pub use ending::{End, Failure, exit};
pub use interrupt::Interrupt;
pub use output::Output;
