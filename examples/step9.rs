//! Step 9 without a cluster: more of everything. The code to read is `crates/rehearsal`.
//!
//! `cargo run --release --example step9`

use std::process::ExitCode;

fn main() -> ExitCode {
    rehearsal::run(&rehearsal::STEP_9)
}
