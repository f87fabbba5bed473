//! `cargo workshop` as an attendee meets it, in a copy of the clone, so that nobody's own exercises
//! are touched. `crates/workshop/runner/check.sh` runs these; `cargo test --workspace` does not.

mod commands;
mod doctor;
mod exercises;
mod hostile;
mod look;
mod support;
#[cfg(unix)]
mod watch;
