//! `cargo workshop` as an attendee meets it, in a copy of the clone, so that no attendee's
//! own exercises are touched. `crates/workshop/runner/check.sh` runs these; `cargo test --workspace` does not.

mod attempts;
mod commands;
mod doctor;
mod exercises;
mod hostile;
mod look;
mod source;
mod support;
#[cfg(unix)]
mod watch;
