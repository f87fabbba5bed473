//! Step 8 without a cluster: limits so small that something gives. The code to read is `crates/rehearsal`.
//!
//! `cargo run --release --example step8`

use std::process::ExitCode;

fn main() -> ExitCode {
    rehearsal::run(&rehearsal::STEP_8)
}
