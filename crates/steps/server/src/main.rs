//! The shop as it is deployed: `coffee-shop --help` says what can be set.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::run("coffee-shop")
}
