//! Step 10 without a cluster: two replicas. The code to read is `crates/rehearsal`.
//!
//! `cargo run --release --example step10`

use std::process::ExitCode;

fn main() -> ExitCode {
    rehearsal::run(&rehearsal::STEP_10)
}
