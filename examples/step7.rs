//! Step 7 without a cluster: deploy it. The code to read is `crates/rehearsal`.
//!
//! `cargo run --release --example step7`

use std::process::ExitCode;

fn main() -> ExitCode {
    rehearsal::run(&rehearsal::STEP_7)
}
