//! No concurrency: the first coffee. The code to read is `crates/steps/sequential`.

use std::process::ExitCode;

use cli::Lesson;
use menu::Step;

fn main() -> ExitCode {
    Lesson {
        number: 1,
        idea: "no concurrency; one customer pays, gets the espresso, gets the milk",
        step: Step::Sequential,
        seen: "Each action began when the one before had ended, so their times add up.",
        lost: "Dropping a future stops what it was doing, wherever that was.",
        next: "cargo run --example step2",
    }
    .serve_one()
}
