//! No concurrency: the first coffee. The code to read is `crates/sequential`.

use std::process::ExitCode;

use cli::Lesson;
use steps::Step;

fn main() -> ExitCode {
    Lesson {
        number: 1,
        idea: "no concurrency; one customer pays, gets the espresso, gets the milk",
        step: Step::Sequential,
        seen: "Each action began when the one before had ended, so their times add up.",
        lost: "Whoever waited for them is gone, so they were stopped:\n\
               coffee is not made for nobody.",
        next: "cargo run --example step2",
    }
    .serve_one()
}
