//! The workspace as a user meets it. One binary, so that linking happens once.
//!
//! To accept a change of what the examples print: `SNAPSHOTS=overwrite cargo test -p acceptance`,
//! and read the difference before you commit it.

mod bad_input;
mod batched;
mod circles;
mod examples;
mod pictures;
mod readme;
mod rehearsal;
mod rush;
mod shop;
mod support;
mod workspace;
