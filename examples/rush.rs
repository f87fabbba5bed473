//! The customers, for any shop. The code to read is
//! `crates/shop/customers`, and its engine is `crates/kit/rush`.
//!
//! `cargo run --release --example rush -- http://localhost:8080 3 30 300 3000`

use std::process::ExitCode;

fn main() -> ExitCode {
    customers::run()
}
