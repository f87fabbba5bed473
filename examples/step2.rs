//! More customers, one after another. The code to read is `crates/steps/sequential`.

use std::process::ExitCode;

use menu::Step;
use narrator::Lesson;

fn main() -> ExitCode {
    let lesson = Lesson {
        number: 2,
        idea: "more customers, one after another",
        seen: "A staircase: each customer waits until the one before has the coffee, \
               so their times add up, too.",
        lost: "Dropping a future stops what it was doing, wherever that was.",
        next: "cargo run --example step3",
    };
    cli::open(Step::Sequential, &lesson)
}
