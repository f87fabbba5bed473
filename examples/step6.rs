//! The shop as it is deployed, on this machine. The code to read is `crates/steps/server`.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::run("cargo run --example step6 --")
}
